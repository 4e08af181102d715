"""Whole phone numbers of offices, for somebody who must phone about a matter. Each look is written down."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.offices import offices
from models.offices.offices import Contact
from rules import indonesian
from rules.desk import Channel, Desk


class Telephone(NamedTuple):
    """A number to phone. `number` is in E.164, `shown` as it is read out.

    `stopped`: no message goes there any more; `disowned`: whoever got one said that it is not this office's.
    """

    office: str
    number: str
    shown: str
    stopped: bool
    disowned: bool


def lines(
    session: Session, programme_id: int, desk: Desk, wanted: Mapping[int, Sequence[str]], *, hand: Hand, now: datetime
) -> dict[int, list[Telephone]]:
    """By matter, whom to phone: the first of its offices that has a number. Safe to repeat.

    Args:
        wanted: by matter, codes of offices. Whoever asks may see the numbers (`rules.access.phones`).
        hand: who sees them; this is written down once a session for each matter.
    """
    ids, titles = offices.ids_of(session, desk.code), {office.code: office.title for office in desk.offices}
    codes = {code for own in wanted.values() for code in own} & ids.keys() & titles.keys()
    reached = offices.current(session, [ids[code] for code in codes])
    numbers = {code: _of(titles[code], reached.get(ids[code], ())) for code in codes}
    seen = changes.seen(session, hand, wanted)
    to_phone: dict[int, list[Telephone]] = {}
    for matter_id, own in wanted.items():
        code = next((code for code in own if numbers.get(code)), None)
        if code is None:
            continue
        to_phone[matter_id] = numbers[code]
        if (matter_id, code) not in seen:
            changes.record(session, hand, changes.SHOWN, code, programme_id, matter_id, now=now)
    return to_phone


def _of(title: str, contacts: Sequence[Contact]) -> list[Telephone]:
    """Each number once, even if texts and WhatsApp go to the same one."""
    phones = [contact for contact in contacts if contact.channel is not Channel.EMAIL]
    working = {contact.address for contact in phones if contact.state is Contact.State.ACTIVE}
    disowned = {contact.address for contact in phones if contact.withdrawn_at is not None}
    return [
        Telephone(title, number, indonesian.telephone(number), number not in working, number in disowned)
        for number in dict.fromkeys(contact.address for contact in phones)
    ]
