"""Run a programme on a virtual clock that jumps to the next event. The functions are those of production.

Only three parts differ: the clock is moved by hand, a bell is answered at once, and everything sent goes to
the outbox folder, through a notifier that fails when the scenario says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session, sessionmaker

from config.loader import Document
from jobs import deliver, load, players, tick
from jobs.runtime import Runtime
from models import migrations
from models.base import connect
from notifiers.base import Letter, Notifier
from notifiers.file import Outbox
from notifiers.render import Renderer
from rules.delivery import ChannelDown, DeliveryError, Refused, Temporary, Unknown
from rules.desk import Channel
from rules.duties import Obligation
from rules.programme import Programme
from rules.scenario import Fault, Outage, Scenario

AT_ONCE, TURN = 20, timedelta(seconds=30)
"""After so many turns at one moment the clock goes on by this much: what is due waits for a channel or its rate."""

STALLED = 10_000
"""So many turns after another mean that something asks to be looked at and is never done."""

PUBLIC_URL = "https://desk.example"
"""Where a rehearsal's links would lead; nobody can ever own it (RFC 2606)."""

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
    """A bell that is answered in the same breath."""

    rt: Runtime | None = None

    def ring(self, channel: Channel, message_ids: Sequence[int]) -> None:
        assert self.rt is not None
        deliver.run(self.rt, channel, message_ids)


@dataclass
class Failing:
    """A notifier that fails while the scenario says its channel does."""

    inner: Notifier
    clock: Still
    outages: Sequence[Outage]
    repeatable: bool = True

    def send(self, letter: Letter) -> str:
        for outage in self.outages:
            if outage.channel is letter.channel and outage.start <= self.clock.at < outage.end:
                raise FAULTS[outage.fault]("the scenario says so")
        return self.inner.send(letter)

    def close(self) -> None:
        self.inner.close()


@dataclass
class Rehearsal:
    """One run: `play` it, then read its database. `obligations` are those due from its start on."""

    rt: Runtime
    clock: Still
    programme: Programme
    scenario: Scenario
    obligations: list[Obligation]
    end: datetime

    def play(self) -> Iterator[datetime]:
        """Jump from event to event up to `end`, yielding each moment reached.

        Raises:
            Stalled: a moment never passes.
        """
        people = players.Players(self.rt, self.programme, self.scenario, self.obligations, start=self.clock.at)
        turns = 0
        while (at := self._next(people)) is not None and at <= self.end:
            turns = 0 if at > self.clock.at else turns + 1
            if turns > STALLED:
                raise Stalled(f"still {at.isoformat()} after {turns} turns")
            if turns > AT_ONCE:  # what is due waits for a channel or its rate: the clock goes on, as it would
                at += TURN
            self.clock.at = at
            if people.next_at is not None and people.next_at <= at:
                people.act(until=at)
            else:
                tick.run(self.rt, documents=False)
            yield at
        self.clock.at = self.end

    def _next(self, people: players.Players) -> datetime | None:
        """The next moment: of somebody's doing, or of the machine's, which waits while the worker is down."""
        machine = tick.next_at(self.rt)
        if machine is not None:
            machine = max(machine, self.clock.at)
            machine = self._down(machine) or machine
        return min((t for t in (machine, people.next_at) if t is not None), default=None)

    def close(self) -> None:
        """Let go of the database, which is one file then and may be taken elsewhere."""
        self.rt.sessions.kw["bind"].dispose()

    def _down(self, at: datetime) -> datetime | None:
        """The end of the worker outage around `at`; None when it works."""
        return max((o.end for o in self.scenario.outages if o.channel is None and o.start <= at < o.end), default=None)


def prepare(
    documents: Sequence[Document],
    scenario: Scenario,
    *,
    seed: int | None,
    start: datetime,
    end: datetime,
    out: Path,
) -> Rehearsal:
    """A rehearsal in `out`, on a fresh database there, loaded as of `start`; nothing has happened yet.

    Raises:
        config.errors.ConfigError: the documents do not fit each other.
    """
    if seed is not None:
        scenario = replace(scenario, seed=seed)
    database = out / "rehearsal.db"
    for old in out.glob("rehearsal.db*"):
        old.unlink()
    engine = connect(f"sqlite:///{database}", durable=False)
    migrations.up(engine)
    clock, bell = Still(start), AtOnce()
    outbox = Failing(Outbox(out), clock, scenario.outages)
    rt = Runtime(
        sessions=sessionmaker(engine, expire_on_commit=False),
        clock=clock,
        notifiers=dict.fromkeys(Channel, outbox),
        renderer=Renderer(),
        bell=bell,
        documents=out / "laporan",
        public_url=PUBLIC_URL,
        luck=Random(scenario.seed),  # noqa: S311 - links of a play, and the same play each time
    )
    bell.rt = rt
    load.load(rt, documents)
    (programme,) = rt.programmes.values()
    ahead = [o for o in programme.obligations() if start < o.due_at <= end]
    return Rehearsal(rt, clock, programme, scenario, ahead, end)
