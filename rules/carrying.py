"""Which ladder a matter goes on by once the policy was changed, and where it stands on it: nothing is said again,
nobody is skipped.
"""

from dataclasses import replace
from datetime import datetime

from rules.desk import Audience
from rules.ladder import Ladder, Matter, Say, fires_at


def begun(matter: Matter, *, owed: bool, now: datetime) -> bool:
    """Whether it is chased by a ladder already: it keeps that, unless whoever amends says otherwise.

    A report that is `owed` and not due yet is only reminded of.
    """
    return matter.since <= now or (not owed and matter.reached >= 0)


def kept(began: Ladder, in_force: Ladder) -> Ladder:
    """The ladder that a matter began with. Whether a rung wakes is said by the one in force: by its same rung, or else
    by any that tells the same audience.
    """
    same = {(rung.tell, rung.at): rung.wakes for rung in in_force.rungs}
    wakes: dict[Audience, bool] = {}
    for rung in in_force.rungs:
        wakes[rung.tell] = rung.wakes or wakes.get(rung.tell, False)
    rungs = (
        replace(rung, wakes=same.get((rung.tell, rung.at), wakes.get(rung.tell, rung.wakes))) for rung in began.rungs
    )
    return replace(began, rungs=tuple(rungs), urgent=in_force.urgent)


def carried(matter: Matter, before: Ladder, after: Ladder) -> Matter:
    """Where a matter stands once its ladder was changed: what was said is not said again, nor is anybody skipped.

    Where it comes to stand lower than it stood, a new round begins, for its rungs would bear numbers used already. What
    was on its way is moot then; so a warning that was not handed over is given anew. So is one that named a later time
    than that at which the new ladder goes above the team: nobody is reported before the time that he was told.
    """
    if matter.reached < 0 or before == after:
        return matter
    said = before.rungs[: matter.reached + 1]
    warned = matter.warned_at is not None
    heard = {rung.tell for rung in said} | {rung.tell for rung in before.rungs if warned and rung.say is Say.WARNING}
    alike = [
        n
        for n, rung in enumerate(after.rungs)
        if (rung.at <= said[-1].at or (warned and rung.say is Say.WARNING))  # given, whenever the new ladder warns
        and {earlier.tell for earlier in after.rungs[: n + 1]} <= heard
    ]
    reached = max(alike, default=-1)
    sooner = after.warns and _sooner(matter, before, after)
    if reached >= matter.reached and not sooner:
        return replace(matter, reached=reached)
    if not warned or sooner:
        warnings = [n for n, rung in enumerate(after.rungs) if rung.say is Say.WARNING]
        reached = min([reached, *(n - 1 for n in warnings[:1])])
    again = replace(matter, warned_at=None, named_at=None) if sooner else matter
    return replace(again, reached=reached, round=matter.round + 1)


def _sooner(matter: Matter, before: Ladder, after: Ladder) -> bool:
    """Whether somebody above the team would hear before the time that a warning has named."""
    if matter.warned_at is None or before.rungs[matter.reached].tell.above_team:
        return False
    named, now_at = (
        [max(fires_at(matter, rung), matter.warned_at + own.cooling) for rung in own.rungs if rung.tell.above_team]
        for own in (before, after)
    )
    return bool(named and now_at) and now_at[0] < named[0]


def passed(matter: Matter, ladder: Ladder, *, now: datetime) -> int:
    """The last rung whose time has come; -1: none has."""
    return max((n for n, rung in enumerate(ladder.rungs) if fires_at(matter, rung) <= now), default=-1)
