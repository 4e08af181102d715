"""What was ordered on a page, for the clock to do.

::

    ordered --a clock takes it--> taken --> done, or refused with the reason
                                    |-- the clock died --> taken again after `AGAIN`, at most `TRIES` times
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, table
from models.desk.changes import Hand, Way
from rules.orders import COUNTS, Act

AGAIN = timedelta(minutes=5)
TRIES = 2


class Order(Base):
    """One order of a desk. `terms`: what exactly, as its act needs it; `result`: what came of it, for the page.

    `refused`: why nothing was done; empty: it was, or will be. `through`: the session in which it was ordered.
    """

    __tablename__ = "desk_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(60))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    title: Mapped[str] = mapped_column(String(120))
    through: Mapped[int | None]
    act: Mapped[Act] = mapped_column(Word(Act, 10))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(300))
    ordered_at: Mapped[datetime] = mapped_column(Instant)
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    refused: Mapped[str] = mapped_column(String(2000), default="")
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    forgotten: Mapped[bool] = mapped_column(default=False)

    @property
    def hand(self) -> Hand:
        return Hand(self.office_id, self.title, Way.SESSION, self.through)


_T = table(Order)
WAITS = Order.done_at.is_(None)
Index("desk_order_waits_ix", Order.ordered_at, sqlite_where=WAITS, postgresql_where=WAITS)
Index("desk_order_desk_ix", Order.desk, Order.id)


def add(session: Session, desk: str, hand: Hand, act: Act, terms: dict[str, Any], reason: str, *, now: datetime) -> int:
    """Order something; its id."""
    forget(session, now=now)
    order = Order(
        desk=desk,
        office_id=hand.office_id,
        title=hand.title,
        through=hand.through,
        act=act,
        terms=terms,
        reason=reason,
        ordered_at=now,
        result={},
    )
    session.add(order)
    session.flush()
    return order.id


def forget(session: Session, *, now: datetime) -> int:
    """Forget the files that nobody can order by any more: they name people's numbers. How many that were."""
    over = _T.c.act.in_([Act.TRIAL, Act.AMEND]), _T.c.done_at <= now - COUNTS, _T.c.forgotten.is_(False)
    return session.connection().execute(update(_T).where(*over).values(terms={}, forgotten=True)).rowcount


def waiting(session: Session, desk: str) -> int:
    """How many orders of a desk wait."""
    return session.scalar(select(func.count()).where(_T.c.desk == desk, _T.c.done_at.is_(None))) or 0


def take(session: Session, *, now: datetime) -> Order | None:
    """The first that waits, for this process alone; None: there is none. A try is counted before it begins."""
    free = _T.c.taken_at.is_(None) | (_T.c.taken_at <= now - AGAIN)
    query = select(Order).where(WAITS, free).order_by(Order.id).limit(1).with_for_update(skip_locked=True)
    order = session.scalars(query).one_or_none()
    if order is not None:
        order.taken_at, order.tries = now, order.tries + 1
    return order


def settle(session: Session, order: Order, *, result: dict[str, Any], refused: str = "", now: datetime) -> bool:
    """Write down what came of it; False: another process took it meanwhile and has done so."""
    mine = _T.c.id == order.id, _T.c.done_at.is_(None), _T.c.tries == order.tries
    done = update(_T).where(*mine).values(done_at=now, result=result, refused=refused[:2000])
    return bool(session.connection().execute(done).rowcount)


def one(session: Session, desk: str, id: int) -> Order | None:
    """An order of this desk; None: it has none of that number."""
    return session.scalar(select(Order).where(Order.id == id, Order.desk == desk))


def newest(session: Session, desk: str, *, limit: int) -> list[Order]:
    """The orders of a desk, the newest first."""
    return list(session.scalars(select(Order).where(Order.desk == desk).order_by(Order.id.desc()).limit(limit)))
