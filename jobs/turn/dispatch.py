"""Make messages from the notices that may go, one per address, and ring for whoever delivers them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from jobs.delivery import channels
from jobs.runtime import Runtime
from jobs.turn import paying, storms
from models.machine import clock, departures, nonsense
from models.matters import tasks
from models.messages import bells, counting, messages, notices, releasing, untold
from models.messages import channels as states
from models.messages.channels import Known
from models.messages.counting import Past
from models.messages.messages import Outgoing
from models.messages.releasing import Waiting
from models.offices import offices
from rules import dispatch, quiet
from rules.desk import Channel
from rules.dispatch import Address, Parcel, Within
from rules.ladder import Say

log = structlog.get_logger()

Shared = Mapping[int, frozenset[int]]
"""By contact, all contacts with the same address."""

BELL_SIZE = 50
"""Message ids per broker message."""

RING_AGAIN = timedelta(seconds=30)
"""A bell that nobody answered for so long counts as lost."""


def run(rt: Runtime, *, now: datetime) -> int:
    """Turn notices that may go into messages, and ring for all that are due; how many messages are new.

    Harmless to repeat: what was decided does not wait any more. While sending is on hold nothing is decided, and bells
    ring only for what somebody asked for himself.
    """
    new = 0
    while True:
        with rt.sessions.begin() as session:
            clock.alone(session, clock.DISPATCH)
            known = states.every(session)
            decided = NOTHING if _on_hold(known) else decide(session, rt, now)
            due = _called_for(session, rt, known, now)
        if decided.storm:
            log.error("storm, sending on hold")
        new += decided.created
        _ring(rt, due)
        if not decided.more:
            return new


class Decided(NamedTuple):
    """How many messages a batch of notices became, and whether more notices may wait.

    `storm`: there would have been too many, so none was made, and sending is on hold.
    """

    created: int
    more: bool
    storm: bool


NOTHING = Decided(0, more=False, storm=False)


def decide(session: Session, rt: Runtime, now: datetime) -> Decided:
    """Decide on one batch of releasable notices."""
    ready = partial(releasing.waiting, session, now=now, aside=rt.unread(session))
    waiting = nonsense.cured(session, ready, now=now)
    if not waiting:
        return NOTHING
    shared = _shared(session, waiting)
    if _take_back(session, shared, now):
        waiting = ready()
        shared = _shared(session, waiting)
    created = _settle(session, rt, waiting, shared, now)
    return Decided(len(created or ()), len(waiting) >= notices.BATCH, storm=created is None)


def _shared(session: Session, waiting: Sequence[Waiting]) -> Shared:
    return offices.sharing(session, {w.contact_id for w in waiting if w.contact_id is not None})


def _take_back(session: Session, shared: Shared, now: datetime) -> bool:
    """Undo messages that still wait, if their office is to be told more now; whether there were any.

    After a channel was down an office gets one message, not one for each time it was to be told.
    """
    contacts = frozenset[int]().union(*shared.values())
    undone = messages.take_back(session, contacts, now=now) if contacts else []
    releasing.put_back(session, undone, now=now)
    return bool(undone)


def ring(rt: Runtime, *, now: datetime) -> None:
    """Ring for due messages that were not rung for lately. On hold: only for what somebody asked for himself."""
    with rt.sessions.begin() as session:
        due = _called_for(session, rt, states.every(session), now)
    _ring(rt, due)


def idle(session: Session, rt: Runtime, now: datetime) -> bool:
    """Whether nothing waits to be said now, apart from programmes that cannot be read."""
    aside = rt.unread(session)
    return not (releasing.waiting(session, now=now, aside=aside) or counting.waiting(session, now=now, aside=aside))


def _on_hold(known: Mapping[Channel, Known]) -> bool:
    return any(own.on_hold for own in known.values())


def _called_for(
    session: Session, rt: Runtime, known: Mapping[Channel, Known], now: datetime
) -> Mapping[Channel, Sequence[int]]:
    most = channels.worth_ringing(session, rt, known, now=now)
    return bells.ring(session, most, now=now, again=RING_AGAIN, aside=rt.unread(session), on_hold=_on_hold(known))


def _ring(rt: Runtime, due: Mapping[Channel, Sequence[int]]) -> None:
    for channel, ids in due.items():
        ring_for(rt, channel, ids, BELL_SIZE)


def ring_for(rt: Runtime, channel: Channel, ids: Sequence[int], size: int) -> None:
    """Ring for these messages, `size` of them with each bell."""
    for first in range(0, len(ids), size):
        log.info("bell rang", channel=channel, messages=ids[first : first + size])
        rt.bell.ring(channel, ids[first : first + size])


def _settle(
    session: Session, rt: Runtime, waiting: Sequence[Waiting], shared: Shared, now: datetime
) -> list[int] | None:
    closed = {id for id in {w.programme_id for w in waiting} if rt.closed(session, id)}
    untold.drop(session, [(w.pending.id, dispatch.CLOSED) for w in waiting if w.programme_id in closed])
    waiting = _set_aside(session, [w for w in waiting if w.programme_id not in closed], now)
    groups = _by_address(session, rt, _reachable(session, waiting, now))
    past = _past(session, groups, shared, now)
    decided = [(group, _parcel(session, rt, group, past, now)) for group in groups]
    paid = paying.paid(session, rt, decided, now=now)
    outgoing = [_outgoing(own.group, own.parcel, own.payer) for own in paid if own.payer is not None]
    if storms.breaks(session, rt, outgoing, now):
        return None
    ids = iter(created := messages.create(session, outgoing, now=now))
    releasing.settle(session, [(own.parcel, next(ids) if own.parcel.say else None) for own in paid])
    departures.mark_repeats(session, created, now=now)
    return created


def _set_aside(session: Session, waiting: Sequence[Waiting], now: datetime) -> list[Waiting]:
    """What can be decided. An office in an unknown zone must not stop its neighbours: it is set aside and shown."""
    readable = {zone: quiet.readable(zone) for zone in {w.zone for w in waiting}}
    astray = [w for w in waiting if not readable[w.zone]]
    untold.unreachable(session, [w.pending.id for w in astray], "the office's zone is unknown", now=now)
    for w in {w.office_id: w for w in astray}.values():
        text, subject = f"office {w.office_id}: its zone {w.zone!r} is unknown", f"office:{w.office_id}:zone"
        why = tasks.Why.SET_ASIDE
        tasks.open_(session, w.programme_id, why, subject, text[:500], now=now, office_id=w.office_id)
        log.error("set aside", office=w.office_id, error="unknown zone")
    return [w for w in waiting if readable[w.zone]]


def _reachable(session: Session, waiting: Sequence[Waiting], now: datetime) -> list[Waiting]:
    """What has an address. The secretariat gets a task for each contact that is gone."""
    unreachable = [w for w in waiting if w.contact_id is None]
    untold.unreachable(session, [w.pending.id for w in unreachable], now=now)
    for w in unreachable:
        if w.pending.say is Say.AIDE:
            continue  # whoever asked him sees it on his own page
        why, subject = tasks.Why.DEAD_CONTACT, tasks.of_contact(w.office_id, w.channel)
        if tasks.waits(session, tasks.Why.WRONG_RECIPIENT, subject):
            continue  # it is known already, and why
        text = f"office {w.office_id}: the {w.channel} contact is gone"
        tasks.open_(session, w.programme_id, why, subject, text, now=now, office_id=w.office_id)
    return [w for w in waiting if w.contact_id is not None]


def _by_address(session: Session, rt: Runtime, waiting: Iterable[Waiting]) -> list[list[Waiting]]:
    """Offices that share an address share a message, and so do the elections of a desk. An aide has his own, for its
    link opens his village alone.
    """
    groups: dict[tuple[str, Channel, str | None, int], list[Waiting]] = defaultdict(list)
    for notice in waiting:
        programme, say = rt.programme(session, notice.programme_id), notice.pending.say
        about = programme.code if say in dispatch.OF_ONE_ELECTION else programme.desk.code
        aide = notice.office_id if say is Say.AIDE else 0
        groups[about, notice.channel, notice.address, aide].append(notice)
    return list(groups.values())


def _past(session: Session, groups: Sequence[list[Waiting]], shared: Shared, now: datetime) -> dict[int, Past]:
    """By contact, what its address got so far on its own local day, for any office."""
    zones = {w.contact_id or 0: w.zone for group in groups for w in group}
    by_contact: dict[int, Past] = {}
    for zone in set(zones.values()):
        ids = frozenset[int]().union(*(shared[id] for id in zones if zones[id] == zone))
        by_contact |= counting.past(session, ids, since=dispatch.day_start(now, zone))
    return {id: counting.added(by_contact[other] for other in shared[id] if other in by_contact) for id in zones}


def _parcel(session: Session, rt: Runtime, group: list[Waiting], past: Mapping[int, Past], now: datetime) -> Parcel:
    programmes = {id: rt.programme(session, id) for id in {w.programme_id for w in group}}
    policies = [programme.policy for programme in programmes.values()]
    got = past[group[0].contact_id or 0]
    caps = [most for own in policies if (most := own.caps.per_day.get(group[0].channel)) is not None]
    to = Address(zone=group[0].zone, last_at=got.last_at, today=got.today, cap=min(caps, default=None))
    within = Within(
        max(own.delivery.merge_within for own in policies),
        max(own.delivery.gather_within for own in policies),
        max(own.delivery.gather_above for own in policies),
    )
    peace = {w.pending.id: programmes[w.programme_id].peace.besides(*w.quiet) for w in group}
    return dispatch.parcel([w.pending for w in group], to, peace, within, now=now)


def _outgoing(group: Sequence[Waiting], parcel: Parcel, payer: int) -> Outgoing:
    """The message goes to the office of the first notice in it, and stands among those of the election that pays."""
    first = next(w for w in group if w.pending.id in parcel.dispatched)
    assert first.contact_id is not None
    assert parcel.say is not None
    to = payer, first.office_id, first.contact_id, first.channel
    return Outgoing(*to, parcel.say, goes_first=parcel.goes_first)
