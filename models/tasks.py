"""What a person in the secretariat must see to, because the system cannot."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, insert_new


class Why(StrEnum):
    NOBODY_TO_TELL = "nobody_to_tell"
    DEAD_CONTACT = "dead_contact"
    NOT_DELIVERED = "not_delivered"
    NOT_MY_TASK = "not_my_task"
    SET_ASIDE = "set_aside"


class Task(Base):
    """One thing to do. The same subject makes one task, however often it comes up."""

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("why", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    why: Mapped[Why] = mapped_column(Word(Why, 20))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(500))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)


def open_(session: Session, programme_id: int, why: Why, subject: str, text: str, *, now: datetime) -> None:
    """Put a task on the list, unless it is there."""
    row = {"programme_id": programme_id, "why": why, "subject": subject, "text": text, "opened_at": now}
    insert_new(session, Task, [row])


def undone(session: Session) -> list[Task]:
    """What waits for somebody, the oldest first."""
    return list(session.scalars(select(Task).where(Task.done_at.is_(None)).order_by(Task.opened_at, Task.id)))
