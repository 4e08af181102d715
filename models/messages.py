"""Messages and the tries to hand them over. The row comes first; the broker only carries its id."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, and_, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import notices
from models.base import Base, Instant, pairs
from rules.delivery import State, Verdict
from rules.desk import Channel
from rules.ladder import Say


class Message(Base):
    """One text to one address, kept for the audit trail; never deleted.

    `subject`, `text` and `segments` are what was last tried, word for word. The address is not here: it is read
    when the message is claimed, and stays in the contact tables. `fence` rises with every claim, so that a worker
    that wakes up late cannot settle another's try.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    channel: Mapped[Channel] = mapped_column(String(10))
    say: Mapped[Say] = mapped_column(String(12))
    state: Mapped[State] = mapped_column(String(10), default=State.PENDING)
    created_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)  # next try; end of the lease while sending
    rung_at: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    provider_id: Mapped[str | None] = mapped_column(String(80))
    why: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    segments: Mapped[int] = mapped_column(default=0)


class Attempt(Base):
    """One call to a provider and how it ended; appended, never changed."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    number: Mapped[int]
    ended_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(String(200), default="")
    provider_id: Mapped[str | None] = mapped_column(String(80))


WAITING = Message.due_at.is_not(None)
Index("message_due_ix", Message.due_at, sqlite_where=WAITING, postgresql_where=WAITING)
Index("message_contact_ix", Message.contact_id, Message.created_at)


class Outgoing(NamedTuple):
    """A message to create."""

    programme_id: int
    office_id: int
    contact_id: int
    channel: Channel
    say: Say


class Claim(NamedTuple):
    """A message this worker holds until its lease ends."""

    id: int
    fence: int
    tries: int
    programme_id: int
    office_id: int
    contact_id: int
    channel: Channel
    say: Say
    created_at: datetime


class Said(NamedTuple):
    """What a message said when it was tried; `segments` of a text, 0 for a mail."""

    subject: str
    text: str
    segments: int


class Outcome(NamedTuple):
    """What became of one claim. `outcome`: accepted, refused, temporary, unknown, channel_down or moot."""

    claim: Claim
    verdict: Verdict
    outcome: str
    provider_id: str | None = None
    said: Said = Said("", "", 0)


def ended() -> ColumnElement[bool]:
    """Nothing more will be tried: handed over, failed, cancelled, or left in doubt for good."""
    return Message.due_at.is_(None)


def create(session: Session, outgoing: Sequence[Outgoing], *, now: datetime) -> list[int]:
    """Store messages, due now; their ids in the same order."""
    rows = [message._asdict() | {"state": State.PENDING, "created_at": now, "due_at": now} for message in outgoing]
    if not rows:
        return []
    return list(session.scalars(insert(Message).returning(Message.id, sort_by_parameter_order=True), rows))


def to_ring(session: Session, *, now: datetime, again: timedelta, limit: int = 5000) -> dict[Channel, list[int]]:
    """Messages to try now, by channel, the longest waiting first; each is rung for once in `again`."""
    unheard = or_(Message.rung_at.is_(None), Message.rung_at <= now - again)
    query = select(Message.id, Message.channel).where(
        WAITING, Message.state == State.PENDING, Message.due_at <= now, unheard
    )
    found: dict[Channel, list[int]] = defaultdict(list)
    for id, channel in session.execute(query.order_by(Message.due_at, Message.id).limit(limit)):
        found[Channel(channel)].append(id)
    if found:
        rung = [id for ids in found.values() for id in ids]
        session.execute(
            update(Message).where(Message.id.in_(rung)).values(rung_at=now),
            execution_options={"synchronize_session": False},
        )
    return found


def claim(session: Session, ids: Iterable[int], *, lease: timedelta, now: datetime) -> list[Claim]:
    """Take what is free of `ids`: lock by primary key, then mark as being sent. What others hold is left out."""
    columns = [getattr(Message, name) for name in Claim._fields]
    free = session.execute(
        select(*columns)
        .where(Message.id.in_(list(ids)), Message.state == State.PENDING, Message.due_at <= now)
        .order_by(Message.id)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(
        update(Message)
        .where(Message.id.in_([row.id for row in free]))
        .values(state=State.SENDING, due_at=now + lease, tries=Message.tries + 1, fence=Message.fence + 1),
        execution_options={"synchronize_session": False},
    )
    return [Claim(*row)._replace(fence=row.fence + 1, tries=row.tries + 1) for row in free]


def settle(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> list[int]:
    """Write how tries ended; the ids that were still ours. A claim that outlived its lease settles nothing."""
    if not outcomes:
        return []
    pair = pairs(session, [(o.claim.id, o.claim.fence) for o in outcomes])
    ours = set(
        session.scalars(
            select(Message.id)
            .join(pair, and_(Message.id == pair.c.left, Message.fence == pair.c.right))
            .where(Message.state == State.SENDING)
            .with_for_update(of=Message)
        )
    )
    kept = [o for o in outcomes if o.claim.id in ours]
    for outcome in kept:
        _settle(session, outcome, now)
    if kept:
        session.execute(insert(Attempt), [_attempt(outcome, now) for outcome in kept])
    notices.warned(session, ours, now=now)
    return sorted(ours)


def _settle(session: Session, outcome: Outcome, now: datetime) -> None:
    verdict = outcome.verdict
    session.execute(
        update(Message)
        .where(Message.id == outcome.claim.id)
        .values(
            state=verdict.state,
            due_at=verdict.due_at,
            rung_at=None,
            tries=Message.tries - 1 + verdict.tries_spent,
            doubts=Message.doubts + (verdict.state is State.IN_DOUBT),
            settled_at=now if verdict.due_at is None else None,
            provider_id=outcome.provider_id,
            why=verdict.why[:200],
            subject=outcome.said.subject,
            text=outcome.said.text,
            segments=outcome.said.segments,
        )
    )


def _attempt(outcome: Outcome, now: datetime) -> dict[str, object]:
    return {
        "message_id": outcome.claim.id,
        "number": outcome.claim.tries,
        "ended_at": now,
        "outcome": outcome.outcome,
        "why": outcome.verdict.why[:200],
        "provider_id": outcome.provider_id,
    }


class Lost(NamedTuple):
    """A message whose worker fell silent, or whose doubt has lasted long enough."""

    id: int
    programme_id: int
    channel: Channel
    state: State
    doubts: int


def lost(session: Session, *, now: datetime, limit: int = 500) -> list[Lost]:
    """Messages being sent past their lease, and in doubt past their time, locked."""
    rows = session.execute(
        select(Message.id, Message.programme_id, Message.channel, Message.state, Message.doubts)
        .where(WAITING, Message.due_at <= now, Message.state.in_([State.SENDING, State.IN_DOUBT]))
        .order_by(Message.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Lost(row[0], row[1], Channel(row[2]), State(row[3]), row[4]) for row in rows]


def rule_on(session: Session, id: int, verdict: Verdict, *, now: datetime) -> None:
    """Write what was decided about a lost message, under a new fence: its old worker settles nothing any more."""
    session.execute(
        update(Message)
        .where(Message.id == id)
        .values(
            state=verdict.state,
            due_at=verdict.due_at,
            rung_at=None,
            fence=Message.fence + 1,
            doubts=Message.doubts + (verdict.state is State.IN_DOUBT and verdict.due_at is not None),
            settled_at=now if verdict.due_at is None else None,
            why=verdict.why[:200],
        )
    )
    if verdict.due_at is None:
        notices.warned(session, [id], now=now)


class Past(NamedTuple):
    """What an address got lately."""

    last_at: datetime
    today: int


def past(session: Session, contact_ids: Iterable[int], *, since: datetime) -> dict[int, Past]:
    """By contact: when the last message was made, and how many since `since`. Cancelled ones do not count."""
    rows = session.execute(
        select(Message.contact_id, func.max(Message.created_at), func.count())
        .where(Message.contact_id.in_(list(contact_ids)), Message.created_at >= since, Message.state != State.CANCELLED)
        .group_by(Message.contact_id)
    )
    return {contact: Past(last_at, today) for contact, last_at, today in rows}


def next_times(session: Session) -> Sequence[datetime | None]:
    """The earliest of: a matter to look at, a notice to release, a message to try. None: nothing waits there."""
    from models.matters import OPEN, Matter
    from models.notices import PLANNED, Notice

    row = session.execute(
        select(
            select(func.min(Matter.next_at)).where(OPEN).scalar_subquery(),
            select(func.min(Notice.release_at)).where(PLANNED).scalar_subquery(),
            select(func.min(Message.due_at)).where(WAITING).scalar_subquery(),
        )
    ).one()
    return tuple(row)


def unsettled(session: Session, *, before: datetime) -> Sequence[Message]:
    """Messages that should have ended by now and have not, or ended badly: what a person should see."""
    return session.scalars(
        select(Message)
        .where(or_(and_(WAITING, Message.created_at <= before), Message.state.in_([State.FAILED, State.IN_DOUBT])))
        .order_by(Message.id)
    ).all()
