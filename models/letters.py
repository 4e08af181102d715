"""What a claimed message is to say, read at the last moment: what is no longer owed is known here."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.issues import Issue
from models.matters import Kind, Matter
from models.messages import Claim
from models.notices import Notice
from models.obligations import Obligation
from models.offices import Contact, Office
from models.reports import Report
from rules.dispatch import NoticeState
from rules.ladder import Say
from rules.policy import Severity


class Line(NamedTuple):
    """One matter in a message."""

    notice_id: int
    say: Say
    ladder: str
    rung: int
    moot: str
    kind: Kind
    code: str
    area: str
    since: datetime
    duty: str | None
    zone: str | None
    period: tuple[date, date] | None
    received_at: datetime | None
    receipt: str | None
    category: str | None
    severity: Severity | None
    warned_at: datetime | None


class Addressed(NamedTuple):
    """Whom a message goes to. `address` None: the contact was withdrawn meanwhile."""

    code: str
    title: str
    sms_name: str
    zone: str
    address: str | None


def lines(session: Session, claims: Iterable[Claim], *, now: datetime) -> dict[int, list[Line]]:
    """By message id, what it would say, the severest first, then in order of due time."""
    rows = session.execute(
        select(Notice, Matter, Obligation, Issue)
        .join(Matter, Matter.id == Notice.matter_id)
        .outerjoin(Obligation, Obligation.id == Matter.id)
        .outerjoin(Issue, Issue.id == Matter.id)
        .where(Notice.message_id.in_([c.id for c in claims]), Notice.state == NoticeState.DISPATCHED)
    )
    found: dict[int, list[Line]] = defaultdict(list)
    for notice, matter, obligation, issue in rows:
        found[notice.message_id or 0].append(_line(session, notice, matter, obligation, issue, now))
    for group in found.values():
        group.sort(key=lambda line: (-line.say.severity, line.since, line.area))
    return found


def _line(
    session: Session, notice: Notice, matter: Matter, owed: Obligation | None, issue: Issue | None, now: datetime
) -> Line:
    receipt = None
    if notice.say is Say.RECEIVED:
        receipt = session.scalars(
            select(Report).where(Report.obligation_id == matter.id).order_by(Report.version.desc()).limit(1)
        ).first()
    return Line(
        notice_id=notice.id,
        say=Say(notice.say),
        ladder=notice.ladder,
        rung=notice.rung,
        moot=_moot(notice, matter, now),
        kind=Kind(matter.kind),
        code=matter.code,
        area=matter.area,
        since=matter.since,
        duty=owed.duty if owed else None,
        zone=owed.zone if owed else None,
        period=(owed.period_start, owed.period_end) if owed else None,
        received_at=receipt.received_at if receipt else None,
        receipt=receipt.number if receipt else None,
        category=issue.category if issue else None,
        severity=Severity(issue.severity) if issue else None,
        warned_at=matter.warned_at,
    )


def _moot(notice: Notice, matter: Matter, now: datetime) -> str:
    """Why this is no longer to be said; empty: it is. A receipt is said of what is closed."""
    if notice.say is Say.RECEIVED:
        return ""
    if matter.closed_at is not None:
        return f"no longer owed: {matter.closed_why}"
    if notice.round != matter.round:
        return "a new round began"
    return "promised" if matter.promised_until is not None and now < matter.promised_until else ""


def addressed(session: Session, claims: Iterable[Claim]) -> dict[int, Addressed]:
    """By message id, whom it goes to."""
    by_contact = {c.contact_id: c for c in claims}
    rows = session.execute(
        select(Contact.id, Contact.address, Contact.state, Office.code, Office.title, Office.sms_name, Office.zone)
        .join(Office, Office.id == Contact.office_id)
        .where(Contact.id.in_(by_contact))
    )
    people = {
        id: Addressed(code, title, sms_name, zone, address if state == Contact.State.ACTIVE else None)
        for id, address, state, code, title, sms_name, zone in rows
    }
    return {c.id: people[c.contact_id] for c in claims}
