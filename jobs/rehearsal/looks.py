"""What the chair of a rehearsal sees on the board at a moment, as one line for its files."""

from typing import Any

from jobs.rehearsal.acts import At
from jobs.runtime import Runtime
from models.matters.overseeing import Problem
from rules.board import counted
from rules.policy import Severity
from services import board, situation
from services.board import Board


def look(rt: Runtime, at: At) -> dict[str, Any]:
    """The board of the office at work, by the same function as its page: figures, and where it says more, codes."""
    programme, desk = at.programme, at.programme.desk
    reader = board.reader(desk, desk.chair, at.hand.office_id)
    seen = board.look(at.session, at.id, programme, rt.forms(), reader, now=at.now)
    reached = situation.milestones(at.session, at.id, programme, rt.forms(), seen.areas, now=at.now)
    return {
        "at": at.now,
        "open": len(seen.open),
        "grave": sum(problem.issue.severity is Severity.HIGH for problem in seen.open),
        "restricted": seen.restricted,
        "gravest": [_problem(problem) for problem in seen.gravest],
        "today": {stand.value: n for stand, n in counted(told for _, told in seen.cells.values()).items()},
        "before": len(seen.before),
        "reached": {
            name: {area: own.went[-1].count for area, own in by_area.items() if own}
            for name, by_area in reached.items()
        },
        "columns": [column.due_at for column in seen.columns],
        "reports": {area: _reports(seen, area) for area in seen.areas},
        "groups": {code: own.name for code, own in seen.groups.items()},
        "situation": {
            area: {group: seen.situation[area, group].shown.value for group in seen.groups} for area in seen.areas
        },
    }


def _problem(problem: Problem) -> dict[str, Any]:
    matter, issue = problem
    own = {"severity": issue.severity.value, "title": issue.title, "opened_at": issue.opened_at}
    return {"code": matter.code, "area": matter.area, **own}


def _reports(seen: Board, area: str) -> list[dict[str, Any] | None]:
    """In the order of the columns; None: that report is not asked of it."""
    cells = [seen.cells.get((area, column)) for column in seen.columns]
    return [
        {"stand": cell[1].stand.value, "nil": cell[1].nil, "troubled": cell[1].troubled} if cell else None
        for cell in cells
    ]
