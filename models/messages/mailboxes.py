"""How far each mailbox that we look into was read, when it is looked at next, and since when it cannot be reached.

The address is not here: a mailbox goes by a digest. Where an older copy of the books is put back, so is how far they
read: what came since is read again, and kept once (`models.messages.inbound`).
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, insert_new, table

SHOWN = timedelta(hours=2)
"""A mailbox that nobody has looked into for so long is not in the settings any more."""


class Mailbox(Base):
    """One folder at a server. `upto`: the highest UID that was taken in while its UIDVALIDITY was `validity`.

    `look_at`: when it is looked into next; nobody else does before. `looked_at`: when it was last read to its end.
    `failures`: so many looks failed in a row, the first at `failed_since`, the last for the reason `why`.
    """

    __tablename__ = "mailbox"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    validity: Mapped[int] = mapped_column(BigInteger, default=0)
    upto: Mapped[int] = mapped_column(BigInteger, default=0)
    look_at: Mapped[datetime] = mapped_column(Instant)
    looked_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(default=0)
    failed_since: Mapped[datetime | None] = mapped_column(Instant)
    why: Mapped[str] = mapped_column(String(200), default="")


class Known(NamedTuple):
    """A mailbox as the books have it."""

    validity: int
    upto: int
    looked_at: datetime | None
    failures: int
    failed_since: datetime | None
    why: str


_T = table(Mailbox)
_KNOWN = tuple(_T.c[name] for name in Known._fields)


def claim(session: Session, name: str, *, again_at: datetime, now: datetime) -> Known | None:
    """A mailbox that is to be looked into now, for the caller alone until `again_at`; None: not yet."""
    if session.execute(select(_T.c.name).where(_T.c.name == name)).first() is None:
        new = {"name": name, "validity": 0, "upto": 0, "look_at": now, "failures": 0, "why": ""}
        insert_new(session, Mailbox, [new])
    due = update(_T).where(_T.c.name == name, _T.c.look_at <= now).values(look_at=again_at).returning(*_KNOWN)
    row = session.execute(due).one_or_none()
    return Known(*row) if row else None


def due(session: Session, name: str, *, now: datetime) -> bool:
    """Whether it is to be looked into now. Locks nothing."""
    at = session.scalar(select(_T.c.look_at).where(_T.c.name == name))
    return at is None or at <= now


def took(session: Session, name: str, *, validity: int, upto: int) -> None:
    """What has this UID was taken in, and all that is below it."""
    session.execute(update(_T).where(_T.c.name == name).values(validity=validity, upto=upto))


def looked(session: Session, name: str, *, look_at: datetime, now: datetime) -> None:
    """It was read to its end."""
    well = {"look_at": look_at, "looked_at": now, "failures": 0, "failed_since": None, "why": ""}
    session.execute(update(_T).where(_T.c.name == name).values(well))


def failed(session: Session, name: str, known: Known, why: str, *, look_at: datetime, now: datetime) -> None:
    """It could not be read."""
    ill = {"failures": known.failures + 1, "failed_since": known.failed_since or now, "why": why[:200]}
    session.execute(update(_T).where(_T.c.name == name).values(look_at=look_at, **ill))


def failing(session: Session, *, now: datetime) -> list[Known]:
    """The mailboxes that cannot be read now, the longest first."""
    query = select(*_KNOWN).where(_T.c.failed_since.is_not(None), _T.c.look_at > now - SHOWN)
    return [Known(*row) for row in session.execute(query.order_by(_T.c.failed_since))]
