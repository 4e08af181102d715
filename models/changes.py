"""Who changed what, when, by which way: appended and never changed, which the database itself sees to.

Reports, promises and tries of messages are records of their own; here is what people decided about them.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import assignments
from models.base import Base, Instant, Word, table
from rules.assignments import styled


class Way(StrEnum):
    """How somebody came to change something. `through` is the id of the message or the session; none by command."""

    LINK = "link"
    SESSION = "session"
    COMMAND = "command"


class Change(Base):
    """One change. `what` is a verb; `subject` what people call the thing: R-0805, P-0012, an office's code.

    `title` is the office's as it was then, with the form of its holder (Plt.); his name is found by the day in the
    assignments, for names can be erased and this cannot. No number and no address is written here.
    """

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    matter_id: Mapped[int | None] = mapped_column(ForeignKey("matter.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    title: Mapped[str] = mapped_column(String(120))
    way: Mapped[Way] = mapped_column(Word(Way, 10))
    through: Mapped[int | None]
    what: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60))
    until: Mapped[datetime | None] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(String(500))


class Hand(NamedTuple):
    """Whose hand a change is by: the office, and the way it came in."""

    office_id: int
    title: str
    way: Way
    through: int | None = None


def record(
    session: Session,
    hand: Hand,
    what: str,
    subject: str,
    programme_id: int | None = None,
    matter_id: int | None = None,
    *,
    until: datetime | None = None,
    text: str = "",
    now: datetime,
) -> None:
    """Write down one change, in the transaction that makes it."""
    holder = assignments.holder(session, hand.office_id, at=now)
    row = {
        "programme_id": programme_id,
        "matter_id": matter_id,
        "at": now,
        "office_id": hand.office_id,
        "title": (styled(holder.kind, hand.title) if holder else hand.title)[:120],
        "way": hand.way,
        "through": hand.through,
        "what": what,
        "subject": subject,
        "until": until,
        "text": text[:500],
    }
    session.connection().execute(insert(table(Change)), row)


def about(session: Session, matter_id: int) -> list[Change]:
    """What was changed about a report or a problem, the first first."""
    return list(session.scalars(select(Change).where(Change.matter_id == matter_id).order_by(Change.id)))
