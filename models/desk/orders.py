"""What was ordered on a page, for the clock to do.

::

    ordered --a clock takes it--> taken --> done, or refused with the reason
       ^                            |-- the clock died --> taken again after `AGAIN`, at most `TRIES` times
       |                            `-- it reaches many --> waits for a second person, until `lapses_at`
       `------------------------ he confirms ---------------'  `-- he refuses, or it lapses --> refused
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, and_, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, table
from models.desk.changes import Hand, Way
from rules.orders import COUNTS, REACHES, Act

AGAIN = timedelta(minutes=5)
TRIES = 2


class Order(Base):
    """One order of a desk. `terms`: what exactly, as its act needs it; `result`: what came of it, for the page.

    `refused`: why nothing was done; empty: it was, or will be. `through`: the session in which it was ordered; None: it
    was ordered at the server, by `account`. `lapses_at`: by when a second person must confirm it; None: nobody need.
    `second`: who confirmed it.
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
    account: Mapped[str] = mapped_column(String(60), default="", server_default="")
    lapses_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    second: Mapped[str] = mapped_column(String(160), default="", server_default="")

    @property
    def hand(self) -> Hand:
        way = Way.COMMAND if self.account else Way.SESSION
        return Hand(self.office_id, self.title, way, self.through)

    @property
    def files(self) -> list[tuple[str, str]]:
        """Name and text of each file that was sent in; none, once they are forgotten."""
        one = [(self.terms["name"], self.terms["text"])] if "text" in self.terms else []
        return [(name, text) for name, text in self.terms.get("files", one)]

    @property
    def text(self) -> str:
        """The text of the only file that was sent in; empty: there were several, or none."""
        return self.files[0][1] if len(self.files) == 1 else ""

    @property
    def waits_for_second(self) -> bool:
        return self.done_at is None and self.lapses_at is not None and self.confirmed_at is None


_T = table(Order)
WAITS = Order.done_at.is_(None)
FOR_SECOND = and_(_T.c.lapses_at.is_not(None), _T.c.confirmed_at.is_(None))
Index("desk_order_waits_ix", Order.ordered_at, sqlite_where=WAITS, postgresql_where=WAITS)
Index("desk_order_desk_ix", Order.desk, Order.id)


def add(
    session: Session,
    desk: str,
    hand: Hand,
    act: Act,
    terms: dict[str, Any],
    reason: str,
    *,
    account: str = "",
    lapses_at: datetime | None = None,
    now: datetime,
) -> int:
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
        account=account,
        lapses_at=lapses_at,
    )
    session.add(order)
    session.flush()
    return order.id


def forget(session: Session, *, now: datetime) -> int:
    """Forget the files that nobody can order by any more: they name people's numbers. How many that were."""
    over = _T.c.act.in_([Act.TRIAL, Act.AMEND]), _T.c.done_at <= now - COUNTS, _T.c.forgotten.is_(False)
    return session.connection().execute(update(_T).where(*over).values(terms={}, forgotten=True)).rowcount


def waiting(session: Session, desk: str) -> int:
    """How many orders of a desk wait for the clock."""
    undone = _T.c.desk == desk, _T.c.done_at.is_(None), ~FOR_SECOND
    return session.scalar(select(func.count()).where(*undone)) or 0


def for_second(session: Session, desk: str) -> list[Order]:
    """The orders of a desk that wait for a second person, the first first."""
    return list(session.scalars(select(Order).where(Order.desk == desk, WAITS, FOR_SECOND).order_by(Order.id)))


def lapsed(session: Session, *, now: datetime) -> list[Order]:
    """Those that nobody confirmed in time, for this process alone."""
    over = WAITS, FOR_SECOND, Order.lapses_at <= now
    return list(session.scalars(select(Order).where(*over).order_by(Order.id).with_for_update(skip_locked=True)))


def take(session: Session, *, now: datetime) -> Order | None:
    """The first that waits, for this process alone; None: there is none. A try is counted before it begins."""
    free = or_(_T.c.taken_at.is_(None), _T.c.taken_at <= now - AGAIN)
    query = select(Order).where(WAITS, ~FOR_SECOND, free).order_by(Order.id).limit(1).with_for_update(skip_locked=True)
    order = session.scalars(query).one_or_none()
    if order is not None:
        order.taken_at, order.tries = now, order.tries + 1
    return order


def wait(session: Session, order: Order, *, terms: dict[str, Any], until: datetime) -> bool:
    """Let it wait for a second person; False: another process took it meanwhile."""
    mine = _T.c.id == order.id, _T.c.done_at.is_(None), _T.c.tries == order.tries
    again = {"taken_at": None, "tries": 0, "confirmed_at": None, "second": "", "terms": terms, "lapses_at": until}
    return bool(session.connection().execute(update(_T).where(*mine).values(again)).rowcount)


def confirm(session: Session, order: Order, *, terms: dict[str, Any], second: str, now: datetime) -> bool:
    """Let the clock do it; False: somebody decided about it meanwhile, or it has lapsed."""
    open_ = _T.c.id == order.id, _T.c.done_at.is_(None), FOR_SECOND, _T.c.lapses_at > now
    said = {"confirmed_at": now, "second": second[:160], "terms": terms}
    return bool(session.connection().execute(update(_T).where(*open_).values(said)).rowcount)


def end(session: Session, order: Order, *, refused: str, now: datetime) -> bool:
    """End what waits for a second person; False: somebody decided about it meanwhile."""
    open_ = _T.c.id == order.id, _T.c.done_at.is_(None), FOR_SECOND
    ended = {"done_at": now, "refused": refused[:2000]}
    return bool(session.connection().execute(update(_T).where(*open_).values(ended)).rowcount)


def alone(session: Session, desk: str, *, since: datetime) -> int:
    """How many were reached since then by what nobody confirmed."""
    own = _T.c.desk == desk, _T.c.done_at > since, _T.c.confirmed_at.is_(None), _T.c.refused == ""
    acts = _T.c.act.in_([act for act in Act if act in REACHES])
    return sum(result.get("reach", 0) for result in session.scalars(select(_T.c.result).where(*own, acts)))


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
