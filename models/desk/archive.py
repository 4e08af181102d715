"""The rows of one programme that its archive keeps, by table. Nothing in it reaches a person or opens a door.

What is restricted is a part of its own: restricted problems, what was advised or asked because of them, the reports
they came with, and the annexes and versions that tell of them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, false, or_, select
from sqlalchemy.orm import Session

from models.base import Base, table
from models.desk.changes import Change, Way
from models.desk.programmes import Programme
from models.matters.advice import Advice, Charge
from models.matters.appeals import Appeal
from models.matters.arrivals import Arrival, ArrivalDocument
from models.matters.attachments import Attachment, Enclosure, Evidence, ReplyFile
from models.matters.documents import SubmissionDocument
from models.matters.guiding import Evaluation
from models.matters.issues import Issue, IssueEvent
from models.matters.matters import Matter
from models.matters.meetings import Minutes
from models.matters.obligations import Obligation
from models.matters.promises import Promise
from models.matters.reports import Report
from models.matters.risks import PlaceRisk
from models.matters.rollcalls import RollCall
from models.matters.sendings import Sending, SendingDocument
from models.matters.silences import Silence
from models.matters.submissions import NarrativeEdit, Submission, SubmissionEvent
from models.matters.tasks import Task
from models.matters.trips import Trip, TripPhoto
from models.messages.messages import Attempt, Message
from models.messages.notices import Notice
from models.messages.spending import BudgetRaise, Spending
from models.offices import offices


class Part(StrEnum):
    """OPEN: whoever may read the desk's books. RESTRICTED: whoever may read its restricted problems."""

    OPEN = "open"
    RESTRICTED = "restricted"


class Sheet(NamedTuple):
    """A table of the archive. Its rows belong where column `tie` names a row of `to` that belongs.

    `without`: columns that reach a person, open a door, or are purged before the archive is (`rules.retention`).
    """

    of: type[Base]
    tie: str
    to: type[Base]
    without: tuple[str, ...] = ()


SHEETS = (
    Sheet(Matter, "programme_id", Programme),
    Sheet(Obligation, "id", Matter),
    Sheet(Promise, "obligation_id", Obligation, ("note",)),
    Sheet(Report, "obligation_id", Obligation, ("proof",)),
    Sheet(Attachment, "report_id", Report),
    Sheet(Issue, "id", Matter, ("once",)),
    Sheet(IssueEvent, "issue_id", Issue),
    Sheet(Enclosure, "event_id", IssueEvent),
    Sheet(ReplyFile, "matter_id", Matter, ("inbound_id",)),
    Sheet(Advice, "programme_id", Programme),
    Sheet(Charge, "id", Matter),
    Sheet(Evidence, "charge_id", Charge),
    Sheet(Minutes, "meeting_id", Advice),
    Sheet(Trip, "id", Matter, ("once",)),
    Sheet(TripPhoto, "trip_id", Trip),
    Sheet(Appeal, "programme_id", Programme),
    Sheet(Task, "programme_id", Programme, ("text",)),
    Sheet(Silence, "programme_id", Programme),
    Sheet(PlaceRisk, "programme_id", Programme),
    Sheet(Evaluation, "programme_id", Programme),
    Sheet(Submission, "obligation_id", Obligation, ("restricted",)),
    Sheet(SubmissionEvent, "submission_id", Submission),
    Sheet(NarrativeEdit, "submission_id", Submission),
    Sheet(SubmissionDocument, "submission_id", Submission),
    Sheet(Sending, "submission_id", Submission),
    Sheet(SendingDocument, "sending_id", Sending),
    Sheet(Arrival, "programme_id", Programme, ("key",)),
    Sheet(ArrivalDocument, "arrival_id", Arrival),
    Sheet(RollCall, "id", Matter, ("contact_id", "name")),
    Sheet(Notice, "matter_id", Matter),
    Sheet(Message, "programme_id", Programme, ("contact_id", "provider_id", "subject", "text", "nonce", "fence")),
    Sheet(Attempt, "message_id", Message, ("provider_id",)),
    Sheet(Spending, "programme_id", Programme),
    Sheet(BudgetRaise, "programme_id", Programme),
    Sheet(Change, "programme_id", Programme),
)

LEFT_OUT: Mapping[str, str] = {
    **dict.fromkeys(
        ("contact", "assignment", "departure", "inbound", "inbound_word", "delivery_report"), "reaches people"
    ),
    **dict.fromkeys(("access_token", "desk_key", "guest", "guest_look", "link", "session", "sign_in"), "opens doors"),
    **dict.fromkeys(("draft", "upload"), "was never sent"),
    **dict.fromkeys(("duty_shift", "rearrangement", "desk_order", "folio"), "is the desk's, of every election"),
    **dict.fromkeys(("aide", "aide_asked"), "is read by the district alone, and goes soon"),
    **dict.fromkeys(("channel", "floor", "gap", "inquiry", "mailbox", "mark", "stop"), "is the machine's"),
    **dict.fromkeys(("document", "office", "programme"), "is there as a file of its own"),
}
"""Why the other tables are in no archive."""

_BY = {sheet.of: sheet for sheet in SHEETS}


@dataclass(frozen=True)
class Own:
    """A programme, and what of it is restricted: the ids by table. What hangs on one of these is restricted too."""

    programme_id: int
    hidden: Mapping[type[Base], Collection[int]]


def own(session: Session, programme_id: int, *, withheld: Collection[int]) -> Own:
    """What is restricted in a programme. `withheld`: versions of reports to the Government that tell of it by now."""
    of_it = Matter.programme_id == programme_id
    issues = set(session.scalars(select(Issue.id).join(Matter, Matter.id == Issue.id).where(of_it, Issue.restricted)))
    advice = set(session.scalars(select(Advice.id).where(Advice.issue_id.in_(issues))))
    charges = set(session.scalars(select(Charge.id).where(Charge.advice_id.in_(advice))))
    appeals = set(session.scalars(select(Appeal.id).where(Appeal.issue_id.in_(issues))))
    came_with = select(Issue.obligation_id).where(Issue.id.in_(issues), Issue.obligation_id.is_not(None))
    reports = set(session.scalars(select(Report.id).where(Report.obligation_id.in_(came_with))))
    hidden = {Matter: issues | charges, Advice: advice, Appeal: appeals, Report: reports, Submission: set(withheld)}
    return Own(programme_id, hidden)


def rows(session: Session, sheet: Sheet, own: Own, part: Part) -> Iterator[dict[str, Any]]:
    """The rows of a table that belong to a part, in the order of their key."""
    of = table(sheet.of)
    kept = [_said(sheet.of, column) for column in of.c if column.name not in sheet.without]
    hidden = _hidden(sheet.of, own)
    query = select(*kept).where(_belongs(sheet.of, own), hidden if part is Part.RESTRICTED else ~hidden)
    for row in session.execute(query.order_by(*of.primary_key.columns), execution_options={"yield_per": 500}):
        yield {column.name: value for column, value in zip(kept, row, strict=True)}


def _said(of: type[Base], column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column; of what somebody did by writing to the desk, without the words that he wrote."""
    if of is Change and column.name == "text":
        return case((table(Change).c.way == Way.REPLY, ""), else_=column).label(column.name)
    return column


def annexes(session: Session, own: Own) -> list[dict[str, Any]]:
    """The frozen facts of restricted annexes."""
    of = table(Submission).c
    query = select(of.id, of.name, of.restricted).where(_belongs(Submission, own), of.restricted.is_not(None))
    return [dict(zip(("id", "name", "restricted"), row, strict=True)) for row in session.execute(query)]


def submissions(session: Session, programme_id: int) -> list[Submission]:
    """Every version of the reports to the Government, the first first."""
    query = select(Submission).join(Matter, Matter.id == Submission.obligation_id)
    return list(session.scalars(query.where(Matter.programme_id == programme_id).order_by(Submission.id)))


def named(session: Session, desk: str) -> list[dict[str, Any]]:
    """The offices that rows name by their id."""
    return [{"id": own.id, "code": own.code, "title": own.title} for own in offices.all_of(session, desk)]


def _belongs(of: type[Base], own: Own) -> ColumnElement[bool]:
    if of is Programme:
        return table(Programme).c.id == own.programme_id
    sheet = _BY[of]
    return _tied(sheet, _belongs(sheet.to, own))


def _hidden(of: type[Base], own: Own) -> ColumnElement[bool]:
    """Whether a row, or one that it hangs on, is restricted."""
    if of is Programme:
        return false()
    sheet, columns = _BY[of], table(of).c
    ways = [_tied(sheet, _hidden(sheet.to, own))] if sheet.to is not Programme else []
    if of in own.hidden:
        ways.append(columns.id.in_(own.hidden[of]))
    elif "matter_id" in columns and sheet.tie != "matter_id":
        ways.append(columns.matter_id.is_not(None) & columns.matter_id.in_(own.hidden[Matter]))
    return or_(false(), *ways)


def _tied(sheet: Sheet, which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a row names one of those rows of the table above it."""
    above = table(sheet.to)
    return table(sheet.of).c[sheet.tie].in_(select(above.c.id).where(which))
