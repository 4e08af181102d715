"""Uses addresses again that were given up, all at once: the refusing server was at fault, not they."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.matters import tasks
from models.matters.tasks import Why
from models.messages import outbox
from models.messages.messages import Message
from models.offices import offices
from models.offices.offices import Contact, Office
from rules.delivery import State
from rules.desk import Channel


def revive(
    session: Session, hand: Hand, desk: str, *, channel: Channel | None = None, now: datetime
) -> list[tuple[Office, Contact]]:
    """Use every dead contact of a desk again, or of one channel, and return them. Safe to repeat."""
    dead = offices.dead(session, desk, channel)
    restore(session, [contact.id for _, contact in dead], now=now)
    for office, contact in dead:
        changes.record(session, hand, "contact confirmed", office.code, text=contact.channel, now=now)
    return dead


def restore(session: Session, contact_ids: Iterable[int], *, now: datetime) -> None:
    """Use contacts again from now on. Delivery reports about earlier messages do not give them up once more."""
    for office_id, channel in offices.revive(session, contact_ids, now=now):
        mended(session, office_id, channel, now=now)


def undo(session: Session, message_ids: Sequence[int], *, until: datetime, now: datetime) -> None:
    """Undo what refusals led to: their addresses are used again, and the messages wait until `until` for their next
    try.
    """
    for message in session.scalars(select(Message).where(Message.id.in_(message_ids)).order_by(Message.id)):
        outbox.again(session, message.id, State.FAILED, by="for its channel was at fault", now=until)
        shared = offices.sharing(session, [message.contact_id]).get(message.contact_id, ())
        restore(session, shared, now=now)


def mended(session: Session, office_id: int, channel: Channel, *, now: datetime) -> None:
    """End the task that asked for another address."""
    tasks.done(session, Why.DEAD_CONTACT, tasks.of_contact(office_id, channel), now=now)
