"""A message that came in is kept before anything else is done with it; and who wrote it, by his contact."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models.messages import inbound
from models.messages.inbound import Came
from models.messages.messages import Message
from models.offices import aides, offices
from models.offices.offices import Contact, Office
from rules.desk import Channel
from rules.programme import Programme, foremost
from rules.replies.spoken import Sender

PHONES = (Channel.WHATSAPP, Channel.SMS)
"""One number may be kept for either: whoever writes by the other is the same."""

LONGEST = 120
"""Characters of a provider's id; of a longer one its digest is kept."""


class Sent(NamedTuple):
    """What a provider handed us. `by`: the address it came from; `shown`: the same, veiled.

    `answers`: the id of our message that it answers, if that is proved. `came_at`: when it reached a mailbox of ours,
    if it lay there before it was handed on.
    """

    key: str
    channel: Channel
    by: str
    shown: str
    raw: bytes
    html: bytes = b""
    subject: str = ""
    headers: Mapping[str, str] = {}
    forwarded: bool = False
    files: Sequence[Mapping[str, Any]] = ()
    answers: int | None = None
    came_at: datetime | None = None


def keep(session: Session, sent: Sent, live: Mapping[int, Programme], *, now: datetime) -> int | None:
    """Keep a message; its id, or None if it was kept before. Whoever wrote may get free words for a day now."""
    sent = Sent(*map(as_text, sent))
    contact, sender = _writer(session, sent)
    if contact is not None and contact.channel is sent.channel:
        offices.wrote(session, sent.channel, contact.address, now=now)
    office = session.get(Office, contact.office_id) if contact is not None else None
    came = Came(
        sent.key if len(sent.key) <= LONGEST else hashlib.sha256(sent.key.encode("utf-8", "replace")).hexdigest(),
        sent.channel,
        sender,
        sent.shown[:80],
        contact.id if contact is not None else None,
        office.id if office is not None else None,
        _programme(session, live, office, sent.answers, now),
        sent.answers,
        sent.raw,
        sent.html,
        sent.subject[:300],
        sent.headers,
        sent.forwarded,
        sent.files,
        min(sent.came_at, now) if sent.came_at is not None else None,
    )
    return inbound.add(session, came, now=now)


def as_text(value: Any) -> Any:
    """The same without what no database takes as text (NUL, half a character), however deep.

    Bytes stay as they are, and so do words of ours: who is believed hangs on which channel it is.
    """
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {as_text(name): as_text(own) for name, own in value.items()}
    return [as_text(own) for own in value] if isinstance(value, list | tuple) else value


def _writer(session: Session, sent: Sent) -> tuple[Contact | None, Sender]:
    """Whose address it is. A seal that names another office than the address does proves nothing.

    Whoever has an address that was withdrawn ("bukan saya") speaks for no office. Whoever is an aide too speaks for
    his office.
    """
    channels: Iterable[Channel] = (sent.channel, *PHONES) if sent.channel in PHONES else (sent.channel,)
    found = inbound.at_address(session, dict.fromkeys(channels), sent.by)
    answered = session.get(Message, sent.answers) if sent.answers is not None else None
    if not found and answered is not None:  # our mail was passed on, and somebody else answers it
        return session.get(Contact, answered.contact_id), Sender.FORMER
    current = [own for own in found if own.state is not Contact.State.ENDED and own.withdrawn_at is None]
    helping = aides.among(session, [own.office_id for own in current])
    current = [own for own in current if own.office_id not in helping] or current[:1]
    if not current:
        return (found[0], Sender.FORMER) if found else (None, Sender.UNKNOWN)
    if len({own.office_id for own in current}) > 1:
        return current[0], Sender.SHARED
    own = next((contact for contact in current if contact.channel is sent.channel), current[0])
    unproved = sent.channel is Channel.EMAIL and answered is None  # anybody can write any From
    if unproved or (answered is not None and answered.office_id != own.office_id):
        return own, Sender.FORMER
    return own, Sender.KNOWN


def _programme(
    session: Session, live: Mapping[int, Programme], office: Office | None, answers: int | None, now: datetime
) -> int | None:
    """The election it belongs to: that of the message it answers, else the desk's foremost one."""
    if office is None:
        return None
    answered = session.get(Message, answers) if answers is not None else None
    if answered is not None and answered.programme_id in live:
        return answered.programme_id
    return foremost(programmes_of(live, office), now=now)


def programmes_of(live: Mapping[int, Programme], office: Office) -> dict[int, Programme]:
    """The live elections of an office's desk."""
    return {id: own for id, own in live.items() if own.desk.code == office.desk}


def hears_strangers(live: Mapping[int, Programme], desks: Collection[str]) -> bool:
    """Whether one of these desks reads what strangers write: the one that was loaded first, and no other."""
    first = min(live, default=None)
    return first is not None and live[first].desk.code in desks
