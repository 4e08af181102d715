"""What became of the problems that an office or its team reported."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from models.matters.issues import Issue, IssueEvent, Step
from models.matters.matters import Matter
from models.offices.offices import Office


class Followed(NamedTuple):
    """A problem, the title of the office that has it, and its last step: what, by which office, when."""

    matter: Matter
    issue: Issue
    owner: str | None
    step: Step
    by: str
    at: datetime


def reported(
    session: Session, programme_id: int, areas: Collection[str], office_id: int, *, since: datetime
) -> list[Followed]:
    """The problems of these districts and those that the office itself reported; the newest first, open ones before.

    Left out are those that are about the office, the restricted ones of others, and those that ended before `since`.
    """
    owner, by, step = aliased(Office), aliased(Office), aliased(IssueEvent)
    own = Matter.giver_id == office_id
    last = select(func.max(step.id)).where(step.issue_id == Issue.id).correlate(Issue).scalar_subquery()
    query = (
        select(Matter, Issue, owner.title, IssueEvent.step, by.title, IssueEvent.at)
        .join(Issue, Issue.id == Matter.id)
        .join(IssueEvent, IssueEvent.id == last)
        .join(by, by.id == IssueEvent.office_id)
        .outerjoin(owner, owner.id == Matter.owner_id)
        .where(Matter.programme_id == programme_id, Matter.area.in_(areas) | own)
        .where(Matter.subject_id.is_distinct_from(office_id), Issue.restricted.is_(False) | own)
        .where(Matter.closed_at.is_(None) | (Matter.closed_at >= since))
        .order_by(Matter.closed_at.is_not(None), Issue.opened_at.desc(), Issue.id.desc())
    )
    return [Followed(*row) for row in session.execute(query)]
