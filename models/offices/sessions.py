"""One-time links that let an office in, and the sessions they opened. Only hashes of tokens are kept.

`stamp` ties both to the address that the link was sent to. When that address changes or dies, its office is signed out.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Row, Select, String, bindparam, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, insert_new, table
from models.messages import messages
from models.messages.messages import Message, Outgoing
from models.offices import drafts
from models.offices.links import hashed
from models.offices.offices import Contact, Office
from rules import dispatch, sessions
from rules.desk import Channel
from rules.ladder import Say

SEEN_EVERY = timedelta(minutes=1)
"""A session's last activity is written down no more often than this."""


class SignIn(Base):
    """A link that lets an office in once."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    stamp: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    spent_at: Mapped[datetime | None] = mapped_column(Instant)


class SignedIn(Base):
    """Somebody who came in by such a link, for as long as he stays."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_in.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    stamp: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_why: Mapped[str] = mapped_column(String(40), default="")


class New(NamedTuple):
    """A link to give out, with the address it goes to."""

    token: str
    programme_id: int
    office_id: int
    contact_id: int
    message_id: int
    address: str
    lasts: timedelta


class Fate(StrEnum):
    """What has become of a link."""

    GOOD = "good"
    SPENT = "spent"
    EXPIRED = "expired"


class GivenOut(NamedTuple):
    """A link that was given out, and to whom."""

    id: int
    programme_id: int
    office_id: int
    contact_id: int
    message_id: int
    code: str
    title: str
    fate: Fate


class Present(NamedTuple):
    """Somebody signed in: for which office of which desk."""

    id: int
    office_id: int
    code: str
    title: str
    desk: str


def give(session: Session, links: Iterable[New], *, now: datetime) -> None:
    """Let links work from now on. Earlier ones still work until they are spent."""
    rows = [
        {
            "programme_id": link.programme_id,
            "office_id": link.office_id,
            "contact_id": link.contact_id,
            "message_id": link.message_id,
            "token_hash": hashed(link.token),
            "stamp": _stamp(link.token, link.address),
            "created_at": now,
            "expires_at": now + link.lasts,
        }
        for link in links
    ]
    insert_new(session, SignIn, rows)


def reached_by(session: Session, channels: Iterable[Channel], address: str) -> list[tuple[Contact, Office]]:
    """The offices that this address reaches now, each once, by its first channel."""
    query = (
        select(Contact, Office)
        .join(Office, Office.id == Contact.office_id)
        .where(
            Contact.channel.in_(list(channels)),
            func.lower(Contact.address) == address.lower(),
            Contact.state == Contact.State.ACTIVE,
        )
        .order_by(Office.id, Contact.id)
    )
    first: dict[int, tuple[Contact, Office]] = {}
    for contact, office in session.execute(query):
        first.setdefault(office.id, (contact, office))
    return list(first.values())


def ask(session: Session, programme_id: int, contact: Contact, *, now: datetime) -> bool:
    """Send an office a sign-in link, unless its address has had too many; whether one is sent."""
    if contact.state is not Contact.State.ACTIVE or not sessions.answered(_asked(session, contact, now=now)):
        return False
    outgoing = Outgoing(
        programme_id,
        contact.office_id,
        contact.id,
        contact.channel,
        Say.SIGN_IN,
        goes_first=dispatch.goes_first(Say.SIGN_IN, urgent=False),
    )
    messages.create(session, [outgoing], now=now)
    return True


def _asked(session: Session, contact: Contact, *, now: datetime) -> sessions.Asked:
    """What was asked for already. A shared number counts once, however many offices it reaches."""
    own = (Contact.address == contact.address, Contact.channel == contact.channel)
    links = select(func.count()).select_from(Message).join(Contact, Contact.id == Message.contact_id)
    links = links.join(Office, Office.id == Contact.office_id).where(Message.say == Say.SIGN_IN)
    lately = links.where(Contact.id == contact.id, Message.created_at > now - sessions.WITHIN)
    if contact.channel is Channel.EMAIL:
        return sessions.Asked(session.scalar(lately) or 0)
    came_in = select(SignIn.id).where(SignIn.message_id == Message.id, SignIn.spent_at.is_not(None)).exists()
    unused = links.where(Message.created_at > now - sessions.DAY, Contact.channel != Channel.EMAIL, ~came_in)
    desk = select(Office.desk).where(Office.id == contact.office_id).scalar_subquery()
    counted = (lately, unused.where(*own), unused.where(Office.desk == desk), unused)
    return sessions.Asked(*(session.scalar(query) or 0 for query in counted))


def opened(session: Session, token: str, *, now: datetime) -> GivenOut | None:
    """A link by its token; None: there is none, or the office has another address now."""
    row = session.execute(_LINK, {"hash": hashed(token)}).one_or_none()
    if row is None or not _holds(row, token):
        return None
    fate = Fate.SPENT if row.spent_at else Fate.EXPIRED if row.expires_at <= now else Fate.GOOD
    return GivenOut(row.id, row.programme_id, row.office_id, row.contact_id, row.message_id, row.code, row.title, fate)


def enter(session: Session, link: GivenOut, token: str, session_token: str, *, now: datetime) -> bool:
    """Spend a link and open a session under a new token; whether the link still worked. Of two at once one comes
    in.

    All links of its message are spent with it, so a message that was tried twice lets nobody in twice.
    """
    spend = update(SignIn).where(SignIn.message_id == link.message_id, SignIn.spent_at.is_(None))
    good = select(SignIn.id).where(SignIn.id == link.id, SignIn.spent_at.is_(None), SignIn.expires_at > now)
    if session.scalar(good.with_for_update()) is None:
        return False
    session.execute(spend.values(spent_at=now))
    address = session.scalar(select(Contact.address).where(Contact.id == link.contact_id))
    session.add(
        SignedIn(
            sign_in_id=link.id,
            office_id=link.office_id,
            contact_id=link.contact_id,
            token_hash=hashed(session_token),
            stamp=_stamp(session_token, address or ""),
            opened_at=now,
            seen_at=now,
        )
    )
    return True


def present(session: Session, token: str, *, now: datetime) -> Present | None:
    """Who is signed in under this token; None: nobody, or not any more."""
    row = session.execute(_SESSION, {"hash": hashed(token)}).one_or_none()
    if row is None or row.ended_at or not _holds(row, token) or sessions.over(row.opened_at, row.seen_at, now=now):
        return None
    if now >= row.seen_at + SEEN_EVERY:
        session.execute(update(SignedIn).where(SignedIn.id == row.id).values(seen_at=now))
    return Present(row.id, row.office_id, row.code, row.title, row.desk)


def former(session: Session, token: str) -> int | None:
    """The office that is or was signed in under this token; None: there never was such a session."""
    return session.scalar(select(SignedIn.office_id).where(SignedIn.token_hash == hashed(token))) if token else None


def end(session: Session, id: int, *, why: str, now: datetime) -> None:
    """Sign one out."""
    session.execute(_ended(why, now).where(SignedIn.id == id))


def end_all(session: Session, office_id: int, *, why: str, now: datetime) -> None:
    """Sign an office out everywhere and shut the sign-in links on their way to it: it has another holder or address."""
    session.execute(_ended(why, now).where(SignedIn.office_id == office_id))
    drafts.forget_all(session, office_id)
    still_good = (SignIn.office_id == office_id, SignIn.spent_at.is_(None))
    session.execute(update(SignIn).where(*still_good).values(spent_at=now))


def end_of(session: Session, contact_ids: Iterable[int], *, why: str, now: datetime) -> None:
    """Sign out whoever came in by these contacts, and shut the sign-in links that went there."""
    ids = list(contact_ids)
    session.execute(_ended(why, now).where(SignedIn.contact_id.in_(ids)))
    still_good = (SignIn.contact_id.in_(ids), SignIn.spent_at.is_(None))
    session.execute(update(SignIn).where(*still_good).values(spent_at=now))


def contact_of(session: Session, session_id: int) -> int | None:
    """The contact that somebody signed in came by."""
    return session.scalar(select(SignedIn.contact_id).where(SignedIn.id == session_id))


def _ended(why: str, now: datetime) -> Any:
    return update(SignedIn).where(SignedIn.ended_at.is_(None)).values(ended_at=now, ended_why=why)


def _stamp(token: str, address: str) -> str:
    """Ties a token to an address. Without the token, which is not kept, it says nothing about the address."""
    return hashlib.sha256(f"{token}\0{address}".encode()).hexdigest()


def _holds(row: Row[Any], token: str) -> bool:
    return bool(row.state is Contact.State.ACTIVE and row.stamp == _stamp(token, row.address))


def _by_token(of: type[SignIn] | type[SignedIn]) -> Select[Any]:
    return (
        select(*table(of).c, Contact.address, Contact.state, Office.code, Office.title, Office.desk)
        .join_from(table(of), Contact, Contact.id == table(of).c.contact_id)
        .join(Office, Office.id == table(of).c.office_id)
        .where(table(of).c.token_hash == bindparam("hash"))
    )


_LINK, _SESSION = _by_token(SignIn), _by_token(SignedIn)
