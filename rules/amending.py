"""What a changed calendar, desk or policy does to reports that are owed already.

    filed, waived, compiled, overdue --------------------> keep, whatever the calendar says now
    owed and ahead -- there, its time differs -----------> move    (a new round; people are told once)
                   |- there, something else differs -----> adjust
                   |- there, its new time is past -------> keep    (nobody is made late afterwards)
                   |- there, its new day is past --------> cancel  (that day had a report of its own)
                   |- not there -------------------------> cancel
    cancelled, or not there yet -- its time is ahead ----> make
                   |- not there yet, it is past ---------> skip

Only what was not sent yet changes. So whatever somebody was told still holds, or is told anew.

Once voting day moves, a slot such as H-4 means another day. A report filed for one day does not count for another:
the slot is then owed a second time, as H-4~2.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rules import access
from rules.calendar import Election, Version
from rules.duties import Obligation, OnHoliday
from rules.filing import NotTaken, Standing, judged_by
from rules.policy import Policy
from rules.programme import Programme
from rules.tasks import LADDER, URGENT_LADDER


class StillNeeded(NotTaken):
    """The changed files lack something that is still in the books: nobody could chase it or say what it is."""


class Act(StrEnum):
    """What becomes of one report."""

    MOVE = "move"
    ADJUST = "adjust"
    CANCEL = "cancel"
    MAKE = "make"
    SKIP = "skip"
    KEEP = "keep"


WORDS = {
    Act.KEEP: "tetap",
    Act.MOVE: "berubah waktunya",
    Act.ADJUST: "disesuaikan",
    Act.CANCEL: "dibatalkan",
    Act.MAKE: "baru",
    Act.SKIP: "tidak dibuat, waktunya sudah lewat",
}


def word(counted: str) -> str:
    """What readers call an act, or what `by_duty` counts as late."""
    return "tetap terlambat menurut aturan lama" if counted == "late" else WORDS[Act(counted)]


CANCELLED = "cancelled"
OVERDUE = "its due time has come"
"""Why no calendar changes a report that is owed."""


@dataclass(frozen=True, slots=True)
class Known:
    """A report as the books have it. `compiled`: the desk's own, whose facts are frozen already.

    `moved_from`: its due time before it was moved last; None: it never was.
    """

    owed: Obligation
    standing: Standing = Standing.OWED
    extended_until: datetime | None = None
    compiled: bool = False
    moved_from: datetime | None = None

    @property
    def by(self) -> datetime:
        """The time in force."""
        return judged_by(self.owed.due_at, self.extended_until)


@dataclass(frozen=True, slots=True)
class Step:
    """What is done about one report, and why. `before` None: it is new. `after` None: it is in the calendar no more.

    `late`: it is overdue, and stays so under the old rule, though the calendar has another time for it now, or none.
    """

    act: Act
    why: str
    before: Known | None
    after: Obligation | None
    late: bool = False

    @property
    def report(self) -> Obligation:
        """As it is from now on; one that is cancelled, as it was."""
        if self.after is not None:
            return self.after
        assert self.before is not None
        return self.before.owed

    @property
    def since(self) -> datetime:
        """The time in force from now on."""
        return judged_by(self.report.due_at, self.before.extended_until if self.before else None)


def plan(known: Mapping[str, Known], made: Iterable[Obligation], *, now: datetime) -> list[Step]:
    """What becomes of every report, in order of due time, then key. Done once, the same again keeps or skips all.

    Args:
        known: what the books have, by natural key.
        made: what the calendar makes from now on.
    """
    settled = {_day(one.owed): key for key, one in known.items() if _settled(one, now)}
    keyed = ((_key(known, settled, owed, now), owed) for owed in made)
    new = {key: owed if key == owed.key else replace(owed, key=key, slot=key.rpartition("/")[2]) for key, owed in keyed}
    steps = [_step(known.get(key), new.get(key), now) for key in known.keys() | new.keys()]
    return sorted(steps, key=lambda step: (step.report.due_at, step.report.key))


class Day(NamedTuple):
    """A local day on which these areas owe more or fewer reports of a duty than before; what came counts too."""

    day: date
    duty: str
    before: int
    after: int
    areas: tuple[str, ...]


def days(steps: Iterable[Step]) -> list[Day]:
    """The days that gain or lose a report, in order."""
    counted: dict[tuple[date, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for step in steps:
        for side, owed in _sides(step):
            day = owed.due_at.astimezone(ZoneInfo(owed.zone)).date()
            counted[day, owed.duty, owed.area][side] += 1
    alike: dict[tuple[date, str, int, int], list[str]] = defaultdict(list)
    for (day, duty, area), (before, after) in sorted(counted.items()):
        if before != after:
            alike[day, duty, before, after].append(area)
    return [Day(*change, tuple(areas)) for change, areas in alike.items()]


def _sides(step: Step) -> Iterator[tuple[int, Obligation]]:
    """What stood before (0) and what stands afterwards (1)."""
    stood = step.before is not None and step.before.standing is not Standing.CANCELLED
    if step.before and stood:
        yield 0, step.before.owed
    if (step.act is Act.KEEP and stood) or step.act in (Act.MOVE, Act.ADJUST, Act.MAKE):
        yield 1, step.report


def counts(steps: Iterable[Step]) -> dict[Act, int]:
    """How many of each, all of them named."""
    counted = Counter(step.act for step in steps)
    return {act: counted[act] for act in Act}


def tells_otherwise(before: Policy, after: Policy) -> bool:
    """Whether everybody is told in another way: ladders, quiet hours, caps, or what else a policy says of all.

    Its duties change reports, which are counted one by one; its rule of two people is compared by itself.
    """
    return _of_all(before) != _of_all(after)


def _of_all(policy: Policy) -> Policy:
    return replace(policy, code="", duties=(), two_people=None, digest="")


def moved_by(before: Programme | None, after: Programme, step: Step) -> str:
    """The regulation that moved a report: that of the stage which its duty counts from and whose dates changed, else
    the decree that names other holidays, where nothing but they can have moved it.

    Empty: it was the desk's own rule; or what was before cannot be read.
    """
    duty = step.report.duty
    days = after.policy.duty(duty).days
    if before is None or days is None:
        return ""
    for role in dict.fromkeys(anchor.role for anchor in (days.first, days.last) if anchor.role):
        stood, stands = (_in_force(own.election, role) for own in (before, after))
        if stands and (stood is None or (stood.start, stood.end) != (stands.start, stands.end)):
            return stands.legal_basis
    return _decree(after, step) if _by_closed_days(before, after, duty) else ""


OTHER_HOLIDAYS = "perubahan hari libur nasional atau cuti bersama"
"""What moved a report, where nobody has written down by which decree."""


def _by_closed_days(before: Programme, after: Programme, duty: str) -> bool:
    """Whether a duty follows closed days, and is as it was: so it was they that changed."""
    stood = next((own for own in before.policy.duties if own.code == duty), None)
    stands = after.policy.duty(duty)
    assert stands.days is not None
    follows = stands.on_holiday is OnHoliday.NEXT_WORKING_DAY or stands.days.first.working or stands.days.last.working
    return bool(follows) and stood == stands and before.weekend == after.weekend


def _decree(after: Programme, step: Step) -> str:
    days = [step.report.due_at, *([step.before.owed.due_at] if step.before else [])]
    zone = ZoneInfo(step.report.zone)
    years = sorted({at.astimezone(zone).year for at in days})
    return "; ".join(dict.fromkeys(after.decrees.get(year, OTHER_HOLIDAYS) for year in years))[:LONGEST_BASIS]


LONGEST_BASIS = 200
"""Characters of a regulation's name that the books keep."""


def _in_force(election: Election, role: str) -> Version | None:
    stage = election.stage(role)
    return stage.version() if stage else None


def by_duty(steps: Iterable[Step]) -> dict[str, Counter[str]]:
    """By duty, in order of first due time, how many reports are changed how, and how many stay late (`late`)."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for step in steps:
        if word := "late" if step.late else step.act if step.act is not Act.KEEP else "":
            counted[step.report.duty][word] += 1
    return counted


def check(
    before: Programme | None, after: Programme, steps: Collection[Step], *, areas: Set[str], ladders: Set[str]
) -> None:
    """Whether a changed programme still has all that its books need.

    Args:
        before: as it was; what it lacked already is nothing new. None: that cannot be read.
        areas: where anything was ever owed or wrong.
        ladders: those that open matters climb which this change leaves alone.

    Raises:
        StillNeeded: with what is missing, and what to do.
    """
    duties = {step.report.duty for step in steps if step.act is Act.KEEP and step.why != CANCELLED}
    needed = (
        (areas, _areas, "{} has reports or problems, and is not in the desk any more"),
        (duties, _duties, "duty {} has reports that stay: end it by its days"),
        (ladders, _ladders, "ladder {} is climbed still: keep it"),
    )
    lacking = [
        words.format(name)
        for books, there, words in needed
        for name in sorted((books & there(before) if before else books) - there(after))
    ]
    if lacking:
        raise StillNeeded(f"{after.code}: {'; '.join(lacking)}")


def _areas(programme: Programme) -> Set[str]:
    return set(access.places(programme.desk))


def _duties(programme: Programme) -> Set[str]:
    return {duty.code for duty in programme.policy.duties}


def _ladders(programme: Programme) -> Set[str]:
    return {*programme.policy.ladders, LADDER, URGENT_LADDER}


_Day = tuple[str, str, date, date, str]
"""What tells reports apart: duty, area, the days it is about, and its hour where a day has several."""


def _day(owed: Obligation) -> _Day:
    hour = owed.slot.partition("@")[2].partition("~")[0]
    return owed.duty, owed.area, owed.period_start, owed.period_end, hour


def _key(known: Mapping[str, Known], settled: Mapping[_Day, str], new: Obligation, now: datetime) -> str:
    """The key of the settled report for the same day; else its own, or the next free key if that means another day."""
    if standing := settled.get(_day(new)):
        return standing
    keys = (new.key if n == 1 else f"{new.key}~{n}" for n in count(1))
    return next(
        key for key in keys if not ((one := known.get(key)) and _settled(one, now) and not _same_days(one.owed, new))
    )


def _same_days(one: Obligation, other: Obligation) -> bool:
    """Whether both are about the same days, or some of them."""
    return one.period_start <= other.period_end and other.period_start <= one.period_end


def _step(known: Known | None, new: Obligation | None, now: datetime) -> Step:
    if known is None:
        assert new is not None
        past = new.due_at <= now
        return Step(Act.SKIP if past else Act.MAKE, "its due time is past" if past else "", None, new)
    if settled := _settled(known, now):
        late = settled == OVERDUE and (new is None or new.due_at != known.owed.due_at)
        return Step(Act.KEEP, settled, known, known.owed, late=late)
    if known.standing is Standing.CANCELLED:
        if new is None or new.due_at <= now:
            return Step(Act.KEEP, CANCELLED, known, known.owed)
        return Step(Act.MAKE, "owed again", known, _extended(known, new))
    if new is None:
        return Step(Act.CANCEL, "not in the calendar any more", known, None)
    if new.due_at <= now:
        if not _same_days(known.owed, new):
            return Step(Act.CANCEL, "its day is past", known, None)
        return Step(Act.KEEP, "its new due time is past", known, known.owed)
    return _still_owed(known, _extended(known, new))


def _settled(known: Known, now: datetime) -> str:
    """Why no calendar changes it any more; empty: one may."""
    if known.standing in (Standing.RECEIVED, Standing.WAIVED):
        return str(known.standing)
    if known.standing is Standing.OWED and known.owed.due_at <= now:
        return OVERDUE
    return "compiled already" if known.compiled else ""


def _still_owed(known: Known, new: Obligation) -> Step:
    if judged_by(new.due_at, known.extended_until) != known.by:
        return Step(Act.MOVE, "", known, new)
    same = new == known.owed
    return Step(Act.KEEP if same else Act.ADJUST, "unchanged" if same else "", known, new)


def _extended(known: Known, new: Obligation) -> Obligation:
    """An office that was given more time keeps at least that time."""
    if known.extended_until is None:
        return new
    return replace(new, closes_after=max(new.closes_after, known.extended_until))
