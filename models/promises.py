"""Promises: when an office said its report would come. One for each obligation; its chase waits until then."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant
from models.matters import Matter
from models.obligations import Obligation
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
        NotTaken: not owed, promised before, or a time that cannot be.
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
