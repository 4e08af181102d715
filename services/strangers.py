"""Somebody says "bukan saya": nothing more goes to that address, and it is seen to that no office falls silent by it.

Whoever holds a link may say it, also one that was forwarded. So it is written down and told: to the secretariat, which
can undo it, to whoever coordinates the office, and to the office itself by any other way that it has.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.matters import tasks
from models.messages import messages, releasing
from models.messages.notices import About
from models.offices import links, offices, sessions
from models.offices.offices import Contact, Office
from rules import rollcalls
from rules.desk import Channel
from rules.ladder import Say
from rules.programme import Programme
from rules.tasks import LADDER, Why
from services.hearing import WAYS
from services.telling import tell

REASON = "bukan saya"
_BY = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP)


def withdraw(
    session: Session,
    programme_id: int,
    programme: Programme,
    contact: Contact,
    *,
    everybody: bool,
    hand: Hand,
    now: datetime,
) -> list[Office]:
    """Stop everything to an address at once; the offices that were reached by it. Safe to repeat.

    Args:
        everybody: the address is nobody's here. Otherwise it is only not this office's; others that share it go on.
    """
    theirs = _alike(session, contact, everybody=everybody)
    withdrawn = set(offices.withdraw(session, [own.id for own, _ in theirs], now=now))
    found = [(own, office) for own, office in theirs if own.id in withdrawn]
    releasing.put_back(session, messages.take_back(session, withdrawn, now=now), now=now)
    links.revoke_of(session, messages.sent_to(session, withdrawn), now=now)
    sessions.end_of(session, withdrawn, why="withdrawn", now=now)
    for own, office in found:
        text = f"{own.channel}: {REASON}"
        changes.record(session, hand, "contact withdrawn", office.code, programme_id, text=text, now=now)
        if office.aide:
            continue  # whoever named him sees it on his own page
        _tell(session, programme_id, programme, own, office, now)
    return list({office.id: office for _, office in found}.values())


def _alike(session: Session, contact: Contact, *, everybody: bool) -> Sequence[tuple[Contact, Office]]:
    """The same address in use, by whatever channel: a number for texts and WhatsApp is one phone.

    At the office's own desk alone: another desk asks for itself, and would have nobody who is told.
    """
    query = select(Contact, Office).join(Office, Office.id == Contact.office_id).order_by(Contact.id)
    query = query.where(Contact.address == contact.address, Contact.state == Contact.State.ACTIVE)
    own_desk = select(Office.desk).where(Office.id == contact.office_id).scalar_subquery()
    query = query.where(Office.desk == own_desk if everybody else Contact.office_id == contact.office_id)
    return [(own, office) for own, office in session.execute(query.with_for_update())]


def sharers(session: Session, contact: Contact) -> list[str]:
    """The titles of other offices that the same address reaches."""
    return sorted({o.title for c, o in _alike(session, contact, everybody=True) if o.id != contact.office_id})


def _tell(
    session: Session, programme_id: int, programme: Programme, contact: Contact, office: Office, now: datetime
) -> None:
    subject = tasks.of_contact(office.id, contact.channel)
    text = f"{WAYS[contact.channel]} {office.title} ditarik: penerimanya menyatakan {REASON}."
    tasks.open_(session, programme_id, Why.WRONG_RECIPIENT, subject, text, now=now, office_id=office.id)
    matter = tasks.matter(session, Why.WRONG_RECIPIENT, subject)
    if matter is None or programme.policy.tasks is None:
        return
    desk = programme.desk
    above = desk.coordinators.get(rollcalls.place(desk, office.code), desk.secretary)
    above = desk.secretary if above == office.code else above
    about = About(matter.id, LADDER, matter.round, "withdrawn")
    for code in dict.fromkeys((above, office.code)):
        if code != desk.secretariat and any(own.code == code for own in desk.offices):
            tell(session, programme, code, about, Say.TASK, by=_BY, now=now)
