"""Where a matter stands once a policy gave it another ladder: nothing is said again, nobody is skipped."""

from dataclasses import replace
from datetime import datetime

from rules.ladder import Ladder, Matter, Say, fires_at


def carried(matter: Matter, before: Ladder, after: Ladder) -> Matter:
    """Where a matter stands once its ladder was changed: what was said is not said again, nor is anybody skipped.

    Where it comes to stand lower than it stood, a new round begins, for its rungs would bear numbers used already. What
    was on its way is moot then; so a warning that was not handed over is given anew.
    """
    if matter.reached < 0 or before == after:
        return matter
    said = before.rungs[: matter.reached + 1]
    heard = {rung.tell for rung in said}
    alike = [n for n, rung in enumerate(after.rungs) if rung.at <= said[-1].at and rung.tell in heard]
    reached = max(alike, default=-1)
    if reached >= matter.reached:
        return replace(matter, reached=reached)
    if matter.warned_at is None:
        warnings = [n for n, rung in enumerate(after.rungs) if rung.say is Say.WARNING]
        reached = min([reached, *(n - 1 for n in warnings[:1])])
    return replace(matter, reached=reached, round=matter.round + 1)


def passed(matter: Matter, ladder: Ladder, *, now: datetime) -> int:
    """The last rung whose time has come; -1: none has."""
    return max((n for n, rung in enumerate(ladder.rungs) if fires_at(matter, rung) <= now), default=-1)
