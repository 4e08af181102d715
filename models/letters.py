"""What a claimed message is to say, read at the last moment: what is no longer owed is known here."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
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


_LINES = (
    select(Notice, Matter, Obligation, Issue)
    .join(Matter, Matter.id == Notice.matter_id)
    .outerjoin(Obligation, Obligation.id == Matter.id)
    .outerjoin(Issue, Issue.id == Matter.id)
    .where(Notice.message_id.in_(bindparam("ids", expanding=True)), Notice.state == NoticeState.DISPATCHED)
)
_LAST_REPORT = select(Report).where(Report.obligation_id == bindparam("id")).order_by(Report.version.desc()).limit(1)


def lines(session: Session, claims: Iterable[Claim], *, now: datetime) -> dict[int, list[Line]]:
    """By message id, what it would say, the severest first, then in order of due time."""
    found: dict[int, list[Line]] = defaultdict(list)
    for notice, matter, obligation, issue in session.execute(_LINES, {"ids": [c.id for c in claims]}):
        found[notice.message_id or 0].append(_line(session, notice, matter, obligation, issue, now))
    for group in found.values():
        group.sort(key=lambda line: (-line.say.severity, line.since, line.area))
    return found


def _line(
    session: Session, notice: Notice, matter: Matter, owed: Obligation | None, issue: Issue | None, now: datetime
) -> Line:
    receipt = session.scalar(_LAST_REPORT, {"id": matter.id}) if notice.say is Say.RECEIVED else None
    return Line(
        notice_id=notice.id,
        say=notice.say,
        ladder=notice.ladder,
        rung=notice.rung,
        moot=_moot(notice, matter, now),
        kind=matter.kind,
        code=matter.code,
        area=matter.area,
        since=matter.since,
        duty=owed.duty if owed else None,
        zone=owed.zone if owed else None,
        period=(owed.period_start, owed.period_end) if owed else None,
        received_at=receipt.received_at if receipt else None,
        receipt=receipt.number if receipt else None,
        category=issue.category if issue else None,
        severity=issue.severity if issue else None,
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


_ADDRESSED = (
    select(Contact.id, Contact.address, Contact.state, Office.code, Office.title, Office.sms_name, Office.zone)
    .join(Office, Office.id == Contact.office_id)
    .where(Contact.id.in_(bindparam("ids", expanding=True)))
)


def addressed(session: Session, claims: Iterable[Claim]) -> dict[int, Addressed]:
    """By message id, whom it goes to."""
    contacts = {c.id: c.contact_id for c in claims}
    rows = session.execute(_ADDRESSED, {"ids": sorted(set(contacts.values()))})
    people = {
        id: Addressed(code, title, sms_name, zone, address if state is Contact.State.ACTIVE else None)
        for id, address, state, code, title, sms_name, zone in rows
    }
    return {message: people[contact] for message, contact in contacts.items()}
