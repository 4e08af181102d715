"""The tries that were made: what the state of a channel is judged by."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.messages.messages import Attempt, Message
from models.messages.settling import UNTRIED
from models.offices.offices import Contact
from rules.desk import Channel

_TRIES = (
    select(Attempt.message_id, Contact.address, Attempt.outcome, Attempt.why)
    .join(Message, Message.id == Attempt.message_id)
    .join(Contact, Contact.id == Message.contact_id)
    .where(Attempt.outcome.not_in(UNTRIED))
    .order_by(Attempt.id.desc())
)
_LAST_TRIES = _TRIES.where(Message.channel == bindparam("channel")).limit(bindparam("most"))


def last(session: Session, channel: Channel, most: int) -> list[tuple[int, str, str, str]]:
    """The last tries of a channel, the newest first: the message, where it went, how it ended and why."""
    return [(*row,) for row in session.execute(_LAST_TRIES, {"channel": channel, "most": most})]


def of(session: Session, ids: Collection[int], *, until: datetime) -> list[tuple[int, str, str, str]]:
    """The same of these messages, as far as they were over by then."""
    return [(*row,) for row in session.execute(_TRIES.where(Attempt.message_id.in_(ids), Attempt.ended_at <= until))]
