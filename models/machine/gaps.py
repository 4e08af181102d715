"""Gaps in the books: when an older copy was put back, and what may have happened since it was made."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, bindparam, cast, func, literal, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models import direct
from models.base import Base, Instant, table
from models.desk.orders import Order
from models.desk.programmes import Document, Programme
from models.machine import clock, floors
from models.matters import appeals, numbers
from models.matters.advice import Advice
from models.matters.appeals import Appeal
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from models.matters.tasks import Task
from models.messages.inbound import Inbound
from models.messages.messages import Message
from models.offices.offices import Contact
from rules import gaps
from rules.delivery import State
from rules.filing import Standing
from rules.gaps import Seen


class Gap(Base):
    """Of what happened between `began_at` and `ended_at` these books know nothing.

    `asked_at`: when whoever owed a report was asked whether it is among what was lost, and sending went on; None: it
    has not.
    """

    __tablename__ = "gap"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime] = mapped_column(Instant)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)


def seen(session: Session) -> Seen | None:
    """How far these books are; None: nothing was loaded, or no clock has swept them yet."""
    swept = clock.marked(session, clock.SWEEP)
    first = session.execute(select(Document.code, Document.loaded_at).order_by(Document.id).limit(1)).one_or_none()
    if swept is None or first is None:
        return None
    receipts, messages = (session.scalar(select(func.max(of.id))) or 0 for of in (Report, Message))
    gone = session.scalars(select(Contact.id).where(Contact.withdrawn_at.is_not(None)).order_by(Contact.id))
    return Seen(f"{first.code} {first.loaded_at.isoformat()}", swept[0], receipts, messages, tuple(gone))


def add(session: Session, began_at: datetime, *, now: datetime) -> Gap:
    """Write a gap down: numbers rise above all that may have been given, and what may have left counts as doubled."""
    gap = Gap(began_at=began_at, ended_at=now)
    session.add(gap)
    session.flush()
    for name, of, step in (
        (floors.RECEIPT, Report, gaps.RECEIPTS),
        (floors.TASK, Task, gaps.CODES),
        (floors.WRITTEN, Inbound, gaps.RECEIPTS),
        (floors.ORDER, Order, gaps.CODES),
    ):
        floors.lift(session, name, gaps.floor(session.scalar(select(func.max(of.id))) or 0, step=step))
    for name, highest in _series(session).items():
        floors.lift(session, name, gaps.floor(highest, step=gaps.CODES))
    may_have_left = Message.state.in_([State.PENDING, State.SENDING, State.IN_DOUBT]), Message.created_at <= now
    session.execute(update(Message).where(*may_have_left, Message.repeated_at.is_(None)).values(repeated_at=now))
    return gap


_OTHERWISE = Kind.ADVICE, Kind.TASK
"""Kinds whose numbers are not counted by their codes."""


def _series(session: Session) -> dict[str, int]:
    """By series of every desk, the highest number in the copy; 0 where it has none."""
    number = cast(func.substr(Matter.code, 3), Integer)
    told = (  # one advice to several offices has several codes: A-0012-1, A-0012-2
        select(Programme.code, literal(Kind.ADVICE), func.max(Advice.number))
        .join(Programme, Programme.id == Advice.programme_id)
        .group_by(Programme.code)
    )
    own = (
        select(Programme.code, Matter.kind, func.max(number))
        .join(Programme, Programme.id == Matter.programme_id)
        .where(Matter.kind.not_in(_OTHERWISE))
        .group_by(Programme.code, Matter.kind)
    )
    asked = (
        select(Programme.code, literal(appeals.KIND), func.max(Appeal.number))
        .join(Programme, Programme.id == Appeal.programme_id)
        .group_by(Programme.code)
    )
    rows = [row for query in (own, told, asked) for row in session.execute(query)]
    desks = {numbers.at_desk(code) for code in session.scalars(select(Programme.code))}
    kinds = [kind for kind in (*Kind, appeals.KIND) if kind is not Kind.TASK]
    highest = {numbers.series(desk, kind): 0 for desk in desks for kind in kinds}
    for programme, kind, last in rows:
        name = numbers.series(numbers.at_desk(programme), kind)
        highest[name] = max(highest[name], last or 0)
    return highest


def unasked(session: Session) -> list[Gap]:
    """The gaps after which sending has not gone on yet, the oldest first."""
    return list(session.scalars(select(Gap).where(Gap.asked_at.is_(None)).order_by(Gap.id)))


def all_(session: Session) -> list[Gap]:
    """Every gap that there ever was, the oldest first."""
    return list(session.scalars(select(Gap).order_by(Gap.id)))


def lately(session: Session, *, now: datetime) -> list[Gap]:
    """The gaps that still matter to whoever reads, the oldest first."""
    found = direct.rows(session, _LATELY, {"since": now - gaps.AGAIN})  # nearly always none
    return [session.get_one(Gap, id) for (id,) in found]


_LATELY = select(table(Gap).c.id).where(table(Gap).c.ended_at > bindparam("since")).order_by(table(Gap).c.id)


def explains(session: Session, *, now: datetime) -> bool:
    """Whether news of a message that these books do not know is of what was lost in a gap that is known."""
    return bool(session.scalar(select(func.count()).where(Gap.ended_at > now - gaps.EXPLAINED)))


def between(session: Session, *, after: datetime, until: datetime) -> list[Gap]:
    """The gaps that reach into this time, the oldest first: also one that was noticed only after its end."""
    return list(session.scalars(select(Gap).where(Gap.ended_at > after, Gap.began_at < until).order_by(Gap.id)))


def within(session: Session, programme_id: int) -> list[Gap]:
    """The gaps in the life of an election, the oldest first: from when its calendar was first known to its closing."""
    known, of = aliased(Document), aliased(Document)
    first = select(func.min(known.loaded_at)).where(known.kind == of.kind, known.code == of.code).scalar_subquery()
    query = (
        select(Gap)
        .join(Programme, Programme.id == programme_id)
        .join(of, of.id == Programme.election_id)
        .where(Gap.ended_at > first, Programme.closed_at.is_(None) | (Gap.began_at < Programme.closed_at))
    )
    return list(session.scalars(query.order_by(Gap.id)))


def asked(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    session.execute(update(Gap).where(Gap.id.in_(ids)).values(asked_at=now))


def maybe_lost(session: Session, programme_id: int, gap: Gap) -> list[tuple[Matter, Obligation]]:
    """The reports owed now that may have been filed in the gap, in order of due time."""
    query = (
        select(Matter, Obligation)
        .join(Obligation, Obligation.id == Matter.id)
        .where(Matter.programme_id == programme_id, Matter.closed_at.is_(None))
        .where(Obligation.standing == Standing.OWED, Obligation.opens_at <= gap.ended_at)
        .order_by(Obligation.due_at, Obligation.id)
    )
    return [(matter, owed) for matter, owed in session.execute(query)]
