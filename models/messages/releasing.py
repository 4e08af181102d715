"""Notices whose time has come: read, put into messages, and put back where a message was undone."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import String, Update, bindparam, case, cast, select, update
from sqlalchemy.orm import Session

from models import direct
from models.base import Instant, new, table
from models.direct import among, fixed
from models.matters.matters import Matter
from models.messages import messages
from models.messages.messages import WAITING, Message
from models.messages.notices import BATCH, PLANNED, Notice, write
from models.offices.offices import Contact, Office, at_peace
from rules.delivery import State
from rules.desk import Channel
from rules.dispatch import Held, NoticeState, Parcel, Pending

_M = table(Matter)
_N = table(Notice)


class Waiting(NamedTuple):
    """A notice that may go, and the address it would go to (None: the contact is gone).

    `quiet`: the own quiet hours of its office, and of whoever holds it.
    """

    pending: Pending
    programme_id: int
    office_id: int
    channel: Channel
    zone: str
    contact_id: int | None
    address: str | None
    quiet: tuple[str, str] = ("", "")


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
        _M.c.closed_at,
        _M.c.closed_why,
        _N.c.round != _M.c.round,
        (_N.c.occasion == "other_way") & (_N.c.rung < _M.c.reached),
        _M.c.promised_until,
        _M.c.acknowledged_until,
        _N.c.ladder,
        _N.c.planned_at,
        _N.c.rung,
        _N.c.audience,
        _M.c.programme_id,
        _N.c.office_id,
        _N.c.channel,
        Office.zone,
        Contact.id,
        Contact.address,
        Office.quiet,
        Office.own_quiet,
    )
    .join_from(_N, _M, _M.c.id == _N.c.matter_id)
    .join(Office, Office.id == _N.c.office_id)
    .outerjoin(
        Contact,
        (Contact.office_id == _N.c.office_id)
        & (cast(Contact.channel, String) == _N.c.channel)
        & (Contact.state == fixed(Contact.State.ACTIVE)),
    )
    .where(PLANNED, (_N.c.release_at <= bindparam("now")) | _N.c.held.in_([fixed(Held.CAP), fixed(Held.MERGE)]))
    .order_by(_N.c.id)
)
_WAITING = _LOOKED_AT.where(_N.c.office_id.in_(_READY))
_LEFT_ALONE = among(_M.c.programme_id, "aside")
_SOME_READY = _READY.where(~select(_M.c.id).where(_M.c.id == _N.c.matter_id, _LEFT_ALONE).exists())
_SOME_WAITING = _LOOKED_AT.where(~_LEFT_ALONE, _N.c.office_id.in_(_SOME_READY))


def waiting(session: Session, *, now: datetime, aside: Collection[int] = ()) -> list[Waiting]:
    """Planned notices whose time has come; of the same offices also those that wait for a message to go along with.

    `aside`: programmes that are left alone, for they cannot be read.
    """
    rows = direct.rows(session, _SOME_WAITING if aside else _WAITING, {"now": now, "aside": aside})
    own = len(fields(Pending))
    planned = [(Pending(*row[:own]), row[own:]) for row in rows]
    return [
        Waiting(pending, programme, office, Channel(channel), zone, contact, address, at_peace(channel, quiet))
        for pending, (programme, office, channel, zone, contact, address, *quiet) in planned
    ]


def settle(session: Session, parcels: Sequence[tuple[Parcel, int | None]]) -> None:
    """Write what was decided; each parcel comes with the id of its message, None where none goes."""
    into = [(id, message) for parcel, message in parcels if message for id in parcel.dispatched]
    _join(session, into, NoticeState.DISPATCHED)
    merged = [(id, message) for parcel, message in parcels if message for id in parcel.merged]
    _join(session, merged, NoticeState.MERGED)
    for parcel, _ in parcels:
        for id, why in parcel.moot:
            write(session, id, state=NoticeState.MOOT, held=Held.NO, reason=why)
        for id, until, held in parcel.held:
            write(session, id, release_at=until, held=held, **_own(until, held))


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


def postpone(session: Session, held: Iterable[tuple[int, datetime, Held]]) -> None:
    """Take notices out of their message: at the last moment they turned out to have to wait."""
    for id, until, why in held:
        values = {"state": NoticeState.PLANNED, "release_at": until, "held": why, "message_id": None}
        write(session, id, **values, **_own(until, why))


def _own(until: datetime, held: Held) -> dict[str, datetime]:
    """That it waited at its office's own wish stays known: it is no delay of ours."""
    return {"own_until": until} if held is Held.OWN else {}


def put_back(session: Session, message_ids: Sequence[int], *, now: datetime) -> None:
    """Take everything out of messages that were undone, to be decided on again now. When it might go first is kept."""
    if message_ids:
        direct.run(session, _PUT_BACK, {"messages": message_ids, "now": now})


def take_apart(session: Session, programme_id: int, *, now: datetime) -> None:
    """Undo what waits and tells of this election and of another of its desk, to be decided on again now."""
    apart = direct.rows(session, _SHARED, {"programme": programme_id})
    put_back(session, messages.undo(session, [id for (id,) in apart], now=now), now=now)


_ABOUT = select(_N.c.id).join(_M, _M.c.id == _N.c.matter_id).where(_N.c.message_id == table(Message).c.id)
_SHARED = select(table(Message).c.id).where(
    WAITING,
    table(Message).c.state == fixed(State.PENDING),
    table(Message).c.doubts == 0,
    _ABOUT.where(_M.c.programme_id == bindparam("programme")).exists(),
    _ABOUT.where(_M.c.programme_id != bindparam("programme")).exists(),
)


_ALREADY = case((_N.c.release_at < bindparam("now"), _N.c.release_at), else_=bindparam("now", type_=Instant()))
_PUT_BACK = (
    update(_N)
    .where(among(_N.c.message_id, "messages"), _N.c.state == fixed(NoticeState.DISPATCHED))
    .values(state=NoticeState.PLANNED, release_at=_ALREADY, held=Held.NO, message_id=None)
)


def decide_anew(session: Session, programme_id: int, *, now: datetime) -> None:
    """Let what quiet hours or a cap hold be decided on at the next turn: they may have changed."""
    theirs = select(_M.c.id).where(_M.c.programme_id == programme_id, _M.c.closed_at.is_(None))
    held = _N.c.state == NoticeState.PLANNED, _N.c.held.in_([Held.QUIET, Held.OWN, Held.CAP])
    waits = *held, _N.c.release_at > now, _N.c.matter_id.in_(theirs)
    session.connection().execute(update(_N).where(*waits).values(release_at=now))


def decide_anew_to(session: Session, office_id: int, *, now: datetime) -> None:
    """Let what quiet hours hold back from one office be decided on at the next turn: its own have changed."""
    held = _N.c.state == NoticeState.PLANNED, _N.c.held.in_([Held.QUIET, Held.OWN]), _N.c.release_at > now
    session.connection().execute(update(_N).where(*held, _N.c.office_id == office_id).values(release_at=now))


def released(session: Session, *, now: datetime) -> list[int]:
    """What may go now, or is in a message that waits for its turn."""
    waits = select(Message.id).where(WAITING, Message.state == State.PENDING, Message.due_at <= now)
    may_go = PLANNED & (_N.c.release_at <= now)
    in_message = (_N.c.state == NoticeState.DISPATCHED) & _N.c.message_id.in_(waits)
    return list(session.connection().execute(select(_N.c.id).where(may_go | in_message)).scalars())
