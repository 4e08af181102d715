"""Messages and the tries to hand them over. The row comes first; the broker only carries its id."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from secrets import token_hex
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    and_,
    bindparam,
    cast,
    false,
    insert,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from models import direct
from models.base import Base, Instant, Word, select_new, table
from models.desk.programmes import Programme
from models.direct import among, fixed, one_of
from rules import delivery, dispatch
from rules.delivery import MOVES, State
from rules.desk import Channel
from rules.ladder import Say


class Message(Base):
    """One text to one address, kept for the audit trail; never deleted.

    `subject`, `text` and `segments` are what was last tried, word for word. The address is not here: it is read
    when the message is claimed, and stays in the contact tables. `fence` rises with every claim, so that a worker
    that wakes up late cannot settle another's try. `goes_first`: before others where a channel lets few through.
    `nonce` names it outside together with its number, which a restored desk gives again (docs/adr/0041).
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    channel: Mapped[Channel] = mapped_column(Word(Channel, 10))
    say: Mapped[Say] = mapped_column(Word(Say, 12))
    state: Mapped[State] = mapped_column(Word(State, 10), default=State.PENDING)
    created_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)  # next try; end of the lease while sending
    bell_at: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    repeated_at: Mapped[datetime | None] = mapped_column(Instant)  # tried again though it may have arrived
    fence: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    provider_id: Mapped[str | None] = mapped_column(String(80))
    why: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    segments: Mapped[int] = mapped_column(default=0)
    goes_first: Mapped[bool] = mapped_column(default=False, server_default=false())
    nonce: Mapped[str] = mapped_column(String(16), default="", server_default="")

    @property
    def kept_back(self) -> bool:
        """Whether it only went to the outbox folder, as `KEPT_BACK` says."""
        return (self.provider_id or "").startswith("file:")

    @property
    def possibly_doubled(self) -> bool:
        """Whether it may have arrived twice (`rules.delivery`)."""
        return delivery.possibly_doubled(self.state, doubts=self.doubts, repeated=self.repeated_at is not None)


class Attempt(Base):
    """One call to a provider and how it ended; appended, never changed. `cost`: rupiah that it may be charged."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    number: Mapped[int]
    ended_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(String(200), default="")
    provider_id: Mapped[str | None] = mapped_column(String(80))
    cost: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def kept_back(self) -> bool:
        """Whether it only went to the outbox folder, as `KEPT_BACK` says of a message."""
        return (self.provider_id or "").startswith("file:")


_T = table(Message)
WAITING = _T.c.due_at.is_not(None)
Index("message_due_ix", Message.due_at, sqlite_where=WAITING, postgresql_where=WAITING)
FIRST = and_(WAITING, literal_column("message.goes_first"))
Index("message_first_ix", Message.due_at, sqlite_where=FIRST, postgresql_where=FIRST)
ENDED_BADLY = literal_column("message.state").in_([literal_column("'failed'"), literal_column("'in_doubt'")])
"""Failed, or in doubt; in literals: bound ones would hide the partial index."""
Index("message_ended_badly_ix", Message.created_at, sqlite_where=ENDED_BADLY, postgresql_where=ENDED_BADLY)
KEPT_BACK = literal_column("substr(message.provider_id, 1, 5)") == literal_column("'file:'")
"""Written to the outbox folder instead of being sent: nobody got it."""
Index("message_kept_back_ix", Message.settled_at, sqlite_where=KEPT_BACK, postgresql_where=KEPT_BACK)
Index("message_contact_ix", Message.contact_id, Message.created_at)


ASKED_FOR = or_(*(_T.c.say == say for say in sorted(dispatch.ASKED)))
"""What somebody asked for himself."""
PASSES_HOLD = and_(ASKED_FOR, _T.c.repeated_at.is_(None))
"""What a hold lets go: he waits for it, and it has not reached him already, as far as anybody knows."""

NONCE = 6
"""Bytes of what cannot be guessed nor given twice."""


class Outgoing(NamedTuple):
    """A message to create."""

    programme_id: int
    office_id: int
    contact_id: int
    channel: Channel
    say: Say
    goes_first: bool


_DRAWN: list[ColumnElement[str]] = [
    literal_column(f"'{before}>{after}'") for before, afters in MOVES.items() for after in sorted(afters)
]


def may_move(to: ColumnElement[Any]) -> ColumnElement[bool]:
    """Stands in the WHERE of whatever writes the state `to`: a move that is not drawn changes no row."""
    return (cast(_T.c.state, String) + ">" + cast(to, String)).in_(_DRAWN)


def ended() -> ColumnElement[bool]:
    """Nothing more will be tried: handed over, failed, cancelled, or left in doubt for good."""
    return _T.c.due_at.is_(None)


def create(session: Session, outgoing: Sequence[Outgoing], *, now: datetime) -> list[int]:
    """Store messages, due now; their ids in the same order."""
    if not outgoing:
        return []
    creating = _creating(session.get_bind().dialect.name)
    rows = [message._asdict() | {"nonce": token_hex(NONCE)} for message in outgoing]
    return sorted(id for (id,) in direct.rows(session, creating, {"rows": rows, "now": now}))


@cache
def _creating(dialect: str) -> ReturningInsert[Any]:
    """Ids are given in the order in which rows are selected."""
    now = bindparam("now", type_=Instant())
    born = {"state": literal(State.PENDING, _T.c.state.type), "created_at": now, "due_at": now}
    names = (*Outgoing._fields, "nonce")
    rows = select_new(dialect, tuple(_T.c[name] for name in names)).add_columns(*born.values())
    return insert(_T).from_select([*names, *born], rows).returning(_T.c.id)


def lock(session: Session, desk: str) -> None:
    """Let no worker take or settle a message of a desk, of whatever election, until this transaction ends."""
    own = select(Programme.id).where(Programme.code.endswith(f"/{desk}", autoescape=True))
    theirs = select(_T.c.id).where(WAITING, _T.c.programme_id.in_(own)).order_by(_T.c.id)
    session.connection().execute(theirs.with_for_update())


_UNTOLD = (
    select(_T.c.id)
    .where(
        WAITING,
        one_of(_T.c.contact_id, "contacts"),
        _T.c.state == fixed(State.PENDING),
        _T.c.doubts == 0,
        ~_T.c.say.in_([fixed(say) for say in sorted(dispatch.ASKED)]),
        ~_T.c.why.startswith(delivery.UNWRITABLE),
    )
    .order_by(_T.c.due_at, _T.c.id)
    .with_for_update(skip_locked=True)
)
_UNDO = (
    update(_T)
    .where(among(_T.c.id, "ids"), _T.c.state == fixed(State.PENDING))
    .values(state=State.CANCELLED, due_at=None, settled_at=bindparam("now"), why="goes into a later message")
)


def take_back(session: Session, contact_ids: Iterable[int], *, now: datetime) -> list[int]:
    """Cancel what waits for these contacts and certainly did not reach them; the ids. What others hold is left out.

    So is what cannot be written: it would spoil the later message, and begin its tries anew.
    """
    return undo(session, [id for (id,) in direct.rows(session, _UNTOLD, {"contacts": list(contact_ids)})], now=now)


def undo(session: Session, ids: list[int], *, now: datetime) -> list[int]:
    """Cancel these, which wait and certainly reached nobody: what they say goes into later ones; the ids."""
    if ids:
        direct.run(session, _UNDO, {"ids": ids, "now": now})
    return ids


def contact_of(session: Session, id: int) -> int | None:
    """The contact that a message went to."""
    return session.scalar(select(Message.contact_id).where(Message.id == id))


def last_text(session: Session, contact_id: int, *, before: datetime) -> str:
    """The text that went to a contact last, as of then; empty: none."""
    sent = select(Message.text).where(
        Message.contact_id == contact_id, Message.created_at <= before, Message.text != ""
    )
    return session.scalar(sent.order_by(Message.created_at.desc(), Message.id.desc()).limit(1)) or ""


def sent_to(session: Session, contact_ids: Iterable[int]) -> list[int]:
    """The messages that went, or are to go, to these contacts."""
    return list(session.scalars(select(Message.id).where(Message.contact_id.in_(list(contact_ids)))))
