"""What a coordinator sees beside the reports: open problems, who was told of what, what was done."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.matters.issues import Issue, IssueEvent, Step
from models.matters.matters import Kind, Matter
from models.messages.messages import Message
from models.messages.notices import Notice
from models.offices.offices import Office
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


def problems(
    session: Session, programme_id: int, areas: Sequence[str], confided: Sequence[str], *, reader_id: int
) -> list[Problem]:
    """The open problems of these areas, and those that the reader has, by area, then by their opening.

    Those that are about the reader are left out, and restricted ones that are neither his nor of `confided`.
    """
    his = (Matter.owner_id == reader_id) | (Matter.giver_id == reader_id) | Matter.area.in_(confided)
    query = (
        select(Matter, Issue)
        .join(Issue, Issue.id == Matter.id)
        .where(Matter.programme_id == programme_id, Matter.closed_at.is_(None))
        .where(Matter.area.in_(areas) | (Matter.owner_id == reader_id))
        .where(Matter.subject_id.is_distinct_from(reader_id), Issue.restricted.is_(False) | his)
        .order_by(Matter.area, Issue.opened_at, Issue.id)
    )
    return [Problem(*row) for row in session.execute(query)]


class Moved(NamedTuple):
    """How many problems were opened, and how many somebody called resolved."""

    opened: int
    resolved: int


def moved(session: Session, programme_id: int, *, reader_id: int, since: datetime) -> Moved:
    """What became of a programme's problems since then. One that was opened again counts as not resolved.

    Those that are about the reader are left out, as everywhere.
    """

    def count(at: InstrumentedAttribute[Any]) -> int:
        query = select(func.count()).select_from(Issue).join(Matter, Matter.id == Issue.id)
        query = query.where(Matter.programme_id == programme_id, Matter.subject_id.is_distinct_from(reader_id))
        return session.scalar(query.where(at >= since)) or 0

    return Moved(count(Issue.opened_at), count(Issue.resolved_at))


def owned(session: Session, programmes: Collection[int], office_id: int) -> list[Problem]:
    """The open problems that an office has, the longest open first."""
    query = (
        select(Matter, Issue)
        .join(Issue, Issue.id == Matter.id)
        .where(Matter.programme_id.in_(programmes), Matter.closed_at.is_(None), Matter.owner_id == office_id)
        .order_by(Issue.opened_at, Issue.id)
    )
    return [Problem(*row) for row in session.execute(query)]


def unconfirmed(session: Session, programme_id: int, areas: Collection[str], office_id: int) -> list[Problem]:
    """The problems of these areas, and those an office reported, that others said are over; the oldest first.

    Left out are those about the office, the restricted ones of others, and those that it resolved itself.
    """
    own = Matter.giver_id == office_id
    last = (
        select(IssueEvent.office_id)
        .where(IssueEvent.issue_id == Issue.id, IssueEvent.step == Step.RESOLVED)
        .order_by(IssueEvent.id.desc())
        .limit(1)
        .correlate(Issue)
        .scalar_subquery()
    )
    query = (
        select(Matter, Issue)
        .join(Issue, Issue.id == Matter.id)
        .where(Matter.programme_id == programme_id, Issue.resolved_at.is_not(None), Issue.confirmed_at.is_(None))
        .where(Matter.area.in_(areas) | own, Issue.restricted.is_(False) | own)
        .where(Matter.subject_id.is_distinct_from(office_id), last != office_id)
        .order_by(Issue.resolved_at, Issue.id)
    )
    return [Problem(*row) for row in session.execute(query)]


def withdrawn(session: Session, issue_ids: Iterable[int]) -> set[int]:
    """The problems that the last version of their report speaks of no more."""
    spoken = IssueEvent.step.in_((Step.OPENED, Step.REPORTED, Step.WITHDRAWN))
    query = select(IssueEvent.issue_id, IssueEvent.step).where(IssueEvent.issue_id.in_(list(issue_ids)), spoken)
    last: dict[int, Step] = dict(session.execute(query.order_by(IssueEvent.id)).all())
    return {issue_id for issue_id, step in last.items() if step is Step.WITHDRAWN}


def told(session: Session, matter_ids: Iterable[int]) -> dict[int, list[Telling]]:
    """By matter, who was told of it, the first first. Messages that were not handed over are left out."""
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
    tellings: dict[int, list[Telling]] = defaultdict(list)
    for matter_id, office, channel, audience, say, at, doubts, repeated_at in session.execute(query):
        assert at is not None
        twice = delivery.possibly_doubled(State.SENT, doubts=doubts, repeated=repeated_at is not None)
        tellings[matter_id].append(Telling(office, channel, audience, say, at, twice))
    return tellings


def steps(session: Session, issue_id: int) -> list[tuple[IssueEvent, str]]:
    """What was done about a problem and by which office, the first first."""
    query = (
        select(IssueEvent, Office.title)
        .join(Office, Office.id == IssueEvent.office_id)
        .where(IssueEvent.issue_id == issue_id)
        .order_by(IssueEvent.at, IssueEvent.id)
    )
    return [(event, title) for event, title in session.execute(query)]
