"""The desk's own stops: when no clock turned, planned or not. The first turn afterwards writes one down."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

import rules.fairness
from models.base import Base, Instant, insert_new


class Stop(Base):
    """From the last sweep before it to the first turn after it."""

    __tablename__ = "stop"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(Instant, unique=True)
    ended_at: Mapped[datetime] = mapped_column(Instant)


def keep(session: Session, began_at: datetime, ended_at: datetime) -> None:
    """Write a stop down. Of several clocks that come back, the first one does: they know the same last sweep."""
    insert_new(session, Stop, [{"began_at": began_at, "ended_at": ended_at}])


def last(session: Session) -> datetime | None:
    """When the newest stop began: how far the books were when they were last put into use; None: they never stopped."""
    return session.scalar(select(func.max(Stop.began_at)))


def between(session: Session, start: datetime, end: datetime) -> list[rules.fairness.Stop]:
    """The stops that touch [start, end], the first first."""
    query = select(Stop.began_at, Stop.ended_at).where(Stop.began_at <= end, Stop.ended_at >= start)
    return [rules.fairness.Stop(*row) for row in session.execute(query.order_by(Stop.began_at))]
