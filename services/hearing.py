"""What providers say later of messages they took, and what is drawn from it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import rules.delivery_reports
from models.matters import tasks
from models.messages import delivery_reports, untold
from models.messages.messages import Message
from models.offices import offices
from models.offices.offices import Contact, Office
from rules.delivery_reports import Heard
from rules.desk import Channel
from services import ending

WAYS = {Channel.EMAIL: "Alamat surel", Channel.SMS: "Nomor SMS", Channel.WHATSAPP: "Nomor WhatsApp"}


def keep(session: Session, heard: Heard, *, now: datetime) -> bool:
    """Keep a delivery report and draw from it what it says; False: it is about no try of ours, and nothing was done.

    Harmless to repeat, and the same in every order. It may come before the try it is about was settled: then the
    settling, or the end of the doubt, finds it here.
    """
    message = session.scalar(select(Message).where(Message.id == heard.message_id).with_for_update())
    if message is None:
        return False
    ids, told_since = delivery_reports.ids_of(session, message)
    known = heard.provider_id in ids
    if (
        heard.provider_id
        and not known
        and not rules.delivery_reports.awaited(message.state, message.doubts, told_since, named=bool(ids))
    ):
        return False
    delivery_reports.add(session, heard, now=now)
    if rules.delivery_reports.settles(message.state, doubts=message.doubts, known=known):
        ending.accept(session, message.id, heard.provider_id, rules.delivery_reports.settled(now), now=now)
    if heard.fate.lost:
        untold.hasten(session, [message.id], now=now)
    if heard.dead:
        _give_up(session, message, code=heard.code, now=now)
    return True


def refused(session: Session, message_ids: Sequence[int], *, now: datetime) -> None:
    """Draw from refused tries what a delivery report would have said: the address takes nothing."""
    if message_ids:
        for message in session.scalars(select(Message).where(Message.id.in_(message_ids)).order_by(Message.id)):
            _give_up(session, message, now=now)


def _give_up(session: Session, message: Message, *, code: str = "", now: datetime) -> None:
    """Give up the address a message went to, for every office that shares it, each with a task of its own. An
    aide's is seen by whoever named him.
    """
    shared = offices.sharing(session, [message.contact_id])[message.contact_id]
    query = select(Contact, Office).join(Office, Office.id == Contact.office_id).where(Contact.id.in_(shared))
    for contact, office in session.execute(query.order_by(Contact.id)).all():
        same = rules.delivery_reports.kills(dead=True, address_since=contact.since, sent_at=message.created_at)
        if not same or not offices.give_up(session, contact.id) or office.aide:
            continue
        reason = f" (kode {code})" if code else ""
        text = f"{WAYS[contact.channel]} {office.title} tidak dapat menerima pesan lagi{reason}."
        tasks.open_(
            session,
            message.programme_id,
            tasks.Why.DEAD_CONTACT,
            tasks.of_contact(office.id, contact.channel),
            text,
            now=now,
            office_id=office.id,
        )
