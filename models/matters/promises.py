"""Promises: when an office said its report would come. One for each obligation; its chase waits until then."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.offices.offices import Office
from rules import promises


class Promise(Base):
    """Who promised what by when; the key lets an obligation be promised once."""

    __tablename__ = "promise"

    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(String(200), default="")


def make(
    session: Session, owed: tuple[Matter, Obligation], *, office_id: int, until: datetime, note: str, now: datetime
) -> Promise:
    """Pause the chase until then; the same promise again is the same one. The caller holds the matter locked.

    Raises:
        NotTaken: not owed, promised before, or an impossible time.
    """
    matter, obligation = owed
    made = session.get(Promise, obligation.id)
    if made is not None and (made.office_id, made.until) == (office_id, until):
        return made
    promises.check(
        obligation.standing, until=until, closes_after=matter.closes_after, promised=matter.promised_until, now=now
    )
    made = Promise(obligation_id=obligation.id, office_id=office_id, made_at=now, until=until, note=note)
    session.add(made)
    matter.promised_until = matter.next_at = until
    session.flush()
    return made


def made(session: Session, ids: Collection[int], *, until: datetime) -> list[tuple[Promise, str]]:
    """The promises of these obligations that were made by then, each with the title of the office, in order."""
    query = select(Promise, Office.title).join(Office, Office.id == Promise.office_id)
    own = Promise.obligation_id.in_(list(ids)), Promise.made_at <= until
    return [(promise, title) for promise, title in session.execute(query.where(*own).order_by(Promise.made_at))]


def kept(session: Session, id: int, *, now: datetime) -> None:
    """The report came: nothing waits for its promise any more. It stays the one that could be made."""
    session.execute(update(Matter).where(Matter.id == id, Matter.promised_until > now).values(promised_until=now))
