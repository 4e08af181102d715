"""The clock's own rows: which ticks were taken, the hold switch, what time the database says it is."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, String, Update, bindparam, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base, Instant, insert_new, table

HOLD = "hold"
UNORDERED = "unordered"
"""Set beside HOLD while a guard set the hold and no operator has ordered it himself."""
RELEASED = "released"
"""When the hold switch was last turned off. Its reason is not empty while held messages go out slowly."""
DISPATCH = "dispatch"
SWEEP = "sweep"
TIDIED = "tidied"
LOOK = "look"
BACKUP = "backup"
FOLIO = "folio"
"""Up to when the leaves of the books reach."""


class Mark(Base):
    """A named moment: the hold switch, the last finished sweep, and the row that lets one dispatcher in at a time."""

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(200), default="")


def now(session: Session) -> datetime:
    """The database's time, aware; one clock for every process, wherever it runs."""
    read: datetime
    ((read,),) = direct.rows(session, _now(session.get_bind().dialect.name))
    return read


@cache
def _now(dialect: str) -> Select[datetime]:
    return select(reading(dialect))


def reading(dialect: str) -> ColumnElement[datetime]:
    """The database's time as a column of a statement."""
    if dialect == "sqlite":
        return func.strftime("%Y-%m-%d %H:%M:%f000", "now", type_=Instant)
    return func.clock_timestamp(type_=Instant)


_T = table(Mark)
_HOLD = update(_T).where(_T.c.name == bindparam("mark")).values(name=bindparam("mark"))
_MARK = update(_T).where(_T.c.name == bindparam("mark")).values(at=bindparam("new_at"), reason=bindparam("new_reason"))
_MARKED = select(_T.c.at, _T.c.reason).where(_T.c.name == bindparam("mark"))


def alone(session: Session, name: str) -> None:
    """Wait until no other transaction holds this name, and hold it until this one ends."""
    _there(session, _HOLD, name, {"mark": name})


def mark(session: Session, name: str, at: datetime | None, reason: str = "") -> None:
    """Set a named moment; None clears it."""
    _there(session, _MARK, name, {"mark": name, "new_at": at, "new_reason": reason})


def _there(session: Session, change: Update, name: str, values: Mapping[str, object]) -> None:
    """Change a mark's row, making it first if it is not there yet."""
    if not direct.run(session, change, values):
        insert_new(session, Mark, [{"name": name, "at": None, "reason": ""}])
        direct.run(session, change, values)


def hold(session: Session, at: datetime, why: str, *, ordered: bool) -> None:
    """Put all sending on hold; not `ordered`: a guard did it, not an operator.

    A hold that stands already keeps its moment and its reason; the new reason is added after it.
    """
    since, before = marked(session, HOLD) or (at, "")
    mark(session, HOLD, since, (before if why in before else f"{before}; {why}".removeprefix("; "))[:200])
    mark(session, UNORDERED, None if ordered else at, "" if ordered else why[:200])


def release(session: Session, at: datetime, why: str = "") -> None:
    """Let messages go again; with a `why`, slowly."""
    mark(session, HOLD, None)
    mark(session, UNORDERED, None)
    mark(session, RELEASED, at, why)


def marked(session: Session, name: str) -> tuple[datetime, str] | None:
    """When a moment was marked and why; None when it is not."""
    for at, reason in direct.rows(session, _MARKED, {"mark": name}):
        return (at, reason) if at is not None else None
    return None
