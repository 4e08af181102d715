"""Receipts: what providers said of messages afterwards. Appended, in any order, each once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import doubts, notices, offices, tasks
from models.base import Base, Instant, Word, insert_new
from models.messages import Attempt, Message
from models.offices import Contact, Office
from rules import receipts
from rules.desk import Channel
from rules.receipts import Fate, Heard

WAYS = {Channel.EMAIL: "Alamat surel", Channel.SMS: "Nomor SMS", Channel.WHATSAPP: "Nomor WhatsApp"}


class Receipt(Base):
    """One thing a provider said of one attempt, which `provider_id` names. `raw` is what was read, as it came.

    `provider_id` is empty where a provider does not name attempts: then it is about the last.
    """

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("message_id", "provider_id", "fate"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    provider_id: Mapped[str] = mapped_column(String(80), default="")
    fate: Mapped[Fate] = mapped_column(Word(Fate, 12))
    code: Mapped[str] = mapped_column(String(20), default="")
    raw: Mapped[str] = mapped_column(String(500), default="")
    received_at: Mapped[datetime] = mapped_column(Instant)


def keep(session: Session, heard: Heard, *, now: datetime) -> bool:
    """Keep a receipt and draw from it what it says; False: there is no such message, and nothing was done.

    Harmless to repeat, and the same in every order. It may come before the try it is about was settled: then the
    settling, or the end of the doubt, finds it here.
    """
    message = session.scalar(select(Message).where(Message.id == heard.message_id).with_for_update())
    if message is None:
        return False
    row = {name: getattr(heard, name) for name in ("message_id", "provider_id", "fate", "code")}
    insert_new(session, Receipt, [row | {"raw": heard.raw[:500], "received_at": now}])
    known = bool(heard.provider_id) and _known(session, heard)
    if receipts.settles(message.state, doubts=message.doubts, known=known):
        doubts.accept(session, message.id, heard.provider_id, receipts.settled(now), now=now)
    if heard.fate.lost:
        notices.hasten(session, [message.id], now=now)
    if heard.dead:
        give_up(session, message, code=heard.code, now=now)
    return True


def _known(session: Session, heard: Heard) -> bool:
    query = select(Attempt.id).where(Attempt.message_id == heard.message_id, Attempt.provider_id == heard.provider_id)
    return session.scalar(query.limit(1)) is not None


def give_up(session: Session, message: Message, *, code: str = "", now: datetime) -> None:
    """Give up the address a message went to, for every office that shares it, each with a task of its own."""
    shared = offices.sharing(session, [message.contact_id])[message.contact_id]
    found = select(Contact, Office).join(Office, Office.id == Contact.office_id).where(Contact.id.in_(shared))
    for contact, office in session.execute(found.order_by(Contact.id)).all():
        same = receipts.kills(dead=True, address_since=contact.since, sent_at=message.created_at)
        if not same or not offices.give_up(session, contact.id):
            continue
        reason = f" (kode {code})" if code else ""
        text = f"{WAYS[contact.channel]} {office.title} tidak dapat menerima pesan lagi{reason}."
        tasks.open_(
            session,
            message.programme_id,
            tasks.Why.DEAD_CONTACT,
            f"office:{office.id}:{contact.channel}",
            text,
            now=now,
            office_id=office.id,
        )


def refused(session: Session, message_ids: Sequence[int], *, now: datetime) -> None:
    """Draw from refused tries what a receipt would have said: the address takes nothing."""
    if message_ids:
        for message in session.scalars(select(Message).where(Message.id.in_(message_ids)).order_by(Message.id)):
            give_up(session, message, now=now)


def of(session: Session, message_id: int) -> Sequence[Receipt]:
    """All that was said of a message, in the order in which it came."""
    return session.scalars(select(Receipt).where(Receipt.message_id == message_id).order_by(Receipt.id)).all()


def first_unknown(session: Session, message_id: int) -> Receipt | None:
    """A receipt about an attempt whose end our books do not have: the provider accepted that one."""
    ended = select(Attempt.provider_id).where(Attempt.message_id == message_id, Attempt.provider_id.is_not(None))
    query = select(Receipt).where(Receipt.message_id == message_id, Receipt.provider_id.not_in(ended))
    return session.scalars(query.order_by(Receipt.id).limit(1)).one_or_none()


def unclaimed(session: Session, message_id: int, address: str, provider_ids: Sequence[str]) -> list[str]:
    """Of ids of what went to an address, those that may be this message's try: our books give them to nothing else.

    They give one by an attempt, or by a receipt of another message.
    """
    to = select(Message.id).join(Contact, Contact.id == Message.contact_id).where(Contact.address == address)
    tried = select(Attempt.provider_id).where(Attempt.message_id.in_(to), Attempt.provider_id.in_(provider_ids))
    told = select(Receipt.provider_id).where(
        Receipt.message_id.in_(to), Receipt.message_id != message_id, Receipt.provider_id.in_(provider_ids)
    )
    given = set(session.scalars(tried.union_all(told))) if provider_ids else set()
    return [id for id in provider_ids if id not in given]


_ABOUT_NOW = or_(Receipt.provider_id == Message.provider_id, Receipt.provider_id == "")
"""What was said of a message's attempt that counts; receipts of earlier ones touch only those."""


def ends(session: Session, message_ids: Iterable[int] | None = None) -> dict[int, Fate]:
    """By message, where its attempt that counts stands at the provider; of what nothing was said is left out."""
    query = select(Receipt.message_id, Receipt.fate).join(Message, Message.id == Receipt.message_id).where(_ABOUT_NOW)
    if message_ids is not None:
        query = query.where(Receipt.message_id.in_(list(message_ids)))
    said: dict[int, list[Fate]] = defaultdict(list)
    for id, fate in session.execute(query):
        said[id].append(fate)
    return {id: found for id, fates in said.items() if (found := receipts.end(fates))}


def lost(session: Session, *, since: datetime) -> dict[int, Fate]:
    """Messages handed over since then that did not arrive, as far as providers said."""
    recent = select(Receipt.message_id).where(Receipt.fate.in_(receipts.LOST), Receipt.received_at >= since)
    found = ends(session, session.scalars(recent.distinct()).all())
    return {id: fate for id, fate in sorted(found.items()) if fate.lost}
