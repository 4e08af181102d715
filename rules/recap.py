"""How reports came in, counted for any period, by district, team or duty. Every figure that is printed comes from here.

due = on_time + late + missing         what is judged: the denominator of every share
filled + nil + partial = on_time + late
ahead, waived                          beside them, never among them; what was cancelled never existed
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rules import access, levels
from rules.desk import Desk
from rules.duties import Per, level
from rules.fairness import Cause
from rules.filing import Content, Standing, Timeliness, timeliness
from rules.programme import Programme


class Period(NamedTuple):
    """Local days of the desk, both included. A report belongs to the day on which it is due."""

    first: date
    last: date

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """What is due after the first of these and up to the second belongs to it."""
        tick = timedelta(microseconds=1)
        begin, end = (
            datetime.combine(day, time(0), ZoneInfo(zone)) for day in (self.first, self.last + timedelta(days=1))
        )
        return begin - tick, end - tick


class Span(StrEnum):
    """A period that is named by today."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


def spanned(span: Span, today: date, starts: date) -> Period:
    """The days of a span. A week begins on Monday; the last of them runs from the election's first day until today."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    return {
        Span.DAY: Period(today, today),
        Span.WEEK: Period(monday, monday + timedelta(days=6)),
        Span.MONTH: Period(first, next_month - timedelta(days=1)),
        Span.ALL: Period(min(starts, today), today),
    }[span]


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as it stood at a moment. `cause` is asked for only where it is late or missing.

    `key` and `code` name it, for whoever looks it up.
    """

    area: str
    team: str | None
    duty: str
    due_at: datetime
    standing: Standing
    content: Content | None = None
    received_at: datetime | None = None
    extended_until: datetime | None = None
    cause: Cause = Cause.TEAM
    key: str = ""
    code: str = ""

    def timeliness(self, now: datetime) -> Timeliness | None:
        return timeliness(self.standing, self.due_at, self.received_at, extended_until=self.extended_until, now=now)


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of a number of obligations. `causes`: of those late or missing, why."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    ahead: int = 0
    waived: int = 0
    filled: int = 0
    nil: int = 0
    partial: int = 0
    causes: Mapping[Cause, int] = field(default_factory=dict)

    def of(self, figure: str) -> int:
        """A figure by its name, as `figures` gives it; a cause too."""
        return self.causes.get(Cause(figure), 0) if figure in set(Cause) else int(getattr(self, figure))

    @property
    def due(self) -> int:
        """Those that can be judged; the denominator."""
        return self.on_time + self.late + self.missing

    @property
    def received(self) -> int:
        return self.on_time + self.late

    @property
    def ours(self) -> int:
        """Late or missing for a reason of ours."""
        return sum(count for cause, count in self.causes.items() if cause.ours)


def late(row: Owed, *, now: datetime) -> bool:
    """Whether it is late or missing, and has a cause."""
    return row.timeliness(now) in (Timeliness.LATE, Timeliness.MISSING)


COUNTED = ("on_time", "late", "missing", "ahead", "waived", "filled", "nil", "partial")


def figures(row: Owed, *, now: datetime) -> tuple[str, ...]:
    """Every figure of `Counts` that an obligation is counted in, and its cause where it is late or missing."""
    if row.standing is Standing.CANCELLED:
        return ()
    judged = row.timeliness(now)
    if judged is None:
        return ("waived",) if row.standing is Standing.WAIVED else ("ahead",)
    if judged is Timeliness.MISSING:
        return ("due", judged, row.cause)
    held = (row.content,) if row.content not in (None, Content.WITHDRAWN) else ()
    late = (row.cause,) if judged is Timeliness.LATE else ()
    return ("due", "received", judged, *held, *late)


def count(rows: Iterable[Owed], *, now: datetime) -> Counts:
    """Count obligations as they stand at `now`. A report that came later must not be received in the rows."""
    tally = Counter(figure for row in rows for figure in figures(row, now=now))
    causes = {cause: tally[cause] for cause in Cause if tally[cause]}
    return Counts(**{name: tally[name] for name in COUNTED}, causes=causes)


class Split(StrEnum):
    """By what a recap is counted. LEVEL: by the kind of place that owes."""

    AREA = "area"
    TEAM = "team"
    DUTY = "duty"
    LEVEL = "level"


class Line(NamedTuple):
    """What came of all that belongs to one part: `Kecamatan Tamban`."""

    code: str
    name: str
    counts: Counts


def recap(
    rows: Iterable[Owed], programme: Programme, split: Split, areas: Collection[str], *, now: datetime
) -> list[Line]:
    """Counts for each part of these areas, in the order of the files; one that owes nothing is there with zeros. Among
    districts, teams and the desk are named only where they owe something. What the files do not know any more is last.
    """
    names = parts(programme, split, areas)
    groups: dict[str, list[Owed]] = defaultdict(list)
    for row in rows:
        groups[part(row, programme.desk, split)].append(row)
    always = [code for code in names if split is not Split.AREA or level(programme.desk, code) is Per.DISTRICT]
    codes = [code for code in names if code in always or code in groups]
    unknown = [code for code in groups if code not in names]
    return [Line(code, names.get(code, code), count(groups[code], now=now)) for code in (*codes, *unknown)]


def part(row: Owed, desk: Desk, split: Split) -> str:
    """What an obligation belongs to. What the desk itself owes is of no team."""
    if split is Split.LEVEL:
        return level(desk, row.area)
    return {Split.AREA: row.area, Split.TEAM: row.team or desk.code, Split.DUTY: row.duty}[split]


def parts(programme: Programme, split: Split, areas: Collection[str]) -> dict[str, str]:
    """The parts of these areas by code, with their names."""
    desk = programme.desk
    places = [place for place in access.places(desk) if place in areas]
    kinds = {level(desk, place) for place in places}
    if split is Split.AREA:
        short = {district.code: district.name for district in desk.districts}
        return {place: short.get(place) or desk.area_name(place) for place in places}
    if split is Split.DUTY:
        return {duty.code: duty.name for duty in programme.policy.duties if duty.per in kinds}
    own = {desk.code: desk.name} if Per.DESK in kinds else {}
    if split is Split.LEVEL:
        names = {
            Per.DISTRICT: levels.heading(desk.level),
            Per.TEAM: "Tim area",
            Per.OFFICE: "Satuan kerja",
            Per.DESK: desk.name,
        }
        return {kind: names[kind] for kind in Per if kind in kinds}
    teams = {team.code: team.name for team in desk.teams if {team.code, *team.districts}.intersection(places)}
    offices = {office: desk.area_name(office) for office in desk.supporting if office in places}
    return teams | offices | own
