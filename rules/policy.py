"""A policy: the duties, ladders, quiet hours, caps and retries a programme runs under. Data, checked by the loader."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from rules.attachments import Limits
from rules.calendar import WEEKEND, Anchor, Election, WorkingDays
from rules.costs import NONE, Costs
from rules.desk import Channel
from rules.duties import Duty
from rules.gates import Gates
from rules.ladder import Ladder, Say
from rules.opening import Opens
from rules.posko import Hours
from rules.quiet import ClosedDays, Window
from rules.rollcalls import RollCalls
from rules.silence import Silence
from rules.summary import Summaries
from rules.tasks import LADDER, URGENT_LADDER
from rules.two_people import TwoPeople


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
    before it is settled. `merge_within`: one message per office and channel in this span; `gather_within`: the same
    for problems that are not urgent; `gather_above`: for what secretary and chair are told of problems. `probe_after`:
    the waits between tries of a channel that is down, the last one repeated. `down_for`: a channel that is down this
    long is passed over if another reaches the office. `settle_every`: how many are handed over before it is written
    what became of them; `settle_in_burst`: the same while hundreds wait (`pace.BURST`), where it is more.
    """

    retry_after: tuple[timedelta, ...]
    lease: timedelta
    doubt: timedelta
    merge_within: timedelta
    settle_every: Mapping[Channel, int]
    probe_after: tuple[timedelta, ...] = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5))
    down_for: timedelta = timedelta(minutes=10)
    gather_within: timedelta = timedelta(minutes=15)
    gather_above: timedelta = timedelta(minutes=15)
    settle_in_burst: Mapping[Channel, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Storm:
    """How many messages `within` a time are too many to be meant: to one office, and per office on average."""

    within: timedelta
    to_one_office: int
    to_each_on_average: int


@dataclass(frozen=True, slots=True)
class Tasks:
    """The ladders that the secretariat's tasks climb: one by day, one that may wake somebody."""

    ladder: str
    urgent: str


class AdviceLadders(NamedTuple):
    """The ladders of an advice that is to be done, of one that its giver is to close, and of an invitation."""

    given: str
    done: str
    meeting: str


class Fade(NamedTuple):
    """How long a report's words count as known, on these days around voting day; no days: on all others."""

    after: timedelta
    days: tuple[Anchor, Anchor] | None = None

    def fits(self, election: Election, day: date) -> bool:
        if self.days is None:
            return True
        first, last = (anchor.on(election) for anchor in self.days)
        return first is not None and last is not None and first <= day <= last


class Trips(NamedTuple):
    """By which form it is asked what was seen on a field trip, and when on its day it is asked for."""

    form: str
    ladder: str
    asked_at: time


class Aides(NamedTuple):
    """How aides in villages are told (`rules.aides`), in order of preference."""

    by: tuple[Channel, ...]


class Answers(NamedTuple):
    """How many answers go to one address in its last hour and day; what is above them waits for a person."""

    per_hour: int = 10
    per_day: int = 40


class Keep(NamedTuple):
    """How long spent things are kept: links after they ran out, sessions from their beginning, files without a report,
    and what people wrote to us.
    """

    links: timedelta = timedelta(days=30)
    sessions: timedelta = timedelta(days=90)
    files: timedelta = timedelta(days=7)
    inbound: timedelta = timedelta(days=400)


class Retain(NamedTuple):
    """How long personal data stay after a programme is closed: texts of messages, what people wrote to us, and numbers,
    addresses and names of holders. None: for as long as the books.
    """

    texts: timedelta | None = None
    written: timedelta | None = None
    contacts: timedelta | None = None


def longest(keeps: Iterable[Keep]) -> Keep:
    """The shortest time that is long enough for all of them."""
    keeps = list(keeps)
    return Keep(*map(max, zip(*keeps, strict=True))) if keeps else Keep()


@dataclass(frozen=True, slots=True)
class Policy:
    """`problems` names the ladder a problem of each severity climbs; `digest` (SHA-256) goes with every notice.

    `tasks` None: the secretariat's tasks are listed, and nobody is told of them. `advice` None: nobody gives any.
    `trips` None: no field trips are planned or told. `aides` None: nobody names any.

    `receipt_by`: how an office that files is sent its receipt, in order of preference; empty: it is not.
    `per_minute`: how fast a channel may be used; empty: as fast as it goes. `release_per_minute`: how fast held
    messages go out on each channel after a hold. `closed_days` None: there are none. `fades`: the first that fits a day
    counts. `silence` None: it is not looked for. `roll_call` None: nobody is asked about contacts.
    `gates` None: nobody is told before something begins that it is not ready.
    `posko` None: nobody is told of hours without a duty office. `two_people` None: one person may reach everybody.
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
    advice: AdviceLadders | None = None
    trips: Trips | None = None
    aides: Aides | None = None
    attachments: Limits = field(default_factory=Limits)
    per_minute: Mapping[Channel, int] = field(default_factory=dict)
    release_per_minute: int = 60
    storm: Storm | None = None
    keep: Keep = field(default_factory=Keep)
    retain: Retain = field(default_factory=Retain)
    answers: Answers = field(default_factory=Answers)
    closed_days: ClosedDays | None = None
    fades: tuple[Fade, ...] = (Fade(timedelta(days=10)),)
    silence: Silence | None = None
    summaries: Summaries | None = None
    opens: Opens = field(default_factory=Opens)
    roll_call: RollCalls | None = None
    gates: Gates | None = None
    posko: Hours | None = None
    two_people: TwoPeople | None = None
    costs: Costs = NONE
    digest: str = ""

    @property
    def weekend(self) -> Set[int]:
        """The days of the week (Monday = 0) on which offices are closed."""
        return self.closed_days.weekdays if self.closed_days else WEEKEND

    def counting(self, zone: str, holidays: Set[date]) -> "Policy":
        """The policy with rungs that count working days by these closed days."""
        days = WorkingDays(zone, holidays, self.weekend)
        return replace(self, ladders={code: ladder.counting(days) for code, ladder in self.ladders.items()})

    def ladder(self, name: str) -> Ladder:
        """The ladder that a matter climbs, a task too. Raises: KeyError when the policy has none of that name."""
        if name in (LADDER, URGENT_LADDER):
            if self.tasks is None:
                return Ladder(name, (), timedelta(0))
            name = self.tasks.urgent if name == URGENT_LADDER else self.tasks.ladder
        return self.ladders[name]

    @property
    def reporting(self) -> tuple[Duty, ...]:
        """The duties to report what is seen: all but those that say what an office has ready."""
        return tuple(duty for duty in self.duties if duty.support is None)

    @property
    def forms(self) -> list[str]:
        """Every form that some report is asked by, in the order of the duties."""
        named = (form for duty in self.reporting for form in (duty.form, *(each.form for each in duty.each)))
        return list(dict.fromkeys(named))

    def said_by(self, channel: Channel) -> frozenset[Say]:
        """Everything this channel may have to say, apart from sign-in links, hints to improve and calendar changes."""
        said = {rung.say for ladder in self.ladders.values() for rung in ladder.rungs if channel in rung.by}
        return frozenset(said | ({Say.RECEIVED} if channel in self.receipt_by else set()))

    def fades_after(self, election: Election, day: date) -> timedelta:
        """How old a report's words may be on that local day before they are shown as stale."""
        return next(fade.after for fade in self.fades if fade.fits(election, day))

    def duty(self, code: str, key: str = "") -> Duty:
        """A duty; with a report's natural key, by the name and form of that report.

        Raises:
            KeyError: the policy has none of that code.
        """
        for duty in self.duties:
            if duty.code == code:
                return duty.of(key)
        raise KeyError(code)
