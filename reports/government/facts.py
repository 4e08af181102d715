"""The facts of the weekly report to the Government, frozen at its cut-off.

They are rows only. Counts are made from the rows each time, so a figure cannot disagree with what it counts.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from reports import codec
from reports.government.corrections import Corrected, Correction
from reports.government.findings import Findings
from rules import government, levels
from rules.filing import Content, Standing
from rules.government import ReportKind, Secrecy
from rules.indonesian import local_date
from rules.levels import Level
from rules.policy import Severity


class Status(StrEnum):
    """How far a problem is: nothing was done, something was, it was put off, somebody has it in hand, it is over."""

    OPEN = "open"
    FOLLOWED_UP = "followed_up"
    POSTPONED = "postponed"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Course(StrEnum):
    """Where a stage is on a day, by the calendar."""

    AHEAD = "ahead"
    RUNNING = "running"
    LAST_DAY = "last_day"
    ONLY_DAY = "only_day"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Header:
    """Who writes to whom, about which days, known as of which instant.

    `signatory` is the office with its form (`Pj. Bupati Barito Kuala`), never a person. `letterhead` holds the
    lines of the kop, the office last; empty: derived from the signatory. `address`: the lines below it. `cut_off` is
    aware; `zone` (IANA) is how it is printed. `correction`: the how-manyth correction of what left this `version` is,
    None: as its version says (facts that were frozen before nothing was dropped). `check_at` is where a code is
    looked up; empty: the desk has no pages. `book`: the last leaf of the desk's books, in words. `begins_at`,
    `ends_at`: the hours between which it counts, where those are not whole days. `crest`: the picture in the
    letterhead by its SHA-256; empty: none.
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
    address: tuple[str, ...] = ()
    version: int = 1
    correction: int | None = None
    level: Level = Level.REGENCY
    check_at: str = ""
    book: str = ""
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    crest: str = ""

    @property
    def unit(self) -> str:
        """What the areas below the desk are, inside a sentence: `kecamatan`."""
        return levels.word(self.level)

    @property
    def ralat(self) -> int:
        """The how-manyth correction it is; 0: none."""
        return self.version - 1 if self.correction is None else self.correction

    @property
    def cut_off_day(self) -> date:
        """The day of the cut-off where the desk is."""
        return local_date(self.cut_off, self.zone)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the election with its inclusive local dates; None: the regulation leaves it open.

    `told_by`: the indicator groups by which districts tell how it goes.
    """

    code: str
    name: str
    start: date | None
    end: date | None
    legal_basis: str
    told_by: tuple[str, ...] = ()

    def course(self, on: date) -> Course:
        """Where it is on that day."""
        if self.start is not None and self.start > on:
            return Course.AHEAD
        if self.end is None or self.end > on:
            return Course.RUNNING
        if self.end < on:
            return Course.OVER
        return Course.ONLY_DAY if self.start == on else Course.LAST_DAY


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
    word itself. `outcome` belongs to a resolved one. `village` is its name and `station` the polling station as it was
    said; `affected`: how many people are, None: nobody said. `due_at`: when its next step was due.
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
    village: str = ""
    station: str = ""
    affected: int | None = None
    due_at: datetime | None = None

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
class Asked:
    """Which office had a special report made, when and why; an empty `reason`: it did not say."""

    office: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Enclosed:
    """That there is an annex of restricted problems: how confidential, and the SHA-256 of its facts. No more of it."""

    nature: Secrecy
    digest: str


@dataclass(frozen=True, slots=True)
class Since:
    """What came between the last day of the period and the cut-off: reports that fell due, problems that were opened.

    It is told apart, and counts in no figure of the period. `districts` are those that owed something.
    """

    districts: tuple[District, ...] = ()
    problems: tuple[Problem, ...] = ()
    restricted: int = 0

    @property
    def reports(self) -> tuple[Report, ...]:
        """Every report that fell due then, district by district."""
        return tuple(report for district in self.districts for report in district.reports)


@dataclass(frozen=True, slots=True)
class Weekly:
    """The facts of one report: districts in order of code (never of merit), the rest as the query orders it.

    Reports fell due in the period, and problems were opened in it or still open; each stands as it did at the cut-off.
    `restricted`: how many problems are not among `problems`, because only some offices may read of them. `since` is
    None where the period was still running, and where it was not yet told apart. `kind`: of which kind it is, as that
    was written at the cut-off (`words.kind` fills its wording in). `correction`: what it corrects; None: it is no
    correction. `corrected`: corrections of other reports that left since the one before it. `asked`: None: nobody asked
    for it, or its problem is restricted. `enclosed`: the annex of restricted problems; None: there is none.

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
    restricted: int = 0
    findings: Findings | None = None
    kind: ReportKind = government.PLAIN
    correction: Correction | None = None
    corrected: tuple[Corrected, ...] = ()
    since: Since | None = None
    asked: Asked | None = None
    enclosed: Enclosed | None = None

    def __post_init__(self) -> None:
        codes = [district.code for district in self.districts]
        if codes != sorted(set(codes)):
            raise ValueError(f"districts are to be in order of code, each once: {codes}")
        since = self.since or Since()
        for problem in (*self.problems, *since.problems):
            if problem.district and problem.district not in codes:
                raise ValueError(f"{problem.code}: district {problem.district} is not in the report")
        for report in (*self.reports, *since.reports):
            _refuse_impossible(report, self.header.cut_off)

    @property
    def reports(self) -> tuple[Report, ...]:
        """Every report owed, district by district."""
        return tuple(report for district in self.districts for report in district.reports)

    @property
    def missing(self) -> tuple[tuple[District, tuple[Report, ...]], ...]:
        """Districts with a report not yet received, each with those reports; in order of code."""
        owed = ((d, tuple(r for r in d.reports if r.standing is Standing.OWED)) for d in self.districts)
        return tuple((district, reports) for district, reports in owed if reports)

    def total(self, name: str) -> int:
        """The sum of a count of `District` over all districts: `total("late")`."""
        return sum(getattr(district, name) for district in self.districts)


def to_json(facts: Weekly) -> str:
    """The facts as one line of JSON: what is frozen in the database and hashed."""
    return codec.dump(facts)


@lru_cache(maxsize=4)
def from_json(text: str | bytes) -> Weekly:
    """The facts that `to_json` wrote; of one report they are asked for several times in a row. Raises: ValueError where
    the text is not such facts.
    """
    return codec.load(Weekly, text)


def numbered(facts: Weekly, version: int, correction: int) -> Weekly:
    """The facts as this version, which is the how-manyth correction."""
    return replace(facts, header=replace(facts.header, version=version, correction=correction))


@lru_cache(maxsize=4)
def kind_of(text: str | bytes) -> ReportKind:
    """Which kind of report these facts are of, and who approves it; without reading the rest. It is asked for at each
    step of an approval. Raises: ValueError.
    """
    return codec.field(Weekly, "kind", ReportKind, text, government.PLAIN)


def digest(facts: Weekly) -> str:
    """SHA-256 of the facts as they are frozen now, in hexadecimal."""
    return digest_of(to_json(facts))


def digest_of(text: str | bytes) -> str:
    """SHA-256 of frozen facts as they are stored: a later version of the program would write them otherwise."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def _refuse_impossible(report: Report, cut_off: datetime) -> None:
    received = report.standing is Standing.RECEIVED
    kept = report.content not in (None, Content.WITHDRAWN)
    if received != kept or (report.late and not received):
        raise ValueError(f"{report.key}: {report.standing} with content {report.content} and late {report.late}")
    if report.due_at > cut_off or (report.received_at is not None and report.received_at > cut_off):
        raise ValueError(f"{report.key}: due or received after the cut-off {cut_off.isoformat()}")
