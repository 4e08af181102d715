"""Messages and the tries to hand them over. The row comes first; the broker only carries its id."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
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
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from models import direct, notices
from models.base import Base, Instant, Word, insert_new, new, select_new, table, without
from models.direct import among, fixed, one_of
from models.offices import Contact, Office
from rules import delivery, dispatch
from rules.delivery import MOVES, State, Verdict
from rules.desk import Channel
from rules.ladder import Say


class Message(Base):
    """One text to one address, kept for the audit trail; never deleted.

    `subject`, `text` and `segments` are what was last tried, word for word. The address is not here: it is read
    when the message is claimed, and stays in the contact tables. `fence` rises with every claim, so that a worker
    that wakes up late cannot settle another's try. `goes_first`: before others where a channel lets few through.
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
    rung_at: Mapped[datetime | None] = mapped_column(Instant)
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

    @property
    def possibly_doubled(self) -> bool:
        """Whether it may have arrived twice (`rules.delivery`)."""
        return delivery.possibly_doubled(self.state, doubts=self.doubts, repeated=self.repeated_at is not None)


class Attempt(Base):
    """One call to a provider and how it ended; appended, never changed."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    number: Mapped[int]
    ended_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(String(200), default="")
    provider_id: Mapped[str | None] = mapped_column(String(80))


_T = table(Message)
WAITING = _T.c.due_at.is_not(None)
Index("message_due_ix", Message.due_at, sqlite_where=WAITING, postgresql_where=WAITING)
FIRST = and_(WAITING, literal_column("message.goes_first"))
Index("message_first_ix", Message.due_at, sqlite_where=FIRST, postgresql_where=FIRST)
ENDED_BADLY = literal_column("message.state").in_([literal_column("'failed'"), literal_column("'in_doubt'")])
"""Failed, or in doubt; in literals: bound ones would hide the partial index."""
Index("message_ended_badly_ix", Message.created_at, sqlite_where=ENDED_BADLY, postgresql_where=ENDED_BADLY)
Index("message_contact_ix", Message.contact_id, Message.created_at)


class Outgoing(NamedTuple):
    """A message to create."""

    programme_id: int
    office_id: int
    contact_id: int
    channel: Channel
    say: Say
    goes_first: bool


class Addressed(NamedTuple):
    """Whom a message goes to. `address` None: the contact was withdrawn meanwhile.

    `wrote_at`: when the office last wrote to us by this channel; None: never.
    """

    code: str
    title: str
    sms_name: str
    zone: str
    address: str | None
    wrote_at: datetime | None = None


class Claim(NamedTuple):
    """A message this worker holds until its lease ends."""

    id: int
    fence: int
    tries: int
    programme_id: int
    office_id: int
    contact_id: int
    channel: Channel
    say: Say
    created_at: datetime
    doubts: int
    to: Addressed


class Said(NamedTuple):
    """What a message said when it was tried; `segments` of a text, 0 for a mail."""

    subject: str
    text: str
    segments: int


NOT_TRIED = "not_tried"
UNWRITABLE = "unwritable"
REFUSED, MISADDRESSED, WITHDRAWN = "refused", "misaddressed", "withdrawn"
UNTRIED = frozenset({"moot", NOT_TRIED, UNWRITABLE, MISADDRESSED, WITHDRAWN})
"""Outcomes of claims by which nobody was called."""


class Outcome(NamedTuple):
    """What became of one claim.

    `outcome`: accepted, refused, temporary, unknown, channel_down, or one of UNTRIED.
    """

    claim: Claim
    verdict: Verdict
    outcome: str
    provider_id: str | None = None
    said: Said = Said("", "", 0)


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
    rows = [message._asdict() for message in outgoing]
    return sorted(id for (id,) in direct.rows(session, creating, {"rows": rows, "now": now}))


@cache
def _creating(dialect: str) -> ReturningInsert[Any]:
    """Ids are given in the order in which rows are selected."""
    now = bindparam("now", type_=Instant())
    born = {"state": literal(State.PENDING, _T.c.state.type), "created_at": now, "due_at": now}
    rows = select_new(dialect, tuple(_T.c[name] for name in Outgoing._fields)).add_columns(*born.values())
    return insert(_T).from_select([*Outgoing._fields, *born], rows).returning(_T.c.id)


_WAITS = (
    select(_T.c.id)
    .where(
        WAITING,
        _T.c.channel == bindparam("channel"),
        _T.c.state == fixed(State.PENDING),
        _T.c.due_at <= bindparam("now"),
        _T.c.rung_at.is_(None) | (_T.c.rung_at <= bindparam("unheard_since")),
        ~among(_T.c.programme_id, "aside"),
    )
    .order_by(_T.c.due_at, _T.c.id)
    .limit(bindparam("most"))
)
_TO_RING = (_WAITS.where(FIRST), _WAITS)
_OF_ASKED = or_(*(_T.c.say == say for say in sorted(dispatch.ASKED)))
_ASKED = (_WAITS.where(FIRST, _OF_ASKED),)
_RUNG = update(_T).where(among(_T.c.id, "ids")).values(rung_at=bindparam("at"))
MOST_RUNG = 5000
"""For so many messages of a channel workers are rung in one transaction."""


def to_ring(
    session: Session,
    most: Mapping[Channel, int],
    *,
    now: datetime,
    again: timedelta,
    aside: Collection[int] = (),
    asked: bool = False,
) -> dict[Channel, list[int]]:
    """Messages to try now, so many by channel; each is rung for once in `again`.

    Those that go first, then the others, of each the longest waiting first: two walks along an index, for no backlog
    may be sorted at every turn. `aside`: programmes that are left alone, for they cannot be read.
    `asked`: only what somebody asked for himself.
    """
    found: dict[Channel, list[int]] = {}
    for channel, count in most.items():
        facts = {"channel": channel, "now": now, "unheard_since": now - again, "aside": aside}
        for walk in _ASKED if asked else _TO_RING:
            left = count - len(found.get(channel, ()))
            ids = [id for (id,) in direct.rows(session, walk, facts | {"most": left})] if left else []
            if ids:
                found[channel] = [*found.get(channel, ()), *ids]
                direct.run(session, _RUNG, {"ids": ids, "at": now})
    return found


def asked(session: Session, ids: Sequence[int]) -> list[int]:
    """Which of these somebody asked for himself."""
    return [id for (id,) in direct.rows(session, _WHICH_ASKED, {"ids": ids})]


_WHICH_ASKED = select(_T.c.id).where(among(_T.c.id, "ids"), _OF_ASKED).order_by(_T.c.id)


def unring(session: Session, ids: Sequence[int]) -> None:
    """These were rung for and could not be taken: they may be rung for again at the next turn."""
    if ids:
        direct.run(session, _RUNG, {"ids": ids, "at": None})


_OF_MESSAGE = Claim._fields[:-1]
_TO = (Office.code, Office.title, Office.sms_name, Office.zone, Contact.address, Contact.state, Contact.wrote_at)
_NOW_DUE = func.coalesce(_T.c.due_at, bindparam("now")) <= bindparam("now", type_=Instant())
"""Hides `message_due_ix`: PostgreSQL would walk all that is due there to find ten whose numbers are given."""
_FREE = (
    select(*(_T.c[name] for name in _OF_MESSAGE), *_TO)
    .join(Contact, Contact.id == _T.c.contact_id)
    .join(Office, Office.id == Contact.office_id)
    .where(
        among(_T.c.id, "ids"),
        _T.c.state == fixed(State.PENDING),
        _NOW_DUE,
    )
    .order_by(_T.c.id)
    .with_for_update(of=_T, skip_locked=True)
)
_TAKE = (
    update(_T)
    .where(among(_T.c.id, "ids"), _T.c.state == fixed(State.PENDING))
    .values(state=State.SENDING, due_at=bindparam("lease_ends"), tries=_T.c.tries + 1, fence=_T.c.fence + 1)
)


def claim(session: Session, ids: Sequence[int], *, lease: timedelta, now: datetime) -> list[Claim]:
    """Take what is free of `ids`: lock by primary key, then mark as being sent. What others hold is left out."""
    free = direct.rows(session, _FREE, {"ids": ids, "now": now})
    if free:
        direct.run(session, _TAKE, {"ids": [id for id, *_ in free], "lease_ends": now + lease})
    return [_claimed(*row) for row in free]


def _claimed(id: int, fence: int, tries: int, *row: Any) -> Claim:
    own, (code, title, sms_name, zone, address, state, wrote_at) = row[: -len(_TO)], row[-len(_TO) :]
    to = Addressed(code, title, sms_name, zone, address if state is Contact.State.ACTIVE else None, wrote_at)
    return Claim._make((id, fence + 1, tries + 1, *own, to))


_PUT_OFF = (
    update(_T)
    .where(_T.c.id == bindparam("message"), _T.c.fence == bindparam("held"), _T.c.state == State.SENDING)
    .values(
        state=State.PENDING, due_at=bindparam("until"), rung_at=None, tries=_T.c.tries - 1, why=bindparam("new_why")
    )
)


def put_off(session: Session, waits: Sequence[tuple[Claim, datetime, str]]) -> None:
    """Let go of claims that turned out to have to wait, untried; what was said by an earlier try stays."""
    if waits:
        rows = [{"message": c.id, "held": c.fence, "until": until, "new_why": why} for c, until, why in waits]
        session.connection().execute(_PUT_OFF, rows)


_WRITTEN = (
    update(_T)
    .where(_T.c.id == bindparam("message"))
    .values({name: bindparam(f"new_{name}") for name in ("subject", "text", "segments")})
)


def keep_words(session: Session, said: Mapping[int, Said]) -> None:
    """Keep what claimed messages are about to say: where a worker falls silent, its text is looked for by its words."""
    if said:
        rows = [{"message": id, **{f"new_{name}": v for name, v in s._asdict().items()}} for id, s in said.items()]
        session.connection().execute(_WRITTEN, rows)


def lock(session: Session, programme_id: int) -> None:
    """Let no worker take or settle a message of a programme until this transaction ends."""
    theirs = select(_T.c.id).where(WAITING, _T.c.programme_id == programme_id).order_by(_T.c.id)
    session.connection().execute(theirs.with_for_update())


_UNTOLD = (
    select(_T.c.id)
    .where(
        WAITING,
        one_of(_T.c.contact_id, "contacts"),
        _T.c.state == fixed(State.PENDING),
        _T.c.doubts == 0,
        _T.c.say != fixed(Say.SIGN_IN),
        ~_T.c.why.startswith(delivery.UNWRITABLE),
    )
    .order_by(_T.c.id)
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
    ids = [id for (id,) in direct.rows(session, _UNTOLD, {"contacts": list(contact_ids)})]
    if ids:
        direct.run(session, _UNDO, {"ids": ids, "now": now})
    return ids


def settle(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> list[int]:
    """Write how tries ended; the ids that were still ours. A claim that outlived its lease settles nothing."""
    if not outcomes:
        return []
    settling = _settling(session.get_bind().dialect.name)
    rows = [_ended(outcome, now) for outcome in outcomes]
    held = {id for (id,) in direct.rows(session, settling, {"rows": rows})}
    kept = [o for o in outcomes if o.claim.id in held]
    tried = [_attempt(outcome, now) for outcome in kept if outcome.outcome != NOT_TRIED]
    insert_new(session, Attempt, tried)
    notices.hasten(session, [o.claim.id for o in kept if o.verdict.state is State.FAILED], now=now)
    warnings = [o.claim.id for o in kept if o.claim.say.severity >= Say.WARNING.severity]
    if warnings:
        notices.warned(session, warnings, now=now)
    return [o.claim.id for o in kept]


_OF_TRY = ("provider_id", "subject", "text", "segments")
_KEPT = ("state", "due_at", "settled_at", "why", *_OF_TRY)


@cache
def _settling(dialect: str) -> ReturningUpdate[Any]:
    """`tries` and `doubts` of the rows are what a try adds to those of the claim.

    A claim by which nobody was called leaves what the last try said, and its id, as they are.
    """
    end = new(dialect, tuple(_T.c[name] for name in ("id", "fence", "tries", "doubts", *_KEPT)))
    return (
        update(_T)
        .where(
            _T.c.id == end.c.id, _T.c.fence == end.c.fence, _T.c.state == fixed(State.SENDING), may_move(end.c.state)
        )
        .values(
            {name: end.c[name] for name in _KEPT}
            | {name: func.coalesce(end.c[name], _T.c[name]) for name in _OF_TRY}
            | {"rung_at": None, "tries": _T.c.tries - 1 + end.c.tries, "doubts": _T.c.doubts + end.c.doubts}
        )
        .returning(_T.c.id)
    )


def _ended(outcome: Outcome, now: datetime) -> dict[str, object]:
    claim, verdict = outcome.claim, outcome.verdict
    return {
        "id": claim.id,
        "fence": claim.fence,
        "tries": verdict.tries_spent,
        "doubts": int(verdict.state is State.IN_DOUBT),
        "state": verdict.state,
        "due_at": verdict.due_at,
        "settled_at": now if verdict.due_at is None else None,
        "provider_id": outcome.provider_id,
        "why": verdict.why[:200],
        **(outcome.said._asdict() if outcome.said.text else dict.fromkeys(Said._fields)),
    }


def _attempt(outcome: Outcome, now: datetime) -> dict[str, object]:
    return {
        "message_id": outcome.claim.id,
        "number": outcome.claim.tries,
        "ended_at": now,
        "outcome": outcome.outcome,
        "why": outcome.verdict.why[:200],
        "provider_id": outcome.provider_id,
    }


class Lost(NamedTuple):
    """A message whose worker fell silent, or whose doubt has lasted long enough."""

    id: int
    programme_id: int
    channel: Channel
    state: State
    doubts: int
    tries: int
    due_at: datetime


def lost(session: Session, *, now: datetime, limit: int = 500, aside: Collection[int] = ()) -> list[Lost]:
    """Messages being sent past their lease, and in doubt past their time, locked; `aside` as in `to_ring`."""
    query = (
        select(*(_T.c[name] for name in Lost._fields))
        .where(WAITING, _T.c.due_at <= now, _T.c.state.in_([State.SENDING, State.IN_DOUBT]))
        .order_by(_T.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Lost(*row) for row in session.execute(without(query, _T.c.programme_id, aside))]


def rule_on(session: Session, id: int, verdict: Verdict, *, now: datetime) -> None:
    """Write what was decided about a lost message, under a new fence: its old worker settles nothing any more."""
    doubted = verdict.state is State.IN_DOUBT and verdict.due_at is not None
    change = (
        update(_T)
        .where(_T.c.id == id, may_move(bindparam("new_state", type_=String)))
        .values(
            state=bindparam("new_state"),
            due_at=verdict.due_at,
            rung_at=None,
            fence=_T.c.fence + 1,
            doubts=_T.c.doubts + int(doubted),
            repeated_at=now if verdict.state is State.PENDING else _T.c.repeated_at,
            settled_at=now if verdict.due_at is None else None,
            why=verdict.why[:200],
        )
    )
    session.connection().execute(change, {"new_state": verdict.state})
    if verdict.due_at is None:
        notices.warned(session, [id], now=now)


class Past(NamedTuple):
    """What an address got lately; `last_at` None: nothing."""

    last_at: datetime | None
    today: int


def added(pasts: Iterable[Past]) -> Past:
    """Several pasts as one."""
    pasts = list(pasts)
    return Past(max((p.last_at for p in pasts if p.last_at), default=None), sum(p.today for p in pasts))


_PAST = (
    select(_T.c.contact_id, func.max(_T.c.created_at), func.count())
    .where(
        among(_T.c.contact_id, "contacts"),
        _T.c.created_at >= bindparam("since"),
        _T.c.state != fixed(State.CANCELLED),
        ~_OF_ASKED,
    )
    .group_by(_T.c.contact_id)
)


def past(session: Session, contact_ids: Iterable[int], *, since: datetime) -> dict[int, Past]:
    """By contact: when the last message was made, and how many since `since`. Cancelled ones do not count.

    Nor does a link that somebody asked for.
    """
    rows = direct.rows(session, _PAST, {"contacts": list(contact_ids), "since": since})
    return {contact: Past(last_at, today) for contact, last_at, today in rows}


_OFFICE, _CONTACT = table(Office).c, table(Contact).c
_MADE = (
    select(_T.c.office_id, func.count())
    .join_from(table(Office), table(Contact), _CONTACT.office_id == _OFFICE.id)
    .join(_T, _T.c.contact_id == _CONTACT.id)
    .where(
        _OFFICE.desk == bindparam("desk"),
        _T.c.programme_id == bindparam("programme"),
        _T.c.created_at >= bindparam("since"),
        _T.c.state != fixed(State.CANCELLED),
        ~_OF_ASKED,
    )
    .group_by(_T.c.office_id)
)


def made(session: Session, programme_id: int, desk: str, *, since: datetime) -> dict[int, int]:
    """By office of a desk, how many messages were made for it since then; those that were taken back do not count."""
    facts = {"programme": programme_id, "desk": desk, "since": since}
    return dict(direct.rows(session, _MADE, facts))


def in_flight(session: Session) -> int:
    """How many messages a worker has in its hands now."""
    return session.scalar(select(func.count()).where(WAITING, _T.c.state == State.SENDING)) or 0


def waiting(session: Session, *, now: datetime, aside: Collection[int] = ()) -> dict[Channel, list[int]]:
    """By channel, all messages whose turn it is, the longest waiting first; `aside` as in `to_ring`."""
    query = (
        select(_T.c.channel, _T.c.id)
        .where(WAITING, _T.c.state == State.PENDING, _T.c.due_at <= now)
        .order_by(_T.c.due_at, _T.c.id)
    )
    found: dict[Channel, list[int]] = defaultdict(list)
    for channel, id in session.connection().execute(without(query, _T.c.programme_id, aside)):
        found[channel].append(id)
    return found


def later(session: Session, *, now: datetime) -> tuple[int, datetime] | None:
    """How many messages wait for a later try, and when the first is due; None: none does."""
    query = select(func.count(), func.min(_T.c.due_at)).where(WAITING, _T.c.state == State.PENDING, _T.c.due_at > now)
    count, first_at = session.connection().execute(query).one()
    return (count, first_at) if count else None
