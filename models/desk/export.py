"""The rows of a programme as plain lines for files: obligations, notices, messages, problems. Addresses never leave."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models.desk.rearrangements import Rearrangement
from models.desk.shifts import DutyShift
from models.matters import issues
from models.matters.aiding import Asked
from models.matters.issues import Issue, IssueEvent, Step
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from models.matters.tasks import Task, Why
from models.messages import delivery_reports
from models.messages.messages import Attempt, Message
from models.messages.notices import Notice
from models.offices.offices import Contact, Office
from rules import filing
from rules.delivery import State
from rules.dispatch import NoticeState

Line = dict[str, Any]

NAME = case((Issue.restricted, Matter.code), else_=Matter.key)
"""What lines call a matter by: the key of a restricted problem would tell its place."""


def obligations(session: Session, *, start: datetime, now: datetime) -> Iterator[tuple[Line, str]]:
    """Obligations due after `start` that were not cancelled before it, by due time; each with its zone."""
    rows = session.execute(
        select(Obligation, Matter)
        .join(Matter, Matter.id == Obligation.id)
        .where(Obligation.due_at > start)
        .order_by(Obligation.due_at, Matter.area, Obligation.id)
    )
    for owed, matter in rows:
        judged = filing.timeliness(
            owed.standing, owed.due_at, owed.received_at, extended_until=owed.extended_until, now=now
        )
        yield (
            {
                "key": matter.key,
                "code": matter.code,
                "duty": owed.duty,
                "stage": owed.stage,
                "area": matter.area,
                "team": owed.team,
                "slot": owed.slot,
                "period_start": owed.period_start.isoformat(),
                "period_end": owed.period_end.isoformat(),
                "opens_at": owed.opens_at,
                "due_at": owed.due_at,
                "closes_after": matter.closes_after,
                "zone": owed.zone,
                "rule": owed.rule,
                "standing": owed.standing,
                "content": owed.content,
                "timeliness": judged,
                "received_at": owed.received_at,
            },
            owed.zone,
        )


def notices(session: Session) -> Iterator[tuple[Line, str]]:
    """Every decision, in the order in which it was taken; a dispatched one says how its message stands."""
    rows = session.execute(
        select(Notice, NAME, Office.code, Office.zone, Message.state, Message.why)
        .join(Matter, Matter.id == Notice.matter_id)
        .outerjoin(Issue, Issue.id == Matter.id)
        .join(Office, Office.id == Notice.office_id)
        .outerjoin(Message, Message.id == Notice.message_id)
        .order_by(Notice.id)
    )
    for notice, matter, office, zone, state, why in rows:
        dispatched = notice.state == NoticeState.DISPATCHED and state is not None
        yield (
            {
                "key": key(notice, matter, office),
                "matter": matter,
                "occasion": notice.occasion,
                "ladder": notice.ladder,
                "rung": notice.rung,
                "round": notice.round,
                "audience": notice.audience,
                "say": notice.say,
                "recipient": office,
                "channel": notice.channel,
                "urgent": notice.urgent,
                "planned_at": notice.planned_at,
                "release_at": notice.release_at,
                "state": state if dispatched else notice.state,
                "reason": notice.reason or (why if dispatched else notice.held),
                "message": notice.message_id if notice.state != NoticeState.MOOT else None,
                "policy": notice.policy,
            },
            zone,
        )


def key(notice: Notice, matter: str, office: str) -> str:
    """The unique name of a decision: what it is about, which round and rung, whom it concerns and how."""
    return f"{matter}#{notice.occasion}.{notice.round}.{notice.rung}:{office}:{notice.channel}"


def messages(session: Session) -> Iterator[tuple[Line, str, str]]:
    """Every message that was tried or waits to be, with the keys of its notices.

    Each has the zone of its office, and its address. Mask the address before you show it.
    """
    notices_in: Mapping[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(Notice, NAME, Office.code)
        .join(Matter, Matter.id == Notice.matter_id)
        .outerjoin(Issue, Issue.id == Matter.id)
        .join(Office, Office.id == Notice.office_id)
        .where(Notice.message_id.is_not(None))
        .order_by(Notice.id)
    )
    for notice, matter, office in rows:
        notices_in[notice.message_id or 0].append(key(notice, matter, office))
    query = (
        select(Message, Office.code, Office.zone, Contact.address)
        .join(Office, Office.id == Message.office_id)
        .join(Contact, Contact.id == Message.contact_id)
        .where(Message.state != State.CANCELLED)
        .order_by(Message.id)
    )
    fates = delivery_reports.ends(session)
    for message, office, zone, address in session.execute(query):
        yield (
            {
                "id": message.id,
                "at": message.settled_at or message.created_at,
                "created_at": message.created_at,
                "channel": message.channel,
                "recipient": office,
                "template": message.say,
                "subject": message.subject,
                "text": message.text,
                "segments": message.segments,
                "state": message.state,
                "tries": message.tries,
                "possibly_doubled": message.possibly_doubled,
                "delivery": fates.get(message.id),
                "reason": message.why,
                "notices": notices_in[message.id],
            },
            zone,
            address,
        )


def restricted(session: Session) -> list[Line]:
    """The numbers of restricted problems; no line for files holds more of them, and no other names them."""
    query = (
        select(Matter.code, Issue.merged_into, Issue.resolved_at)
        .join(Issue, Issue.id == Matter.id)
        .where(Issue.restricted)
        .order_by(Issue.id)
    )
    names = ("code", "merged_into", "resolved_at")
    return [dict(zip(names, row, strict=True)) | {"restricted": True} for row in session.execute(query)]


def problems(session: Session) -> Iterator[Line]:
    """Every problem that everybody of its place may read, in the order in which it was opened."""
    query = select(Issue, Matter).join(Matter, Matter.id == Issue.id).where(Issue.restricted.is_(False))
    for issue, matter in session.execute(query.order_by(Issue.opened_at, Issue.id)):
        acknowledged = session.scalars(
            select(IssueEvent.at)
            .where(IssueEvent.issue_id == issue.id, IssueEvent.step == Step.ACKNOWLEDGED)
            .order_by(IssueEvent.at)
        ).first()
        yield {
            "key": matter.key,
            "code": matter.code,
            "area": matter.area,
            "category": issue.category,
            "severity": issue.severity,
            "title": issue.title,
            "opened_at": issue.opened_at,
            "acknowledged_at": acknowledged,
            "resolved_at": issue.resolved_at,
            "confirmed_at": issue.confirmed_at,
            "merged_into": issues.code(session, issue.merged_into) if issue.merged_into else "",
            "due_at": issue.due_at,
            "steps": len(issues.events(session, issue.id)),
            "outcome": issue.outcome,
        }


def helped(session: Session) -> Iterator[tuple[Line, str]]:
    """Every report about which villages were asked, with how many of them sent something; never what. By due time."""
    counts = func.count(Asked.id), func.count(Asked.sent_at), func.min(Asked.asked_at)
    rows = session.execute(
        select(Obligation, Matter, *counts)
        .join(Matter, Matter.id == Obligation.id)
        .join(Asked, Asked.report_id == Obligation.id)
        .group_by(Obligation.id, Matter.id)
        .order_by(Obligation.due_at, Matter.area)
    )
    for owed, matter, asked, sent, asked_at in rows:
        about = {"code": matter.code, "area": matter.area, "duty": owed.duty, "due_at": owed.due_at}
        came = {"asked": asked, "sent": sent, "asked_at": asked_at, "received_at": owed.received_at}
        yield about | came, owed.zone


def rearrangements(session: Session) -> Iterator[Line]:
    """Every change of who reports, belongs or coordinates, and who filed for its place before and after, by title."""
    for own in session.scalars(select(Rearrangement).order_by(Rearrangement.since, Rearrangement.id)):
        filed = select(Report.title, func.count(Report.id)).join(Matter, Matter.id == Report.obligation_id)
        of_place = filed.where(Matter.area == own.place).group_by(Report.title).order_by(Report.title)
        yield {
            "what": own.what,
            "place": own.place,
            "office": own.office,
            "since": own.since,
            "ended": own.ended,
            "before": dict(session.execute(of_place.where(Report.received_at < own.since)).all()),
            "after": dict(session.execute(of_place.where(Report.received_at >= own.since)).all()),
        }


def shifts(session: Session) -> Iterator[Line]:
    """Every shift of the posko that was not cancelled, by its start."""
    rows = session.execute(
        select(DutyShift, Office.code)
        .join(Office, Office.id == DutyShift.office_id)
        .where(DutyShift.cancelled_at.is_(None))
        .order_by(DutyShift.starts_at, DutyShift.id)
    )
    for own, office in rows:
        when = {"starts_at": own.starts_at, "ends_at": own.ends_at, "noted_at": own.noted_at}
        yield {"office": office, "place": own.place, "note": own.note} | when


def unmanned(session: Session) -> Iterator[Line]:
    """What was told of days without a duty office, and until when it held."""
    for own in session.scalars(select(Task).where(Task.why == Why.EMPTY_SHIFT).order_by(Task.opened_at, Task.id)):
        yield {"text": own.text, "opened_at": own.opened_at, "done_at": own.done_at}


def attempts(session: Session, message_id: int) -> list[Attempt]:
    """The tries of a message, the first first."""
    return list(session.scalars(select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.id)))
