"""Photographs of what was done about problems, as a report that is known as of a moment asks for them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.matters.attachments import Enclosure
from models.matters.issues import Issue, IssueEvent, Step
from models.matters.matters import Matter
from rules.attachments import Kind


class Done(NamedTuple):
    """A photograph of what was done about a problem, with the problem and when it was recorded."""

    issue_id: int
    code: str
    title: str
    village: str
    station: str
    area: str
    digest: str
    at: datetime


def done(session: Session, programme_id: int, *, since: datetime, until: datetime) -> list[Done]:
    """The first photograph of the newest follow-up with one, of each problem, recorded in this time; by number."""
    query = (
        select(
            Issue.id,
            Matter.code,
            Issue.title,
            Issue.village,
            Issue.station,
            Matter.area,
            Enclosure.digest,
            IssueEvent.at,
        )
        .join(IssueEvent, IssueEvent.id == Enclosure.event_id)
        .join(Issue, Issue.id == IssueEvent.issue_id)
        .join(Matter, Matter.id == Issue.id)
        .where(Matter.programme_id == programme_id, IssueEvent.step == Step.FOLLOWED_UP, Enclosure.kind == Kind.JPEG)
        .where(IssueEvent.at >= since, IssueEvent.at <= until)
        .order_by(Matter.code, IssueEvent.at, IssueEvent.id, Enclosure.number.desc())
    )
    return list({row.id: Done(*row) for row in session.execute(query)}.values())
