"""Steer each channel: learn from tries, say how much may be claimed now, and tell people when it stops."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

import rules.channels
from jobs.runtime import Runtime
from models.messages import bells, channels, settling, tries
from models.messages.channels import Known
from models.messages.settling import Outcome
from notifiers import trial
from rules import pace
from rules.channels import Sign, Tried
from rules.delivery import AGAIN, LONGEST_REST, State, Verdict
from rules.desk import Channel
from services import outages, reviving

log = structlog.get_logger()


class Way(NamedTuple):
    """How many messages may be claimed now.

    `probing`: the channel is down, and one try finds out whether it works again. `on_hold`: only what somebody asked
    for himself may go. `unreached`: how many connections had failed in a row.
    """

    most: int
    probing: bool = False
    per_minute: int | None = None
    on_hold: bool = False
    unreached: int = 0


CLOSED = Way(0)


def way(session: Session, rt: Runtime, channel: Channel, size: int, *, now: datetime) -> Way:
    """Of a group of `size`, how many may be claimed: one probe when down, else what the rate allows.

    Where a delivery report stopped it and nothing bad was heard of the last probe, it is used again.
    """
    known = channels.known(session, channel)
    return _way(session, rt, channel, known, size, now=now)._replace(on_hold=known.on_hold, unreached=known.unreached)


def _way(session: Session, rt: Runtime, channel: Channel, known: Known, size: int, *, now: datetime) -> Way:
    if known.down_since is not None:
        again_at = rules.channels.probe_at(known.probes + 1, outages.waits(rt.policies(session)), now=now)
        if not channels.take_probe(session, channel, again_at=again_at, now=now):
            return CLOSED
        if known.quiet_since is None:
            return Way(1, probing=True)
        _go_on(session, rt, channel, now)
    per_minute = rate(session, rt, channel, releasing=known.releasing)
    if per_minute is None:
        return CLOSED if pace.closed(known.free_at, now=now) else Way(size)
    free = pace.allowed(channels.free_at(session, channel), per_minute, now=now)
    return Way(min(size, free), per_minute=per_minute)


def spend(session: Session, channel: Channel, used: Way, messages: int, *, now: datetime) -> None:
    """Note that so many messages are being sent on a way."""
    if used.per_minute is not None and messages:
        free_at = channels.free_at(session, channel)
        channels.spend(session, channel, pace.spent(free_at, used.per_minute, messages, now=now))


def learn(
    session: Session, rt: Runtime, channel: Channel, outcomes: Sequence[Outcome], used: Way, *, now: datetime
) -> None:
    """Stop the channel after the first try that found it down. Use it again once a probe got through.

    A message that only went into the folder of a trial says nothing about the channel. If a probe tried nothing, the
    next probe may be made at once.
    """
    tried = [outcome for outcome in outcomes if _went_out(outcome)]
    later = used.probing and channels.known(session, channel).by_delivery_report
    signs = {rules.channels.sign(outcome.outcome, by_delivery_report=later): outcome for outcome in reversed(tried)}
    if Sign.DOWN in signs:
        _stop(session, rt, channel, signs[Sign.DOWN].verdict.why, now)
    elif Sign.TAKEN in signs:
        channels.taken(session, channel, now)
    elif used.probing and Sign.WORKS in signs:
        _go_on(session, rt, channel, now)
    elif used.probing and not tried:
        channels.probe_now(session, channel, now=now)
    _count(session, rt, channel, tried, used, now)
    if rests := [outcome.verdict.rest_until for outcome in tried if outcome.verdict.rest_until]:
        _rest(session, channel, max(rests))


def blamed(session: Session, channel: Channel, outcomes: Sequence[Outcome], *, now: datetime) -> list[Outcome]:
    """Outcomes, where several domains refused alike in a row as ends of a channel that is down.

    What was given up by those before is used again, and what failed waits. It is tried again only after others were:
    one bad address must not be every probe. What is refused once more, after the channel worked again, is refused.
    """
    if channel is not Channel.EMAIL or not any(_tried(outcome).answer for outcome in outcomes):
        return list(outcomes)
    before = [_judged(*row) for row in tries.last(session, channel, LOOKED_BACK)]
    all_tries = [*(_tried(outcome) for outcome in reversed(outcomes) if _went_out(outcome)), *before]
    worked = channels.known(session, channel).up_since
    earlier_on = tries.of(session, {t.message_id for t in all_tries}, until=worked) if worked else ()
    proved = {(tried.message_id, tried.answer) for tried in (_judged(*row) for row in earlier_on)}
    ids = {t.message_id for t in rules.channels.alike([t for t in all_tries if (t.message_id, t.answer) not in proved])}
    waits = now + LONGEST_REST
    earlier = ids.difference(outcome.claim.id for outcome in outcomes)
    reviving.undo(session, sorted(earlier), until=waits, now=now)
    return [_as_down(outcome, waits) if outcome.claim.id in ids else outcome for outcome in outcomes]


def _judged(message_id: int, address: str, outcome: str, why: str) -> Tried:
    return Tried(message_id, address.rpartition("@")[2].lower(), rules.channels.answer(outcome, why))


def _tried(outcome: Outcome) -> Tried:
    return _judged(outcome.claim.id, outcome.claim.to.address or "", outcome.outcome, outcome.verdict.why)


def _as_down(outcome: Outcome, until: datetime) -> Outcome:
    why = f"channel down: several domains refused alike: {outcome.verdict.why}"
    return outcome._replace(outcome="channel_down", verdict=Verdict(State.PENDING, until, why, tries_spent=0))


def _went_out(outcome: Outcome) -> bool:
    return outcome.outcome not in settling.UNTRIED and not (outcome.provider_id or "").startswith(trial.MARK)


def _count(session: Session, rt: Runtime, channel: Channel, tried: Sequence[Outcome], used: Way, now: datetime) -> None:
    """Count connections that failed in a row, in any worker. One that worked is written only after a failure."""
    failed = [outcome for outcome in tried if not outcome.verdict.reached]
    if used.unreached and len(failed) < len(tried):
        channels.reached(session, channel)
    for outcome in failed:
        row = channels.not_reached(session, channel, now=now)
        if row is not None and rules.channels.out_of_reach(*row, now=now):
            why = f"{outcome.verdict.why.removeprefix(AGAIN)}, {row[0]} times in a row"
            _stop(session, rt, channel, why, now)


def _rest(session: Session, channel: Channel, until: datetime) -> None:
    """The provider asked to be left alone: nothing is tried before then."""
    log.warning("channel rests", channel=channel, until=until.isoformat())
    channels.spend(session, channel, pace.rested(channels.free_at(session, channel), until))


def _stop(session: Session, rt: Runtime, channel: Channel, why: str, now: datetime) -> None:
    if outages.begin(session, rt.live(session), channel, why, now=now):
        log.error("channel down", channel=channel, why=why)


def _go_on(session: Session, rt: Runtime, channel: Channel, now: datetime) -> None:
    if outages.end(session, rt.live(session), channel, now=now):
        log.info("channel works again", channel=channel)


def retry(rt: Runtime, channel: Channel) -> bool:
    """Try a channel that is down at the next turn, without waiting any longer; whether it is down."""
    with rt.sessions.begin() as session:
        return channels.probe_now(session, channel, now=rt.clock(session))


def worth_ringing(
    session: Session, rt: Runtime, known: Mapping[Channel, Known], *, now: datetime
) -> dict[Channel, int]:
    """By channel, for how many messages the bell may ring now."""
    return {channel: _worth(session, rt, channel, own, now) for channel, own in known.items()}


def _worth(session: Session, rt: Runtime, channel: Channel, known: Known, now: datetime) -> int:
    if known.down_since is not None:
        return PROBES if known.probe_at is not None and known.probe_at <= now else 0
    per_minute = rate(session, rt, channel, releasing=known.releasing)
    if per_minute is None:
        return 0 if pace.closed(known.free_at, now=now) else bells.MOST_AT_ONCE
    return pace.allowed(known.free_at, per_minute, now=now)


LOOKED_BACK = 20
"""So many of the last tries are looked at for refusals in a row."""

PROBES = 10
"""Ring for so many when one is to be tried: some may turn out to be no longer owed."""


def rate(session: Session, rt: Runtime, channel: Channel, *, releasing: bool) -> int | None:
    """Messages a minute on a channel, the least of any live programme; None: as fast as it goes."""
    policies = rt.policies(session)
    rates = [policy.per_minute[channel] for policy in policies if channel in policy.per_minute]
    rates += [policy.release_per_minute for policy in policies] if releasing else []
    return min(rates, default=None)
