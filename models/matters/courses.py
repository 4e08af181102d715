"""The course of a problem: which were merged into it, who reported them, and who took it on and let the time pass."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from models import direct
from models.base import table
from models.matters import issues
from models.matters.issues import Held, Issue, IssueEvent, Step
from models.matters.matters import Matter

RESTED = (
    *(Step.ACKNOWLEDGED, Step.POSTPONED, Step.DUE_SET, Step.HANDED_ON),
    *(Step.GRADED, Step.ESCALATED, Step.RESOLVED, Step.REOPENED),
)
"""The steps after which a ladder rests, or begins again."""


def late(session: Session, issue_id: int, *, now: datetime) -> int | None:
    """The office that took it on until a time that has passed, with nothing decided since; None: there is none."""
    session.flush()
    for step, until, office_id in direct.rows(session, _RESTED_LAST, {"issue": issue_id}):
        return office_id if step is Step.ACKNOWLEDGED and until is not None and until <= now else None
    return None


_E = table(IssueEvent)
_RESTED_LAST = (
    select(_E.c.step, _E.c.until, _E.c.office_id)
    .where(_E.c.issue_id == bindparam("issue"), or_(*(_E.c.step == step for step in RESTED)))
    .order_by(_E.c.at.desc(), _E.c.id.desc())
    .limit(1)
)


def merged(session: Session, issue_id: int) -> list[Matter]:
    """The problems that were merged into this one, and into those, by number."""
    query, known = select(Matter, Issue.merged_into).join(Issue, Issue.id == Matter.id), dict[int, Matter]()
    wave = [issue_id]
    while wave:
        rows = session.scalars(query.where(Issue.merged_into.in_(wave))).all()
        wave = [matter.id for matter in rows if matter.id not in known]
        known |= {matter.id: matter for matter in rows}
    return sorted(known.values(), key=lambda matter: matter.code)


def givers(session: Session, matter: Matter) -> set[int]:
    """The offices that reported it, or a problem that was merged into it."""
    return {own.giver_id for own in (matter, *merged(session, matter.id)) if own.giver_id is not None}


def root(session: Session, issue: Issue) -> Held:
    """The problem that a merged one is the same as, locked: the last of the chain."""
    while issue.merged_into is not None:
        issue = session.get_one(Issue, issue.merged_into)
    return issues.held(session, issue.id)


def end(session: Session, issue: Issue) -> Held:
    """The problem that a merged one is the same as, to be read: the last of the chain."""
    while issue.merged_into is not None:
        issue = session.get_one(Issue, issue.merged_into)
    return session.get_one(Matter, issue.id), issue
