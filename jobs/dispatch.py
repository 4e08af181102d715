"""Make messages of the notices that may go, one per address, and ring for whoever delivers them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from jobs import channels, storms
from jobs.runtime import Runtime
from models import clock, messages, nonsense, notices, offices, tasks
from models.messages import Outgoing, Past
from models.notices import Waiting
from rules import dispatch, quiet
from rules.desk import Channel
from rules.dispatch import Address, Parcel

log = structlog.get_logger()

BELL_SIZE = 50
"""Message ids per broker message."""

RING_AGAIN = timedelta(seconds=30)
"""A bell that nobody answered for so long is presumed lost."""


def run(rt: Runtime, *, now: datetime) -> int:
    """Turn releasable notices into messages and ring for all that are due; how many messages are new.

    Harmless to repeat: what was decided is no longer waiting. While sending is on hold nothing is decided, and bells
    ring only for what somebody asked for himself.
    """
    new = 0
    while True:
        with rt.sessions.begin() as session:
            clock.alone(session, clock.DISPATCH)
            on_hold = clock.marked(session, clock.HOLD) is not None
            decided = NOTHING if on_hold else decide(session, rt, now)
            due = _to_ring(session, rt, now, asked=on_hold)
        if decided.storm:
            log.error("storm, sending on hold")
        new += decided.created
        _ring(rt, due)
        if not decided.more:
            return new


class Decided(NamedTuple):
    """How many messages a batch of notices became, and whether more notices may wait.

    `storm`: it would have been too many; none was made, and sending is on hold.
    """

    created: int
    more: bool
    storm: bool


NOTHING = Decided(0, more=False, storm=False)


def decide(session: Session, rt: Runtime, now: datetime) -> Decided:
    """Decide on one batch of releasable notices."""
    ready = partial(notices.waiting, session, now=now, aside=rt.unread(session))
    waiting = nonsense.cured(session, ready, now=now)
    if _take_back(session, waiting, now):
        waiting = ready()
    created = _settle(session, rt, waiting, now)
    return Decided(len(created or ()), len(waiting) >= notices.BATCH, storm=created is None)


def _take_back(session: Session, waiting: Sequence[Waiting], now: datetime) -> bool:
    """Undo messages that still wait for their turn where their office is to be told more; whether there were any.

    After a channel was down an office gets one message, not one for each time it was to be told.
    """
    shared = offices.sharing(session, {w.contact_id for w in waiting if w.contact_id is not None})
    contacts = frozenset[int]().union(*shared.values())
    undone = messages.take_back(session, contacts, now=now) if contacts else []
    notices.put_back(session, undone, now=now)
    return bool(undone)


def ring(rt: Runtime, *, now: datetime) -> None:
    """Ring for messages that are due and were not rung for lately."""
    with rt.sessions.begin() as session:
        due = _to_ring(session, rt, now)
    _ring(rt, due)


def idle(session: Session, rt: Runtime, now: datetime) -> bool:
    """Whether nothing waits to be said now, but for programmes that cannot be read."""
    aside = rt.unread(session)
    return not (notices.waiting(session, now=now, aside=aside) or messages.waiting(session, now=now, aside=aside))


def _to_ring(session: Session, rt: Runtime, now: datetime, *, asked: bool = False) -> Mapping[Channel, Sequence[int]]:
    most = channels.worth_ringing(session, rt, now=now)
    return messages.to_ring(session, most, now=now, again=RING_AGAIN, aside=rt.unread(session), asked=asked)


def _ring(rt: Runtime, due: Mapping[Channel, Sequence[int]]) -> None:
    for channel, ids in due.items():
        for first in range(0, len(ids), BELL_SIZE):
            log.info("rung", channel=channel, messages=ids[first : first + BELL_SIZE])
            rt.bell.ring(channel, ids[first : first + BELL_SIZE])


def _settle(session: Session, rt: Runtime, waiting: Sequence[Waiting], now: datetime) -> list[int] | None:
    closed = {id for id in {w.programme_id for w in waiting} if rt.closed(session, id)}
    notices.drop(session, [(w.pending.id, dispatch.CLOSED) for w in waiting if w.programme_id in closed])
    waiting = _set_aside(session, [w for w in waiting if w.programme_id not in closed], now)
    unreachable = [w for w in waiting if w.contact_id is None]
    notices.unreachable(session, [w.pending.id for w in unreachable], now=now)
    for gone in unreachable:
        text = f"office {gone.office_id}: the {gone.channel} contact is gone"
        subject = f"office:{gone.office_id}:{gone.channel}"
        tasks.open_(
            session,
            gone.programme_id,
            tasks.Why.DEAD_CONTACT,
            subject,
            text,
            now=now,
            office_id=gone.office_id,
        )
    groups = _by_address(w for w in waiting if w.contact_id is not None)
    past = _past(session, groups, now)
    decided = [(group, _parcel(session, rt, group, past, now)) for group in groups]
    outgoing = [_outgoing(group, parcel) for group, parcel in decided if parcel.say]
    if storms.breaks(session, rt, outgoing, now):
        return None
    ids = iter(created := messages.create(session, outgoing, now=now))
    notices.settle(session, [(parcel, next(ids) if parcel.say else None) for _, parcel in decided])
    return created


def _set_aside(session: Session, waiting: Sequence[Waiting], now: datetime) -> list[Waiting]:
    """What can be decided on: an office in a zone that nobody knows must not stop its neighbours, and is shown."""
    readable = {zone: quiet.readable(zone) for zone in {w.zone for w in waiting}}
    astray = [w for w in waiting if not readable[w.zone]]
    notices.unreachable(session, [w.pending.id for w in astray], "the office's zone is unknown", now=now)
    for w in {w.office_id: w for w in astray}.values():
        text, subject = f"office {w.office_id}: its zone {w.zone!r} is unknown", f"office:{w.office_id}:zone"
        why = tasks.Why.SET_ASIDE
        tasks.open_(session, w.programme_id, why, subject, text[:500], now=now, office_id=w.office_id)
        log.error("set aside", office=w.office_id, error="unknown zone")
    return [w for w in waiting if readable[w.zone]]


def _by_address(waiting: Iterable[Waiting]) -> list[list[Waiting]]:
    """Offices that share an address share a message."""
    groups: dict[tuple[int, Channel, str | None], list[Waiting]] = defaultdict(list)
    for notice in waiting:
        groups[notice.programme_id, notice.channel, notice.address].append(notice)
    return list(groups.values())


def _past(session: Session, groups: Sequence[list[Waiting]], now: datetime) -> dict[int, Past]:
    """By contact, what its address got on its own local day so far, whichever office it was for."""
    zones = {w.contact_id or 0: w.zone for group in groups for w in group}
    shared = offices.sharing(session, zones)
    found: dict[int, Past] = {}
    for zone in set(zones.values()):
        ids = frozenset[int]().union(*(shared[id] for id in zones if zones[id] == zone))
        found |= messages.past(session, ids, since=dispatch.day_start(now, zone))
    return {id: messages.added(found[other] for other in shared[id] if other in found) for id in zones}


def _parcel(session: Session, rt: Runtime, group: list[Waiting], past: Mapping[int, Past], now: datetime) -> Parcel:
    programme = rt.programme(session, group[0].programme_id)
    policy = programme.policy
    got = past[group[0].contact_id or 0]
    to = Address(
        zone=group[0].zone,
        last_at=got.last_at,
        today=got.today,
        cap=policy.caps.per_day.get(group[0].channel),
    )
    return dispatch.parcel([w.pending for w in group], to, programme.peace, policy.delivery.merge_within, now=now)


def _outgoing(group: list[Waiting], parcel: Parcel) -> Outgoing:
    """The message goes to the office of the first notice in it."""
    first = next(w for w in group if w.pending.id in parcel.dispatched)
    assert first.contact_id is not None
    assert parcel.say is not None
    to = first.programme_id, first.office_id, first.contact_id, first.channel
    return Outgoing(*to, parcel.say, goes_first=parcel.goes_first)
