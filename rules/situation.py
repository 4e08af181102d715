"""The situation (keadaan): for each district and indicator group the newest that reports say, with its age.

It is computed from the reports each time and never stored. Of every obligation only the newest version speaks: a
correction replaces what it corrects. A version that was returned or taken back does not speak. Of several obligations
the one that tells of the later moment wins.

    safe, attention, troubled    said by a report
    nil                          said by a nil report; it never improves what another report said was wrong
    unseen                       nobody has said anything

Old knowledge fades. A group that was safe too long ago is shown as stale, never as safe; trouble stays trouble.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from rules import indonesian
from rules.filing import Content
from rules.forms import Condition, Figure


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one report says of one indicator group. `photos` are digests of files."""

    condition: Condition
    numbers: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report, as it was filed.

    Args:
        obligation: whatever names the obligation; versions of one replace each other.
        by: title of the office that filed it.
        due_at: of the obligation; a report that came late tells of no later moment.
        groups: what it says by indicator group; of a nil report, the groups its form asks for, with nothing said.
    """

    obligation: str
    number: int
    area: str
    content: Content
    groups: Mapping[str, Spoken]
    by: str
    due_at: datetime
    received_at: datetime
    observed_at: datetime | None = None
    returned: bool = False

    @property
    def tells_of(self) -> datetime:
        """The moment it tells of: when it was seen, if it says so, but never later than it came or was due."""
        return min(self.observed_at or self.received_at, self.received_at, self.due_at)


class Shown(StrEnum):
    """How one group of one district is shown, the worst first."""

    TROUBLED = "troubled"
    ATTENTION = "attention"
    STALE = "stale"
    UNSEEN = "unseen"
    NIL = "nil"
    SAFE = "safe"

    @property
    def worst_first(self) -> int:
        return tuple(Shown).index(self)


WORDS = {
    Shown.TROUBLED: "bermasalah",
    Shown.ATTENTION: "perlu perhatian",
    Shown.STALE: "tidak mutakhir",
    Shown.UNSEEN: "belum dipantau",
    Shown.NIL: "nihil",
    Shown.SAFE: "aman",
}


@dataclass(frozen=True, slots=True)
class Number:
    """The newest count of one figure in one district, the moment it tells of, and the report that gave it."""

    count: int
    tells_of: datetime
    said: Version | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of one group in one district.

    Args:
        said: by the newest report that says more than nil; None: none does.
        nil: the newest nil report, where it is newer than `said`; None: there is none.
        stale: whether the newest of both is older than the policy's age.
        numbers: by figure; each is as new as the report that counted it.
    """

    area: str
    group: str
    said: Version | None = None
    nil: Version | None = None
    stale: bool = False
    numbers: Mapping[str, Number] = field(default_factory=dict)

    @property
    def spoken(self) -> Spoken | None:
        """Condition, note and photos of the report that says more than nil."""
        return self.said.groups[self.group] if self.said else None

    @property
    def newest(self) -> Version | None:
        """The report whose age is shown."""
        return self.nil or self.said

    @property
    def shown(self) -> Shown:
        """One word for it. Safe and nil are only what a recent report said to be so."""
        if self.spoken and self.spoken.condition in (Condition.TROUBLED, Condition.ATTENTION):
            return Shown(self.spoken.condition.value)
        if self.newest is None:
            return Shown.UNSEEN
        if self.stale:
            return Shown.STALE
        return Shown.NIL if self.nil else Shown.SAFE


Situation = Mapping[tuple[str, str], Cell]
"""By district and group."""


def situation(
    versions: Iterable[Version],
    areas: Sequence[str],
    groups: Sequence[str],
    *,
    fades_after: timedelta,
    now: datetime,
) -> Situation:
    """What the reports say of every district and group, in the order given.

    Args:
        versions: all that were known at `now`, in any order.
        fades_after: knowledge older than this is stale.
    """
    told: dict[tuple[str, str], list[tuple[Version, Spoken]]] = {
        (area, group): [] for area in areas for group in groups
    }
    for version in in_order(versions):
        for group, spoken in version.groups.items():
            if (own := told.get((version.area, group))) is not None:
                own.append((version, spoken))
    cells = {(area, group): _cell(area, group, own) for (area, group), own in told.items()}
    return {place: replace(cell, stale=_faded(cell, fades_after, now)) for place, cell in cells.items()}


def in_order(versions: Iterable[Version]) -> list[Version]:
    """Those that speak, by the moment they tell of: of each obligation its newest version, unless it was returned."""
    newest: dict[str, Version] = {}
    for version in versions:
        known = newest.get(version.obligation)
        if known is None or known.number < version.number:
            newest[version.obligation] = version
    speaking = [v for v in newest.values() if not v.returned and v.content is not Content.WITHDRAWN]
    return sorted(speaking, key=lambda version: (version.tells_of, version.due_at, version.obligation))


LOOKS = (Condition.SAFE, Condition.ATTENTION, Condition.TROUBLED)
"""What says how a group looks. Whether an item of a checklist is ready does not."""


def _cell(area: str, group: str, told: Sequence[tuple[Version, Spoken]]) -> Cell:
    """What reports say of one group, the earliest first. A report that did not look leaves the condition alone."""
    said, nil, counted = None, None, dict[str, tuple[int, Version]]()
    for version, spoken in told:
        for figure, count in spoken.numbers.items():
            counted[figure] = count, version
        if version.content is Content.NIL:
            nil = version
        elif spoken.condition in LOOKS:
            said, nil = version, None
    numbers = {figure: Number(count, version.tells_of, version) for figure, (count, version) in counted.items()}
    return Cell(area, group, said, nil, numbers=numbers)


def _faded(cell: Cell, fades_after: timedelta, now: datetime) -> bool:
    return cell.newest is not None and now - cell.newest.tells_of > fades_after


@dataclass(frozen=True, slots=True)
class Rolled:
    """Several cells in one: the worst of them, and how many look how. There is no average."""

    counts: Mapping[Shown, int]

    @property
    def worst(self) -> Shown:
        return min(self.counts, key=lambda shown: shown.worst_first, default=Shown.UNSEEN)

    @property
    def wrong(self) -> bool:
        """Whether anything is troubled or wants attention."""
        return self.worst in (Shown.TROUBLED, Shown.ATTENTION)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def words(self, of: str) -> str:
        """The worst with its denominator, then the unknown ("2 dari 17 kecamatan bermasalah, 3 belum dipantau")."""
        first = f"{self.counts.get(self.worst, 0)} dari {self.total} {of} {WORDS[self.worst]}"
        unknown = [shown for shown in (Shown.STALE, Shown.UNSEEN) if shown is not self.worst and self.counts.get(shown)]
        return ", ".join([first, *(f"{self.counts[shown]} {WORDS[shown]}" for shown in unknown)])


def roll_up(cells: Iterable[Cell]) -> Rolled:
    """Count how cells are shown."""
    counts: dict[Shown, int] = {}
    for cell in cells:
        counts[cell.shown] = counts.get(cell.shown, 0) + 1
    return Rolled(counts)


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one figure. `counted` of `asked` districts have given a number; if none has, there is no sum."""

    sum: int
    counted: int
    asked: int

    def words(self, of: str) -> str:
        if not self.counted:
            return f"belum ada dari {self.asked} {of}"
        return f"{indonesian.number(self.sum)} (dari {self.counted} {of} yang melaporkan)"


def total(cells: Collection[Cell], figure: str) -> Total:
    """Add up the newest counts of one figure."""
    counts = [cell.numbers[figure].count for cell in cells if figure in cell.numbers]
    return Total(sum(counts), len(counts), len({cell.area for cell in cells}))


@dataclass(frozen=True, slots=True)
class Milestone:
    """How far a district is. `of`: out of how many; None: not known. `went`: from report to report, the last last."""

    name: str
    of: int | None
    went: Sequence[Number]

    def words(self, zone: str, now: datetime) -> str:
        """`187 dari 198 TPS sudah dibuka pukul 07.30 WITA`; with its day, if that is not today."""
        last = self.went[-1]
        out_of = f" dari {indonesian.number(self.of)}" if self.of is not None else ""
        name = self.name[0].lower() + self.name[1:] if self.name[1:2].islower() else self.name
        day, today = (indonesian.local_date(at, zone) for at in (last.tells_of, now))
        on = "" if day == today else f", {indonesian.day(day)}"
        return f"{indonesian.number(last.count)}{out_of} {name} pukul {indonesian.clock(last.tells_of, zone)}{on}"

    def earlier(self, zone: str) -> str:
        """`pukul 10.00 WITA: 4.100`, of every report before the last; empty: there is none."""
        before = [(indonesian.clock(own.tells_of, zone), indonesian.number(own.count)) for own in self.went[:-1]]
        return "; ".join(f"pukul {clock}: {count}" for clock, count in before)


def milestone(
    versions: Iterable[Version], area: str, group: str, figure: Figure, counts: Mapping[str, int]
) -> Milestone | None:
    """How far a district is by its newest number; None: no report gave one.

    Args:
        counts: what is known of the district, by `rules.desk.COUNTS`.
    """
    speaking = in_order(versions)
    went = _counts(speaking, area, group, figure.code)
    other = _counts(speaking, area, group, figure.of)
    return Milestone(figure.name, counts.get(figure.of, other[-1].count if other else None), went) if went else None


def trend(versions: Iterable[Version], area: str, group: str, figure: str) -> list[Number]:
    """How one figure of one district went, from report to report, the earliest first."""
    return _counts(in_order(versions), area, group, figure)


def _counts(speaking: Iterable[Version], area: str, group: str, figure: str) -> list[Number]:
    return [
        Number(version.groups[group].numbers[figure], version.tells_of, version)
        for version in speaking
        if version.area == area and figure in version.groups.get(group, _NOTHING).numbers
    ]


_NOTHING = Spoken(Condition.UNSEEN)
