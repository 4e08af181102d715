"""The life of a problem: where it stands, what may be done about it there, and when its next step is late.

::

    open <--> taken on, postponed        each until a time; then it is open again, and its ladder begins anew
      |
      |--resolve--> resolved --confirm--> confirmed        somebody else confirms than whoever resolved it
      |                |                      |
      |<-----------reopen---------------------+
      |
      +--merge--> merged into another --reopen--> open     its ladder has ended; the other's goes on

A ladder that has ended is no end: the problem stays open, and is late. docs/adr/0062-the-life-of-a-problem.md says why.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from rules.filing import NotTaken
from rules.ladder import Ladder, paused


class Stage(StrEnum):
    """Where a problem stands."""

    OPEN = "open"
    TAKEN_ON = "taken_on"
    POSTPONED = "postponed"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"
    MERGED = "merged"

    @property
    def over(self) -> bool:
        """Whether nobody is chased for it any more."""
        return self in (Stage.RESOLVED, Stage.CONFIRMED, Stage.MERGED)


class Course(Protocol):
    """What is kept of a problem's course."""

    @property
    def resolved_at(self) -> datetime | None: ...
    @property
    def confirmed_at(self) -> datetime | None: ...
    @property
    def postponed_until(self) -> datetime | None: ...
    @property
    def merged_into(self) -> int | None: ...
    @property
    def due_at(self) -> datetime | None: ...


def stage(course: Course, acknowledged_until: datetime | None, *, now: datetime) -> Stage:
    """Where a problem stands at `now`."""
    ends = (
        (Stage.MERGED, course.merged_into),
        (Stage.CONFIRMED, course.confirmed_at),
        (Stage.RESOLVED, course.resolved_at),
        (Stage.POSTPONED, paused(now, course.postponed_until)),
        (Stage.TAKEN_ON, paused(now, acknowledged_until)),
    )
    return next((stage for stage, since in ends if since is not None), Stage.OPEN)


def late(course: Course, acknowledged_until: datetime | None, *, now: datetime) -> bool:
    """Whether the time for its next step has passed, and nobody said what comes next."""
    waits = stage(course, acknowledged_until, now=now) is Stage.OPEN
    return waits and course.due_at is not None and course.due_at <= now


def step_due_at(ladder: Ladder, *, now: datetime) -> datetime | None:
    """By when the next step of a problem that begins to climb now is due: at the second word of its ladder.

    Where that goes to those who have it, they hear that it is late before anybody above does. None: there is no second.
    """
    return next((rung.counted(now) for rung in ladder.rungs[1:]), None)


class NotMerged(NotTaken):
    """Two problems cannot be made one."""


class Twin(NamedTuple):
    """What a merge asks of a problem. `into`: the number of the one that it was merged into; empty: none."""

    code: str
    subject: int | None
    closed: bool
    into: str = ""
    restricted: bool = False


def mergeable(one: Twin, other: Twin) -> None:
    """Whether `one` may be merged into `other`. Raises: NotMerged.

    Only an open one goes into an open one, so no chain of mergers ever comes back to where it began.
    """
    if other.code == one.code:
        raise NotMerged(f"{one.code} is the same problem: name another one")
    if one.code == other.into or other.code == one.into or (one.into and one.into == other.into):
        raise NotMerged(f"{one.code} and {other.code} are one already")
    for own in (one, other):
        if own.closed:
            why = f"was merged into {own.into}" if own.into else "is resolved"
            raise NotMerged(f"{own.code} {why}: only open problems are merged")
    if one.restricted is not other.restricted:
        raise NotMerged(f"one of {one.code} and {other.code} is restricted, and what is said of it would be read")
    if one.subject != other.subject:
        raise NotMerged(f"{one.code} and {other.code} are not about the same office: one would read of the other")


class NotConfirmed(NotTaken):
    """Whoever says that a problem is over does not confirm it himself."""


class Changed(NotTaken):
    """Something was done meanwhile that whoever decides has not seen."""


def unchanged(code: str, seen: int, steps: int) -> None:
    """Whether somebody knows of all that was done. Raises: Changed."""
    if seen != steps:
        raise Changed(f"{code} has {steps} steps, and you know of {seen}: look again (./desk explain), then decide")
