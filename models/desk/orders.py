"""What was ordered on a page, for the clock to do.

::

    ordered --a clock takes it--> taken --> done, or refused with the reason
       ^                            |-- the clock died --> taken again after `AGAIN`, at most `TRIES` times
       |                            `-- it reaches many --> waits for a second person, until `lapses_at`
       `------------------------ he confirms ---------------'  `-- he refuses, or it lapses --> refused

A rehearsal takes minutes: it is taken by a thread beside the turn, which says now and then that it goes on. A desk has
one at a time.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, and_, func, literal_column, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, table
from models.desk.changes import Hand, Way
from models.machine import floors
from rules.orders import COUNTS, NEWEST, PAGES_LAST, REACHES, Act

AGAIN = timedelta(minutes=5)
TRIES = 2


class Order(Base):
    """One order of a desk. `terms`: what exactly, as its act needs it; `result`: what came of it, for the page.

    `refused`: why nothing was done; empty: it was, or will be. `through`: the session in which it was ordered; None: it
    was ordered at the server, by `account`. `lapses_at`: by when a second person must confirm it; None: nobody need.
    `second`: who confirmed it. `pages`: the file with what a rehearsal left to look at; None: there is none (any more).
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
    pages: Mapped[str | None] = mapped_column(String(64))

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
REHEARSAL = Order.act == literal_column(f"'{Act.REHEARSE}'")
Index("desk_order_waits_ix", Order.ordered_at, sqlite_where=WAITS, postgresql_where=WAITS)
Index("desk_order_desk_ix", Order.desk, Order.id)
_ALONE = WAITS & REHEARSAL
Index("desk_order_rehearsal_key", Order.desk, unique=True, sqlite_where=_ALONE, postgresql_where=_ALONE)


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
    done: dict[str, Any] | None = None,
    now: datetime,
) -> int:
    """Order something; its id. `done`: what came of it, where it was done at once."""
    forget(session, now=now)
    order = Order(
        **floors.first(session, floors.ORDER, Order.id),
        desk=desk,
        office_id=hand.office_id,
        title=hand.title,
        through=hand.through,
        act=act,
        terms=terms,
        reason=reason,
        ordered_at=now,
        done_at=now if done is not None else None,
        result=done or {},
        account=account,
        lapses_at=lapses_at,
    )
    session.add(order)
    session.flush()
    return order.id


def rehearsing(session: Session, desk: str) -> int | None:
    """The rehearsal of a desk that waits or is played; None: there is none."""
    return session.scalar(select(Order.id).where(Order.desk == desk, WAITS, REHEARSAL))


def forget(session: Session, *, now: datetime) -> int:
    """Forget the files that nobody can order by any more: they name people's numbers. How many that were."""
    over = _T.c.act.in_([Act.TRIAL, Act.AMEND, Act.REHEARSE]), _T.c.done_at <= now - COUNTS, _T.c.forgotten.is_(False)
    return session.connection().execute(update(_T).where(*over).values(terms={}, forgotten=True)).rowcount


def waiting(session: Session, desk: str) -> int:
    """How many orders of a desk wait for a turn of the clock."""
    undone = Order.desk == desk, WAITS, ~FOR_SECOND, ~REHEARSAL
    return session.scalar(select(func.count()).where(*undone)) or 0


def for_second(session: Session, desk: str) -> list[Order]:
    """The orders of a desk that wait for a second person, the first first."""
    return list(session.scalars(select(Order).where(Order.desk == desk, WAITS, FOR_SECOND).order_by(Order.id)))


def lapsed(session: Session, *, now: datetime) -> list[Order]:
    """Those that nobody confirmed in time, for this process alone."""
    over = WAITS, FOR_SECOND, Order.lapses_at <= now
    return list(session.scalars(select(Order).where(*over).order_by(Order.id).with_for_update(skip_locked=True)))


def take(session: Session, *, rehearsal: bool = False, now: datetime) -> Order | None:
    """The first that waits, for this process alone; None: there is none. A try is counted before it begins."""
    free = or_(_T.c.taken_at.is_(None), _T.c.taken_at <= now - AGAIN)
    own = select(Order).where(WAITS, ~FOR_SECOND, free, REHEARSAL if rehearsal else ~REHEARSAL)
    order = session.scalars(own.order_by(Order.id).limit(1).with_for_update(skip_locked=True)).one_or_none()
    if order is not None:
        order.taken_at, order.tries = now, order.tries + 1
    return order


def wait(session: Session, order: Order, *, terms: dict[str, Any], until: datetime) -> bool:
    """Let it wait for a second person; False: another process took it meanwhile."""
    again = {"taken_at": None, "tries": 0, "confirmed_at": None, "second": "", "terms": terms, "lapses_at": until}
    return _change(session, order, **again)


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
    """How many were reached since then by what nobody confirmed. Money is no number of messages or reports."""
    own = _T.c.desk == desk, _T.c.done_at > since, _T.c.confirmed_at.is_(None), _T.c.refused == ""
    acts = _T.c.act.in_([act for act in REACHES if act is not Act.RAISE])
    return sum(result.get("reach", 0) for result in session.scalars(select(_T.c.result).where(*own, acts)))


def go_on(session: Session, order: Order, so_far: dict[str, Any], *, now: datetime) -> bool:
    """Write down how far it is, which keeps it taken; False: another process took it meanwhile."""
    return _change(session, order, taken_at=now, result=so_far)


def put_back(session: Session, order: Order) -> None:
    """Leave it to whoever takes it next. Its try stays counted."""
    _change(session, order, taken_at=None)


def settle(
    session: Session,
    order: Order,
    *,
    result: dict[str, Any],
    refused: str = "",
    pages: str | None = None,
    now: datetime,
) -> bool:
    """Write down what came of it; False: another process took it meanwhile and has done so."""
    return _change(session, order, done_at=now, result=result, refused=refused[:2000], pages=pages)


def _change(session: Session, order: Order, **values: Any) -> bool:
    """Change it, if it is still taken by whoever has this `order`."""
    mine = _T.c.id == order.id, _T.c.done_at.is_(None), _T.c.tries == order.tries
    return bool(session.connection().execute(update(_T).where(*mine).values(**values)).rowcount)


def let_go(session: Session, *, now: datetime) -> int:
    """Let go of the pages of all rehearsals but the newest of each desk, and of old ones; how many that were.

    The files are removed as every file that nothing names.
    """
    young = Order.pages.is_not(None), Order.done_at > now - PAGES_LAST
    by_desk: dict[str, list[int]] = defaultdict(list)
    for id, desk in session.execute(select(Order.id, Order.desk).where(*young)):
        by_desk[desk].append(id)
    newest = [id for ids in by_desk.values() for id in sorted(ids)[-NEWEST:]]
    over = _T.c.pages.is_not(None), _T.c.id.not_in(newest)
    return session.connection().execute(update(_T).where(*over).values(pages=None)).rowcount


def one(session: Session, desk: str, id: int) -> Order | None:
    """An order of this desk; None: it has none of that number."""
    return session.scalar(select(Order).where(Order.id == id, Order.desk == desk))


def newest(session: Session, desk: str, *, limit: int) -> list[Order]:
    """The orders of a desk, the newest first."""
    return list(session.scalars(select(Order).where(Order.desk == desk).order_by(Order.id.desc()).limit(limit)))
