"""Whom somebody must phone now: late reports of his districts, and grave problems there that nobody has taken on."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk.changes import Hand
from models.matters import overseeing, owing
from models.matters.overseeing import Problem
from models.matters.owing import Item
from models.offices import offices
from rules import access, calls, people
from rules.calls import Call, Reason, Why
from rules.ladder import paused
from rules.policy import Severity
from rules.programme import Programme
from services import phoning
from services.phoning import Telephone


class Asked(NamedTuple):
    """One office to phone. `lines`: its numbers; none is known if empty. `about` has one thing for each reason."""

    call: Call
    lines: Sequence[Telephone]
    about: Sequence[Item | Problem]


def gather(
    session: Session,
    programme_id: int,
    programme: Programme,
    office: str,
    office_id: int,
    *,
    hand: Hand,
    now: datetime,
) -> list[Asked]:
    """Whom `office` is to phone, in that order. That it saw the numbers is written down once a session."""
    desk = programme.desk
    places = [place for place in access.readable(desk, office) if access.phones(desk, office, place)]
    items = {i.id: i for i in owing.soon(session, programme_id, places, until=now) if i.late(now)}
    open_ = overseeing.problems(session, programme_id, places, (), reader_id=office_id)
    problems = {
        problem.matter.id: problem for problem in open_ if _unanswered(problem, now) and problem.matter.owner_id
    }
    codes = {row.id: row.code for row in offices.all_of(session, desk.code)}
    wanted = {id: [code for code in people.answering(desk, item.area) if code != office] for id, item in items.items()}
    wanted |= {id: [codes.get(problem.matter.owner_id or 0, "")] for id, problem in problems.items()}
    wanted = {id: own for id, own in wanted.items() if own and own[0] not in ("", office)}
    lines = phoning.lines(session, programme_id, desk, wanted, hand=hand, now=now)
    reasons = [(wanted[id][0], Reason(Why.REPORT, id, item.judged_by)) for id, item in items.items() if id in wanted]
    reasons += [
        (wanted[id][0], Reason(Why.PROBLEM, id, problem.issue.opened_at))
        for id, problem in problems.items()
        if id in wanted
    ]
    about: dict[int, Item | Problem] = {**items, **problems}
    return [
        Asked(call, lines.get(call.reasons[0].matter_id, ()), [about[reason.matter_id] for reason in call.reasons])
        for call in calls.sheet(reasons)
    ]


def _unanswered(problem: Problem, now: datetime) -> bool:
    """Whether to phone about it. A restricted one has no place on a sheet that is printed."""
    taken_on = paused(now, problem.matter.acknowledged_until)
    return problem.issue.severity is Severity.HIGH and not taken_on and not problem.issue.restricted
