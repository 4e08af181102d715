"""Steers each channel: what a try says about it, how much may be claimed now, and who is told when it stops."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models import channels, messages, tasks
from models.channels import Known
from models.messages import Outcome
from notifiers import trial
from rules import channels as rules
from rules import indonesian, pace
from rules.channels import Sign
from rules.desk import Channel
from rules.programme import Programme
from rules.tasks import WAYS

log = structlog.get_logger()


class Way(NamedTuple):
    """How many messages may be claimed now; `probing`: the channel is down, and this one try is to find out."""

    most: int
    probing: bool = False
    per_minute: int | None = None


CLOSED = Way(0)


def way(session: Session, rt: Runtime, channel: Channel, size: int, *, now: datetime) -> Way:
    """Of a group of `size`, how many may be claimed: none on hold, one probe when down, else what the rate allows."""
    known = channels.known(session, channel)
    if known.on_hold:
        return CLOSED
    if known.down_since is not None:
        again_at = rules.probe_at(known.probes + 1, _waits(session, rt), now=now)
        return Way(1, probing=True) if channels.take_probe(session, channel, again_at=again_at, now=now) else CLOSED
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
    """Stop the channel after the first try that found it down; use it again once a probe got through.

    What only went into the folder of a trial says nothing about the channel. A probe by which nothing was tried may
    be made again at once.
    """
    tried = [outcome for outcome in outcomes if _went_out(outcome)]
    signs = {rules.sign(outcome.outcome): outcome for outcome in reversed(tried)}
    if Sign.DOWN in signs:
        _stop(session, rt, channel, signs[Sign.DOWN].verdict.why, now)
    elif used.probing and Sign.WORKS in signs:
        _go_on(session, rt, channel, now)
    elif used.probing and not tried:
        channels.probe_now(session, channel, now=now)
    if rests := [outcome.verdict.rest_until for outcome in tried if outcome.verdict.rest_until]:
        _rest(session, channel, max(rests))


def _went_out(outcome: Outcome) -> bool:
    return outcome.outcome not in messages.UNTRIED and not (outcome.provider_id or "").startswith(trial.MARK)


def _rest(session: Session, channel: Channel, until: datetime) -> None:
    """The provider asked to be left alone: nobody is tried before then."""
    log.warning("channel rests", channel=channel, until=until.isoformat())
    channels.spend(session, channel, pace.rested(channels.free_at(session, channel), until))


def _stop(session: Session, rt: Runtime, channel: Channel, why: str, now: datetime) -> None:
    at = rules.probe_at(0, _waits(session, rt), now=now)
    pass_at = now + min((p.policy.delivery.down_for for p in rt.live(session).values()), default=rules.WAITS[0])
    if not channels.go_down(session, channel, why=why, probe_at=at, pass_at=pass_at, now=now):
        return
    log.error("channel down", channel=channel, why=why)
    for id, programme in _one_a_desk(session, rt).items():
        at_desk = indonesian.moment(now, programme.desk.zone)
        text = f"{WAYS[channel]} terhenti sejak {at_desk}. Pesan menunggu dan dicoba kembali dengan sendirinya. {why}"
        subject = f"{channel}:{programme.desk.code}"
        tasks.open_(session, id, tasks.Why.CHANNEL_DOWN, subject, text[:500], now=now, channel=channel)


def _go_on(session: Session, rt: Runtime, channel: Channel, now: datetime) -> None:
    if channels.come_up(session, channel):
        log.info("channel works again", channel=channel)
        for programme in _one_a_desk(session, rt).values():
            tasks.done(session, tasks.Why.CHANNEL_DOWN, f"{channel}:{programme.desk.code}", now=now)


def _one_a_desk(session: Session, rt: Runtime) -> dict[int, Programme]:
    """A live programme of each desk: its secretariat is told once, however many elections it works on."""
    by_desk = {programme.desk.code: (id, programme) for id, programme in rt.live(session).items()}
    return dict(by_desk.values())


def retry(rt: Runtime, channel: Channel) -> bool:
    """Try a channel that is down at the next turn, whatever it still had to wait; whether it is down."""
    with rt.sessions.begin() as session:
        return channels.probe_now(session, channel, now=rt.clock(session))


def worth_ringing(session: Session, rt: Runtime, *, now: datetime) -> dict[Channel, int]:
    """By channel, for how many messages workers may be rung now."""
    return {channel: _worth(session, rt, channel, known, now) for channel, known in channels.every(session).items()}


def _worth(session: Session, rt: Runtime, channel: Channel, known: Known, now: datetime) -> int:
    if known.down_since is not None:
        return PROBES if known.probe_at is not None and known.probe_at <= now else 0
    per_minute = rate(session, rt, channel, releasing=known.releasing)
    if per_minute is None:
        return 0 if pace.closed(known.free_at, now=now) else messages.MOST_RUNG
    return pace.allowed(known.free_at, per_minute, now=now)


PROBES = 10
"""For so many a bell is rung when one is to be tried: some of them may turn out to be no longer owed."""


def rate(session: Session, rt: Runtime, channel: Channel, *, releasing: bool) -> int | None:
    """Messages a minute on a channel, the least of any live programme; None: as fast as it goes."""
    policies = [programme.policy for programme in rt.live(session).values()]
    rates = [policy.per_minute[channel] for policy in policies if channel in policy.per_minute]
    rates += [policy.release_per_minute for policy in policies] if releasing else []
    return min(rates, default=None)


def _waits(session: Session, rt: Runtime) -> Sequence[timedelta]:
    """The waits between probes: of the live programme that is the most eager."""
    return min((p.policy.delivery.probe_after for p in rt.live(session).values()), default=rules.WAITS)
