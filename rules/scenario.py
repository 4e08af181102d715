"""A rehearsal's scenario: who files when, which problems appear, what breaks. Luck comes in as an argument."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.desk import Channel
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
    """How a group of obligations is answered; empty selectors mean all, dates are nominal due days, inclusive.

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
