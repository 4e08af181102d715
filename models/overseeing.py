"""What a coordinator looks at beside the reports: open problems, who was told of what, what was done."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.issues import Issue, IssueEvent
from models.matters import Kind, Matter
from models.messages import Message
from models.notices import Notice
from models.offices import Office
from rules import delivery
from rules.delivery import State
from rules.desk import Audience
from rules.dispatch import NoticeState
from rules.ladder import Say


class Problem(NamedTuple):
    """A problem with its matter, which has its number, its place and whether it is over."""

    matter: Matter
    issue: Issue


class Telling(NamedTuple):
    """That an office was told of a matter: the message was handed over then, and may have arrived twice."""

    office: str
    channel: str
    audience: Audience
    say: Say
    at: datetime
    possibly_doubled: bool


def by_code(session: Session, programme_id: int, code: str) -> Matter | None:
    """A report's or a problem's matter by its number; no other kind is looked at."""
    kinds = Matter.kind.in_((Kind.OBLIGATION, Kind.ISSUE))
    return session.scalar(select(Matter).where(Matter.programme_id == programme_id, Matter.code == code, kinds))


def problems(session: Session, programme_id: int, areas: Sequence[str], *, limit: int) -> list[Problem]:
    """The open problems of these areas, in order of area, then of their opening."""
    query = (
        select(Matter, Issue)
        .join(Issue, Issue.id == Matter.id)
        .where(Matter.programme_id == programme_id, Matter.area.in_(areas), Matter.closed_at.is_(None))
        .order_by(Matter.area, Issue.opened_at, Issue.id)
        .limit(limit)
    )
    return [Problem(*row) for row in session.execute(query)]


def told(session: Session, matter_ids: Iterable[int]) -> dict[int, list[Telling]]:
    """By matter, who was told of it, the first first. What was not handed over is not among it."""
    said = (Notice.matter_id, Office.title, Notice.channel, Notice.audience, Notice.say)
    query = (
        select(*said, Message.settled_at, Message.doubts, Message.repeated_at)
        .join(Office, Office.id == Notice.office_id)
        .join(Message, Message.id == Notice.message_id)
        .where(
            Notice.matter_id.in_(list(matter_ids)),
            Notice.state.in_((NoticeState.DISPATCHED, NoticeState.MERGED)),
            Message.state == State.SENT,
            Message.settled_at.is_not(None),
        )
        .order_by(Message.settled_at, Notice.id)
    )
    found: dict[int, list[Telling]] = defaultdict(list)
    for matter_id, office, channel, audience, say, at, doubts, repeated_at in session.execute(query):
        assert at is not None
        twice = delivery.possibly_doubled(State.SENT, doubts=doubts, repeated=repeated_at is not None)
        found[matter_id].append(Telling(office, channel, audience, say, at, twice))
    return found


def steps(session: Session, issue_id: int) -> list[tuple[IssueEvent, str]]:
    """What was done about a problem and by which office, the first first."""
    query = (
        select(IssueEvent, Office.title)
        .join(Office, Office.id == IssueEvent.office_id)
        .where(IssueEvent.issue_id == issue_id)
        .order_by(IssueEvent.at, IssueEvent.id)
    )
    return [(event, title) for event, title in session.execute(query)]
