"""What waits for the clock, asked in one statement: the answer to "is anything due?" must cost next to nothing."""

from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Engine, Select, case, event, func, or_, select

from models.base import table
from models.desk.orders import FOR_SECOND, REHEARSAL, Order
from models.desk.orders import WAITS as UNDONE
from models.desk.programmes import Programme
from models.desk.rearrangements import WAITING as REARRANGING
from models.desk.rearrangements import Rearrangement
from models.desk.shifts import KEPT, DutyShift
from models.machine import clock
from models.machine.clock import Mark
from models.matters import rollcalls
from models.matters.matters import OPEN, Matter
from models.matters.obligations import TO_COMPILE, TO_LOOK_AT, Obligation
from models.matters.silences import LASTS, Silence
from models.messages.channels import ChannelState
from models.messages.inbound import TO_FETCH, UNREAD, Inbound
from models.messages.messages import WAITING, Message
from models.messages.notices import OTHER_WAY, PLANNED, Notice
from models.offices.offices import PLANNED as PLANNED_CONTACT
from models.offices.offices import Contact
from rules.programme import MARK

_LIVE = table(Programme).c
_ORDERED = case((FOR_SECOND, table(Order).c.lapses_at), else_=table(Order).c.ordered_at)
"""When the clock has to look at an order: at once, or where a second person is waited for when it lapses."""


@cache
def question(dialect: str) -> Select[Any]:
    """Reads the fields of `Waits`."""
    return select(
        clock.reading(dialect),
        select(table(Mark).c.at).where(table(Mark).c.name == clock.SWEEP).scalar_subquery(),
        select(func.aggregate_strings(func.substr(_LIVE.digest, 1, MARK), " "))
        .where(_LIVE.closed_at.is_(None))
        .scalar_subquery(),
        select(func.min(table(Matter).c.next_at)).where(OPEN).scalar_subquery(),
        select(func.min(table(Notice).c.release_at)).where(PLANNED).scalar_subquery(),
        select(func.min(table(Message).c.due_at)).where(WAITING).scalar_subquery(),
        select(func.min(table(Obligation).c.compile_at)).where(TO_COMPILE).scalar_subquery(),
        select(func.min(table(Contact).c.since)).where(PLANNED_CONTACT).scalar_subquery(),
        select(func.min(table(Notice).c.other_way_at)).where(OTHER_WAY).scalar_subquery(),
        select(func.min(table(ChannelState).c.pass_at)).scalar_subquery(),
        select(func.min(table(Obligation).c.look_at)).where(TO_LOOK_AT).scalar_subquery(),
        select(func.min(table(Silence).c.look_at)).where(LASTS).scalar_subquery(),
        select(func.min(table(Rearrangement).c.since)).where(REARRANGING).scalar_subquery(),
        select(func.min(_ORDERED)).where(UNDONE, ~REHEARSAL).scalar_subquery(),
        select(func.min(table(Order).c.ordered_at)).where(UNDONE, REHEARSAL).scalar_subquery(),
    )


def seldom() -> Select[Any]:
    """Reads the fields of `Seldom`."""
    paced = select(table(Mark).c.at).where(table(Mark).c.name == clock.RELEASED, table(Mark).c.reason != "")
    return select(
        or_(rollcalls.ASTRAY.exists(), rollcalls.UNASKED.exists()),
        select(table(DutyShift).c.id).where(KEPT).exists(),
        paced.exists(),
        select(func.min(table(Inbound).c.received_at)).where(UNREAD).scalar_subquery(),
        select(func.min(table(Inbound).c.fetch_at)).where(TO_FETCH).scalar_subquery(),
    )


class Seldom(NamedTuple):
    """What there is to do of all that a turn looks at now and then.

    `asking`: somebody is to be asked about a contact, or not any more. `rostered`: some desk keeps a roster.
    `releasing`: what a hold kept back goes out slowly. `written`: since when something waits that was written to us;
    `media`: when something that came with it is to be fetched next.
    """

    asking: bool
    rostered: bool
    releasing: bool
    written: datetime | None
    media: datetime | None


class Waits(NamedTuple):
    """When each kind of work is next due; None: nothing of that kind waits.

    `at` is the database's time, `swept_at` that of the last sweep, `live` the beginnings (`MARK`) of the digests of all
    live programmes.
    """

    at: datetime
    swept_at: datetime | None
    live: frozenset[str]
    matter: datetime | None
    notice: datetime | None
    message: datetime | None
    cut_off: datetime | None
    handover: datetime | None
    looked_for: datetime | None
    passed_over: datetime | None
    report: datetime | None
    silence: datetime | None
    rearrangement: datetime | None
    ordered: datetime | None
    rehearsal: datetime | None

    @property
    def other_way(self) -> datetime | None:
        """When to look next whether somebody is to be told by another channel."""
        return min((at for at in (self.looked_for, self.passed_over) if at is not None), default=None)

    @property
    def anticipating(self) -> datetime | None:
        """When to look next at what districts say, or do not say, beside their neighbours."""
        return min((at for at in (self.report, self.silence) if at is not None), default=None)

    @property
    def first(self) -> datetime | None:
        """The earliest of what is told."""
        rows = self.matter, self.notice, self.message, self.cut_off, self.handover, self.rearrangement
        kinds = *rows, self.other_way, self.anticipating
        return min((at for at in kinds if at is not None), default=None)


class Lookout:
    """Asks what waits, on a connection that it keeps: a clock asks every few seconds, for ever.

    It hands its statements to the driver as text: SQLAlchemy would cost four times what the answer does. After a lost
    connection one question fails, and the next opens a new one. Whoever disposes of the engine closes this too. So may
    whoever learns that the database has been replaced.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._kept: Connection | None = None
        self._waits, self._seldom = _questions(engine.dialect)
        self.last: Waits | None = None
        """What the last look told."""
        event.listen(engine, "engine_disposed", lambda _: self.close())

    def look(self) -> Waits:
        """What waits now. Safe to call from several threads."""
        at, swept_at, live, *kinds = self._asked(self._waits)
        self.last = Waits(at, swept_at, frozenset((live or "").split()), *kinds)
        return self.last

    def seldom(self) -> Seldom:
        """What there is to do of all that is looked at now and then. As safe."""
        asking, rostered, releasing, *due = self._asked(self._seldom)
        return Seldom(bool(asking), bool(rostered), bool(releasing), *due)

    def _asked(self, asked: "_Question") -> list[Any]:
        with self._lock:
            try:
                row = self._driver().execute(asked.text).fetchone()
            except Exception:
                self._let_go()
                raise
        return [read(value) if read else value for read, value in zip(asked.reads, row, strict=True)]

    def _driver(self) -> Any:
        """The driver's own connection, outside any transaction: it waits for no writer."""
        if self._kept is None:
            self._kept = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        return self._kept.connection.driver_connection

    def close(self) -> None:
        """Let go of the connection; the next question opens a new one."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._kept is not None:
            self._kept.invalidate()  # else it would only go back to the pool, still open
            self._kept.close()
        self._kept = None


class _Question:
    """A statement as text, and how its answer is read."""

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        self.text = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        self.reads = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in statement.selected_columns
        ]


_ready: dict[str, tuple[_Question, _Question]] = {}


def _questions(dialect: Dialect) -> tuple[_Question, _Question]:
    """Both, written once for each kind of database: a rehearsal makes many runtimes."""
    if dialect.name not in _ready:
        _ready[dialect.name] = _Question(question(dialect.name), dialect), _Question(seldom(), dialect)
    return _ready[dialect.name]
