"""What came after a moment about reports and problems that were named before it."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from models.desk.changes import Change
from models.matters.issues import Issue, IssueEvent, Step
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from models.matters.submissions import Submission, SubmissionEvent
from rules.filing import Content
from rules.submissions import Step as Course


class Filed(NamedTuple):
    """A version of a report, kept at `at`."""

    code: str
    area: str
    version: int
    content: Content
    at: datetime


class Done(NamedTuple):
    """Something that was decided about a report, or done about a problem."""

    code: str
    area: str
    what: str
    at: datetime


def filed(session: Session, programme_id: int, keys: Collection[str], *, since: datetime) -> list[Filed]:
    """Versions of these reports that were kept after `since`, the first first."""
    query = (
        select(Matter.code, Matter.area, Report.version, Report.content, Report.recorded_at)
        .join_from(Report, Matter, Matter.id == Report.obligation_id)
        .where(Matter.programme_id == programme_id, Matter.key.in_(keys), Report.recorded_at > since)
        .order_by(Report.recorded_at, Report.id)
    )
    return [Filed(*row) for row in session.execute(query)]


def decided(
    session: Session, programme_id: int, keys: Collection[str], what: Collection[str], *, since: datetime
) -> list[Done]:
    """What was decided about these reports after `since`, the first first."""
    query = (
        select(Matter.code, Matter.area, Change.what, Change.at)
        .join_from(Change, Matter, Matter.id == Change.matter_id)
        .where(Matter.programme_id == programme_id, Matter.key.in_(keys), Change.what.in_(what), Change.at > since)
        .order_by(Change.at, Change.id)
    )
    return [Done(*row) for row in session.execute(query)]


def done(session: Session, programme_id: int, codes: Collection[str], *, since: datetime) -> list[Done]:
    """What was done about these problems after `since`, the first first; of none that is restricted now."""
    query = _steps(programme_id).where(Matter.code.in_(codes), IssueEvent.at > since)
    return [Done(*row) for row in session.execute(query.order_by(IssueEvent.at, IssueEvent.id))]


def recorded(
    session: Session, programme_id: int, codes: Collection[str], *, after: datetime, until: datetime, since: datetime
) -> list[Done]:
    """Problems of (after, until] that are none of these and were recorded after `since`; none that is restricted."""
    of_then = Issue.opened_at > after, Issue.opened_at <= until, Matter.code.not_in(codes)
    query = _steps(programme_id).where(*of_then, IssueEvent.step == Step.OPENED, IssueEvent.at > since)
    return [Done(*row) for row in session.execute(query.order_by(IssueEvent.at, IssueEvent.id))]


def restricted(session: Session, programme_id: int, codes: Collection[str]) -> list[Matter]:
    """Those of these problems that are restricted now, or went into one that is."""
    return list(session.scalars(_RESTRICTED, {"programme": programme_id, "codes": list(codes)})) if codes else []


_OTHER = aliased(Issue)
_RESTRICTED = (
    select(Matter)
    .join(Issue, Issue.id == Matter.id)
    .outerjoin(_OTHER, _OTHER.id == Issue.merged_into)
    .where(Matter.programme_id == bindparam("programme"), Matter.kind == Kind.ISSUE)
    .where(
        Matter.code.in_(bindparam("codes", expanding=True)), Issue.restricted.is_(True) | _OTHER.restricted.is_(True)
    )
    .order_by(Matter.id)
)


def named(session: Session, programme_id: int, codes: Collection[str]) -> list[Matter]:
    """The problems of these numbers."""
    of_these = Matter.programme_id == programme_id, Matter.kind == Kind.ISSUE, Matter.code.in_(codes)
    return list(session.scalars(select(Matter).where(*of_these).order_by(Matter.id)))


def _steps(programme_id: int) -> Select[str, str, Step, datetime]:
    return (
        select(Matter.code, Matter.area, IssueEvent.step, IssueEvent.at)
        .join_from(IssueEvent, Issue, Issue.id == IssueEvent.issue_id)
        .join(Matter, Matter.id == Issue.id)
        .where(Matter.programme_id == programme_id, Matter.kind == Kind.ISSUE, Issue.restricted.is_(False))
    )


class Corrected(NamedTuple):
    """A version that corrects an earlier one, and when it left."""

    submission: Submission
    duty: str
    key: str
    at: datetime


def corrections(session: Session, programme_id: int, *, after: datetime | None, until: datetime) -> list[Corrected]:
    """Corrections of own reports that left in (after, until], each once, the first first."""
    at = func.min(SubmissionEvent.at)
    query = (
        select(Submission, Obligation.duty, Matter.key, at)
        .join_from(Submission, SubmissionEvent, SubmissionEvent.submission_id == Submission.id)
        .join(Matter, Matter.id == Submission.obligation_id)
        .join(Obligation, Obligation.id == Matter.id)
        .where(Matter.programme_id == programme_id, Submission.correction > 0, SubmissionEvent.step == Course.SENT)
        .group_by(Submission.id, Obligation.duty, Matter.key)
        .having(at <= until, *([at > after] if after else []))
        .order_by(at, Submission.id)
    )
    return [Corrected(*row) for row in session.execute(query)]


def cut_off_before(session: Session, programme_id: int, duty: str, opens_at: datetime) -> datetime | None:
    """The cut-off of the same report a period earlier; None: it is the first."""
    query = (
        select(func.max(Obligation.opens_at))
        .join(Matter, Matter.id == Obligation.id)
        .where(Matter.programme_id == programme_id, Obligation.duty == duty, Obligation.opens_at < opens_at)
    )
    return session.scalar(query)
