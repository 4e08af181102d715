"""Whoever wants no more messages, or is not the one they are meant for. A person is told of both."""

from models.matters import tasks
from models.offices import offices
from models.offices.offices import Contact
from rules.desk import Channel
from rules.replies.spoken import Act, Sender
from rules.replies.wording import Result
from services import aides, strangers
from services.doing import Doing

WAYS = {Channel.EMAIL: "surel", Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}


def stop(doing: Doing, act: Act) -> Result:
    """End this way if another one reaches the office; duty messages go on otherwise. A person is told anyway."""
    contact = doing.session.get(Contact, doing.row.contact_id) if doing.row.contact_id else None
    office = doing.talk.office
    assert office is not None
    if office.aide:
        return _stopped(doing, act, contact)
    ways = offices.reach(doing.session, office.desk, office.code)[office.code].channels
    others = [channel for channel in ways if contact is None or channel is not contact.channel]
    if contact is None or not others or doing.row.sender is not Sender.KNOWN:
        return Result(act.does, told="Pesan tugas belum dapat dihentikan; Sekretariat akan menghubungi.")
    offices.give_up(doing.session, contact.id)
    _contact_task(doing, contact, "minta tidak dikirimi lagi lewat")
    return Result(
        act.does, told=f"Pesan lewat {WAYS[contact.channel]} kami hentikan; berikutnya lewat {WAYS[others[0]]}."
    )


def _stopped(doing: Doing, act: Act, contact: Contact | None) -> Result:
    """An aide owes nothing: he is told no more, and whoever named him sees it."""
    if contact is not None and doing.row.sender in (Sender.KNOWN, Sender.SHARED):
        aides.stop(doing.session, contact, now=doing.now)
    return Result(act.does)


def suspend(doing: Doing, act: Act) -> Result:
    """Nothing more goes to this number until a person has looked: "bukan saya" as it is said on a link's page."""
    contact = doing.session.get(Contact, doing.row.contact_id) if doing.row.contact_id else None
    programme = doing.talk.programmes.get(doing.row.programme_id or 0)
    if contact is not None and programme is not None and doing.row.sender in (Sender.KNOWN, Sender.SHARED):
        id = doing.row.programme_id or 0
        strangers.withdraw(doing.session, id, programme, contact, everybody=True, hand=doing.hand, now=doing.now)
    return Result(act.does)


def _contact_task(doing: Doing, contact: Contact, what: str) -> None:
    office, programme_id = doing.talk.office, doing.row.programme_id
    assert office is not None
    if programme_id is None:
        return
    tasks.open_(
        doing.session,
        programme_id,
        tasks.Why.DEAD_CONTACT,
        tasks.of_contact(office.id, contact.channel),
        f"{office.title} {what} {WAYS[contact.channel]}.",
        now=doing.now,
        office_id=office.id,
    )
