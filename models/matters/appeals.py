"""What desks asked of the levels above them, and what came of it. A row stays; it ends once."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word
from models.machine import clock
from models.matters import numbers
from rules.appeals import End
from rules.levels import Level

KIND = "appeal"
"""What numbers them at a desk."""


class Appeal(Base):
    """Support that a desk asks of those above it; a desk has each number once. `issue_id`: the problem it is for.

    `asked_on` is since when it is asked, `asked_at` since when the books know; so are `ended_on` and `ended_at`.
    """

    __tablename__ = "appeal"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    number: Mapped[int]
    of: Mapped[Level] = mapped_column(Word(Level, 10))
    text: Mapped[str] = mapped_column(Text)
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"), index=True)
    asked_on: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[int] = mapped_column(ForeignKey("office.id"))
    end: Mapped[End | None] = mapped_column(Word(End, 10))
    answer: Mapped[str] = mapped_column(Text, default="")
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("office.id"))


Index("appeal_programme_number_key", Appeal.programme_id, Appeal.number, unique=True)


def next_number(session: Session, programme_id: int) -> int:
    """The next number of the desk, over all its elections. Two who ask at once wait for each other."""
    clock.alone(session, numbers.NUMBERS)
    own = Appeal.programme_id.in_(numbers.of_desk(session, programme_id))
    highest = session.scalar(select(func.max(Appeal.number)).where(own))
    return numbers.after(session, programme_id, KIND, highest)


def listed(session: Session, programmes: Collection[int], *, limit: int) -> Sequence[Appeal]:
    """Those of these programmes, the newest first."""
    own = Appeal.programme_id.in_(list(programmes))
    return session.scalars(select(Appeal).where(own).order_by(Appeal.id.desc()).limit(limit)).all()


def about(session: Session, issue_id: int) -> Sequence[Appeal]:
    """Those for one problem, the oldest first."""
    return session.scalars(select(Appeal).where(Appeal.issue_id == issue_id).order_by(Appeal.id)).all()


def locked(session: Session, id: int) -> Appeal | None:
    """One, locked."""
    return session.scalar(select(Appeal).where(Appeal.id == id).with_for_update())


def standing(session: Session, programme_id: int, *, since: datetime, known_at: datetime) -> Sequence[Appeal]:
    """Those that were known at a moment, and had not ended before `since`; in the order of their days."""
    own = Appeal.programme_id == programme_id, Appeal.asked_at <= known_at
    lasting = Appeal.ended_at.is_(None) | (Appeal.ended_at >= since)
    return session.scalars(select(Appeal).where(*own, lasting).order_by(Appeal.asked_on, Appeal.id)).all()
