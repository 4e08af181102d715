"""Short links as they were given out: which office each opens for, and until when. The token itself is not kept."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, insert_new
from models.offices.offices import Office
from rules.links import LASTS


class Link(Base):
    """One link of one message, or one given out by the secretariat (no message), until it expires or is revoked.

    `seen_at`: when an answer was last sent from a page that it opened. Opening it proves no person: scanners do that
    too.
    """

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)


class New(NamedTuple):
    """A link to give out."""

    token: str
    programme_id: int
    office_id: int
    message_id: int | None = None


class Opened(NamedTuple):
    """Whom a link is good for. `message_id`: which message brought it; None: it was given out otherwise."""

    id: int
    programme_id: int
    office_id: int
    code: str
    title: str
    message_id: int | None
    aide: bool = False


def give(session: Session, links: Iterable[New], *, now: datetime) -> None:
    """Make links good from now on. Earlier ones of the same office stay good."""
    rows = [
        {
            "programme_id": link.programme_id,
            "office_id": link.office_id,
            "message_id": link.message_id,
            "token_hash": hashed(link.token),
            "created_at": now,
            "expires_at": now + LASTS,
        }
        for link in links
    ]
    insert_new(session, Link, rows)


_OPENED = (
    select(Link.id, Link.programme_id, Link.office_id, Office.code, Office.title, Link.message_id, Office.aide)
    .join(Office, Office.id == Link.office_id)
    .where(
        Link.token_hash == bindparam("hash"),
        Link.revoked_at.is_(None),
        Link.expires_at > bindparam("now"),
    )
)


def former(session: Session, token: str) -> Link | None:
    """A link that was given out, even if it no longer works."""
    return session.scalar(select(Link).where(Link.token_hash == hashed(token))) if token else None


def opened(session: Session, token: str, *, now: datetime) -> Opened | None:
    """Whom a token works for; None: unknown, expired or revoked, which nobody outside can tell apart."""
    row = session.execute(_OPENED, {"hash": hashed(token), "now": now}).one_or_none()
    return Opened(*row) if row else None


def seen(session: Session, id: int, *, now: datetime) -> None:
    """Note that a person sent an answer by this link."""
    session.execute(update(Link).where(Link.id == id).values(seen_at=now))


def revoke(session: Session, office_id: int, *, now: datetime) -> None:
    """Shut every link of an office: its holder changed, or a link went astray."""
    session.execute(update(Link).where(Link.office_id == office_id, Link.revoked_at.is_(None)).values(revoked_at=now))


def revoke_of(session: Session, message_ids: Iterable[int], *, now: datetime) -> None:
    """Shut the links that these messages brought."""
    theirs = update(Link).where(Link.message_id.in_(list(message_ids)), Link.revoked_at.is_(None))
    session.execute(theirs.values(revoked_at=now))


def hashed(token: str) -> str:
    """The hash that is kept of a token. Tokens are long and random, so a plain SHA-256 is safe."""
    return hashlib.sha256(token.encode()).hexdigest()
