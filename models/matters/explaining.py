"""What the books hold about one matter, or about one office on one day. It answers the question "why?"."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.matters.advice import Advice, Charge
from models.matters.issues import Issue
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.messages.messages import Attempt, Message
from models.messages.notices import Notice
from models.offices.offices import Office
from rules.filing import Standing


class Told(NamedTuple):
    """One decision, whom it concerned, and the message it went into (None: into none)."""

    notice: Notice
    office: Office
    matter: Matter
    message: Message | None


def about(session: Session, matter_id: int) -> list[Told]:
    """Every decision about a matter, in the order in which it was taken."""
    return _told(session, Notice.matter_id == matter_id)


def to_office(session: Session, office_id: int, *, start: datetime, end: datetime) -> list[Told]:
    """Every decision about an office that was planned, held or carried out in [start, end)."""
    then = (Notice.planned_at < end) & (
        (Notice.planned_at >= start) | (Notice.release_at >= start) & (Notice.release_at < end)
    )
    return _told(session, (Notice.office_id == office_id) & then)


def _told(session: Session, which: object) -> list[Told]:
    query = (
        select(Notice, Office, Matter, Message)
        .join(Office, Office.id == Notice.office_id)
        .join(Matter, Matter.id == Notice.matter_id)
        .outerjoin(Message, Message.id == Notice.message_id)
        .where(which)  # type: ignore[arg-type]
        .order_by(Notice.id)
    )
    return [Told(*row) for row in session.execute(query)]


def restricted(session: Session, matter_ids: Collection[int]) -> set[int]:
    """Those of them that only some offices read of: problems, and advice about one."""
    query = (
        select(Matter.id)
        .outerjoin(Charge, Charge.id == Matter.id)
        .outerjoin(Advice, Advice.id == Charge.advice_id)
        .join(Issue, (Issue.id == Matter.id) | (Issue.id == Advice.issue_id))
        .where(Matter.id.in_(matter_ids), Issue.restricted)
    )
    return set(session.scalars(query))


def attempts(session: Session, message_id: int) -> Sequence[Attempt]:
    """The tries of a message, the first first."""
    return session.scalars(select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.id)).all()


class Owing(NamedTuple):
    """An obligation that somebody owes now."""

    matter: Matter
    obligation: Obligation


_AWAITED = (Obligation.standing == Standing.OWED) | Obligation.returned_at.is_not(None)


def owed(session: Session, *, now: datetime, until: datetime) -> list[Owing]:
    """Owed reports: overdue and still chased, or due by `until`; by due time."""
    query = (
        select(Matter, Obligation)
        .join(Obligation, Obligation.id == Matter.id)
        .where(_AWAITED, Matter.closed_at.is_(None), Obligation.due_at <= until)
        .order_by(Obligation.due_at, Matter.area)
    )
    return [Owing(*row) for row in session.execute(query)]


def due_on(session: Session, areas: Sequence[str], *, start: datetime, end: datetime) -> list[Owing]:
    """Obligations of some areas whose chase touches [start, end), by due time; not those received before."""
    query = (
        select(Matter, Obligation)
        .join(Obligation, Obligation.id == Matter.id)
        .where(
            Matter.area.in_(areas),
            Obligation.opens_at < end,
            func.coalesce(Matter.closes_after, Obligation.due_at) >= start,
            Obligation.received_at.is_(None) | (Obligation.received_at >= start),
        )
        .order_by(Obligation.due_at)
    )
    return [Owing(*row) for row in session.execute(query)]
