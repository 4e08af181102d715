"""Delivery reports: what providers said of messages afterwards. Appended, in any order, each once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, insert_new
from models.messages import doubts
from models.messages.messages import Attempt, Message
from models.offices.links import Link
from models.offices.offices import Contact
from rules import delivery_reports
from rules.delivery import State
from rules.delivery_reports import Fate, Heard
from rules.desk import Channel


class DeliveryReport(Base):
    """One thing a provider said of one attempt, which `provider_id` names. `raw` is what was read, as it came.

    `provider_id` is empty where a provider does not name attempts: then it is about the last.
    """

    __tablename__ = "delivery_report"
    __table_args__ = (UniqueConstraint("message_id", "provider_id", "fate"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    provider_id: Mapped[str] = mapped_column(String(80), default="")
    fate: Mapped[Fate] = mapped_column(Word(Fate, 12))
    code: Mapped[str] = mapped_column(String(20), default="")
    raw: Mapped[str] = mapped_column(String(500), default="")
    received_at: Mapped[datetime] = mapped_column(Instant)


class Sent(NamedTuple):
    """What the books have of a message that something came back for; `address` is where it went."""

    nonce: str
    address: str


def sent(session: Session, message_id: int) -> Sent | None:
    query = select(Message.nonce, Contact.address).join(Contact, Contact.id == Message.contact_id)
    row = session.execute(query.where(Message.id == message_id)).one_or_none()
    return Sent(*row) if row else None


def add(session: Session, heard: Heard, *, now: datetime) -> None:
    """Keep what was said; said again it is there once."""
    row = {name: getattr(heard, name) for name in ("message_id", "provider_id", "fate", "code")}
    insert_new(session, DeliveryReport, [row | {"raw": heard.raw[:500], "received_at": now}])


def ids_of(session: Session, message: Message) -> tuple[set[str], int]:
    """The ids our books have of a message's tries, and how many tries of unknown end were told of since."""
    tries = select(Attempt.provider_id, Attempt.outcome).where(Attempt.message_id == message.id)
    rows = [(id, outcome) for id, outcome in session.execute(tries)]
    ids = {id for id in (message.provider_id, *(id for id, _ in rows)) if id}
    return ids, sum(outcome == doubts.FOUND for _, outcome in rows)


_R = DeliveryReport


def of(session: Session, message_id: int) -> Sequence[DeliveryReport]:
    """All that was said of a message, in the order in which it came."""
    return session.scalars(select(DeliveryReport).where(_R.message_id == message_id).order_by(_R.id)).all()


def first_unknown(session: Session, message_id: int) -> DeliveryReport | None:
    """A delivery report about an attempt whose end our books do not have: the provider accepted that one."""
    ended = select(Attempt.provider_id).where(Attempt.message_id == message_id, Attempt.provider_id.is_not(None))
    query = select(DeliveryReport).where(_R.message_id == message_id, _R.provider_id.not_in(ended))
    return session.scalars(query.order_by(_R.id).limit(1)).one_or_none()


def unclaimed(session: Session, message_id: int, address: str, provider_ids: Sequence[str]) -> list[str]:
    """Of ids of what went to an address, those that may be this message's try: our books give them to nothing else.

    They give one by an attempt, or by a delivery report of another message.
    """
    to = select(Message.id).join(Contact, Contact.id == Message.contact_id).where(Contact.address == address)
    tried = select(Attempt.provider_id).where(Attempt.message_id.in_(to), Attempt.provider_id.in_(provider_ids))
    told = select(_R.provider_id).where(
        _R.message_id.in_(to),
        _R.message_id != message_id,
        _R.provider_id.in_(provider_ids),
    )
    given = set(session.scalars(tried.union_all(told))) if provider_ids else set()
    return [id for id in provider_ids if id not in given]


_ABOUT_NOW = or_(_R.provider_id == Message.provider_id, _R.provider_id == "")
"""What was said of a message's attempt that counts; reports about earlier ones touch only those."""


def ends(session: Session, message_ids: Iterable[int] | None = None) -> dict[int, Fate]:
    """By message, where its attempt that counts stands at the provider; of what nothing was said is left out."""
    query = select(_R.message_id, _R.fate).join(Message, Message.id == _R.message_id).where(_ABOUT_NOW)
    if message_ids is not None:
        query = query.where(_R.message_id.in_(list(message_ids)))
    said: dict[int, list[Fate]] = defaultdict(list)
    for id, fate in session.execute(query):
        said[id].append(fate)
    return {id: last for id, fates in said.items() if (last := delivery_reports.end(fates))}


def lost(session: Session, *, since: datetime) -> dict[int, Fate]:
    """Messages handed over since then that did not arrive, as far as providers said."""
    recent = select(_R.message_id).where(_R.fate.in_(delivery_reports.LOST), _R.received_at >= since)
    fates = ends(session, session.scalars(recent.distinct()).all())
    return {id: fate for id, fate in sorted(fates.items()) if fate.lost}


class Answered(NamedTuple):
    """A text with a link: where it stands at the provider (None: nothing was said), and whether it was answered."""

    address: str
    fate: Fate | None
    seen: bool


def answered(session: Session, channel: Channel, *, since: datetime) -> list[Answered]:
    """The texts with a link that were handed over since then."""
    own = select(Link.id).where(Link.message_id == Message.id)
    query = (
        select(Message.id, Contact.address, own.where(Link.seen_at.is_not(None)).exists())
        .join(Contact, Contact.id == Message.contact_id)
        .where(Message.channel == channel, Message.state == State.SENT, Message.settled_at >= since, own.exists())
    )
    rows = session.execute(query).all()
    fates = ends(session, [id for id, _, _ in rows])
    return [Answered(address, fates.get(id), bool(seen)) for id, address, seen in rows]
