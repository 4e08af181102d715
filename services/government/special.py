"""The one problem that a special report is about, whatever became of it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from models.matters import compiling
from models.matters.compiling import Troubled
from models.matters.issues import IssueEvent, Step
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from reports.government.facts import Asked
from services.government import asking
from services.government.scope import Scope


def asked(session: Session, own: Obligation, *, confided: bool = False) -> Asked | None:
    """Who asked for the report, and why; None: nobody did, or its problem is restricted by now.

    Args:
        confided: it is told to those alone who read of its problem, also if that is restricted.
    """
    change = asking.why(session, session.get_one(Matter, own.id), own, confided=confided)
    return Asked(change.title, change.at, change.text) if change else None


def about(session: Session, scope: Scope, code: str) -> Sequence[Troubled]:
    """The problem of that number, also one that ended before the period. What was merged goes on as the other one."""
    found = compiling.problem(session, scope.programme_id, code, cut_off=scope.cut_off)
    return [_going_on(session, scope, own) for own in found]


def _going_on(session: Session, scope: Scope, own: Troubled) -> Troubled:
    """It stands as the other does, and is as restricted: both are the same matter."""
    end = own.end
    if end is None or end.step is not Step.MERGED:
        return own
    merged = IssueEvent(step=Step.ACKNOWLEDGED, at=end.at, text=f"Digabung dengan {end.text}")
    before = [step for step in own.steps if step.step is not Step.MERGED]
    for other in about(session, scope, end.text.partition(":")[0]):
        return other._replace(
            matter=own.matter,
            issue=own.issue,
            steps=[*before, merged, *other.steps],
            restricted=own.restricted or other.restricted,
        )
    return own
