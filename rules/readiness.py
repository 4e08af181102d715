"""How ready the support for a preparation is, counted from what offices say; each figure by one function.

    what an office says of an item           counts as
    every line that applies is ready         ready
    some are                                 partly ready
    none is                                  not ready
    nothing yet                              unanswered
    no line applies, or it was waived        not theirs: it is left out of every share

An item whose line is not answered is no readier than one whose line is not ready. Which items wait for which is the
plan's; who waits in vain is counted here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from rules.desk import Desk
from rules.duties import Per, level
from rules.filing import Standing, Timeliness, timeliness
from rules.forms import Condition
from rules.rollcalls import Answered
from rules.support import Support


class Ready(StrEnum):
    """How ready an item is, the worst first."""

    UNANSWERED = "unanswered"
    NOT_READY = "not_ready"
    PARTLY = "partly"
    READY = "ready"
    NOT_THEIRS = "not_theirs"


READY = {
    Ready.UNANSWERED: "belum dijawab",
    Ready.NOT_READY: "belum siap",
    Ready.PARTLY: "siap sebagian",
    Ready.READY: "siap",
    Ready.NOT_THEIRS: "bukan bagiannya",
}

APPLYING = tuple(own for own in Ready if own is not Ready.NOT_THEIRS)


@dataclass(frozen=True, slots=True)
class Item:
    """One support item of one office as it stands.

    Args:
        code: its number; `duty` and `name` are the plan's.
        area: whose it is: a district, a team, or an office.
        answers: how it answered each line of the checklist; empty: not yet.
        lacking: the names of the lines that are not wholly ready, in the order of the form.
        opens_at: from when on it is asked for, if known.
    """

    code: str
    duty: str
    name: str
    area: str
    support: Support
    due_at: datetime
    standing: Standing
    received_at: datetime | None = None
    extended_until: datetime | None = None
    answers: Mapping[str, Condition] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    opens_at: datetime | None = None

    @property
    def ready(self) -> Ready:
        return how_ready(self.standing, self.answers.values())

    def late(self, now: datetime) -> bool:
        """Whether it should have been answered, and was not."""
        judged = timeliness(self.standing, self.due_at, self.received_at, extended_until=self.extended_until, now=now)
        return judged is Timeliness.MISSING


def how_ready(standing: Standing, answers: Iterable[Condition]) -> Ready:
    """How ready an item is by what was answered."""
    answers = list(answers)
    if standing is Standing.WAIVED:
        return Ready.NOT_THEIRS
    if not answers:
        return Ready.UNANSWERED
    apply = [own for own in answers if own is not Condition.NOT_OURS]
    if not apply:
        return Ready.NOT_THEIRS
    ready = sum(own is Condition.READY for own in apply)
    if ready == len(apply):
        return Ready.READY
    return Ready.PARTLY if ready or Condition.PARTLY in apply else Ready.NOT_READY


@dataclass(frozen=True, slots=True)
class Counted:
    """How many items stand how. Those that are not theirs are in no other figure."""

    by: Mapping[Ready, int]
    late: int

    @property
    def total(self) -> int:
        return sum(self.by.get(own, 0) for own in APPLYING)

    @property
    def ready(self) -> int:
        return self.by.get(Ready.READY, 0)

    @property
    def lacking(self) -> int:
        """What is not wholly ready, answered or not."""
        return self.total - self.ready

    @property
    def share(self) -> int | None:
        """Per cent that are ready, rounded down: only when all are is it 100; None: nothing applies."""
        return self.ready * 100 // self.total if self.total else None


def count(items: Iterable[Item], *, now: datetime) -> Counted:
    return tally((own.ready, own.late(now)) for own in items)


def tally(told: Iterable[tuple[Ready, bool]]) -> Counted:
    """How many stand how, by how ready each is and whether its answer is late."""
    told = list(told)
    return Counted(Counter(ready for ready, _ in told), sum(late for _, late in told))


def of(items: Iterable[Item], preparation: str) -> list[Item]:
    """The items of one preparation, as they are ordered."""
    return [own for own in items if own.support.preparation == preparation]


def serving(items: Iterable[Item], desk: Desk, district: str) -> list[Item]:
    """What a district relies on: its own items, its team's, and those of offices that serve it."""
    return [own for own in items if district in served(own, desk)]


def served(item: Item, desk: Desk) -> tuple[str, ...]:
    """The districts that an item serves, in the file's order."""
    kind = level(desk, item.area)
    if kind is Per.DISTRICT:
        return (item.area,)
    if kind is Per.TEAM:
        return desk.team(item.area).districts
    return tuple(own.code for own in desk.districts if item.support.serves(own.code))


class Blocked(NamedTuple):
    """An item that is not ready, and those that cannot be because of it, directly or by way of others."""

    by: Item
    waiting: tuple[Item, ...]


def blocked(items: Sequence[Item], desk: Desk) -> list[Blocked]:
    """What holds up other items, whoever holds up most first; else in the order of the items."""
    unready = [own for own in items if own.ready in APPLYING and own.ready is not Ready.READY]
    found = [Blocked(own, _behind(own, unready, desk)) for own in unready]
    return sorted((own for own in found if own.waiting), key=lambda own: -len(own.waiting))


def _behind(first: Item, unready: Sequence[Item], desk: Desk) -> tuple[Item, ...]:
    """Everything unready that waits for it. The plan has no circle; each item is looked at once even so."""
    behind, trail = dict[str, Item](), [first]
    while trail:
        last = trail.pop()
        for own in unready:
            if own.code not in behind and own is not first and _waits(own, last, desk):
                behind[own.code] = own
                trail.append(own)
    return tuple(own for own in unready if own.code in behind)


def _waits(item: Item, other: Item, desk: Desk) -> bool:
    """Whether it waits for the other: by the plan, and for the same districts."""
    return other.duty in item.support.waits_for and not {*served(item, desk)}.isdisjoint(served(other, desk))


def words(counted: Counted) -> str:
    """`siap 38 dari 41 (92%), belum siap 3, terlambat dijawab 1`."""
    if not counted.total:
        return "tidak ada dukungan yang diperlukan"
    late = f", terlambat dijawab {counted.late}" if counted.late else ""
    rest = f", belum siap {counted.lacking}" if counted.lacking else ""
    return f"siap {counted.ready} dari {counted.total} ({counted.share}%){rest}{late}"


def short(counted: Counted, asked: Answered | None) -> bool:
    """Whether anybody must hear of it: something that applies is not ready, or an office has not answered."""
    return bool(counted.total and (counted.lacking or (asked and asked.lacking)))


def lacking(counted: Counted, asked: Answered | None) -> str:
    """`belum siap: 3 dari 41; belum ada yang lewat waktu`, and who has not answered the roll call.

    Some days before, most items are not due yet: nobody may read that as lateness.
    """
    late = f"; lewat waktu: {counted.late}" if counted.late else "; belum ada yang lewat waktu"
    calls = f"; apel kontak belum dijawab: {asked.lacking} dari {asked.total}" if asked and asked.lacking else ""
    return f"belum siap: {counted.lacking} dari {counted.total}{late if counted.lacking else ''}{calls}"
