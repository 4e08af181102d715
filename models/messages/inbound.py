"""What people write to us: a row before anything else happens, then what was understood of it and what was done.

::

    kept --read--> read (done, asked back, or set aside) --seen--> seen: a person looked at it
      |-- tried three times and failed --> left to a person

The address is not here: whoever wrote is known by his contact, and of a stranger a veiled address is shown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    delete,
    false,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, insert_new, table
from models.machine import floors
from models.offices.offices import Contact, Office
from rules.desk import Channel
from rules.replies.spoken import Sender


class Inbound(Base):
    """One message to us.

    `key` is the provider's own id: the same message again is the same row. `raw`: the text byte for byte. `text`: his
    own words, without quotations. `message_id`: the message of ours that it answers. `acts`: what was to follow;
    `results`: what did. `waits`: what was asked back. `answer_id`: the message that answered it. `person`: somebody
    must look. `came_at`: when it reached a mailbox of ours, if it lay there before it was kept.
    """

    __tablename__ = "inbound"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    channel: Mapped[Channel] = mapped_column(Word(Channel, 10))
    received_at: Mapped[datetime] = mapped_column(Instant)
    came_at: Mapped[datetime | None] = mapped_column(Instant)
    sender: Mapped[Sender] = mapped_column(Word(Sender, 10))
    shown: Mapped[str] = mapped_column(String(80))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    html: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    subject: Mapped[str] = mapped_column(String(300), default="")
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    forwarded: Mapped[bool] = mapped_column(default=False, server_default=false())
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    fetch_at: Mapped[datetime | None] = mapped_column(Instant)  # when what came with it is asked for
    tries: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text, default="")
    intent: Mapped[str] = mapped_column(String(20), default="")
    sure: Mapped[int] = mapped_column(default=0)  # in a hundred
    went_by: Mapped[list[str]] = mapped_column(JSON, default=list)
    about: Mapped[list[str]] = mapped_column(JSON, default=list)
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    acts: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    results: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    waits: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    answer: Mapped[list[str]] = mapped_column(JSON, default=list)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    person: Mapped[bool] = mapped_column(default=False, server_default=false())
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    note: Mapped[str] = mapped_column(String(200), default="")

    @property
    def written_at(self) -> datetime:
        """When it reached us, as near as is known to when it was written."""
        return self.came_at or self.received_at

    @property
    def waiting(self) -> bool:
        """Whether a person must look at it, and nobody did."""
        return self.seen_at is None and (self.person or self.read_at is None)


class InboundWord(Base):
    """What a message is found by: the code of a matter that it is about, or the digest of a file that came with it."""

    __tablename__ = "inbound_word"

    word: Mapped[str] = mapped_column(String(80), primary_key=True)
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound.id", ondelete="CASCADE"), primary_key=True)


Index("inbound_word_inbound_ix", InboundWord.inbound_id)

_T = table(Inbound)
UNREAD = Inbound.read_at.is_(None)
Index("inbound_unread_ix", Inbound.received_at, sqlite_where=UNREAD, postgresql_where=UNREAD)
_FOR_PERSON = Inbound.seen_at.is_(None) & literal_column("inbound.person")
Index("inbound_person_ix", Inbound.received_at, sqlite_where=_FOR_PERSON, postgresql_where=_FOR_PERSON)
Index("inbound_contact_ix", Inbound.contact_id, Inbound.received_at)

TO_FETCH = Inbound.fetch_at.is_not(None)
Index("inbound_fetch_ix", Inbound.fetch_at, sqlite_where=TO_FETCH, postgresql_where=TO_FETCH)

MOST_TRIES = 3
MOST_STRANGERS = 30
"""So many people that nobody knows are answered in an hour."""


class Came(NamedTuple):
    """A message as it came in. `files`: what came with it, or where it can be fetched."""

    key: str
    channel: Channel
    sender: Sender
    shown: str
    contact_id: int | None
    office_id: int | None
    programme_id: int | None
    message_id: int | None
    raw: bytes
    html: bytes = b""
    subject: str = ""
    headers: Mapping[str, str] = {}
    forwarded: bool = False
    files: Sequence[Mapping[str, Any]] = ()
    came_at: datetime | None = None


def add(session: Session, came: Came, *, now: datetime) -> int | None:
    """Keep a message; its id. None: it was kept before."""
    if session.scalar(select(_T.c.id).where(_T.c.key == came.key)) is not None:
        return None
    fields = came._asdict() | {"headers": dict(came.headers), "files": [dict(own) for own in came.files]}
    blank: dict[str, Any] = {"went_by": [], "about": [], "said": {}, "acts": [], "results": [], "answer": []}
    waits = any(own.get("state") == "waits" for own in came.files)
    number = floors.first(session, floors.WRITTEN, Inbound.id)
    row = Inbound(**fields, **blank, **number, received_at=now, fetch_at=now if waits else None)
    try:
        with session.begin_nested():  # of two at once the second finds the first
            session.add(row)
    except IntegrityError:
        return None
    found_by(session, row)
    return row.id


def found_by(session: Session, row: Inbound) -> None:
    """Let a message be found by what it is about and by its files, as they are now. Harmless to repeat."""
    words = {*row.about, *(str(own["digest"]) for own in row.files if own.get("digest"))}
    insert_new(session, InboundWord, [{"word": word, "inbound_id": row.id} for word in sorted(words)])


def locked(session: Session, id: int) -> Inbound | None:
    """A message, locked; None: there is none, or somebody reads it now."""
    query = select(Inbound).where(Inbound.id == id).with_for_update(skip_locked=True)
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def unread(session: Session, *, before: datetime, limit: int = 50) -> Sequence[int]:
    """Messages that nobody has read since then, the first first; those that failed too often are left to people."""
    waiting = select(_T.c.id).where(_T.c.read_at.is_(None), _T.c.received_at <= before, _T.c.tries < MOST_TRIES)
    return session.scalars(waiting.order_by(_T.c.received_at, _T.c.id).limit(limit)).all()


def to_fetch(session: Session, *, again_at: datetime, now: datetime) -> Inbound | None:
    """One message whose files are to be asked for now; until `again_at` no other process asks."""
    query = select(Inbound).where(TO_FETCH, Inbound.fetch_at <= now).order_by(Inbound.fetch_at).limit(1)
    row = session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
    if row is not None:
        row.fetch_at = again_at
        session.flush()
    return row


def tried(session: Session, id: int) -> None:
    """Count a try before it begins: one that kills its reader runs out of tries."""
    more = {"tries": _T.c.tries + 1, "person": _T.c.tries + 1 >= MOST_TRIES}
    session.execute(update(_T).where(_T.c.id == id).values(more))


def before(session: Session, row: Inbound) -> Inbound | None:
    """The message that the same contact sent before this one, as far as it was read."""
    query = select(Inbound).where(
        Inbound.contact_id == row.contact_id, Inbound.id < row.id, Inbound.read_at.is_not(None)
    )
    return session.scalars(query.order_by(Inbound.id.desc()).limit(1)).one_or_none()


def of_contact(session: Session, contact_id: int, *, since: datetime) -> list[Inbound]:
    """What came from a contact since then, the first first."""
    query = select(Inbound).where(Inbound.contact_id == contact_id, Inbound.received_at >= since)
    return list(session.scalars(query.order_by(Inbound.id)))


def answered(session: Session, contact_id: int, *, since: datetime) -> int:
    """How many answers went to a contact since then."""
    own = select(func.count()).where(_T.c.contact_id == contact_id, _T.c.received_at >= since)
    return session.scalar(own.where(_T.c.answer_id.is_not(None))) or 0


def greets(session: Session, row: Inbound) -> bool:
    """Whether a message is the first of a stranger in a day, and strangers are few: machines would answer each other,
    and every answer has a price. Of a stranger no more is known than his veiled address.
    """
    if row.sender is not Sender.UNKNOWN:
        return False
    other = select(func.count()).where(_T.c.contact_id.is_(None), _T.c.id != row.id)
    lately = session.scalar(other.where(_T.c.received_at > row.received_at - timedelta(hours=1))) or 0
    alike = other.where(_T.c.shown == row.shown, _T.c.received_at > row.received_at - timedelta(days=1))
    return lately < MOST_STRANGERS and not session.scalar(alike)


def answers(session: Session, message_ids: Collection[int]) -> dict[int, list[str]]:
    """By message, the sentences that it answers with."""
    if not message_ids:
        return {}
    rows = session.execute(select(_T.c.answer_id, _T.c.answer).where(_T.c.answer_id.in_(list(message_ids))))
    return {row.answer_id: list(row.answer) for row in rows}


def listed(
    session: Session, programmes: Collection[int], *, waiting: bool, strangers: bool, limit: int, offset: int = 0
) -> list[tuple[Inbound, Office | None]]:
    """What came in at these elections: what waits for a person, whom we know first, or else the rest, the newest first.

    Args:
        strangers: what came from nobody we know too.
    """
    of = _of(programmes, strangers=strangers)
    query = select(Inbound, Office).outerjoin(Office, Office.id == Inbound.office_id).where(of)
    query = query.where(_waits() if waiting else ~_waits())
    order = (Inbound.programme_id.is_(None), Inbound.id) if waiting else (Inbound.id.desc(),)
    return [(row[0], row[1]) for row in session.execute(query.order_by(*order).limit(limit).offset(offset))]


def count(session: Session, programmes: Collection[int], *, waiting: bool, strangers: bool) -> int:
    """How many that are."""
    own = _waits() if waiting else ~_waits()
    of = _of(programmes, strangers=strangers)
    return session.scalar(select(func.count()).select_from(Inbound).where(of, own)) or 0


def waiting(session: Session, programmes: Collection[int] | None, *, upto: int) -> list[Inbound]:
    """What waits at these elections, up to this message; locked. None: what waits of nobody we know."""
    of = Inbound.programme_id.is_(None) if programmes is None else Inbound.programme_id.in_(list(programmes))
    query = select(Inbound).where(of, Inbound.id <= upto, _waits())
    return list(session.scalars(query.order_by(Inbound.id).with_for_update()))


def _waits() -> Any:
    return Inbound.seen_at.is_(None) & (Inbound.person | Inbound.read_at.is_(None))


def _of(programmes: Collection[int], *, strangers: bool) -> Any:
    own = Inbound.programme_id.in_(list(programmes))
    return own | Inbound.programme_id.is_(None) if strangers else own


def about(session: Session, programme_id: int, code: str) -> list[Inbound]:
    """What came in about a matter, the first first."""
    query = select(Inbound).join(InboundWord, InboundWord.inbound_id == Inbound.id)
    own = InboundWord.word == code, Inbound.programme_id == programme_id, Inbound.read_at.is_not(None)
    return list(session.scalars(query.where(*own).order_by(Inbound.id)))


def seen(session: Session, row: Inbound, *, by: int, note: str, now: datetime) -> None:
    """Somebody looked at it. Said twice, the first word stands."""
    if row.seen_at is None:
        row.seen_at, row.seen_by, row.note = now, by, note[:200]


def at_address(session: Session, channels: Iterable[Channel], address: str) -> list[Contact]:
    """The contacts that have this address, those in use first."""
    states = [Contact.State.ACTIVE, Contact.State.DEAD, Contact.State.ENDED]
    query = select(Contact).where(
        Contact.channel.in_(list(channels)), Contact.address == address.lower(), Contact.state.in_(states)
    )
    return sorted(session.scalars(query), key=lambda own: (states.index(own.state), own.id))


def unsaid(*which: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """Those of these messages that still say something."""
    return *which, (_T.c.text != "") | (_T.c.shown != "") | (func.length(_T.c.raw) > 0)


def forget(session: Session, *which: ColumnElement[bool]) -> int:
    """Take out what people wrote in these messages, what came with it and from where; of how many. Rows stay."""
    theirs = unsaid(*which)
    words = delete(InboundWord).where(InboundWord.inbound_id.in_(select(_T.c.id).where(*theirs)))
    session.execute(words, execution_options={"synchronize_session": False})
    blank: dict[str, Any] = {"raw": b"", "html": b"", **dict.fromkeys(("subject", "text", "shown", "note"), "")}
    blank |= {"headers": {}, "said": {}, "files": [], "answer": [], "went_by": []}
    return session.connection().execute(update(_T).where(*theirs).values(blank)).rowcount
