"""The legal calendar of an election: its stages (tahapan), each in the versions that regulations gave it."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

VOTING_DAY = "voting_day"
"""The role every election must fill once: `H` in policies. Other roles are free words that policies may name."""

WEEKEND = frozenset({5, 6})
"""Saturday and Sunday, where a policy does not say that the week has other days of rest."""


class Edge(StrEnum):
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Version:
    """A stage's dates as one regulation fixed or moved them.

    Both dates are inclusive local dates. A blank one means the regulation left it open or conditional:
    it generates nothing.
    """

    known_from: date
    legal_basis: str
    start: date | None
    end: date | None
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One legal period (tahapan). `versions` rise by `known_from`; there is at least one.

    `areas` empty means everywhere. An inactive stage (second round, re-vote) generates nothing until an
    amendment activates it. One that is `overseas` concerns voters abroad and no area at home.
    `told_by`: the indicator groups by which districts tell how it goes.
    """

    code: str
    name: str
    versions: tuple[Version, ...]
    role: str | None = None
    areas: tuple[str, ...] = ()
    active: bool = True
    condition: str = ""
    overseas: bool = False
    told_by: tuple[str, ...] = ()

    def version(self, known_at: date | None = None) -> Version | None:
        """The version in force for somebody who knows what was published until `known_at`; None: not known yet.

        Without `known_at`, the newest.
        """
        known = [v for v in self.versions if known_at is None or v.known_from <= known_at]
        return known[-1] if known else None

    def covers(self, area: str) -> bool:
        """Whether this stage concerns `area` (a Kemendagri code): inside one of its areas, or around one."""
        if self.overseas:
            return False
        return not self.areas or any(within(area, own) or within(own, area) for own in self.areas)


_SHORT = 15
"""How many characters of an election's name fit into a text message beside everything else."""


@dataclass(frozen=True, slots=True)
class Election:
    """One election and its stages, in the order of the regulation's annex.

    `sms_name` is how texts name it where a desk works on several; see `short`. `categories` are those that problems are
    sorted by; see `rules.issues.offered`.
    """

    code: str
    name: str
    starts: date
    stages: tuple[Stage, ...]
    sms_name: str = ""
    categories: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """`Pemilu 2024`: its short name, else its code as words, as many as fit."""
        words = self.code.replace("-", " ").replace("_", " ").capitalize()
        return self.sms_name or (
            words if len(words) <= _SHORT else words[: _SHORT + 1].rpartition(" ")[0] or words[:_SHORT]
        )

    def stage(self, role: str) -> Stage | None:
        """The active stage that plays `role`; None where this election has none. The loader refuses two."""
        return next((s for s in self.stages if s.role == role and s.active), None)

    def dated(self, role: str, edge: Edge, known_at: date | None = None) -> date | None:
        """The local date of a stage's edge; None while it is blank, unknown or inactive."""
        stage = self.stage(role)
        version = stage and stage.version(known_at)
        return (version.start if edge is Edge.START else version.end) if version else None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A day counted from the calendar: `H-7` is seven days before voting day.

    A `role` of None counts from the start of the programme. `working`: so many working days after that, or before it.
    """

    role: str | None
    edge: Edge = Edge.START
    days: int = 0
    working: int = 0

    def base(self, election: Election, known_at: date | None = None) -> date | None:
        """The local date that it counts from, or None while the calendar does not give it."""
        return election.starts if self.role is None else election.dated(self.role, self.edge, known_at)

    def on(
        self,
        election: Election,
        known_at: date | None = None,
        holidays: Set[date] = frozenset(),
        weekend: Set[int] = WEEKEND,
    ) -> date | None:
        """The local date, or None while the calendar does not give it.

        Args:
            holidays: closed days besides the weekend; only who counts working days asks for them.
        """
        base = self.base(election, known_at)
        return counted(base + timedelta(days=self.days), self.working, holidays, weekend) if base else None


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days of a zone are working days: all but those of the `weekend` (Monday = 0) and the `holidays`."""

    zone: str = "UTC"
    holidays: Set[date] = frozenset()
    weekend: Set[int] = WEEKEND

    def after(self, since: datetime, days: int) -> datetime:
        """The same local time so many working days later; earlier, if `days` is below 0. UTC."""
        local = since.astimezone(ZoneInfo(self.zone))
        day = counted(local.date(), days, self.holidays, self.weekend)
        return datetime.combine(day, local.time(), local.tzinfo).astimezone(UTC)


def within(area: str, other: str) -> bool:
    """Whether `area` is `other` or lies inside it: 63.04.02.2001 lies within 63.04.02."""
    return area == other or area.startswith(other + ".")


def running(election: Election, on: date, area: str, known_at: date | None = None) -> list[Stage]:
    """The active stages that cover `area` on that local date, the one that began last at the end.

    Among stages that begin on one day, the one that ends first comes last: voting day comes after the count it opens.
    """
    covering = []
    for order, stage in enumerate(election.stages):
        version = stage.version(known_at)
        if not (stage.active and version and version.start and stage.covers(area)):
            continue
        if version.start <= on and (version.end is None or on <= version.end):
            ends = version.end or date.max
            covering.append((version.start, -ends.toordinal(), order, stage))
    return [stage for *_, stage in sorted(covering, key=lambda item: item[:3])]


def working_day(day: date, holidays: Iterable[date], weekend: Set[int] = WEEKEND) -> date:
    """`day`, or the next one that is neither of the `weekend` (Monday = 0) nor in `holidays`."""
    closed = holidays if isinstance(holidays, Set) else frozenset(holidays)
    while day.weekday() in weekend or day in closed:
        day += timedelta(days=1)
    return day


def counted(day: date, working: int, holidays: Set[date] = frozenset(), weekend: Set[int] = WEEKEND) -> date:
    """The working day that comes so many working days after `day`, before it if below 0.

    `day` itself does not count.
    """
    step = timedelta(days=1 if working > 0 else -1)
    for _ in range(abs(working)):
        day += step
        while day.weekday() in weekend or day in holidays:
            day += step
    return day
