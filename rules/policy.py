"""A policy: the duties, ladders, quiet hours, caps and retries a programme runs under. Data, checked by the loader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from rules.attachments import Limits
from rules.desk import Channel
from rules.duties import Duty
from rules.ladder import Ladder, Say
from rules.quiet import ClosedDays, Window
from rules.tasks import LADDER, URGENT_LADDER


class Severity(StrEnum):
    """How grave a problem is (tingkat kerawanan), after the three words the field uses."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Caps:
    """Messages to one office on one channel in its local day. Warnings, escalations and urgent ladders pass."""

    per_day: Mapping[Channel, int]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How handing over is tried. `retry_after` holds the waits before the second, third... try; then it has failed.

    `lease`: a worker silent for this long is presumed dead. `doubt`: how long an unknown outcome stays in doubt
    before it is settled. `merge_within`: one message per office and channel in this span. `probe_after`: the waits
    between tries of a channel that is down, the last one repeated. `down_for`: a channel down for so long is passed
    over where another reaches the office.
    """

    retry_after: tuple[timedelta, ...]
    lease: timedelta
    doubt: timedelta
    merge_within: timedelta
    settle_every: Mapping[Channel, int]
    probe_after: tuple[timedelta, ...] = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5))
    down_for: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Storm:
    """How many messages `within` some time are no longer believed: to one office, and to each on the average."""

    within: timedelta
    to_one_office: int
    to_each_on_average: int


@dataclass(frozen=True, slots=True)
class Tasks:
    """The ladders that the secretariat's tasks climb: one by day, one that may wake somebody."""

    ladder: str
    urgent: str


class Keep(NamedTuple):
    """For how long what is spent is kept: links after they ran out, sessions from their beginning, and files that came
    with no report.
    """

    links: timedelta = timedelta(days=30)
    sessions: timedelta = timedelta(days=90)
    files: timedelta = timedelta(days=7)


def longest(keeps: Iterable[Keep]) -> Keep:
    """What keeps long enough for all of them."""
    keeps = list(keeps)
    return Keep(*map(max, zip(*keeps, strict=True))) if keeps else Keep()


@dataclass(frozen=True, slots=True)
class Policy:
    """`problems` names the ladder a problem of each severity climbs; `digest` (SHA-256) goes with every notice.

    `tasks` None: the secretariat's tasks are listed, and nobody is told of them.

    `receipt_by`: how an office that files is sent its receipt, in order of preference; empty: it is not.
    `per_minute`: how fast a channel may be used; none given: as fast as it goes. `release_per_minute`: how fast what a
    hold kept back goes out on each channel. `closed_days` None: they are days as any other.
    """

    code: str
    duties: tuple[Duty, ...]
    ladders: Mapping[str, Ladder]
    problems: Mapping[Severity, str]
    quiet: tuple[Window, ...]
    caps: Caps
    delivery: Delivery
    receipt_by: tuple[Channel, ...] = ()
    tasks: Tasks | None = None
    attachments: Limits = field(default_factory=Limits)
    per_minute: Mapping[Channel, int] = field(default_factory=dict)
    release_per_minute: int = 60
    storm: Storm | None = None
    keep: Keep = field(default_factory=Keep)
    closed_days: ClosedDays | None = None
    digest: str = ""

    def ladder(self, name: str) -> Ladder:
        """The ladder that a matter climbs, a task too. Raises: KeyError when the policy has none of that name."""
        if name in (LADDER, URGENT_LADDER):
            if self.tasks is None:
                return Ladder(name, (), timedelta(0))
            name = self.tasks.urgent if name == URGENT_LADDER else self.tasks.ladder
        return self.ladders[name]

    def said_by(self, channel: Channel) -> frozenset[Say]:
        """What this channel may come to say; sign-in links, hints to improve, and changes of the calendar apart."""
        said = {rung.say for ladder in self.ladders.values() for rung in ladder.rungs if channel in rung.by}
        return frozenset(said | ({Say.RECEIVED} if channel in self.receipt_by else set()))

    def duty(self, code: str) -> Duty:
        """Raises: KeyError when the policy has no such duty."""
        for duty in self.duties:
            if duty.code == code:
                return duty
        raise KeyError(code)
