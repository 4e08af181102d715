"""The clock's own rows: which ticks were taken, the hold switch, what time the database says it is."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, String, func, literal_column, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, insert_new

HOLD = "hold"
DISPATCH = "dispatch"
SWEEP = "sweep"


class Mark(Base):
    """A named moment: the hold switch, the last finished sweep, and the row that lets one dispatcher in at a time."""

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(200), default="")


def now(session: Session) -> datetime:
    """The database's time, aware; one clock for every process, wherever it runs."""
    if session.get_bind().dialect.name == "sqlite":
        text: str = session.scalars(select(func.strftime("%Y-%m-%dT%H:%M:%f", "now"))).one()
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    read: datetime = session.scalars(select(literal_column("clock_timestamp()", DateTime(timezone=True)))).one()
    return read.astimezone(UTC)


def alone(session: Session, name: str) -> None:
    """Wait until no other transaction holds this name, and hold it until this one ends."""
    insert_new(session, Mark, [{"name": name, "at": None, "reason": ""}])
    session.execute(update(Mark).where(Mark.name == name).values(name=name))


def mark(session: Session, name: str, at: datetime | None, reason: str = "") -> None:
    """Set a named moment; None clears it."""
    insert_new(session, Mark, [{"name": name, "at": None, "reason": ""}])
    session.execute(update(Mark).where(Mark.name == name).values(at=at, reason=reason))


def marked(session: Session, name: str) -> tuple[datetime, str] | None:
    """When a moment was marked and why; None when it is not."""
    row = session.execute(select(Mark.at, Mark.reason).where(Mark.name == name)).one_or_none()
    return (row.at, row.reason) if row is not None and row.at is not None else None
