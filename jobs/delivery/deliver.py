"""Hand messages over in three steps: claim, send with no transaction open, settle."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from jobs.delivery import attempts, channels, parcelling
from jobs.delivery.attempts import Tried
from jobs.delivery.channels import Way
from jobs.delivery.letters import Parcel
from jobs.runtime import Runtime, uptime
from jobs.turn.dispatch import BELL_SIZE, ring_for
from models.base import passing
from models.messages import bells, settling
from models.messages.settling import Outcome
from rules import pace
from rules.desk import Channel
from services import ending, hearing, spending

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE, STOPPING = 0.1, 2.0, 10.0
"""Seconds between two tries to write what is known; and how long it is tried once the worker is to stop."""

GIVEN_UP = frozenset({settling.REFUSED, settling.MISADDRESSED})
"""Outcomes after which an address is not used again."""


class Group(NamedTuple):
    """Messages that were claimed, and what still waits behind them.

    Half of the lease is over at `until`, all of it at `lost`, both by `uptime`.
    """

    parcels: Sequence[Parcel] = ()
    waiting: Sequence[int] = ()
    way: Way = channels.CLOSED
    now: datetime = datetime.min.replace(tzinfo=UTC)
    until: float = 0
    lost: float = 0


def run(rt: Runtime, channel: Channel, message_ids: Sequence[int]) -> None:
    """Try each message once. Harmless to repeat: a second run finds nothing left to claim.

    One group is settled and the next is claimed in one transaction, so a worker that dies leaves at most one group in
    doubt. The bell rings again for what may not be claimed now.
    """
    group, tried = Group(waiting=message_ids), attempts.NOTHING
    while group.waiting or tried.outcomes or group.way.probing:
        group = _settle_and_claim(rt, channel, group, tried)
        tried = _send(rt, channel, group)


def _send(rt: Runtime, channel: Channel, group: Group) -> Tried:
    """One try each. No transaction is open here: a slow provider must not hold a connection."""
    behind, whole = len(group.waiting), group.way.per_minute is not None
    tried = attempts.run(rt, channel, group.parcels, behind=behind, until=group.until, now=group.now, whole=whole)
    for outcome in tried.outcomes:
        message = outcome.claim
        log.info("tried", message=message.id, channel=channel, number=message.tries, outcome=outcome.outcome)
    return tried


def _settle_and_claim(rt: Runtime, channel: Channel, last: Group, tried: Tried) -> Group:
    """Settle what was tried and claim what comes next; leave to other workers what is too slow for this one."""
    transaction = partial(_in_one_transaction, rt, channel, last, tried)
    group = _insist(rt, transaction, until=last.lost if tried.outcomes else 0)
    if tried.share:
        ring_for(rt, channel, [*tried.left, *last.waiting], tried.share)
    return group


def _in_one_transaction(rt: Runtime, channel: Channel, last: Group, tried: Tried) -> Group:
    waiting = [] if tried.stopped and not rt.stopping.is_set() else last.waiting
    began = uptime()
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        outcomes = channels.blamed(session, channel, tried.outcomes, now=now)
        channels.learn(session, rt, channel, outcomes, last.way, now=now)
        way = channels.CLOSED
        if waiting:
            size = _group_size(rt, session, channel, len(waiting), now)
            way = channels.way(session, rt, channel, size, now=now)
        _settle(session, outcomes, now)
        parcels, waiting = _claim(session, rt, channel, waiting, way, now)
        lease = parcelling.lease(rt.policies(session)).total_seconds()
    return Group(parcels, waiting, way, now, began + lease / 2, began + lease)


def _settle(session: Session, outcomes: Sequence[Outcome], now: datetime) -> None:
    settled = ending.settle(session, outcomes, now=now)
    refused = {outcome.claim.id for outcome in outcomes if outcome.outcome in GIVEN_UP}
    hearing.refused(session, sorted(refused.intersection(settled)), now=now)


def _claim(
    session: Session, rt: Runtime, channel: Channel, waiting: Sequence[int], way: Way, now: datetime
) -> tuple[list[Parcel], Sequence[int]]:
    """As many of those that wait as may go now, and those that wait behind them. Without a group nothing waits here."""
    most = 0 if rt.stopping.is_set() else way.most
    ids, waiting = waiting[:most], waiting[most:]
    ids = _passing(session, ids) if way.on_hold else ids
    if any(channel in policy.costs.prices for policy in rt.policies(session)):
        ids = spending.affordable(session, rt.live(session), channel, ids, now=now)
    parcels = parcelling.claim(session, rt, ids, now) if ids else []
    channels.spend(session, channel, way, sum(bool(p.lines) for p in parcels), now=now)
    if not ids:
        bells.silence(session, waiting)
        waiting = []
    return parcels, waiting


def _insist(rt: Runtime, transaction: Callable[[], Group], *, until: float) -> Group:
    """Do it, and again where the database was away for a moment, until the claimed messages are no longer ours.

    What is known about tries must not be lost: others would make them again. A worker that was told to stop insists
    for some seconds only.
    """
    pause, patience = FIRST_PAUSE, uptime() + STOPPING
    while True:
        try:
            return transaction()
        except SQLAlchemyError as error:
            over = min(until, patience) if rt.stopping.is_set() else until
            if not passing(error) or uptime() + pause >= over:
                raise
            log.warning("not settled, tried again", error=type(error).__name__)
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _passing(session: Session, ids: Sequence[int]) -> list[int]:
    """What may go while sending is on hold. The rest waits for the release."""
    passing = bells.passing_hold(session, ids)
    bells.silence(session, [id for id in ids if id not in passing])
    return passing


def _group_size(rt: Runtime, session: Session, channel: Channel, here: int, now: datetime) -> int:
    """How many are claimed at once, the least of any live programme. A dying worker may leave them in doubt.

    Args:
        here: how many this bell still rings for. Only a bell that fills a large group asks how many wait elsewhere.
    """
    if rt.notifiers[channel].repeatable:
        return BELL_SIZE
    policies = [policy.delivery for policy in rt.policies(session)]
    calm = min((own.settle_every.get(channel, 1) for own in policies), default=1)
    burst = min((own.settle_in_burst.get(channel, calm) for own in policies), default=calm)
    if not calm < burst <= here:
        return calm
    return pace.group(calm, burst, bells.waiting(session, channel, upto=pace.BURST, now=now))
