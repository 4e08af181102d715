"""What a report to the Government is made of: obligations and problems as they stood at its cut-off."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.changes import Change
from models.issues import Issue, IssueEvent
from models.matters import Kind, Matter
from models.obligations import TO_COMPILE, Obligation
from models.offices import Office
from models.reports import Report
from rules.filing import Content, Standing, judged_by


class Owed(NamedTuple):
    """One obligation at the cut-off: what came later is still owed here. Received after `judged_by` is late."""

    key: str
    code: str
    area: str
    duty: str
    due_at: datetime
    judged_by: datetime
    standing: Standing
    content: Content | None
    received_at: datetime | None
    reason: str


class Troubled(NamedTuple):
    """One problem at the cut-off, with what was done until then: (when, step, who, text)."""

    matter: Matter
    issue: Issue
    steps: list[tuple[IssueEvent, str]]


def uncompiled(session: Session, *, now: datetime) -> list[tuple[int, Obligation]]:
    """The desks' own reports whose cut-off has come, oldest first, each with its programme's id."""
    query = (
        select(Matter.programme_id, Obligation)
        .join(Matter, Matter.id == Obligation.id)
        .where(TO_COMPILE, Obligation.compile_at <= now)
        .order_by(Obligation.compile_at, Obligation.id)
    )
    return [(programme_id, own) for programme_id, own in session.execute(query)]


def cut_off_before(session: Session, programme_id: int, own: Obligation) -> datetime | None:
    """The cut-off of the same report a period earlier; None for the first."""
    query = (
        select(func.max(Obligation.opens_at))
        .join(Matter, Matter.id == Obligation.id)
        .where(Matter.programme_id == programme_id, Obligation.duty == own.duty, Obligation.opens_at < own.opens_at)
    )
    return session.scalar(query)


_WAIVED_AT = select(func.max(Change.at)).where(Change.matter_id == Matter.id, Change.what == "waived").scalar_subquery()
"""When a waiver was given: the chase of what is waived later had ended by itself before."""


def owed(session: Session, programme_id: int, *, after: datetime | None, cut_off: datetime) -> list[Owed]:
    """Obligations that fell due in (after, cut_off], in order of area and due time; cancelled ones never existed."""
    rows = session.execute(
        select(Obligation, func.coalesce(_WAIVED_AT, Matter.closed_at), Matter.key, Matter.code, Matter.area)
        .join(Matter, Matter.id == Obligation.id)
        .where(
            Matter.programme_id == programme_id,
            Obligation.standing != Standing.CANCELLED,
            Obligation.due_at <= cut_off,
            *([Obligation.due_at > after] if after else []),
        )
        .order_by(Matter.area, Obligation.due_at, Obligation.id)
    )
    contents = _contents(session, programme_id, after=after, cut_off=cut_off)
    return [_owed(contents, cut_off, *row) for row in rows]


def _owed(
    contents: Mapping[int, Content],
    cut_off: datetime,
    o: Obligation,
    closed_at: datetime | None,
    key: str,
    code: str,
    area: str,
) -> Owed:
    by = judged_by(o.due_at, o.extended_until)
    ended_at = o.received_at if o.standing is Standing.RECEIVED else closed_at
    if ended_at is None or ended_at > cut_off or o.standing is Standing.OWED:
        return Owed(key, code, area, o.duty, o.due_at, by, Standing.OWED, None, None, "")
    content = contents.get(o.id) if o.standing is Standing.RECEIVED else None
    return Owed(key, code, area, o.duty, o.due_at, by, o.standing, content, o.received_at, o.reason)


def _contents(session: Session, programme_id: int, *, after: datetime | None, cut_off: datetime) -> dict[int, Content]:
    """By obligation, what the newest version received by the cut-off holds."""
    query = (
        select(Report.obligation_id, Report.content)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(Matter, Matter.id == Obligation.id)
        .where(
            Matter.programme_id == programme_id,
            Report.received_at <= cut_off,
            Obligation.due_at <= cut_off,
            *([Obligation.due_at > after] if after else []),
        )
        .order_by(Report.version)
    )
    return {row.obligation_id: row.content for row in session.execute(query)}


def problems(session: Session, programme_id: int, *, after: datetime | None, cut_off: datetime) -> list[Troubled]:
    """Problems that were open at some time in (after, cut_off], in the order in which they were opened."""
    query = (
        select(Matter, Issue)
        .join(Issue, Issue.id == Matter.id)
        .where(
            Matter.programme_id == programme_id,
            Matter.kind == Kind.ISSUE,
            Issue.opened_at <= cut_off,
            *([Issue.resolved_at.is_(None) | (Issue.resolved_at > after)] if after else []),
        )
        .order_by(Issue.opened_at, Issue.id)
    )
    return [Troubled(matter, issue, _steps(session, issue.id, cut_off)) for matter, issue in session.execute(query)]


def _steps(session: Session, issue_id: int, cut_off: datetime) -> list[tuple[IssueEvent, str]]:
    query = (
        select(IssueEvent, Office.title)
        .join(Office, Office.id == IssueEvent.office_id)
        .where(IssueEvent.issue_id == issue_id, IssueEvent.at <= cut_off)
        .order_by(IssueEvent.at, IssueEvent.id)
    )
    return [(event, title) for event, title in session.execute(query)]
