"""From which number on a series goes, so that none is given again of those that were lost with newer books."""

from sqlalchemy import String, bindparam, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base, insert_new, table

RECEIPT = "receipt"


class Floor(Base):
    """The lowest number that a series may give: receipts, or a kind of matter at a desk. No row: it starts at 1."""

    __tablename__ = "floor"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    number: Mapped[int]


def lift(session: Session, name: str, number: int) -> None:
    """Let a series go on from this number at the lowest; it is never lowered."""
    insert_new(session, Floor, [{"name": name, "number": number}])
    session.execute(update(Floor).where(Floor.name == name, Floor.number < number).values(number=number))
    if name == RECEIPT and session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.setval(func.pg_get_serial_sequence("report", "id"), number)))


def next_(session: Session, name: str, highest: int) -> int:
    """The next number of a series whose highest is this."""
    return max(highest + 1, of(session, name))


def of(session: Session, name: str) -> int:
    """The number from which a series goes on after a gap in the books; 0: from its highest."""
    return max((number for (number,) in direct.rows(session, _OF, {"name": name})), default=0)


_F = table(Floor)
_OF = select(_F.c.number).where(_F.c.name == bindparam("name"))
