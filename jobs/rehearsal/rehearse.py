"""Run a programme on a virtual clock that jumps to the next event. The functions are those of production.

Only three parts differ: the clock is moved by hand, a bell is answered at once, and everything sent goes to
the outbox folder, through a notifier that fails when the scenario says so.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Protocol

from sqlalchemy.orm import Session

from config.documents import Document
from config.midway import Midway
from jobs.delivery import deliver
from jobs.operator import load
from jobs.operator.refusals import Refusal
from jobs.rehearsal import players
from jobs.runtime import Runtime
from jobs.turn import tick
from models import migrations
from models.base import begun_by, connect
from models.machine import rehearsals
from models.machine.waits import Waits
from notifiers.base import Letter, Notifier
from notifiers.file import Outbox
from rules.delivery import ChannelDown, DeliveryError, Refused, Temporary, Unknown
from rules.desk import Channel
from rules.duties import Obligation
from rules.forms import Form
from rules.government import ReportKind
from rules.programme import Programme
from rules.scenario import Fault, Outage, Scenario

AT_ONCE, TURN = 20, timedelta(seconds=30)
"""After `AT_ONCE` turns at one moment the clock goes on by `TURN`: what is due waits for a channel or its rate."""

STALLED = 10_000
"""So many turns at one moment mean that something is always due and never done."""

FOLDERS = ("mail", "sms", "whatsapp", "laporan", "tingkat", "rows", "stages", "offices")
"""What a rehearsal writes into folders of its own."""

PUBLIC_URL = "https://desk.kabupaten-ini.example"
"""Where the links of a rehearsal lead. It is as long as real addresses, and nobody can own it (RFC 2606)."""

FAULTS: Mapping[Fault, type[DeliveryError]] = {
    Fault.REFUSED: Refused,
    Fault.TEMPORARY: Temporary,
    Fault.UNKNOWN: Unknown,
    Fault.DOWN: ChannelDown,
}


class Stalled(Exception):
    """Time stood still: a defect of ours, never of a scenario."""


@dataclass
class Still:
    """A clock that shows what it is told."""

    at: datetime

    def __call__(self, _: Session) -> datetime:
        return self.at


@dataclass
class AtOnce:
    """A bell that is answered at once, in the same thread."""

    rt: Runtime | None = None

    def ring(self, channel: Channel, message_ids: Sequence[int]) -> None:
        assert self.rt is not None
        deliver.run(self.rt, channel, message_ids)


@dataclass
class Failing:
    """A notifier that fails while the scenario says its channel does. What goes into its folder counts as told: in a
    rehearsal the folder is the world.
    """

    inner: Notifier
    clock: Still
    outages: Sequence[Outage]
    repeatable: bool = True

    def send(self, letter: Letter) -> str:
        for outage in self.outages:
            if outage.channel is letter.channel and outage.start <= self.clock.at < outage.end:
                raise FAULTS[outage.fault]("the scenario says so")
        return self.inner.send(letter).removeprefix("file:")

    def close(self) -> None:
        self.inner.close()


class People(Protocol):
    """Whoever does something on the way: when next (None: never), and all that is due by then."""

    @property
    def next_at(self) -> datetime | None: ...

    def act(self, *, until: datetime) -> None: ...


class Nobody:
    """Nobody does anything."""

    next_at: datetime | None = None

    def act(self, *, until: datetime) -> None:
        pass


def live(
    rt: Runtime,
    clock: Still,
    people: People,
    *,
    until: datetime,
    down: Callable[[datetime], datetime | None] = lambda _: None,
) -> Iterator[datetime]:
    """Jump from event to event up to `until`, yielding each moment reached.

    Args:
        down: until when the worker is down at a moment; None: it works.

    Raises:
        Stalled: a moment never passes.
    """
    turns = 0
    while (at := _next(waiting := rt.lookout.look(), clock, people, down)) is not None and at <= until:
        turns = 0 if at > clock.at else turns + 1
        if turns > STALLED:
            raise Stalled(f"still {at.isoformat()} after {turns} turns")
        if turns > AT_ONCE:  # what is due waits for a channel or its rate: the clock goes on, as it would
            at += TURN
        clock.at = at
        if people.next_at is not None and people.next_at <= at:
            people.act(until=at)
        else:
            tick.run(rt, waiting, documents=False)
        yield at
    clock.at = until


def _next(waiting: Waits, clock: Still, people: People, down: Callable[[datetime], datetime | None]) -> datetime | None:
    """When somebody or the machine next does something. The machine waits while the worker is down."""
    machine = waiting.first
    if machine is not None:
        machine = max(machine, clock.at)
        machine = down(machine) or machine
    return min((t for t in (machine, people.next_at) if t is not None), default=None)


@dataclass
class Rehearsal:
    """One run: `play` it, then read its database. `obligations` are those due from its start on.

    `programme` is the one that it began with. `people`: what was refused to them, and what they saw.
    """

    rt: Runtime
    clock: Still
    programme: Programme
    scenario: Scenario
    obligations: list[Obligation]
    end: datetime
    midway: Sequence[Midway] = ()
    people: players.Players = field(init=False)

    def __post_init__(self) -> None:
        self.people = players.Players(self.rt, self.scenario, self.obligations, start=self.clock.at, midway=self.midway)

    @property
    def programmes(self) -> Sequence[Programme]:
        """The programme as it was at first, and after each amendment."""
        return [self.programme, *(done.amended.programme for done in self.people.amended)]

    def in_force(self, at: datetime) -> Programme:
        """The programme as it was at a moment of the run."""
        return self.programmes[sum(done.at <= at for done in self.people.amended)]

    def play(self) -> Iterator[datetime]:
        """Jump from event to event up to `end`, yielding each moment reached. Raises: Stalled."""
        return live(self.rt, self.clock, self.people, until=self.end, down=self._down)

    def close(self) -> None:
        """Close the database. It is then one file that may be moved."""
        self.rt.sessions.kw["bind"].dispose()

    def _down(self, at: datetime) -> datetime | None:
        """The end of the worker outage around `at`; None when it works."""
        return max((o.end for o in self.scenario.outages if o.channel is None and o.start <= at < o.end), default=None)


def cleared(out: Path) -> Path:
    """The place for the database of a rehearsal in `out`. Only what an earlier rehearsal left is removed.

    Raises:
        Refusal: the folder cannot be written, or holds what no rehearsal left.
    """
    database = out / "rehearsal.db"
    another = "name another folder with --out"
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()) and not rehearsals.marked(database):
            raise Refusal(f"{out} holds what no rehearsal of this version left: look, remove it by hand, or {another}")
        for end in ("", "-wal", "-shm", "-journal"):
            database.with_name(database.name + end).unlink(missing_ok=True)
        for left in FOLDERS:
            if (out / left).is_dir() and not (out / left).is_symlink():
                shutil.rmtree(out / left)
    except OSError as error:
        raise Refusal(
            f"{error.filename} cannot be written: {error.strerror}: make it writable, or {another}"
        ) from error
    return database


def prepare(
    documents: Sequence[Document],
    scenario: Scenario,
    forms: Mapping[str, Form],
    kinds: Mapping[str, ReportKind],
    *,
    seed: int | None,
    start: datetime,
    end: datetime,
    out: Path,
    midway: Sequence[Midway] = (),
) -> Rehearsal:
    """A rehearsal in `out`, on a new database there, loaded at `start`. Nothing has happened yet.

    Args:
        midway: what is amended in the middle.

    Raises:
        config.errors.ConfigError: the documents do not fit each other.
        Refusal: the folder cannot be written, or holds what no rehearsal left.
    """
    if seed is not None:
        scenario = replace(scenario, seed=seed)
    database = cleared(out)
    rehearsals.begin(database)
    engine = connect(f"sqlite:///{database}", durable=False)
    migrations.up(engine)
    clock, bell = Still(start), AtOnce()
    outbox = Failing(Outbox(out), clock, scenario.outages)
    rt = Runtime(
        sessions=begun_by(engine),
        clock=clock,
        notifiers=dict.fromkeys(Channel, outbox),
        bell=bell,
        documents=out / "laporan",
        public_url=PUBLIC_URL,
        forms=lambda: forms,
        kinds=lambda: kinds,
        luck=Random(scenario.seed),  # noqa: S311 - links of a play, and the same play each time
    )
    bell.rt = rt
    load.load(rt, documents)
    (programme,) = rt.programmes.values()
    ahead = [o for o in programme.obligations() if start < o.due_at <= end]
    return Rehearsal(rt, clock, programme, scenario, ahead, end, midway)
