"""Ladders: rungs rise, audiences only widen, and nobody above a team hears before it was warned."""

from datetime import timedelta

from config.build.common import unrepeated
from config.checking import Check
from config.errors import Path
from config.shapes.policy import LadderShape, PolicyShape, RungShape
from config.words import iso
from rules.calendar import WorkingDays
from rules.desk import Audience
from rules.ladder import Ladder, Rung, Say

SHORTEST_COOLING = timedelta(minutes=5)
CLOSEST = timedelta(minutes=1)
SHORTEST_REPEAT = timedelta(minutes=15)
MOST_REPEATS = 30
SOONEST_AGAIN = timedelta(hours=1)
SOONEST_OTHER_WAY = timedelta(minutes=5)

_WIDTH = {
    Audience.OWNER: 0,
    Audience.REPORTER: 0,
    Audience.SECRETARIAT: 0,
    Audience.TEAM: 1,
    Audience.HANDLERS: 1,
    Audience.GIVER: 1,
    Audience.COORDINATOR: 2,
    Audience.SECRETARY: 3,
    Audience.CHAIR: 4,
}
_AFTERWARDS = (Say.OVERDUE, Say.WARNING, Say.ESCALATION, Say.SILENCE, Say.PROBLEM, Say.TASK)


def build(check: Check[PolicyShape], code: str, shape: LadderShape) -> Ladder:
    path: Path = ("ladders", code)
    if shape.cooling < SHORTEST_COOLING:
        what = f"{iso(shape.cooling)} is shorter than {iso(SHORTEST_COOLING)}"
        check.bad((*path, "cooling"), what, "Give whoever was warned time to answer, such as PT4H")
    if shape.again_after is not None and shape.again_after < SOONEST_AGAIN:
        what = f"{iso(shape.again_after)} is shorter than {iso(SOONEST_AGAIN)}"
        check.bad((*path, "again_after"), what, "Give whoever was told last time to act, such as PT12H")
    rungs: list[Rung] = []
    for number, rung in enumerate(shape.rungs):
        here = (*path, "rungs", number)
        _rung(check, here, rung, last=number == len(shape.rungs) - 1)
        if not rung.wakes and not shape.urgent:
            check.bad((*here, "wakes"), "the ladder is not urgent and wakes nobody", "Remove it, or see `urgent`")
        _rises(check, here, rung, rungs)
        rungs += _repeated(check, here, rung)
        _other_way(check, here, rung, next_at=_at(shape.rungs[number + 1]) if number + 1 < len(shape.rungs) else None)
    _warned(check, path, shape)
    return Ladder(code, tuple(rungs), shape.cooling, shape.urgent, shape.again_after)


def _rung(check: Check[PolicyShape], path: Path, rung: RungShape, *, last: bool) -> None:
    unrepeated(check, (((*path, "by", n), channel) for n, channel in enumerate(rung.by)), "channels of one rung")
    if rung.at_once and not last:
        check.bad(
            (*path, "at_once"), "stands on a rung that is not the last", "Keep it for the last rung, or remove it"
        )
    if (rung.at is None) == (rung.working_days is None):
        what = "it has no time" if rung.at is None else "`at` and `working_days` do not go together"
        check.bad(path, what, "Write `at: PT2H`, or `working_days: 2`")
    if _at(rung) < timedelta(0) and rung.say in _AFTERWARDS:
        what = f"`{rung.say}` is said {iso(-_at(rung))} before the due time"
        check.bad((*path, "say"), what, "Before the due time, say reminder")


def _rises(check: Check[PolicyShape], path: Path, rung: RungShape, before: list[Rung]) -> None:
    if not before:
        return
    at, last = _at(rung), before[-1]
    if at <= last.at:
        what = f"the rung at {iso(at)} does not come after the one before it, at {iso(last.at)}"
        check.bad((*path, _key(rung)), what, "Rungs rise: give each a later time than the one before")
    elif rung.working_days is None and last.working and last.at > timedelta(0):
        what = f"a rung at {iso(at)} may come before {last.at.days} working days are over, for holidays lie between"
        check.bad((*path, "at"), what, "After a rung in working days write only such rungs")
    elif rung.working_days is not None and at < timedelta(0) and not last.working:
        what = f"{-rung.working_days} working days before may be earlier than {iso(-last.at)} before"
        check.bad((*path, "working_days"), what, "Before a rung in working days write only such rungs")
    elif at - last.at < CLOSEST:
        what = f"the rung at {iso(at)} comes less than {iso(CLOSEST)} after the one before it"
        check.bad((*path, "at"), what, "Leave at least a minute; people need hours")
    if _WIDTH[rung.tell] < _WIDTH[before[-1].tell]:
        what = f"{rung.tell} is told after {before[-1].tell}, which is further up"
        remedy = "Audiences only widen: reporter, team, coordinator, secretary, chair; or owner, handlers, secretary"
        check.bad((*path, "tell"), what, remedy)


def _repeated(check: Check[PolicyShape], path: Path, rung: RungShape) -> list[Rung]:
    every, times, at = rung.every, rung.times or 1, _at(rung)
    if every is not None and rung.working_days is not None:
        check.bad((*path, "every"), "does not go with `working_days`", "Write a rung for each time")
        every = None
    if (rung.every is None) != (rung.times is None):
        check.bad(path, "`every` and `times` go together", "Write both, such as `every: P1D, times: 3`, or neither")
    if every is not None and every < SHORTEST_REPEAT:
        what = f"repeats every {iso(every)}; the least is {iso(SHORTEST_REPEAT)}"
        check.bad((*path, "every"), what, "Repeat after hours or days, such as P1D")
        return [_made(rung, at)]
    if times > MOST_REPEATS:
        check.bad((*path, "times"), f"{times} times is too often", f"Repeat at most {MOST_REPEATS} times")
        times = 1
    return [_made(rung, at + (every or timedelta(0)) * n) for n in range(times if every else 1)]


def _other_way(check: Check[PolicyShape], path: Path, rung: RungShape, *, next_at: timedelta | None) -> None:
    """Another way must exist, and its time must come before the next rung speaks."""
    after = rung.other_way_after
    if after is None:
        return
    path = (*path, "other_way_after")
    at = _at(rung)
    following = at + rung.every if rung.every is not None else next_at
    if rung.at_once or len(rung.by) < 2:
        why = "`at_once` uses all channels already" if rung.at_once else f"{rung.by[0]} is the only channel of `by`"
        check.bad(path, why, "Remove it, or name a second channel to fall back on")
    elif after < SOONEST_OTHER_WAY:
        what = f"{iso(after)} is shorter than {iso(SOONEST_OTHER_WAY)}"
        check.bad(path, what, "Give people time to read and to answer, such as PT2H")
    elif following is not None and at + after >= following:
        what = f"{iso(after)} never comes: the next word is said {iso(following - at)} later"
        check.bad(path, what, "Write a shorter time, or remove it")


def _made(rung: RungShape, at: timedelta) -> Rung:
    by_days = WorkingDays() if rung.working_days is not None else None
    return Rung(at, rung.tell, tuple(rung.by), rung.say, rung.at_once, rung.other_way_after, rung.wakes, by_days)


def _at(rung: RungShape) -> timedelta:
    """When it comes at the earliest; in working days, as if no day were closed. Before the due time, at the latest."""
    return rung.at if rung.at is not None else timedelta(days=rung.working_days or 0)


def _key(rung: RungShape) -> str:
    return "at" if rung.working_days is None else "working_days"


def _warned(check: Check[PolicyShape], path: Path, shape: LadderShape) -> None:
    """If a ladder tells the team at all, it warns the team before anybody above hears."""
    if not any(rung.tell in (Audience.REPORTER, Audience.TEAM) for rung in shape.rungs):
        return
    warned = False
    for number, rung in enumerate(shape.rungs):
        warned = warned or (rung.tell is Audience.TEAM and rung.say is Say.WARNING)
        if rung.tell.above_team and not warned and check.sound(*path, "rungs"):
            what = f"{rung.tell} is told before the team was warned"
            check.bad((*path, "rungs", number), what, "Put a rung before it: {at: ..., tell: team, say: warning}")
            return
