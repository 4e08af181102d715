"""A rehearsal's scenario: who files what and when, what becomes of problems, what is advised, what breaks.

Luck comes in as an argument.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import reduce
from operator import or_
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rules.advice import Sort
from rules.desk import Channel
from rules.duties import Obligation
from rules.expecting import Expectation
from rules.forms import Form
from rules.incidents import Incident
from rules.posko import Shift
from rules.rearranging import Change
from rules.trips import Plan


class Fault(StrEnum):
    """How a channel fails: one of the four bad ends of a try."""

    REFUSED = "refused"
    TEMPORARY = "temporary"
    UNKNOWN = "unknown"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Some obligations. Empty selectors mean all; dates and times are local, of what is due, dates inclusive."""

    districts: frozenset[str] = frozenset()
    duties: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None
    at: frozenset[time] = frozenset()

    def fits(self, owed: Obligation) -> bool:
        """Whether an obligation is one of these."""
        due = owed.due_at.astimezone(ZoneInfo(owed.zone))
        return (
            (not self.districts or owed.area in self.districts)
            and (not self.duties or owed.duty in self.duties)
            and (self.first is None or self.first <= due.date())
            and (self.last is None or due.date() <= self.last)
            and (not self.at or due.time() in self.at)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing(Which):
    """How a group of obligations is answered.

    `on_time` and `late` are shares of all (the rest stays silent), `nil` is the share of what is filed and may be nil.
    Late ones come uniformly within `late_by` after the due time, punctual ones within `early_by` before it.
    """

    on_time: float
    late: float
    nil: float
    late_by: tuple[timedelta, timedelta]
    early_by: tuple[timedelta, timedelta]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Which):
    """What reports say that are not nil. Of several that fit one report, the later says more.

    Args:
        answers: by field of the form (`rules.forms`).
        reached: by figure, between which shares of the district's count it lies.
        after: None: in the report as it is filed; else in a correction so long after it, in place of all answers.
    """

    answers: dict[str, str]
    reached: Mapping[str, tuple[float, float]]
    after: timedelta | None = None


class Do(StrEnum):
    """What somebody does about a problem, or about what one office gave another."""

    TAKE_ON = "take_on"
    HAND_ON = "hand_on"
    POSTPONE = "postpone"
    FOLLOW_UP = "follow_up"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    MERGE = "merge"
    REPORT = "report"
    CONFIRM = "confirm"
    ATTEND = "attend"
    DEPUTY = "deputy"
    DECLINE = "decline"
    FINISH = "finish"
    CLOSE = "close"
    PRESENT = "present"
    AWAY = "away"


OF_PROBLEM = frozenset(tuple(Do)[:9])
OF_ADVICE = frozenset(tuple(Do)[8:])
OF_GIVER = frozenset({Do.CLOSE, Do.PRESENT, Do.AWAY})
"""What whoever gave an advice does about it; everything else is done by whoever has it."""

WITH_WORDS = OF_PROBLEM - {Do.TAKE_ON, Do.CONFIRM} | {Do.DEPUTY, Do.FINISH}
"""Where something has to be said."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What an office does, counted from when the matter appears.

    `by` empty: the coordinator of the problem's district; of an advice whoever has it, or gave it (`OF_GIVER`). `to`:
    the office that has the problem from now on, the code of the problem that it is the same as, or the office that
    has the advice; empty: the first. `lasts`: of what is taken on or put off.
    """

    after: timedelta
    do: Do
    by: str = ""
    to: str = ""
    text: str = ""
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem that appears at `at` (aware), and what becomes of it.

    `code` is what this scenario calls it. `by` empty: whoever reports for its district. `about`: the office that it is
    about.
    """

    at: datetime
    incident: Incident
    code: str = ""
    by: str = ""
    about: str = ""
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """What an office gives others at `at` (aware), due or beginning `due` later. `about`: the code of a problem."""

    at: datetime
    sort: Sort
    by: str
    to: tuple[str, ...]
    text: str
    due: timedelta
    about: str = ""
    place: str = ""
    lasts: timedelta | None = None
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place at risk that the secretariat notes at `at` (aware): one row of its table (`rules.risks.read`)."""

    at: datetime
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trip:
    """A field trip that is planned at `at` (aware), and told of with these answers; `told_at` None: never."""

    at: datetime
    by: str
    plan: Plan
    people: int
    told_at: datetime | None
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outage:
    """From `start` up to `end` (aware) nothing runs (`channel` None), or one channel fails in the given way."""

    start: datetime
    end: datetime
    channel: Channel | None = None
    fault: Fault = Fault.TEMPORARY


class Posted(NamedTuple):
    """A shift at the posko that is written down at `at` (aware); its `note` for the next one comes when it ends."""

    at: datetime
    shift: Shift
    note: str = ""


class Planned(NamedTuple):
    """A change of who reports, belongs or coordinates, planned at `at` (aware)."""

    at: datetime
    change: Change


class Sent(NamedTuple):
    """What a village sends so long after it was asked, by field of the form."""

    after: timedelta
    answers: Mapping[str, str]


class Helped(NamedTuple):
    """At `at` (aware) whoever reports for a district asks villages about the report of this duty that is due next.

    By village, what it sends; None: nothing.
    """

    at: datetime
    district: str
    duty: str
    villages: Mapping[str, Sent | None]


class Amend(NamedTuple):
    """At `at` (aware) changed files come into force, each named as seen from the folder of the scenario.

    `also_open`: for cases that have begun too.
    """

    at: datetime
    files: tuple[str, ...]
    also_open: bool = False


class Confirm(NamedTuple):
    """When all offices answer the roll call, but these."""

    at: datetime
    but: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scenario:
    """The first matching filing decides; an obligation that matches none stays silent.

    Args:
        counts: invented, how many polling stations and voters each district has, where the desk's file does not say.
        looks: when somebody looks at the board.
        expects: what must hold of all messages at the end.
    """

    code: str
    about: str
    seed: int
    filings: tuple[Filing, ...]
    problems: tuple[Problem, ...] = ()
    outages: tuple[Outage, ...] = ()
    words: tuple[Words, ...] = ()
    advice: tuple[Advice, ...] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    risks: tuple[Place, ...] = ()
    looks: tuple[datetime, ...] = ()
    trips: tuple[Trip, ...] = ()
    confirms: tuple[Confirm, ...] = ()
    shifts: tuple[Posted, ...] = ()
    rearrangements: tuple[Planned, ...] = ()
    aides: tuple[Helped, ...] = ()
    amendments: tuple[Amend, ...] = ()
    expects: tuple[Expectation, ...] = ()


BY_PHONE = 0.15
"""The share of reports that the secretariat takes down by phone; the rest comes by link."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A report that somebody files in a rehearsal."""

    key: str
    at: datetime
    nil: bool
    by_phone: bool


def answers(scenario: Scenario, obligations: Iterable[Obligation], luck: Random) -> list[Answer]:
    """Who answers what, when, in order of time. The same luck gives the same answers.

    Every obligation takes the same draws from `luck`, answered or not, so that a changed share moves only itself.
    """
    given = []
    for owed in obligations:
        share, when, what, way = (luck.random() for _ in range(4))
        filing = next((f for f in scenario.filings if f.fits(owed)), None)
        if filing is None or share >= filing.on_time + filing.late:
            continue
        if share < filing.on_time:
            at = max(owed.opens_at, owed.due_at - _between(filing.early_by, when))
        else:
            at = owed.due_at + _between(filing.late_by, when)
        given.append(Answer(owed.key, at, nil=what < filing.nil, by_phone=way < BY_PHONE))
    return sorted(given, key=lambda answer: (answer.at, answer.key))


def _between(bounds: tuple[timedelta, timedelta], luck: float) -> timedelta:
    low, high = bounds
    return timedelta(seconds=round((low + (high - low) * luck).total_seconds()))


def said(
    scenario: Scenario, owed: Obligation, form: Form, counts: Mapping[str, int]
) -> Iterator[tuple[timedelta, dict[str, str]]]:
    """What a report that is not nil says, by field, and then each correction; with how long after the first it comes.

    What nobody says is wrong is safe, or ready. The same report says the same every time.
    """
    fitting = [words for words in scenario.words if words.fits(owed)]
    known = {**scenario.counts.get(owed.area, {}), **counts}
    safe = {f"c.{own.code}": form.choices[0].value for own in form.indicators}
    for words in fitting:
        safe |= _reached(words, form, known, Random(f"{scenario.seed}/{owed.key}"))  # noqa: S311 - a play
    for after in sorted({words.after or timedelta() for words in fitting} | {timedelta()}):
        own = [words.answers for words in fitting if (words.after or timedelta()) == after]
        yield after, reduce(or_, own, safe)


def _reached(words: Words, form: Form, counts: Mapping[str, int], luck: Random) -> dict[str, str]:
    """Every figure takes its draw, known or not, so that one more moves only itself."""
    drawn = {figure: low + (high - low) * luck.random() for figure, (low, high) in words.reached.items()}
    of = {figure.code: counts[figure.of] for figure in form.figures() if figure.of in counts}
    return {f"n.{code}": str(round(of[code] * share)) for code, share in drawn.items() if code in of}
