"""What climbed to whoever leads the desk, and what became of what he decided."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.desk.changes import READ, SHOWN, Change
from models.matters.issues import Issue
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.matters.submissions import Submission
from models.messages.notices import Notice
from rules.desk import Audience
from rules.dispatch import NoticeState
from rules.filing import Standing
from rules.submissions import State

UP_TO_HIM = (Audience.SECRETARY, Audience.CHAIR)


class Climbed(NamedTuple):
    """An open matter that an office was told of from below, since when; with what it is."""

    matter: Matter
    issue: Issue | None
    obligation: Obligation | None
    since: datetime


def climbed(session: Session, programmes: Collection[int], office_id: int, *, now: datetime) -> list[Climbed]:
    """Problems and reports that climbed to an office in their present round, and that nobody has in hand now.

    The longest waiting first. What a problem says of the reader himself is left out.
    """
    told = (
        select(Notice.matter_id, Notice.round, Notice.planned_at)
        .where(
            Notice.office_id == office_id,
            Notice.audience.in_(UP_TO_HIM),
            Notice.state.in_((NoticeState.DISPATCHED, NoticeState.MERGED)),
        )
        .subquery()
    )
    query = (
        select(Matter, Issue, Obligation, told.c.planned_at)
        .join(told, (told.c.matter_id == Matter.id) & (told.c.round == Matter.round))
        .outerjoin(Issue, Issue.id == Matter.id)
        .outerjoin(Obligation, Obligation.id == Matter.id)
        .where(
            Matter.programme_id.in_(programmes),
            Matter.kind.in_((Kind.ISSUE, Kind.OBLIGATION)),
            Matter.closed_at.is_(None),
            or_(Matter.acknowledged_until.is_(None), Matter.acknowledged_until <= now),
            Matter.subject_id.is_distinct_from(office_id),
            or_(Obligation.id.is_(None), Obligation.standing == Standing.OWED, Obligation.returned_at.is_not(None)),
        )
        .order_by(told.c.planned_at, Matter.id)
    )
    first: dict[int, Climbed] = {}
    for row in session.execute(query):
        first.setdefault(row[0].id, Climbed(*row))
    return list(first.values())


def to_approve(session: Session, programmes: Collection[int], office_id: int) -> list[Matter]:
    """The reports to the Government that wait for the approval of an office: theirs is then its matter."""
    query = (
        select(Matter)
        .join(Submission, Submission.obligation_id == Matter.id)
        .where(Matter.programme_id.in_(programmes), Matter.owner_id == office_id)
        .where(Submission.state == State.FOR_APPROVAL)
        .order_by(Matter.since, Matter.id)
    )
    return list(session.scalars(query))


def decided(
    session: Session, programmes: Collection[int], office_id: int, *, since: datetime
) -> list[tuple[Change, Matter, Issue | None]]:
    """The last thing that an office did about each matter since then, the latest first. To read one is no deed."""
    query = (
        select(Change, Matter, Issue)
        .join(Matter, Matter.id == Change.matter_id)
        .outerjoin(Issue, Issue.id == Matter.id)
        .where(
            Change.office_id == office_id,
            Change.programme_id.in_(programmes),
            Change.at >= since,
            Change.what.not_in((SHOWN, READ)),
            Matter.kind.in_((Kind.ISSUE, Kind.OBLIGATION)),
        )
        .order_by(Change.id)
    )
    last = {matter.id: (change, matter, issue) for change, matter, issue in session.execute(query)}
    return sorted(last.values(), key=lambda own: -own[0].id)
