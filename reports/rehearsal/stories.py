"""What went above the team, and what became of problems: who was told when, and what had been tried before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from reports.rehearsal.facts import Line
from reports.rehearsal.ledger import Ledger, grouped
from reports.rehearsal.lines import Notice, Row
from reports.rehearsal.words import clean


@dataclass(frozen=True, slots=True)
class Hearer:
    """An office and the decisions about it, one for each channel."""

    office: str
    audience: str
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Occasion:
    """One decision to say something, with all whom it concerns. `state` and `reason` are its notices'."""

    at: datetime
    say: str
    state: str
    reason: str
    hearers: tuple[Hearer, ...]


@dataclass(frozen=True, slots=True)
class Climb:
    """A report owed whose matter went above the team: what was tried before, and who was then told."""

    row: Row
    before: tuple[Notice, ...]
    above: tuple[Notice, ...]

    @property
    def proved(self) -> bool:
        """The team was told first, or was looked for and could not be reached."""
        return bool(self.before)

    @property
    def waited(self) -> timedelta | None:
        """From the last word to the team until the first above it."""
        return self.above[0].at - self.before[-1].at if self.before else None


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    title: str
    area: str
    category: str
    severity: str
    opened_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    told: tuple[Notice, ...]

    @property
    def taken(self) -> timedelta | None:
        """From opening to the solution."""
        return self.resolved_at - self.opened_at if self.resolved_at else None

    @property
    def steps(self) -> list[tuple[datetime, str, Occasion | None]]:
        """Opened, told, acknowledged, resolved: in order of time."""
        marked = (("opened", self.opened_at), ("acknowledged", self.acknowledged_at), ("resolved", self.resolved_at))
        steps: list[tuple[datetime, str, Occasion | None]] = [(at, what, None) for what, at in marked if at is not None]
        steps += [(occasion.at, "told", occasion) for occasion in occasions(self.told)]
        return sorted(steps, key=lambda step: step[0])


def occasions(notices: Iterable[Notice]) -> list[Occasion]:
    """Notices of one moment and one wording together, in the order in which they come."""
    alike: dict[tuple[datetime, str, str, str], list[Notice]] = {}
    for notice in notices:
        alike.setdefault((notice.at, notice.say, notice.state, notice.reason), []).append(notice)
    return [Occasion(*key, tuple(_hearers(same))) for key, same in alike.items()]


def _hearers(notices: Iterable[Notice]) -> Iterable[Hearer]:
    by_office = grouped(notices, lambda notice: notice.office)
    return (Hearer(office, own[0].audience, tuple(own)) for office, own in by_office.items())


def climbs(ledger: Ledger) -> list[Climb]:
    """In order of the first word above the team."""
    climbed = [climb for row in ledger.rows if (climb := _climb(row))]
    return sorted(climbed, key=lambda climb: climb.above[0].at)


def problems(ledger: Ledger) -> list[Problem]:
    """In order of opening."""
    made = [_problem(line, ledger) for line in ledger.facts.problems]
    return sorted(made, key=lambda problem: problem.opened_at)


def _climb(row: Row) -> Climb | None:
    above = tuple(notice for notice in row.notices if notice.told and notice.above_team)
    if not above:
        return None
    tried = (notice for notice in row.notices if not notice.above_team and (notice.told or notice.state == "nobody"))
    return Climb(row, tuple(_until(tried, above[0].at)), above)


def _until(notices: Iterable[Notice], at: datetime) -> Sequence[Notice]:
    return [notice for notice in notices if notice.at < at and notice.say != "received"]


def _problem(line: Line, ledger: Ledger) -> Problem:
    def at(name: str) -> datetime | None:
        return ledger.local(line[name], "") if line.get(name) else None

    names = {clean(line["code"]), clean(line.get("key"))} - {""}
    theirs = (told for key, told in ledger.by_matter.items() if {key, key.rsplit("/", 1)[-1]} & names)
    own = list(chain.from_iterable(theirs))
    opened = at("opened_at")
    assert opened is not None
    return Problem(
        code=clean(line["code"]),
        title=clean(line.get("title")),
        area=clean(line.get("area")),
        category=clean(line.get("category")),
        severity=clean(line.get("severity")),
        opened_at=opened,
        acknowledged_at=at("acknowledged_at"),
        resolved_at=at("resolved_at"),
        told=tuple(notice for notice in own if notice.told),
    )
