"""What was sent since a moment: whom, how, about what, and in which words."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.tasks import Task
from models.messages.messages import ASKED_FOR, Message
from models.messages.notices import Notice
from models.offices.offices import Office
from rules import links
from rules.delivery import State
from rules.foretold import Told


def told(session: Session, *, since: datetime, desk: str = "") -> list[Told]:
    """What a provider took since then, the first first; of one desk, if it is named. What somebody asked for himself is
    left out, such as a link to sign in. A task is named by what it is about: its number is luck.
    """
    sent = [Message.state == State.SENT, Message.settled_at > since, ~ASKED_FOR]
    sent += [Message.office_id.in_(select(Office.id).where(Office.desk == desk))] if desk else []
    about: dict[int, set[tuple[str, str, str]]] = {}
    matters = (
        select(Notice.message_id, Obligation.duty, Matter.kind, Matter.key, Matter.area, Task.why, Task.subject)
        .join(Matter, Matter.id == Notice.matter_id)
        .outerjoin(Obligation, Obligation.id == Matter.id)
        .outerjoin(Task, Task.matter_id == Matter.id)
        .join(Message, Message.id == Notice.message_id)
        .where(*sent)
    )
    for message_id, duty, kind, key, area, why, subject in session.execute(matters):
        known = f"task/{why}/{subject}" if why else key
        about.setdefault(message_id or 0, set()).add((duty or kind, known, area if duty else ""))
    query = select(Message, Office.code).join(Office, Office.id == Message.office_id).where(*sent)
    return [
        Told(
            own.settled_at or since,
            own.channel,
            code,
            own.say,
            tuple(sorted({what for what, _, _ in about.get(own.id, ())})),
            tuple(sorted(key for _, key, _ in about.get(own.id, ()))),
            links.by_no_luck(f"{own.subject}\n{own.text}"),
            tuple(sorted({area for _, _, area in about.get(own.id, ()) if area})),
        )
        for own, code in session.execute(query.order_by(Message.settled_at, Message.id))
    ]
