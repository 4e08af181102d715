"""Notices: every decision to tell one office one thing, or not to, with its reason. Written once per key."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    Update,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base, Instant, Word, insert_new, new, table
from models.direct import among, fixed
from models.matters import Matter
from models.offices import Contact, Office
from rules.delivery import State
from rules.desk import Audience, Channel
from rules.dispatch import Held, NoticeState, Parcel, Pending
from rules.ladder import Say

UNREACHED = "none"
"""Stands for the channel of an office that no channel reaches: a key must not hold NULL."""


class Notice(Base):
    """One decision about one office. Not before `release_at`; `held` says what it waits for, `reason` why it ended.

    `due_at`: when the clock was to see that it is time, for `models.measures`; None: it came of what somebody did.
    `other_way_at`: when to look whether the office is to be told by another channel (`rules.other_way`); None: never.
    """

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("matter_id", "round", "rung", "office_id", "channel", "occasion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(String(10), default="ladder")
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"))
    round: Mapped[int]
    rung: Mapped[int]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    channel: Mapped[str] = mapped_column(String(10))
    audience: Mapped[Audience] = mapped_column(Word(Audience, 12))
    say: Mapped[Say] = mapped_column(Word(Say, 12))
    ladder: Mapped[str] = mapped_column(String(40))
    urgent: Mapped[bool]
    planned_at: Mapped[datetime] = mapped_column(Instant)
    release_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[NoticeState] = mapped_column(Word(NoticeState, 12))
    held: Mapped[Held] = mapped_column(Word(Held, 12), default=Held.NO)
    reason: Mapped[str] = mapped_column(String(200), default="")
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    policy: Mapped[str] = mapped_column(String(64))
    other_way_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)


PLANNED = Notice.state == literal_column("'planned'")  # a literal: a bound one would hide the partial index
Index("notice_release_ix", Notice.release_at, sqlite_where=PLANNED, postgresql_where=PLANNED)
Index("notice_office_ix", Notice.office_id, sqlite_where=PLANNED, postgresql_where=PLANNED)
Index("notice_message_ix", Notice.message_id)
OTHER_WAY = Notice.other_way_at.is_not(None)
Index("notice_other_way_ix", Notice.other_way_at, sqlite_where=OTHER_WAY, postgresql_where=OTHER_WAY)
BY_LADDER = Notice.occasion.in_(["ladder", "other_way"])
"""What a rung planned, and what says the same by another channel; only these have another way."""


class Waiting(NamedTuple):
    """A notice that may go, and the address it would go to (None: the contact is gone)."""

    pending: Pending
    programme_id: int
    office_id: int
    channel: Channel
    zone: str
    contact_id: int | None
    address: str | None


def add(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store decisions; one whose key is there already is left as it was decided first."""
    insert_new(session, Notice, rows)


BATCH = 500
"""Notices whose offices are decided on in one transaction: all of an office at once, and bells ring after each."""

_N, _M = table(Notice), table(Matter)
_READY = (
    select(_N.c.office_id).where(PLANNED, _N.c.release_at <= bindparam("now")).order_by(_N.c.release_at).limit(BATCH)
)
_LOOKED_AT = (
    select(
        _N.c.id,
        _N.c.matter_id,
        _N.c.say,
        _N.c.urgent,
        _M.c.since,
        _M.c.closed_why,
        _N.c.round != _M.c.round,
        (_N.c.occasion == "other_way") & (_N.c.rung < _M.c.reached),
        _M.c.promised_until,
        _M.c.acknowledged_until,
        _N.c.ladder,
        _M.c.programme_id,
        _N.c.office_id,
        _N.c.channel,
        Office.zone,
        Contact.id,
        Contact.address,
    )
    .join_from(_N, _M, _M.c.id == _N.c.matter_id)
    .join(Office, Office.id == _N.c.office_id)
    .outerjoin(
        Contact,
        (Contact.office_id == _N.c.office_id)
        & (cast(Contact.channel, String) == _N.c.channel)
        & (Contact.state == fixed(Contact.State.ACTIVE)),
    )
    .where(PLANNED, (_N.c.release_at <= bindparam("now")) | (_N.c.held == fixed(Held.CAP)))
    .order_by(_N.c.id)
)
_WAITING = _LOOKED_AT.where(_N.c.office_id.in_(_READY))
_LEFT_ALONE = among(_M.c.programme_id, "aside")
_SOME_READY = _READY.where(~select(_M.c.id).where(_M.c.id == _N.c.matter_id, _LEFT_ALONE).exists())
_SOME_WAITING = _LOOKED_AT.where(~_LEFT_ALONE, _N.c.office_id.in_(_SOME_READY))


def waiting(session: Session, *, now: datetime, aside: Collection[int] = ()) -> list[Waiting]:
    """Planned notices whose time has come, and those that a cap holds for an office that gets a message anyway.

    `aside`: programmes that are left alone, for they cannot be read.
    """
    rows = direct.rows(session, _SOME_WAITING if aside else _WAITING, {"now": now, "aside": aside})
    own = len(fields(Pending))
    found = [(Pending(*row[:own]), row[own:]) for row in rows]
    return [
        Waiting(pending, programme, office, Channel(channel), zone, contact, address)
        for pending, (programme, office, channel, zone, contact, address) in found
    ]


def settle(session: Session, parcels: Sequence[tuple[Parcel, int | None]]) -> None:
    """Write what was decided; each parcel comes with the id of its message, None where none goes."""
    into = [(id, message) for parcel, message in parcels if message for id in parcel.dispatched]
    _join(session, into, NoticeState.DISPATCHED)
    merged = [(id, message) for parcel, message in parcels if message for id in parcel.merged]
    _join(session, merged, NoticeState.MERGED)
    for parcel, _ in parcels:
        for id, why in parcel.moot:
            _write(session, id, state=NoticeState.MOOT, held=Held.NO, reason=why)
        for id, until, held in parcel.held:
            _write(session, id, release_at=until, held=held)


def _join(session: Session, into: list[tuple[int, int]], state: NoticeState) -> None:
    if into:
        joining = _joining(session.get_bind().dialect.name)
        rows = [{"id": id, "message_id": message} for id, message in into]
        direct.run(session, joining, {"rows": rows, "to": state})


@cache
def _joining(dialect: str) -> Update:
    rows = new(dialect, (_N.c.id, _N.c.message_id))
    joined = {"state": bindparam("to"), "held": Held.NO, "message_id": rows.c.message_id}
    return update(_N).where(_N.c.id == rows.c.id).values(joined)


def _write(session: Session, id: int, **values: object) -> None:
    session.execute(update(Notice).where(Notice.id == id).values(**values))


def unreachable(session: Session, ids: Sequence[int], why: str = "the contact is gone", *, now: datetime) -> None:
    """The contact or zone went wrong since planning; of a warning that is as good an end as any."""
    for id in ids:
        at = case((BY_LADDER, literal(now, Instant)), else_=None)
        _write(session, id, state=NoticeState.NOBODY, held=Held.NO, reason=why, other_way_at=at)
    if ids:
        session.connection().execute(_warned(), {"messages": [], "notices": ids, "now": now})


def postpone(session: Session, held: Iterable[tuple[int, datetime, Held]]) -> None:
    """Take notices out of their message: at the last moment they turned out to have to wait."""
    for id, until, why in held:
        _write(session, id, state=NoticeState.PLANNED, release_at=until, held=why, message_id=None)


def put_back(session: Session, message_ids: Sequence[int], *, now: datetime) -> None:
    """Take everything out of messages that were undone, to be decided on again now. When it might go first is kept."""
    if message_ids:
        direct.run(session, _PUT_BACK, {"messages": message_ids, "now": now})


_ALREADY = case((_N.c.release_at < bindparam("now"), _N.c.release_at), else_=bindparam("now", type_=Instant()))
_PUT_BACK = (
    update(_N)
    .where(among(_N.c.message_id, "messages"), _N.c.state == fixed(NoticeState.DISPATCHED))
    .values(state=NoticeState.PLANNED, release_at=_ALREADY, held=Held.NO, message_id=None)
)


def drop(session: Session, moot: Iterable[tuple[int, str]]) -> None:
    """What turned out at the last moment not to be owed any more."""
    for id, why in moot:
        _write(session, id, state=NoticeState.MOOT, reason=why)


def give_up(session: Session, matter_ids: Collection[int], why: str) -> None:
    """Say no more of what was planned about these."""
    theirs = update(_N).where(_N.c.matter_id.in_(matter_ids), _N.c.state == NoticeState.PLANNED)
    session.connection().execute(theirs.values(state=NoticeState.MOOT, held=Held.NO, reason=why))


def withhold(session: Session, office_ids: Collection[int], why: str, *, now: datetime) -> None:
    """Tell these offices nothing of what is planned; of a warning that is as good an end as any."""
    theirs = _N.c.office_id.in_(office_ids), _N.c.state == NoticeState.PLANNED
    ids = list(session.connection().execute(select(_N.c.id).where(*theirs)).scalars())
    for id in ids:
        _write(session, id, state=NoticeState.NOBODY, held=Held.NO, reason=why, other_way_at=None)
    if ids:
        session.connection().execute(_warned(), {"messages": [], "notices": ids, "now": now})


def decide_anew(session: Session, programme_id: int, *, now: datetime) -> None:
    """Let what quiet hours or a cap hold be decided on at the next turn: they may have changed."""
    theirs = select(_M.c.id).where(_M.c.programme_id == programme_id, _M.c.closed_at.is_(None))
    held = _N.c.state == NoticeState.PLANNED, _N.c.held.in_([Held.QUIET, Held.CAP]), _N.c.release_at > now
    session.connection().execute(update(_N).where(*held, _N.c.matter_id.in_(theirs)).values(release_at=now))


def heard(session: Session, programme_id: int) -> dict[int, set[str]]:
    """By open matter, the codes of the offices that were told of it, or may have been, in whatever round."""
    from models.messages import Message

    query = (
        select(_N.c.matter_id, Office.code)
        .join_from(_N, _M, _M.c.id == _N.c.matter_id)
        .join(Message, Message.id == _N.c.message_id)
        .join(Office, Office.id == _N.c.office_id)
        .where(
            _M.c.programme_id == programme_id,
            _M.c.closed_at.is_(None),
            _N.c.state.in_([NoticeState.DISPATCHED, NoticeState.MERGED]),
            Message.state.in_([State.SENT, State.SENDING, State.IN_DOUBT]) | (Message.doubts > 0),
        )
        .distinct()
    )
    found: dict[int, set[str]] = {}
    for matter_id, code in session.connection().execute(query):
        found.setdefault(matter_id, set()).add(code)
    return found


def of(session: Session, matter_id: int) -> list[Notice]:
    """Everything decided about a matter, in order."""
    return list(session.scalars(select(Notice).where(Notice.matter_id == matter_id).order_by(Notice.id)))


def warned(session: Session, message_ids: Iterable[int], *, now: datetime) -> None:
    """Matters whose warnings have now all ended (handed over or proved undeliverable) may climb after cooling."""
    session.connection().execute(_warned(), {"messages": list(message_ids), "notices": [], "now": now})


def in_vain(session: Session, id: int, *, now: datetime) -> None:
    """There is no other way for this: if it was a warning, it has ended."""
    session.connection().execute(_warned(), {"messages": [], "notices": [id], "now": now})


def hasten(session: Session, message_ids: Sequence[int], *, now: datetime) -> None:
    """These messages reached nobody, and never will: look for another way now."""
    if message_ids:
        mine = _N.c.message_id.in_(message_ids), _N.c.state == NoticeState.DISPATCHED, BY_LADDER
        session.connection().execute(update(_N).where(*mine).values(other_way_at=now))


@cache
def _warned() -> Update:
    """A warning that failed and for which another way is still looked for has not ended."""
    from models.messages import Message, ended

    messages = table(Message)
    touched = select(_N.c.matter_id).where(
        among(_N.c.message_id, "messages") | among(_N.c.id, "notices"),
        _N.c.say == Say.WARNING,
        _N.c.state.in_([NoticeState.DISPATCHED, NoticeState.MERGED, NoticeState.NOBODY]),
    )
    failed = messages.c.state == State.FAILED
    on_its_way = (
        select(_N.c.id)
        .outerjoin(messages, messages.c.id == _N.c.message_id)
        .where(
            _N.c.matter_id == _M.c.id,
            _N.c.round == _M.c.round,
            _N.c.say == Say.WARNING,
            (_N.c.state == NoticeState.PLANNED)
            | (_N.c.state.in_([NoticeState.DISPATCHED, NoticeState.MERGED]) & ~ended())
            | (_N.c.other_way_at.is_not(None) & (failed | (_N.c.state == NoticeState.NOBODY))),
        )
    )
    return (
        update(_M)
        .where(_M.c.id.in_(touched), _M.c.warned_at.is_(None), _M.c.closed_at.is_(None), ~on_its_way.exists())
        .values(warned_at=bindparam("now"), next_at=bindparam("now"))
    )


def released(session: Session, *, now: datetime) -> list[int]:
    """What may go now, or is in a message that waits for its turn."""
    from models.messages import WAITING, Message

    waits = select(Message.id).where(WAITING, Message.state == State.PENDING, Message.due_at <= now)
    may_go = PLANNED & (_N.c.release_at <= now)
    in_message = (_N.c.state == NoticeState.DISPATCHED) & _N.c.message_id.in_(waits)
    return list(session.connection().execute(select(_N.c.id).where(may_go | in_message)).scalars())


class Fate(NamedTuple):
    """What became of a notice."""

    state: NoticeState
    held: Held
    reason: str
    release_at: datetime


def fates(session: Session, ids: Sequence[int]) -> list[Fate]:
    """What became of these notices."""
    columns = _N.c.state, _N.c.held, _N.c.reason, _N.c.release_at
    query = select(*columns).where(_N.c.id.in_(bindparam("ids", expanding=True)))
    parts = [ids[first : first + BATCH] for first in range(0, len(ids), BATCH)]
    return [Fate(*row) for part in parts for row in session.connection().execute(query, {"ids": part})]


def count_by_state(session: Session) -> dict[str, int]:
    """How many notices stand where."""
    rows = session.execute(select(Notice.state, func.count()).group_by(Notice.state))
    return dict(rows)
