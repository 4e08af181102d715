"""What was sent since a moment: whom, how, and about what."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.messages.messages import Message
from models.messages.notices import Notice
from models.offices.offices import Office
from rules.delivery import State


class Told(NamedTuple):
    """One message. `about`: the duties, or other kinds of matters, of which it says something."""

    at: datetime
    channel: str
    office: str
    say: str
    about: tuple[str, ...]


def told(session: Session, *, since: datetime) -> list[Told]:
    """What a provider took since then, the first first."""
    sent = Message.state == State.SENT, Message.settled_at > since
    about: dict[int, set[str]] = {}
    kinds = (
        select(Notice.message_id, Obligation.duty, Matter.kind)
        .join(Matter, Matter.id == Notice.matter_id)
        .outerjoin(Obligation, Obligation.id == Matter.id)
        .join(Message, Message.id == Notice.message_id)
        .where(*sent)
    )
    for message_id, duty, kind in session.execute(kinds):
        about.setdefault(message_id or 0, set()).add(duty or kind)
    query = select(Message, Office.code).join(Office, Office.id == Message.office_id).where(*sent)
    return [
        Told(own.settled_at or since, own.channel, code, own.say, tuple(sorted(about.get(own.id, ()))))
        for own, code in session.execute(query.order_by(Message.settled_at, Message.id))
    ]
