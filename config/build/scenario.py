"""A scenario file: shares that fit into a whole, and times with their zone."""

from datetime import datetime, timedelta

from config.checking import Check
from config.errors import Path, shown
from config.shapes.scenario import FilingShape, ProblemShape, ScenarioShape
from config.words import iso, localized
from rules.scenario import Filing, Outage, Problem, Scenario

_EARLY = [timedelta(minutes=5), timedelta(hours=5)]
_LATE = [timedelta(minutes=10), timedelta(hours=24)]


def build(check: Check[ScenarioShape]) -> Scenario:
    shape = check.shape
    return Scenario(
        code=shape.scenario,
        about=shape.about,
        seed=shape.seed,
        filings=tuple(_filing(check, ("filings", n), filing) for n, filing in enumerate(shape.filings)),
        problems=tuple(_problem(check, ("problems", n), problem) for n, problem in enumerate(shape.problems)),
        outages=tuple(_outage(check, number) for number in range(len(shape.outages))),
    )


def _filing(check: Check[ScenarioShape], path: Path, shape: FilingShape) -> Filing:
    if round(shape.on_time + shape.late, 9) > 1:
        what = f"on_time {shape.on_time:g} and late {shape.late:g} are more than 1 together"
        check.bad(path, what, "Both are shares of all; what is left stays silent")
    if shape.first and shape.last and shape.last < shape.first:
        check.bad((*path, "last"), f"{shape.last} comes before {shape.first}", "Look whether the two are crossed")
    return Filing(
        on_time=shape.on_time,
        late=shape.late,
        nil=shape.nil,
        late_by=_bounds(check, (*path, "late_by"), shape.late_by or _LATE),
        early_by=_bounds(check, (*path, "early_by"), shape.early_by or _EARLY),
        districts=frozenset(shape.districts),
        duties=frozenset(shape.duties),
        first=shape.first,
        last=shape.last,
    )


def _bounds(check: Check[ScenarioShape], path: Path, spans: list[timedelta]) -> tuple[timedelta, timedelta]:
    if len(spans) != 2 or not timedelta(0) <= spans[0] <= spans[-1]:
        check.bad(path, f"{shown(', '.join(map(iso, spans)))} is no range", "Write two, rising: [PT5M, PT6H]")
    return spans[0], spans[-1]


def _problem(check: Check[ScenarioShape], path: Path, shape: ProblemShape) -> Problem:
    if (shape.acknowledged_after is None) != (shape.acknowledged_for is None):
        remedy = "Write both, or neither"
        check.bad(path, "`acknowledged_after` and `acknowledged_for` go together", remedy)
    for key in ("acknowledged_after", "acknowledged_for", "resolved_after"):
        span = getattr(shape, key)
        if span is not None and span <= timedelta(0):
            check.bad((*path, key), f"{iso(span)} is not after the problem appears", "Write a duration such as PT2H")
    if shape.resolved_after and not shape.outcome:
        check.bad(path, "it is resolved without an `outcome`", "Say in a sentence how it ended")
    return Problem(
        at=localized(shape.at, check.shape.zone),
        district=shape.district,
        category=shape.category,
        severity=shape.severity,
        title=shape.title,
        acknowledged_after=shape.acknowledged_after,
        acknowledged_for=shape.acknowledged_for,
        resolved_after=shape.resolved_after,
        outcome=shape.outcome,
    )


def _outage(check: Check[ScenarioShape], number: int) -> Outage:
    shape = check.shape.outages[number]
    start, end = localized(shape.start, check.shape.zone), localized(shape.end, check.shape.zone)
    if end <= start:
        what = f"{_local(end)} does not come after the start, {_local(start)}"
        check.bad(("outages", number, "end"), what, "Look whether the two are crossed")
    return Outage(start, end, shape.channel, shape.fault)


def _local(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H.%M}"
