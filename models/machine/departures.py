"""What left in a gap of the books, as providers and the mail server's log tell; and what came of asking each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, and_, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models.base import Base, Instant, Word, insert_new
from models.machine import gaps as books
from models.machine.gaps import Gap
from models.matters.matters import Matter
from models.messages import letters
from models.messages.messages import Attempt, Message
from models.messages.notices import Notice
from models.offices.offices import Contact, Office
from rules import gaps
from rules.delivery import State
from rules.desk import Channel
from rules.gaps import Left
from rules.ladder import Say

Value = TypeVar("Value")

_ROOM = 200
_AT_ONCE = 10_000
"""So many values a database takes in one statement, with room to spare."""


class Departure(Base):
    """One message that left in a gap. Appended, each once, however often somebody asks.

    `named`: the provider's id; of a mail our own name of it. `codes`: the numbers of matters in its words, between
    blanks; empty: none, or its words are not known. `message_id`: the message of these books that it is; None: its row
    was lost with the newer ones. `again_id`: the later message that may tell the same a second time.
    """

    __tablename__ = "departure"
    __table_args__ = (UniqueConstraint("channel", "named"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gap_id: Mapped[int] = mapped_column(ForeignKey("gap.id"))
    channel: Mapped[Channel] = mapped_column(Word(Channel, 10))
    named: Mapped[str] = mapped_column(String(80))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    left_at: Mapped[datetime] = mapped_column(Instant)
    codes: Mapped[str] = mapped_column(String(_ROOM), default="")
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    again_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))


class Inquiry(Base):
    """By channel, what came of the last time that somebody asked what left by it. `answered`: whether we know now."""

    __tablename__ = "inquiry"

    gap_id: Mapped[int] = mapped_column(ForeignKey("gap.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(Word(Channel, 10), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answered: Mapped[bool]
    words: Mapped[str] = mapped_column(String(200))


def note(session: Session, gap_id: int, channel: Channel, words: str, *, answered: bool, now: datetime) -> None:
    """Keep what came of asking. What was answered once stays known where nobody answers the next time."""
    own = session.get(Inquiry, (gap_id, channel))
    if own is None:
        own = Inquiry(gap_id=gap_id, channel=channel, answered=False)
        session.add(own)
    if answered or not own.answered:
        own.asked_at, own.answered, own.words = now, answered, words[:200]
        session.flush()


def asked(session: Session, gap_id: int) -> list[Inquiry]:
    """Who was asked, by channel."""
    return list(session.scalars(select(Inquiry).where(Inquiry.gap_id == gap_id).order_by(Inquiry.channel)))


def newest(session: Session, gap: Gap) -> int:
    """The number of the last message in the copy; 0: there was none."""
    return session.scalar(select(func.max(Message.id)).where(Message.created_at < gap.ended_at)) or 0


def unanswered(session: Session, channel: Channel) -> bool:
    """Whether it is not known what left by a channel in a gap after which sending has not gone on yet."""
    answered = select(Inquiry.gap_id).where(Inquiry.channel == channel, Inquiry.answered)
    return bool(session.scalar(select(exists().where(Gap.asked_at.is_(None), Gap.id.not_in(answered)))))


class Waiting(NamedTuple):
    """A message that the copy did not know to have left. `codes`: the matters it tells of."""

    id: int
    nonce: str
    address: str
    created_at: datetime
    text: str
    codes: frozenset[str]


def waiting(session: Session, gap: Gap, channel: Channel) -> list[Waiting]:
    """What waited, was being sent or was in doubt when the copy was made, and has not been settled since."""
    query = (
        select(Message.id, Message.nonce, Contact.address, Message.created_at, Message.text)
        .join(Contact, Contact.id == Message.contact_id)
        .where(Message.channel == channel, Message.created_at < gap.ended_at)
        .where(Message.state.in_([State.PENDING, State.SENDING, State.IN_DOUBT]))
        .order_by(Message.id)
        .with_for_update(of=Message)
    )
    rows = session.execute(query).all()
    lines = letters.told(session, [row.id for row in rows], now=gap.ended_at) if rows else {}
    return [Waiting(*row, frozenset(line.code for line in lines.get(row.id, ()))) for row in rows]


def known(session: Session, channel: Channel, names: Collection[str], mails: Collection[tuple[int, str]]) -> set[str]:
    """Those of these provider ids that the books have of a try; of mails those whose row says that it left."""
    found: set[str] = set()
    for part in _parts(() if channel is Channel.EMAIL else names):
        tried = select(Attempt.provider_id).where(Attempt.provider_id.in_(part))
        found |= {name for name in session.scalars(tried) if name}
    for ids in _parts(id for id, _ in mails):
        sent = select(Message.id, Message.nonce).where(Message.id.in_(ids), Message.state == State.SENT)
        found |= {f"{id}-{nonce}" for id, nonce in session.execute(sent)}
    return found


def _parts(values: Iterable[Value]) -> Iterator[list[Value]]:
    every = list(values)
    return (every[first : first + _AT_ONCE] for first in range(0, len(every), _AT_ONCE))


def contacts(session: Session, channel: Channel, addresses: Iterable[str]) -> dict[str, int]:
    """By address, a contact that has it; what is none of ours is left out."""
    found: dict[str, int] = {}
    for part in _parts(set(addresses)):
        query = select(Contact.address, Contact.id).where(Contact.channel == channel, Contact.address.in_(part))
        found |= {own.address: own.id for own in session.execute(query.order_by(Contact.id.desc()))}
    return found


def add(session: Session, gap: Gap, channel: Channel, left: Iterable[tuple[str, int, datetime, str]]) -> None:
    """Keep what left: its name, contact, time, and its words, of which only the codes are kept."""
    of_gap = {"gap_id": gap.id, "channel": channel}
    rows = [
        of_gap | {"named": own[0], "contact_id": own[1], "left_at": own[2], "codes": _codes(own[3])} for own in left
    ]
    insert_new(session, Departure, rows)


def _codes(words: str) -> str:
    """The numbers in words; none where there are more than there is room for: then it may tell of anything."""
    text = " ".join(sorted(gaps.named_in(words)))
    return text if len(text) <= _ROOM else ""


def taken(session: Session, channel: Channel, named: Collection[str]) -> set[str]:
    """Those of these names that are a message of these books already."""
    query = select(Departure.named).where(Departure.channel == channel, Departure.message_id.is_not(None))
    return set(session.scalars(query)).intersection(named)


def is_(session: Session, channel: Channel, named: str, message_id: int, gap: Gap) -> None:
    """What left is this message; then it is not counted as possibly doubled because of the gap."""
    own = update(Departure).where(Departure.channel == channel, Departure.named == named)
    session.execute(own.values(message_id=message_id))
    session.execute(
        update(Message).where(Message.id == message_id, Message.repeated_at == gap.ended_at).values(repeated_at=None)
    )


class Shown(NamedTuple):
    """What left, without an address. `settled`: it is a message of these books."""

    channel: Channel
    office: str
    left_at: datetime
    codes: str
    settled: bool
    desk: str


def shown(session: Session, gap_id: int) -> list[Shown]:
    """What left in a gap, the first first."""
    query = (
        select(
            *(Departure.channel, Office.code, Departure.left_at, Departure.codes),
            *(Departure.message_id.is_not(None), Office.desk),
        )
        .join(Contact, Contact.id == Departure.contact_id)
        .join(Office, Office.id == Contact.office_id)
        .where(Departure.gap_id == gap_id)
        .order_by(Departure.left_at, Departure.id)
    )
    return [Shown(*row) for row in session.execute(query)]


def to_office(session: Session, office_id: int, *, start: datetime, end: datetime) -> list[tuple[datetime, Channel]]:
    """When what left to an office in [start, end), and by which channel; its rows were lost, so no more is known."""
    query = (
        select(Departure.left_at, Departure.channel)
        .join(Contact, Contact.id == Departure.contact_id)
        .where(Contact.office_id == office_id, Departure.message_id.is_(None))
        .where(Departure.left_at >= start, Departure.left_at < end)
        .order_by(Departure.left_at, Departure.id)
    )
    return [(left_at, channel) for left_at, channel in session.execute(query)]


def again(session: Session, message_ids: Sequence[int]) -> set[int]:
    """Those of these messages that may tell a second time what left in a gap, as a provider or a log says."""
    query = select(Departure.again_id).where(Departure.again_id.is_not(None))
    return {id for id in session.scalars(query) if id}.intersection(message_ids)


def mark_repeats(session: Session, created: Sequence[int], *, now: datetime) -> None:
    """Count as possibly doubled what may have been told in a gap already.

    Its time fell into the gap, or it waited for such a time; or it is the first word since then to an office about a
    matter that a ladder was climbing meanwhile; or a provider, or a log, says that something left to that address.
    """
    for gap in books.lately(session, now=now) if created else []:
        proved = _proved(session, gap, created)
        within = [(at > gap.began_at) & (at <= gap.ended_at) for at in (Notice.due_at, Notice.release_at)]
        told = exists().where(Notice.message_id == Message.id, or_(*within, _first_since(gap)))
        session.execute(
            update(Message).where(Message.id.in_(created), or_(told, Message.id.in_(proved))).values(repeated_at=now),
        )


def _first_since(gap: Gap) -> ColumnElement[bool]:
    """Whether a notice is the first since a gap by which a ladder tells its office of a matter that was open then."""
    open_then = exists().where(Matter.id == Notice.matter_id, Matter.since <= gap.ended_at)
    before = aliased(Notice)
    said = exists().where(
        before.matter_id == Notice.matter_id,
        before.office_id == Notice.office_id,
        before.channel == Notice.channel,
        before.planned_at > gap.ended_at,
        before.message_id < Notice.message_id,
    )
    by_ladder = Notice.occasion.in_(["ladder", "other_way"])
    return and_(by_ladder, Notice.say != Say.LOST, Notice.planned_at > gap.ended_at, open_then, ~said)


def _proved(session: Session, gap: Gap, created: Sequence[int]) -> set[int]:
    """Find for each of these messages what it may tell a second time. What left stands for one message at most."""
    theirs = aliased(Contact)
    query = (
        select(Message.id, Matter.since, Matter.code, Departure)
        .join(Contact, Contact.id == Message.contact_id)
        .join(theirs, theirs.address == Contact.address)
        .join(Departure, (Departure.contact_id == theirs.id) & (Departure.channel == Message.channel))
        .join(Notice, Notice.message_id == Message.id)
        .join(Matter, Matter.id == Notice.matter_id)
        .where(Message.id.in_(list(created)), Departure.gap_id == gap.id, Departure.message_id.is_(None))
        .order_by(Message.id, Departure.left_at)
    )
    proved: set[int] = set()
    for id, since, code, own in session.execute(query):
        left = Left(own.left_at, frozenset(own.codes.split()))
        if own.again_id is None and id not in proved and gaps.told(left, code=code, since=since):
            own.again_id = id
            proved.add(id)
    session.flush()
    return proved


def counts(left: Iterable[Shown]) -> Mapping[Channel, tuple[int, int]]:
    """By channel how much left, and how much of it is a message of these books."""
    found: dict[Channel, tuple[int, int]] = {}
    for own in left:
        number, settled = found.get(own.channel, (0, 0))
        found[own.channel] = number + 1, settled + own.settled
    return found
