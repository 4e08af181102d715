"""Messages in doubt: what the books know of the try whose end is unknown, and how the doubt ends."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, insert, select, update
from sqlalchemy.orm import Session

from models.base import table
from models.messages import settling, spending
from models.messages.messages import Attempt, Message
from models.messages.settling import Lost
from models.messages.spending import Charge
from models.offices.offices import Contact
from rules.delivery import State, Verdict
from rules.desk import Channel

SILENT = "lost"
"""How the attempt of a worker that fell silent ended; what it said is not known."""

FOUND = "found"
"""How a try of unknown end is told of a second time, once its provider has told of it."""

_M = table(Message)


class Doubt(NamedTuple):
    """A message in doubt, held for one question.

    `ended_at`: when the try whose end is unknown was over at the latest.
    """

    id: int
    fence: int
    programme_id: int
    channel: Channel
    tries: int
    repeated: bool
    address: str
    text: str
    ended_at: datetime


def note_lost(session: Session, message: Lost, *, cost: int, carrier: str) -> None:
    """Keep the try of a worker that fell silent: it was over when its lease was. It may have to be paid."""
    row: dict[str, object] = {
        "message_id": message.id,
        "number": message.tries,
        "ended_at": message.due_at,
        "outcome": SILENT,
        "cost": cost,
    }
    spending.charge(session, [Charge(message.id, message.channel, carrier, 1, cost)])
    session.execute(
        insert(table(Attempt)), [row | {"why": "the worker fell silent", "provider_id": None, "cost": cost}]
    )


def hold(session: Session, ids: Sequence[int], *, until: datetime) -> list[Doubt]:
    """Take messages in doubt for one question each, under a new fence; others leave them alone `until` then."""
    if not ids:
        return []
    session.execute(
        update(Message)
        .where(Message.id.in_(ids), Message.state == State.IN_DOUBT)
        .values(fence=Message.fence + 1, due_at=until)
    )
    rows = session.execute(
        select(Message, Contact.address)
        .join(Contact, Contact.id == Message.contact_id)
        .where(Message.id.in_(ids), Message.state == State.IN_DOUBT)
        .order_by(Message.id)
    )
    return [_doubt(session, message, address) for message, address in rows]


def _doubt(session: Session, message: Message, address: str) -> Doubt:
    last = session.scalars(
        select(Attempt).where(Attempt.message_id == message.id).order_by(Attempt.id.desc()).limit(1)
    ).one_or_none()
    return Doubt(
        id=message.id,
        fence=message.fence,
        programme_id=message.programme_id,
        channel=message.channel,
        tries=message.tries,
        repeated=message.repeated_at is not None,
        address=address,
        text=message.text,
        ended_at=last.ended_at if last is not None else message.created_at,
    )


def settle(session: Session, doubt: Doubt, verdict: Verdict, *, provider_id: str | None, now: datetime) -> bool:
    """Write what the provider's answer made of a doubt; False: something else settled it meanwhile."""
    held = select(Message.id).where(
        Message.id == doubt.id, Message.fence == doubt.fence, Message.state == State.IN_DOUBT
    )
    if session.scalar(held.with_for_update()) is None:
        return False
    if verdict.state is State.SENT:
        accept(session, doubt.id, provider_id or "", verdict, now=now)
        return True
    again = {"repeated_at": now} if verdict.state is State.PENDING else {}
    settling.write(session, doubt.id, verdict, now=now, **again)
    return True


def accept(session: Session, message_id: int, provider_id: str, verdict: Verdict, *, now: datetime) -> None:
    """End a doubt: the provider has it. Its attempt is told of a second time, with the provider's id.

    Where a second try was decided on and none was made since, none is needed: it did not arrive twice.
    """
    known = {"provider_id": provider_id} if provider_id else {}
    waited = (_M.c.state == State.PENDING) & (_M.c.doubts <= 1)
    settling.write(
        session, message_id, verdict, now=now, repeated_at=case((waited, None), else_=_M.c.repeated_at), **known
    )
    tries = session.scalar(select(Message.tries).where(Message.id == message_id)) or 1
    attempt = {"message_id": message_id, "number": tries, "ended_at": now, "outcome": FOUND, "why": verdict.why[:200]}
    session.execute(insert(table(Attempt)), [attempt | {"provider_id": provider_id or None}])


def doubled(session: Session, *, since: datetime) -> list[int]:
    """Messages that were tried again since then though they may have arrived: their offices may have two."""
    query = select(Message).where(Message.repeated_at >= since).order_by(Message.id)
    return [message.id for message in session.scalars(query) if message.possibly_doubled]
