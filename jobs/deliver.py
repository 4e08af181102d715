"""Hand messages over: claim, send with no transaction open, settle. Three moves, each visible."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from jobs import channels, letters
from jobs.dispatch import BELL_SIZE
from jobs.letters import Parcel
from jobs.runtime import Runtime
from models import channels as known_channels
from models import letters as contents
from models import links, messages, nonsense, notices, receipts, sessions
from models.letters import Line
from models.messages import Claim, Outcome, Said
from notifiers.base import Asks
from rules import dispatch, quiet
from rules import links as link_rules
from rules import sessions as session_rules
from rules.delivery import (
    ChannelDown,
    DeliveryError,
    Misaddressed,
    Refused,
    State,
    Temporary,
    Unknown,
    Unwritable,
    Verdict,
    judge,
)
from rules.desk import Channel
from rules.dispatch import Held
from rules.links import Opens
from rules.programme import Programme
from rules.quiet import Peace

log = structlog.get_logger()

OUTCOMES: dict[type[DeliveryError], str] = {
    Refused: messages.REFUSED,
    Misaddressed: messages.MISADDRESSED,
    Temporary: "temporary",
    Unknown: "unknown",
    ChannelDown: "channel_down",
    Unwritable: messages.UNWRITABLE,
}
GIVEN_UP = frozenset({messages.REFUSED, messages.MISADDRESSED})
"""Outcomes after which an address is not used again."""


def run(rt: Runtime, channel: Channel, message_ids: Sequence[int]) -> None:
    """Try each message once. Harmless to repeat: a second run finds nothing left to claim.

    The last group is settled and the next claimed in one transaction, so that a worker that dies leaves at
    most one group in doubt. What may not be claimed now is rung for again.
    """
    waiting, outcomes, way = list(message_ids), list[Outcome](), channels.CLOSED
    while waiting or outcomes or way.probing:
        with rt.sessions.begin() as session:
            now = rt.clock(session)
            channels.learn(session, rt, channel, outcomes, way, now=now)
            size = _group_size(rt, session, channel)
            way = channels.way(session, rt, channel, size, now=now) if waiting else channels.CLOSED
            settled = messages.settle(session, outcomes, now=now)
            refused = {outcome.claim.id for outcome in outcomes if outcome.outcome in GIVEN_UP}
            receipts.refused(session, sorted(refused.intersection(settled)), now=now)
            group, waiting = waiting[: way.most], waiting[way.most :]
            group = _asked(session, group) if way.on_hold else group
            parcels = claim(session, rt, group, now) if group else []
            channels.spend(session, channel, way, sum(bool(p.lines) for p in parcels), now=now)
            if not group:
                messages.unring(session, waiting)
                waiting = []
        # No transaction is open here: a slow provider must not hold a connection.
        outcomes = _attempt_all(rt, channel, parcels, now)
        if any(outcome.outcome == messages.NOT_TRIED or not outcome.verdict.reached for outcome in outcomes):
            waiting = []
        for outcome in outcomes:
            message = outcome.claim
            log.info("tried", message=message.id, channel=channel, number=message.tries, outcome=outcome.outcome)


def _asked(session: Session, ids: Sequence[int]) -> list[int]:
    """What may go though sending is on hold: what somebody asked for himself. The rest waits for the release."""
    asked = messages.asked(session, ids)
    messages.unring(session, [id for id in ids if id not in asked])
    return asked


def _group_size(rt: Runtime, session: Session, channel: Channel) -> int:
    """How many are claimed at once: what a dying worker may leave in doubt. The smallest of any live programme."""
    if rt.notifiers[channel].repeatable:
        return BELL_SIZE
    sizes = [p.policy.delivery.settle_every.get(channel, 1) for p in rt.live(session).values()]
    return min(sizes, default=1)


def claim(session: Session, rt: Runtime, ids: Sequence[int], now: datetime) -> list[Parcel]:
    """Take what is free of `ids`, with what may be said now; what nothing is left of comes without lines."""
    lease = _lease(rt.live(session).values())
    claims = nonsense.cured(session, partial(messages.claim, session, ids, lease=lease, now=now), now=now)
    over = [claim for claim in claims if rt.closed(session, claim.programme_id)]
    cancelled = Verdict(State.CANCELLED, None, dispatch.CLOSED, tries_spent=0)
    messages.settle(session, [Outcome(claim, cancelled, "moot") for claim in over], now=now)
    unread = [claim for claim in claims if claim.programme_id in rt.unread(session)]
    waits = Verdict(State.PENDING, now, "its programme cannot be read", tries_spent=0)
    messages.settle(session, [Outcome(claim, waits, messages.NOT_TRIED) for claim in unread], now=now)
    claims = [claim for claim in claims if claim not in over and claim not in unread]
    told = nonsense.cured(session, partial(contents.lines, session, claims, now=now), now=now)
    notices.drop(session, [(line.notice_id, line.moot) for lines in told.values() for line in lines if line.moot])
    claims = _but_resting(session, rt, claims, told, now)
    parcels = [_ready(session, rt.programme(session, c.programme_id), c, told.get(c.id, []), now) for c in claims]
    return _in_words(session, rt, _with_links(session, rt, parcels, now) if rt.public_url else parcels, now)


def _but_resting(
    session: Session, rt: Runtime, claims: Sequence[Claim], told: Mapping[int, Sequence[Line]], now: datetime
) -> list[Claim]:
    """Without those that may have arrived once and have to wait: each stays the message it is, with its mark."""
    resting: dict[int, tuple[datetime, Held]] = {}
    for claim in claims:
        if claim.doubts and quiet.readable(claim.to.zone):
            peace = rt.programme(session, claim.programme_id).peace
            owed = [line for line in told.get(claim.id, ()) if not line.moot]
            if until := dispatch.paused_whole([_paused(line, peace, claim.to.zone, now) for line in owed]):
                resting[claim.id] = until
    messages.put_off(
        session, [(c, resting[c.id][0], dispatch.RESTS + resting[c.id][1]) for c in claims if c.id in resting]
    )
    return [claim for claim in claims if claim.id not in resting]


def _ready(session: Session, programme: Programme, claim: Claim, lines: Sequence[Line], now: datetime) -> Parcel:
    """What may be said now. What must wait goes back among the notices, to be merged anew when its time comes.

    An office whose zone became unknown meanwhile has no quiet hours: what was decided on goes. So does all of what may
    have arrived once (`dispatch.paused_whole`).
    """
    owed = [line for line in lines if not line.moot]
    if claim.doubts or not quiet.readable(claim.to.zone):
        return Parcel(claim, programme, owed)
    held = {line.notice_id: until for line in owed if (until := _paused(line, programme.peace, claim.to.zone, now))}
    notices.postpone(session, [(id, *until) for id, until in held.items()])
    return Parcel(claim, programme, [line for line in owed if line.notice_id not in held])


def _paused(line: Line, peace: Peace, zone: str, now: datetime) -> tuple[datetime, Held] | None:
    return dispatch.paused(line.say, line.promised_until, zone, peace, ladder=line.ladder, urgent=line.urgent, now=now)


def _with_links(session: Session, rt: Runtime, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
    """A new link for each try that should carry one: tokens are not kept, so a second try cannot have the first's."""
    leading = [(parcel, letters.opens(parcel)) for parcel in parcels]
    carrying = [p._replace(token=link_rules.token(rt.luck), opens=to) if to else p for p, to in leading]
    links.give(session, (_link(p) for p in carrying if p.opens is Opens.REPORTS), now=now)
    sessions.give(session, (_door(p) for p in carrying if p.opens is Opens.DOOR), now=now)
    return carrying


def _in_words(session: Session, rt: Runtime, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
    """What a provider may be asked about is written here, and its words kept before it leaves: by them it is found."""
    written = [
        parcel._replace(written=letters.write(rt, parcel, now)) if _askable(rt, parcel, now) else parcel
        for parcel in parcels
    ]
    said = {p.claim.id: p.written[1] for p in written if isinstance(p.written, tuple)}
    messages.keep_words(session, said)
    return written


def _askable(rt: Runtime, parcel: Parcel, now: datetime) -> bool:
    claim = parcel.claim
    return isinstance(rt.notifiers[claim.channel], Asks) and claim.to.address is not None and not parcel.moot(now)


def _link(parcel: Parcel) -> links.New:
    claim = parcel.claim
    return links.New(parcel.token or "", claim.programme_id, claim.office_id, claim.id)


def _door(parcel: Parcel) -> sessions.New:
    claim = parcel.claim
    to = (claim.programme_id, claim.office_id, claim.contact_id, claim.id, parcel.claim.to.address or "")
    return sessions.New(parcel.token or "", *to, session_rules.lasts(parcel.say))


def _lease(programmes: Iterable[Programme]) -> timedelta:
    return min((p.policy.delivery.lease for p in programmes), default=timedelta(minutes=2))


def _attempt_all(rt: Runtime, channel: Channel, parcels: Sequence[Parcel], now: datetime) -> list[Outcome]:
    """One try each, until the channel is down or rests, sending is held, or half of the lease is spent; the rest waits.

    A try takes no longer than the other half, so that none ends after others have given the message up.
    """
    outcomes: list[Outcome] = []
    looked = time.monotonic()
    until = looked + _lease(p.programme for p in parcels).total_seconds() / 2
    later: Verdict | None = None
    for parcel in parcels:
        if (
            later is None
            and outcomes
            and parcel.claim.say not in dispatch.ASKED
            and time.monotonic() - looked >= rt.look_every.total_seconds()
        ):
            looked = time.monotonic()
            later = _stopped(rt, channel, now)
        if later is not None:
            outcomes.append(Outcome(parcel.claim, later, messages.NOT_TRIED))
            continue
        outcomes.append(outcome := _attempt(rt, parcel, now))
        if outcome.outcome == "channel_down":
            later = outcome.verdict
        elif outcome.verdict.rest_until is not None:
            later = Verdict(State.PENDING, now, "the provider asked to wait", tries_spent=0)
        elif not outcome.verdict.reached:
            later = Verdict(State.PENDING, now, "the provider was not reached", tries_spent=0)
        elif time.monotonic() > until:
            later = Verdict(State.PENDING, now, "the provider is slow", tries_spent=0)
    return outcomes


def _stopped(rt: Runtime, channel: Channel, now: datetime) -> Verdict | None:
    """Why a worker in the middle of a group must not go on; None: it may."""
    with rt.sessions.begin() as session:
        known = known_channels.known(session, channel)
    if known.on_hold or known.down_since is not None:
        why = "sending is on hold" if known.on_hold else known.why
        return Verdict(State.PENDING, now, why, tries_spent=0)
    return None


def _attempt(rt: Runtime, parcel: Parcel, now: datetime) -> Outcome:
    """One try."""
    claim, delivery = parcel.claim, parcel.programme.policy.delivery
    if why := parcel.moot(now):
        return Outcome(claim, Verdict(State.CANCELLED, None, why, tries_spent=0), "moot")
    if parcel.claim.to.address is None:
        return Outcome(claim, Verdict(State.FAILED, None, "the contact was withdrawn"), messages.WITHDRAWN)
    error: DeliveryError | None = None
    provider_id, said = None, Said("", "", 0)
    written = parcel.written or letters.write(rt, parcel, now)
    if isinstance(written, Unwritable):
        error = written
    else:
        letter, said = written
        try:
            provider_id = rt.notifiers[claim.channel].send(letter)
        except DeliveryError as failed:
            error = failed
        except Exception as defect:  # noqa: BLE001 - its neighbours in the group must still be settled
            log.error("defect while sending", message=claim.id, error=type(defect).__name__)
            error = Unknown(f"a defect while sending: {type(defect).__name__}")
    verdict = judge(error, tries=claim.tries, delivery=delivery, now=now)
    return Outcome(claim, verdict, OUTCOMES[type(error)] if error else "accepted", provider_id, said)
