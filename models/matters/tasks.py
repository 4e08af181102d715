"""Tasks for a person in the secretariat, because the system cannot do them. Each is a matter with a ladder."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, insert_new, table
from models.machine import floors
from models.matters import matters
from models.matters.matters import Kind, Matter
from rules.desk import Channel
from rules.tasks import LADDER, URGENT_LADDER
from rules.tasks import Why as Why  # noqa: PLC0414 - whoever opens a task says why


class Task(Base):
    """One thing to do. The same subject makes one task, however often it comes up.

    `channel`: the channel that it is about, so nobody is told of it by that one. `office_id`: whom it concerns.
    """

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("why", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    why: Mapped[Why] = mapped_column(Word(Why, 20))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(500))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    urgent: Mapped[bool] = mapped_column(default=False)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    channel: Mapped[Channel | None] = mapped_column(Word(Channel, 10))
    matter_id: Mapped[int | None] = mapped_column(ForeignKey("matter.id"), unique=True)


UNDONE = Task.done_at.is_(None)
Index("task_undone_ix", Task.why, sqlite_where=UNDONE, postgresql_where=UNDONE)

_T, _M = table(Task), table(Matter)


def open_(
    session: Session,
    programme_id: int,
    why: Why,
    subject: str,
    text: str,
    *,
    now: datetime,
    office_id: int | None = None,
    channel: Channel | None = None,
    urgent: bool = False,
    ladder: str = "",
    area: str = "",
) -> None:
    """Put a task on the list and its matter on a ladder, unless it is there.

    One that was done, or that has become urgent, begins a new round: the secretariat is told again.

    Args:
        ladder: of the policy, where it is not the secretariat's but the coordinator's of `area`.
    """
    seen = {"text": text, "opened_at": now, "urgent": urgent, "office_id": office_id, "channel": channel}
    known_now = select(_T.c.id, _T.c.matter_id, _T.c.done_at, _T.c.urgent).where(_about(why, subject)).with_for_update()
    known = session.execute(known_now).one_or_none()
    if known is None:
        number = floors.first(session, floors.TASK, Task.id)
        insert_new(session, Task, [seen | number | {"programme_id": programme_id, "why": why, "subject": subject}])
        known = session.execute(known_now).one()
    climbs = {"ladder": ladder or (URGENT_LADDER if urgent else LADDER), "area": area, "since": now, "next_at": now}
    if known.matter_id is None:
        _climb(session, known.id, {"programme_id": programme_id, "kind": Kind.TASK} | climbs)
    elif known.done_at is not None or (urgent and not known.urgent):
        session.execute(update(_T).where(_T.c.id == known.id).values(**seen, done_at=None))
        again = {"round": _M.c.round + 1, "reached": -1, "closed_why": ""}
        again |= dict.fromkeys(("told_at", "named_at", "closed_at"))
        session.execute(update(_M).where(_M.c.id == known.matter_id).values(climbs | again))


def _climb(session: Session, id: int, row: dict[str, object]) -> None:
    """Make the matter of a new task. Its number is the task's id, so nobody has to wait for the next free one."""
    code = f"S-{id:04d}"
    named = {"key": f"task/{code}", "code": code, "reached": -1, "round": 0, "closed_why": ""}
    matter = session.execute(insert(_M).values(row | named).returning(_M.c.id)).scalar_one()
    session.execute(update(_T).where(_T.c.id == id).values(matter_id=matter))


def of_contact(office_id: int, channel: Channel) -> str:
    """The subject of a task about one channel of one office."""
    return f"office:{office_id}:{channel}"


def reword(session: Session, why: Why, subject: str, text: str) -> None:
    """Say of a task what is true now; nobody is told again."""
    session.execute(update(_T).where(_about(why, subject)).values(text=text))


def said(session: Session, why: Why, subject: str) -> str:
    """What a task says, also one that is done; empty: there never was one."""
    return session.scalar(select(_T.c.text).where(_about(why, subject))) or ""


TICKED, MENDED = "ticked off", "mended"
"""How a task ends: the secretariat said so, or its cause went away."""


def done(session: Session, why: Why, subject: str, *, now: datetime, how: str = MENDED) -> bool:
    """Take a task off the list and end its chase; whether it was on it. Safe to repeat."""
    open_now = and_(_about(why, subject), _T.c.done_at.is_(None))
    known = session.execute(select(_T.c.id, _T.c.matter_id).where(open_now).with_for_update()).one_or_none()
    if known is None:
        return False
    session.execute(update(_T).where(_T.c.id == known.id).values(done_at=now))
    if known.matter_id is not None:
        matters.close(session, known.matter_id, why=how, now=now)
    return True


def ticked_at(session: Session, why: Why, subject: str) -> datetime | None:
    """When somebody ticked off a task that has not come up since; None: nobody did."""
    query = select(_T.c.done_at).join(_M, _M.c.id == _T.c.matter_id).where(_about(why, subject))
    return session.scalar(query.where(_T.c.done_at.is_not(None), _M.c.closed_why == TICKED))


def matter(session: Session, why: Why, subject: str) -> Matter | None:
    """The matter of a task; None: there is no such task."""
    return session.scalar(select(Matter).join(Task, Task.matter_id == Matter.id).where(_about(why, subject)))


def waits(session: Session, why: Why, subject: str) -> bool:
    """Whether a task is on the list."""
    return session.scalar(select(_T.c.id).where(_about(why, subject), _T.c.done_at.is_(None))) is not None


def waiting(session: Session, why: Why) -> set[str]:
    """What the tasks of one kind that are on the list are about."""
    return set(session.scalars(select(_T.c.subject).where(_T.c.why == why, _T.c.done_at.is_(None))))


def _about(why: Why, subject: str) -> ColumnElement[bool]:
    return and_(_T.c.why == why, _T.c.subject == subject)


def undone(session: Session) -> list[Task]:
    """What waits for somebody, the oldest first."""
    return list(session.scalars(select(Task).where(Task.done_at.is_(None)).order_by(Task.opened_at, Task.id)))


def of(session: Session, programme_id: int, why: Why) -> list[Task]:
    """What waits of one kind in one election."""
    own = Task.programme_id == programme_id, Task.why == why, Task.done_at.is_(None)
    return list(session.scalars(select(Task).where(*own).order_by(Task.id)))


def way_not_to_use(session: Session, matter_id: int) -> Channel | None:
    """The channel that a matter's task is about: the task cannot be told by it."""
    return session.scalar(select(_T.c.channel).where(_T.c.matter_id == matter_id))
