"""What the weekly report to the Government says, frozen at its cut-off, and every figure printed in it.

Rows only; totals are counted here from the rows, so a figure cannot disagree with what it counts.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from reports import codec
from rules.filing import Content, Standing
from rules.policy import Severity


class Status(StrEnum):
    """How far a problem is."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Course(StrEnum):
    """Where a stage is, seen from the period reported on."""

    STARTING = "starting"
    RUNNING = "running"
    ENDING = "ending"
    WITHIN = "within"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Header:
    """Who writes to whom, about which days, known as of which instant.

    `signatory` is the office with its form (`Pj. Bupati Barito Kuala`), never a person. `letterhead` holds the
    lines of the kop; empty: derived from the signatory. `cut_off` is aware; `zone` (IANA) is how it is printed.
    `version` above 1 corrects an earlier one.
    """

    desk: str
    regency: str
    province: str
    seat: str
    signatory: str
    to: str
    attention: str
    place: str
    copies: tuple[str, ...]
    election: str
    subject: str
    period_start: date
    period_end: date
    cut_off: datetime
    zone: str
    policy_digest: str
    calendar_digest: str
    nature: str = "Biasa"
    letterhead: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the election with its inclusive local dates; None: the regulation leaves it open."""

    code: str
    name: str
    start: date | None
    end: date | None
    legal_basis: str

    def course(self, first: date, last: date) -> Course:
        """Where it is in the days from `first` through `last`."""
        starts = self.start is not None and first <= self.start <= last
        ends = self.end is not None and first <= self.end <= last
        if self.start is not None and self.start > last:
            return Course.AHEAD
        if starts and ends:
            return Course.WITHIN
        return Course.STARTING if starts else Course.ENDING if ends else Course.RUNNING


@dataclass(frozen=True, slots=True)
class Polling:
    """Polling stations and voters in the regency, with their source; None is not known and not printed."""

    stations: int | None
    voters: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report that was owed, as it stood at the cut-off: what came later is still owed here.

    `code` is what the texts call it (R-0805). `late` is whether it was received after its due time;
    `reason` belongs to a waiver.
    """

    key: str
    code: str
    duty: str
    due_at: datetime
    standing: Standing
    content: Content | None = None
    late: bool = False
    received_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class District:
    """A district and every report it owed for the period, in order of due time. `zone` is where it is due."""

    code: str
    name: str
    team: str
    zone: str
    reports: tuple[Report, ...]

    @property
    def owed(self) -> int:
        """All obligations that existed, waived ones too: the denominator."""
        return len(self.reports)

    @property
    def received(self) -> int:
        return self._count(lambda report: report.standing is Standing.RECEIVED)

    @property
    def filled(self) -> int:
        return self._count(lambda report: report.content is Content.FILLED)

    @property
    def nil(self) -> int:
        return self._count(lambda report: report.content is Content.NIL)

    @property
    def partial(self) -> int:
        return self._count(lambda report: report.content is Content.PARTIAL)

    @property
    def late(self) -> int:
        return self._count(lambda report: report.late)

    @property
    def filled_on_time(self) -> int:
        """Filled or partial, and on time: with `nil_on_time`, `late`, `missing`, `waived` it makes up `owed`."""
        return self._count(lambda report: report.content in (Content.FILLED, Content.PARTIAL) and not report.late)

    @property
    def nil_on_time(self) -> int:
        return self._count(lambda report: report.content is Content.NIL and not report.late)

    @property
    def missing(self) -> int:
        return self._count(lambda report: report.standing is Standing.OWED)

    @property
    def waived(self) -> int:
        return self._count(lambda report: report.standing is Standing.WAIVED)

    def _count(self, held: Callable[[Report], bool]) -> int:
        return sum(map(held, self.reports))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One thing done about a problem (tindak lanjut), on a local date."""

    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem (permasalahan) as it stood at the cut-off.

    `district` is a district's code, or "" for the whole regency. `category` is a code of `rules.issues` or the
    word itself. `outcome` belongs to a resolved one.
    """

    code: str
    district: str
    opened_on: date
    category: str
    severity: Severity
    title: str
    follow_ups: tuple[FollowUp, ...]
    office: str
    status: Status
    outcome: str = ""

    @property
    def resolved(self) -> bool:
        return self.status is Status.RESOLVED


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An advice (saran penyelesaian), to whom, and the code of the problem it answers, if one."""

    text: str
    to: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Weekly:
    """The facts of one weekly report: districts in order of code (never of merit), the rest as the query orders it.

    Raises:
        ValueError: districts out of order or twice, something that happened after the cut-off, a received
            report without content, a problem in a district that is not there.
    """

    header: Header
    legal_bases: tuple[str, ...]
    stages: tuple[Stage, ...]
    polling: Polling | None
    districts: tuple[District, ...]
    problems: tuple[Problem, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()

    def __post_init__(self) -> None:
        codes = [district.code for district in self.districts]
        if codes != sorted(set(codes)):
            raise ValueError(f"districts are to be in order of code, each once: {codes}")
        for problem in self.problems:
            if problem.district and problem.district not in codes:
                raise ValueError(f"{problem.code}: district {problem.district} is not in the report")
        for report in self.reports:
            _refuse_impossible(report, self.header.cut_off)

    @property
    def reports(self) -> tuple[Report, ...]:
        """Every report owed, district by district."""
        return tuple(report for district in self.districts for report in district.reports)

    @property
    def missing(self) -> tuple[tuple[District, tuple[Report, ...]], ...]:
        """Districts with a report not yet received, each with those reports; in order of code."""
        found = ((d, tuple(r for r in d.reports if r.standing is Standing.OWED)) for d in self.districts)
        return tuple((district, reports) for district, reports in found if reports)

    def total(self, name: str) -> int:
        """The sum of a count of `District` over all districts: `total("late")`."""
        return sum(getattr(district, name) for district in self.districts)


COUNTS = (
    "owed", "received", "filled", "nil", "partial", "late", "filled_on_time", "nil_on_time", "missing", "waived",
)  # fmt: skip
"""The counts of a district, each printed for every district and in total."""


def to_json(facts: Weekly) -> str:
    """The facts as one line of JSON: what is frozen in the database and hashed."""
    return codec.dump(facts)


def from_json(text: str | bytes) -> Weekly:
    """The facts that `to_json` wrote. Raises: ValueError where the text is not such facts."""
    return codec.load(Weekly, text)


def digest(facts: Weekly) -> str:
    """SHA-256 of the frozen facts, in hexadecimal."""
    return hashlib.sha256(to_json(facts).encode()).hexdigest()


def figures(facts: Weekly) -> dict[str, int]:
    """Every figure the report prints, by name, for whoever counts again from the rows.

    `reports.late`, `district.63.04.02.late`, `districts.complete`, `problems.resolved`,
    `problems.logistics.unresolved`, `problems.grave` (very vulnerable and not yet resolved), `polling.voters`.
    """
    found = {f"reports.{name}": facts.total(name) for name in COUNTS}
    for district in facts.districts:
        found |= {f"district.{district.code}.{name}": getattr(district, name) for name in COUNTS}
    found["districts"] = len(facts.districts)
    found["districts.missing"] = len(facts.missing)
    found["districts.complete"] = len(facts.districts) - len(facts.missing)
    found |= _tally("problems", facts.problems)
    for category in categories(facts.problems):
        found |= _tally(f"problems.{category}", [p for p in facts.problems if p.category == category])
    grave = [p for p in facts.problems if p.severity is Severity.HIGH and not p.resolved]
    found["problems.grave"] = len(grave)
    if facts.polling:
        known = {"polling.stations": facts.polling.stations, "polling.voters": facts.polling.voters}
        found |= {name: count for name, count in known.items() if count is not None}
    return found


def categories(problems: Iterable[Problem]) -> list[str]:
    """The categories that occur, in alphabetical order of their codes."""
    return sorted({problem.category for problem in problems})


def _tally(name: str, problems: Iterable[Problem]) -> dict[str, int]:
    states = [problem.status for problem in problems]
    return {
        name: len(states),
        f"{name}.resolved": states.count(Status.RESOLVED),
        f"{name}.acknowledged": states.count(Status.ACKNOWLEDGED),
        f"{name}.open": states.count(Status.OPEN),
        f"{name}.unresolved": len(states) - states.count(Status.RESOLVED),
    }


def _refuse_impossible(report: Report, cut_off: datetime) -> None:
    received = report.standing is Standing.RECEIVED
    if received != (report.content is not None) or (report.late and not received):
        raise ValueError(f"{report.key}: {report.standing} with content {report.content} and late {report.late}")
    if report.due_at > cut_off or (report.received_at is not None and report.received_at > cut_off):
        raise ValueError(f"{report.key}: due or received after the cut-off {cut_off.isoformat()}")
