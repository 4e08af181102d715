"""A rehearsal's scenario: who files when, which problems appear, what breaks. Luck comes in as an argument."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from rules.desk import Channel
from rules.duties import Obligation
from rules.issues import Category
from rules.policy import Severity


class Fault(StrEnum):
    """How a channel fails: one of the four bad ends of a try."""

    REFUSED = "refused"
    TEMPORARY = "temporary"
    UNKNOWN = "unknown"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Filing:
    """How a group of obligations is answered; empty selectors mean all, dates are local due days, inclusive.

    `on_time` and `late` are shares of all (the rest stays silent), `nil` is the share of what is filed.
    Late ones come uniformly within `late_by` after the due time, punctual ones within `early_by` before it.
    """

    on_time: float
    late: float
    nil: float
    late_by: tuple[timedelta, timedelta]
    early_by: tuple[timedelta, timedelta]
    districts: frozenset[str] = frozenset()
    duties: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem that appears at `at` (aware), and what the coordinator does about it; None: nothing."""

    at: datetime
    district: str
    category: Category
    severity: Severity
    title: str
    acknowledged_after: timedelta | None = None
    acknowledged_for: timedelta | None = None
    resolved_after: timedelta | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Outage:
    """Nothing runs (`channel` None), or one channel fails in the given way, from `start` up to `end` (aware)."""

    start: datetime
    end: datetime
    channel: Channel | None = None
    fault: Fault = Fault.TEMPORARY


@dataclass(frozen=True, slots=True)
class Scenario:
    """The first matching filing decides; what no filing matches stays silent."""

    code: str
    about: str
    seed: int
    filings: tuple[Filing, ...]
    problems: tuple[Problem, ...]
    outages: tuple[Outage, ...]


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
    found = []
    for owed in obligations:
        share, when, what, way = (luck.random() for _ in range(4))
        filing = next((f for f in scenario.filings if _concerns(f, owed)), None)
        if filing is None or share >= filing.on_time + filing.late:
            continue
        if share < filing.on_time:
            at = max(owed.opens_at, owed.due_at - _between(filing.early_by, when))
        else:
            at = owed.due_at + _between(filing.late_by, when)
        found.append(Answer(owed.key, at, nil=what < filing.nil, by_phone=way < BY_PHONE))
    return sorted(found, key=lambda answer: (answer.at, answer.key))


def _between(bounds: tuple[timedelta, timedelta], luck: float) -> timedelta:
    low, high = bounds
    return timedelta(seconds=round((low + (high - low) * luck).total_seconds()))


def _concerns(filing: Filing, owed: Obligation) -> bool:
    day = owed.due_at.astimezone(ZoneInfo(owed.zone)).date()
    return (
        (not filing.districts or owed.area in filing.districts)
        and (not filing.duties or owed.duty in filing.duties)
        and (filing.first is None or filing.first <= day)
        and (filing.last is None or day <= filing.last)
    )
