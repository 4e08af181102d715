"""Which problems are confided to a few offices, as a report that is known as of a moment asks."""

from collections.abc import Set
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.matters.issues import Issue, IssueEvent, Step
from models.matters.matters import Matter


def problems(session: Session, programme_id: int, *, known_at: datetime) -> Set[int]:
    """Those that are restricted now, and those that were at that moment: what is confided later is not told either.

    What was opened as restricted has no step that says so: the first step after the moment says what it was before.
    """
    own = select(Issue.id).join(Matter, Matter.id == Issue.id).where(Matter.programme_id == programme_id)
    turns = (
        select(IssueEvent.issue_id, IssueEvent.step)
        .where(IssueEvent.issue_id.in_(own), IssueEvent.at > known_at)
        .where(IssueEvent.step.in_((Step.RESTRICTED, Step.UNRESTRICTED)))
        .order_by(IssueEvent.at.desc(), IssueEvent.id.desc())
    )
    first = {row.issue_id: row.step for row in session.execute(turns)}
    then = {id for id, step in first.items() if step is Step.UNRESTRICTED}
    return {*session.scalars(own.where(Issue.restricted.is_(True)))} | then


def places(session: Session, programme_id: int, *, since: datetime, known_at: datetime) -> set[tuple[str, str]]:
    """Area and category, and area and indicator, of such problems that were open at some time since then."""
    query = (
        select(Issue.id, Matter.area, Issue.category, Issue.indicator)
        .join(Matter, Matter.id == Issue.id)
        .where(Matter.programme_id == programme_id, Issue.resolved_at.is_(None) | (Issue.resolved_at >= since))
    )
    secret = problems(session, programme_id, known_at=known_at)
    rows = [row for id, *row in session.execute(query) if id in secret]
    return {(str(area), str(what)) for area, *both in rows for what in both if what}
