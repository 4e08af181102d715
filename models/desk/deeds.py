"""What people and providers did since a copy of the books was made: rows that the copy does not have."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeVar

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from models.desk.changes import READ, SHOWN, Change, Way
from models.desk.programmes import Programme
from models.machine import stops as machine_stops
from models.matters.advice import Charge
from models.matters.attachments import Attachment
from models.matters.issues import Issue, IssueEvent
from models.matters.matters import Kind, Matter
from models.matters.promises import Promise
from models.matters.reports import Report
from models.matters.submissions import Submission, SubmissionEvent
from models.matters.tasks import Task
from models.messages.delivery_reports import DeliveryReport
from models.messages.inbound import Inbound
from models.messages.messages import Attempt, Message
from models.offices.assignments import Assignment
from models.offices.links import Link
from models.offices.offices import Contact, Office
from rules.attachments import Attached
from rules.delivery import State
from rules.filing import Via
from rules.submissions import Step
from rules.tasks import Why

Row = TypeVar("Row", Change, DeliveryReport, Inbound, SubmissionEvent)

NO_DEEDS = (READ, SHOWN)
SLOW = timedelta(minutes=1)
"""So long may pass from the moment that a row names until it is written. What the copy has is known by its id."""

LAST = datetime.max.replace(tzinfo=UTC)


def changes(books: Session, copy: Session, desk: str, *, since: datetime) -> list[Change]:
    """What the people of a desk changed since then, in order. What the system did, it does again by itself."""
    own = Change.office_id.in_(_offices(desk)), Change.way != Way.SYSTEM, Change.what.not_in(NO_DEEDS)
    return _new(books, copy, select(Change).where(*own, Change.at >= since - SLOW).order_by(Change.at, Change.id))


def signs(books: Session, desk: str, *, since: datetime) -> list[Link]:
    """The links by which a person answered since then."""
    own = Link.office_id.in_(_offices(desk)), Link.seen_at >= since
    return list(books.scalars(select(Link).where(*own).order_by(Link.seen_at, Link.id)))


def departures(books: Session, copy: Session, desk: str, *, since: datetime) -> list[Change]:
    """The reports to the Government that left since then, as if it were a change: it is a step of its own."""
    own = (
        SubmissionEvent.office_id.in_(_offices(desk)),
        SubmissionEvent.step == Step.SENT,
        SubmissionEvent.at >= since - SLOW,
    )
    query = select(SubmissionEvent).where(*own).order_by(SubmissionEvent.at, SubmissionEvent.id)
    return [_left(books, step) for step in _new(books, copy, query)]


def _left(books: Session, step: SubmissionEvent) -> Change:
    matter = books.get_one(Matter, books.get_one(Submission, step.submission_id).obligation_id)
    whose = {"office_id": step.office_id, "way": step.way, "through": step.through, "title": "", "text": step.text}
    about = {"programme_id": matter.programme_id, "matter_id": matter.id, "subject": matter.code}
    return Change(at=step.at, what=LEFT, until=None, **whose, **about)


LEFT = "report sent"


def stops(books: Session, *, since: datetime) -> list[tuple[datetime, datetime]]:
    """When no clock turned since then."""
    return [(own.began_at, own.ended_at) for own in machine_stops.between(books, since, LAST)]


def said_of(books: Session, copy: Session, desk: str, *, since: datetime) -> list[DeliveryReport]:
    """What providers said of messages since then, in order."""
    query = select(DeliveryReport).join(Message, Message.id == DeliveryReport.message_id)
    own = Message.office_id.in_(_offices(desk)), DeliveryReport.received_at >= since - SLOW
    return _new(books, copy, query.where(*own).order_by(DeliveryReport.received_at, DeliveryReport.id))


class Try(NamedTuple):
    """One call to a provider, and where it went. `taken`: its message was known to be sent in the end."""

    at: datetime
    channel: str
    address: str
    message_id: int
    outcome: str
    why: str
    taken: bool


def tries(books: Session, copy: Session, desk: str, *, since: datetime) -> list[Try]:
    """Every call to a provider since then, in order."""
    query = (
        select(Attempt, Message, Contact.address)
        .join(Message, Message.id == Attempt.message_id)
        .join(Contact, Contact.id == Message.contact_id)
        .where(Message.office_id.in_(_offices(desk)), Attempt.ended_at >= since - SLOW)
        .order_by(Attempt.ended_at, Attempt.id)
    )
    known = set(copy.scalars(select(Attempt.id).where(Attempt.ended_at >= since - SLOW)))
    return [
        Try(own.ended_at, message.channel, address, message.id, own.outcome, own.why, message.provider_id is not None)
        for own, message, address in books.execute(query)
        if own.id not in known
    ]


def let_go(copy: Session, *, now: datetime) -> None:
    """What a worker was sending when the copy was made waits there for another: nobody will ever settle it."""
    held = update(Message).where(Message.state == State.SENDING)
    copy.execute(held.values(state=State.PENDING, due_at=now, tries=Message.tries - 1))


def written(books: Session, copy: Session, *, since: datetime) -> int:
    """How many messages people wrote to the desk since then."""
    return len(_new(books, copy, select(Inbound).where(Inbound.received_at >= since - SLOW)))


def _new(books: Session, copy: Session, query: Select[Row]) -> list[Row]:
    """The rows that the copy does not have; one that was written while the copy was made is in it, or is new."""
    known = {row.id for row in copy.scalars(query)}
    return [row for row in books.scalars(query) if row.id not in known]


def _offices(desk: str) -> Select[int]:
    return select(Office.id).where(Office.desk == desk)


# -- what belongs to a deed --------------------------------------------------------------------------------------------


def report(books: Session, number: str) -> Report | None:
    """A report by the number of its receipt."""
    digits = number.removeprefix("TT-")
    return books.get(Report, int(digits)) if digits.isdecimal() else None


def files(books: Session, own: Report) -> list[Attached]:
    """What came with a report, by the names that its body has for it. The files themselves stay where they are."""
    kinds = books.scalars(select(Attachment.kind).where(Attachment.report_id == own.id).order_by(Attachment.number))
    return [Attached("", name, name, kind, 0) for name, kind in zip(_names(own.body), kinds, strict=False)]


_NAME = re.compile(r"[0-9a-f]{64}")


def _names(body: object) -> list[str]:
    """Whatever in a body names a file."""
    if isinstance(body, str):
        return [body] if _NAME.fullmatch(body) else []
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return list(dict.fromkeys(name for own in inner for name in _names(own)))


def promise(books: Session, matter_id: int) -> Promise | None:
    return books.get(Promise, matter_id)


def task(books: Session, matter_id: int) -> Task | None:
    """The task of a matter."""
    return books.scalar(select(Task).where(Task.matter_id == matter_id))


def step(books: Session, change: Change) -> IssueEvent | None:
    """The step about a problem that a change tells of."""
    own = IssueEvent.issue_id == change.matter_id, IssueEvent.step == change.what, IssueEvent.at == change.at
    return books.scalars(select(IssueEvent).where(*own).order_by(IssueEvent.id).limit(1)).one_or_none()


def steps(books: Session, issue_id: int) -> Sequence[IssueEvent]:
    """Every step about a problem, the first first."""
    return books.scalars(select(IssueEvent).where(IssueEvent.issue_id == issue_id).order_by(IssueEvent.id)).all()


def charges(books: Session, advice_id: int) -> list[tuple[Matter, Office]]:
    """Those who were given an advice, in order, each with the office that has it."""
    query = (
        select(Matter, Office)
        .join(Charge, Charge.id == Matter.id)
        .join(Office, Office.id == Matter.owner_id)
        .where(Charge.advice_id == advice_id)
    )
    return [(matter, office) for matter, office in books.execute(query.order_by(Matter.id))]


def gave_up(books: Session, said: DeliveryReport) -> bool:
    """Whether the address was given up because of what a provider said."""
    message = books.get_one(Message, said.message_id)
    own = Task.why == Why.DEAD_CONTACT, Task.office_id == message.office_id, Task.opened_at == said.received_at
    return books.scalar(select(Task.id).where(*own).limit(1)) is not None


def begun(books: Session, office_id: int, at: datetime) -> Assignment | None:
    """Who was written down as the holder of an office at that moment."""
    own = Assignment.office_id == office_id, Assignment.recorded_at == at
    return books.scalars(select(Assignment).where(*own).order_by(Assignment.id.desc()).limit(1)).one_or_none()


def contacts(books: Session, office_id: int) -> list[Contact]:
    """Every way by which an office is, was or will be reached."""
    return list(books.scalars(select(Contact).where(Contact.office_id == office_id).order_by(Contact.id)))


def left_by(books: Session, matter_id: int, at: datetime) -> Via:
    """By which way the desk's own report left at that moment."""
    own = Report.obligation_id == matter_id, Report.recorded_at == at
    return books.scalar(select(Report.via).where(*own).limit(1)) or Via.PAPER


def on_copy(session: Session, key: str) -> Matter | None:
    return session.scalar(select(Matter).where(Matter.key == key))


def last(copy: Session) -> int:
    """The highest number of a row that a matter of a new copy has."""
    return copy.scalar(select(func.max(Matter.id))) or 0


def same(books: Session, copy: Session, id: int, *, last: int) -> str | None:
    """The key on the copy of a matter of the books; None: it has none.

    What came later may have another number there, so that it is known by what it was opened from.

    Args:
        last: the highest id when the copy was made.
    """
    matter = books.get_one(Matter, id)
    if id <= last:
        return matter.key
    if (issue := books.get(Issue, id)) is not None:
        return _opened_alike(books, copy, issue)
    if (own := task(books, id)) is not None:
        query = select(Matter.key).join(Task, Task.matter_id == Matter.id)
        return copy.scalar(query.where(Task.why == own.why, Task.subject == own.subject))
    return copy.scalar(select(Matter.key).where(Matter.key == matter.key)) if matter.kind != Kind.ADVICE else None


def _opened_alike(books: Session, copy: Session, issue: Issue) -> str | None:
    query = select(Matter.key).join(Issue, Issue.id == Matter.id)
    if issue.obligation_id is None:
        return copy.scalar(query.where(Issue.once == issue.once)) if issue.once else None
    owed = copy.scalar(select(Matter.id).where(Matter.key == books.get_one(Matter, issue.obligation_id).key))
    return copy.scalar(query.where(Issue.obligation_id == owed, Issue.indicator == issue.indicator))


def numbered(books: Session, desk: str, *, last: int) -> list[tuple[int, str]]:
    """The ids and keys of the problems and advice that came after the copy was made."""
    own = Programme.code.endswith(f"/{desk}", autoescape=True), Matter.kind.in_([Kind.ISSUE, Kind.ADVICE])
    query = select(Matter.id, Matter.key).join(Programme, Programme.id == Matter.programme_id)
    return [(id, key) for id, key in books.execute(query.where(*own, Matter.id > last).order_by(Matter.id))]


# -- whether a copy is still good --------------------------------------------------------------------------------------


def recorded(session: Session, whats: Iterable[str], *, since: datetime, desk: str = "") -> set[str]:
    """Which of these the record of changes tells from then on, of a desk or (empty) of any."""
    query = select(Change.what).distinct().where(Change.at >= since, Change.what.in_(list(whats)))
    return set(session.scalars(query.where(Change.office_id.in_(_offices(desk))) if desk else query))


FILES = ("amended", "closed", "reopened")
"""What the record calls it when a programme is put under other files, or ended."""


def other_files(books: Session, desk: str, *, since: datetime) -> datetime | None:
    """When a desk first got other files after that, another election, or one less; None: it has the same."""
    theirs = Programme.code.endswith(f"/{desk}", autoescape=True)
    changed = select(func.min(Change.at)).join(Programme, Programme.id == Change.programme_id)
    changed = changed.where(theirs, Change.matter_id.is_(None), Change.what.in_(FILES), Change.at > since)
    loaded = select(func.min(Programme.loaded_at)).where(theirs, Programme.loaded_at > since)
    return min((at for at in (books.scalar(changed), books.scalar(loaded)) if at), default=None)


# -- what is drawn from the copy afterwards ----------------------------------------------------------------------------


class Weight(NamedTuple):
    """What messages weighed: how many parts texts had, and the rupiah that were charged."""

    segments: int
    cost: int


def weight(session: Session, desk: str, *, since: datetime, until: datetime) -> Weight:
    """Of all that a desk sent in between."""
    own = Message.office_id.in_(_offices(desk)), Message.settled_at > since, Message.settled_at <= until
    segments = session.scalar(select(func.sum(Message.segments)).where(*own, Message.channel == "sms"))
    cost = select(func.sum(Attempt.cost)).join(Message, Message.id == Attempt.message_id)
    cost = cost.where(Message.office_id.in_(_offices(desk)), Attempt.ended_at > since, Attempt.ended_at <= until)
    return Weight(segments or 0, session.scalar(cost) or 0)
