"""From which number on a series goes, so that none is given again of those that were lost with newer books."""

from sqlalchemy import String, bindparam, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from models import direct
from models.base import Base, insert_new, table

RECEIPT, TASK, WRITTEN, ORDER = "receipt", "task", "inbound", "order"
"""Receipts (TT), tasks (S), what people wrote (M) and orders, which are confirmed by their number: series of all desks
together, whose numbers are ids of rows."""
_ROWS = {RECEIPT: "report", TASK: "task", WRITTEN: "inbound", ORDER: "desk_order"}


class Floor(Base):
    """The lowest number that a series may give: receipts, or a kind of matter at a desk. No row: it starts at 1."""

    __tablename__ = "floor"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    number: Mapped[int]


def lift(session: Session, name: str, number: int) -> None:
    """Let a series go on from this number at the lowest; it is never lowered."""
    insert_new(session, Floor, [{"name": name, "number": number}])
    session.execute(update(Floor).where(Floor.name == name, Floor.number < number).values(number=number))
    if name in _ROWS and session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.setval(func.pg_get_serial_sequence(_ROWS[name], "id"), number, False)))


def first(session: Session, name: str, id: InstrumentedAttribute[int]) -> dict[str, int]:
    """The id of the first row after a gap, for SQLite; the next go on from it. PostgreSQL's sequence knows it."""
    if session.get_bind().dialect.name == "postgresql" or not (floor := of(session, name)):
        return {}
    return {"id": floor} if (session.scalar(select(func.max(id))) or 0) < floor else {}


def next_(session: Session, name: str, highest: int) -> int:
    """The next number of a series whose highest is this."""
    return max(highest + 1, of(session, name))


def of(session: Session, name: str) -> int:
    """The number from which a series goes on after a gap in the books; 0: from its highest."""
    return max((number for (number,) in direct.rows(session, _OF, {"name": name})), default=0)


_F = table(Floor)
_OF = select(_F.c.number).where(_F.c.name == bindparam("name"))
