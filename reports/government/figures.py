"""Every figure that the weekly report prints, counted from its rows."""

from collections.abc import Iterable

from reports.government import found
from reports.government.facts import Problem, Status, Weekly
from rules.government import Covers
from rules.policy import Severity

COUNTS = (
    "owed", "received", "filled", "nil", "partial", "late", "filled_on_time", "nil_on_time", "missing", "waived",
)  # fmt: skip
"""The counts of a district, each printed for every district and in total."""


OF_PROBLEM = ("problems", "advice", "meeting", "risks")
"""How the names of those figures begin that a report about one problem has."""


def printed(facts: Weekly) -> dict[str, int]:
    """Every figure the report prints, by name, so that anybody can count again from the rows.

    `reports.late`, `district.63.04.02.late`, `districts.complete`, `problems.resolved`,
    `problems.logistics.unresolved`, `problems.grave` (very vulnerable and not yet resolved),
    `problems.before` (opened before the period), `polling.voters`;
    `since.reports.owed`, `since.problems` and the like of what came after the period.
    """
    figures = {f"reports.{name}": facts.total(name) for name in COUNTS}
    for district in facts.districts:
        figures |= {f"district.{district.code}.{name}": getattr(district, name) for name in COUNTS}
    figures["districts"] = len(facts.districts)
    figures["districts.missing"] = len(facts.missing)
    figures["districts.complete"] = len(facts.districts) - len(facts.missing)
    figures |= _told("problems", facts.problems, facts.restricted)
    figures["problems.before"] = sum(own.opened_on < facts.header.period_start for own in facts.problems)
    if since := facts.since:
        figures |= {f"since.reports.{name}": sum(getattr(d, name) for d in since.districts) for name in COUNTS}
        figures |= _told("since.problems", since.problems, since.restricted)
    for category in categories(facts.problems):
        figures |= _tally(f"problems.{category}", [p for p in facts.problems if p.category == category])
    if facts.polling:
        known = {"polling.stations": facts.polling.stations, "polling.voters": facts.polling.voters}
        figures |= {name: count for name, count in known.items() if count is not None}
    return figures | found.printed(facts)


def told(facts: Weekly) -> dict[str, int]:
    """Those of `printed` that the report is about: of a report about one problem, what counts it."""
    figures = printed(facts)
    if facts.kind.covers is not Covers.PROBLEM:
        return figures
    return {name: count for name, count in figures.items() if name.startswith(OF_PROBLEM)}


def categories(problems: Iterable[Problem]) -> list[str]:
    """The categories that occur, in alphabetical order of their codes."""
    return sorted({problem.category for problem in problems})


def _told(name: str, problems: tuple[Problem, ...], restricted: int) -> dict[str, int]:
    grave = sum(problem.severity is Severity.HIGH and not problem.resolved for problem in problems)
    return {**_tally(name, problems), f"{name}.grave": grave, f"{name}.restricted": restricted}


def _tally(name: str, problems: Iterable[Problem]) -> dict[str, int]:
    states = [problem.status for problem in problems]
    by_state = {f"{name}.{status}": states.count(status) for status in Status}
    return {name: len(states), **by_state, f"{name}.unresolved": len(states) - states.count(Status.RESOLVED)}
