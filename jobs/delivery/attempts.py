"""One try for each message of a group that a worker has claimed, with no transaction open."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError

from jobs.delivery import letters
from jobs.delivery.letters import Parcel
from jobs.runtime import Runtime, uptime
from models.messages import channels, settling
from models.messages.claiming import Said
from models.messages.settling import Outcome
from notifiers import trial
from rules import costs, delivery, dispatch, pace
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

log = structlog.get_logger()

OUTCOMES: dict[type[DeliveryError], str] = {
    Refused: settling.REFUSED,
    Misaddressed: settling.MISADDRESSED,
    Temporary: "temporary",
    Unknown: "unknown",
    ChannelDown: "channel_down",
    Unwritable: settling.UNWRITABLE,
}

TOGETHER = 10
"""So many messages are put into words before the first of them leaves."""


class Tried(NamedTuple):
    """What became of a group.

    `share`: how many messages go into each bell of the rest, because it takes one thread too long; 0: it does not.
    """

    outcomes: Sequence[Outcome] = ()
    share: int = 0

    @property
    def left(self) -> list[int]:
        """The ids of those that were claimed and not tried."""
        return [outcome.claim.id for outcome in self.outcomes if outcome.outcome == settling.NOT_TRIED]

    @property
    def stopped(self) -> bool:
        """Whether nothing more of the bell is tried now."""
        return bool(self.share or self.left) or not all(outcome.verdict.reached for outcome in self.outcomes)


NOTHING = Tried()


def run(
    rt: Runtime,
    channel: Channel,
    parcels: Sequence[Parcel],
    *,
    behind: int,
    until: float,
    now: datetime,
    whole: bool = False,
) -> Tried:
    """One try each. The rest waits as soon as the channel is down or rests, sending is on hold, the worker is to stop,
    other threads could help, or the time of this group is over.

    Args:
        behind: how many of the same bell come after these.
        until: half of the lease from before the claim, by `uptime`. A try takes no longer than the other half, so it
            ends before others may claim the message.
        whole: none of these is left to other threads: the channel has a rate, and these were counted in it already.
    """
    group = _Group(rt, channel, until, now)
    outcomes: list[Outcome] = []
    for n, parcel in enumerate(_in_words(rt, parcels, now)):
        if why := group.hindered(parcel, left=0 if whole else len(parcels) - n + behind):
            outcomes.append(Outcome(parcel.claim, _waits(why, now), settling.NOT_TRIED))
        else:
            outcomes.append(group.try_one(parcel))
    return Tried(outcomes, group.share or group.shared(behind))


def _in_words(rt: Runtime, parcels: Sequence[Parcel], now: datetime) -> Iterator[Parcel]:
    """Parcels with their words, `TOGETHER` written one after the other: between two answers of a server each would
    cost a quarter more CPU. What carries documents is written when it leaves: they are large.
    """
    for first in range(0, len(parcels), TOGETHER):
        yield from [
            parcel._replace(written=letters.write(rt, parcel, now)) if _ahead(parcel, now) else parcel
            for parcel in parcels[first : first + TOGETHER]
        ]


def _ahead(parcel: Parcel, now: datetime) -> bool:
    large = any(line.submission for line in parcel.lines)
    return parcel.written is None and parcel.leaves(now) and not large


def _waits(why: str, now: datetime) -> Verdict:
    return Verdict(State.PENDING, now, why, tries_spent=0)


class _Group:
    """A group while it is tried: how fast it goes, and why no more of it is tried."""

    def __init__(self, rt: Runtime, channel: Channel, until: float, now: datetime) -> None:
        self.rt, self.channel, self.until, self.now = rt, channel, until, now
        self.began = self.looked = uptime()
        self.tried = 0
        self.share = 0
        self.why = ""

    def hindered(self, parcel: Parcel, *, left: int) -> str:
        """Why neither the next nor any after it is tried; empty if the next is tried."""
        self.why = self.why or self._hindrance(parcel, left)
        return self.why

    def _hindrance(self, parcel: Parcel, left: int) -> str:
        at = uptime()
        if self.rt.stopping.is_set():
            return "the worker was told to stop"
        if at >= self.until:
            return "half of its lease was over"
        self.share = self.shared(left)
        if self.share:
            return "shared with other threads"
        if not self.tried or parcel.claim.say in dispatch.ASKED:
            return ""
        if at - self.looked < self.rt.look_every.total_seconds():
            return ""
        self.looked = at
        return _stopped(self.rt, self.channel)

    def shared(self, left: int) -> int:
        """How many of the rest go into each bell for another thread; 0: this thread goes on, or nobody may."""
        return 0 if self.why else pace.bell(timedelta(seconds=uptime() - self.began), self.tried, left)

    def try_one(self, parcel: Parcel) -> Outcome:
        outcome = _attempt(self.rt, parcel, self.now)
        self.tried += 1
        if outcome.outcome == "channel_down":
            self.why = outcome.verdict.why
        elif outcome.verdict.rest_until is not None:
            self.why = "the provider asked to wait"
        elif not outcome.verdict.reached:
            self.why = "the provider was not reached"
        return outcome


def _stopped(rt: Runtime, channel: Channel) -> str:
    """Why a worker in the middle of a group must not go on; empty if it may.

    It stops if the database does not answer: sending may be on hold, and what is known of the others must be written.
    """
    try:
        with rt.sessions.begin() as session:
            known = channels.known(session, channel)
    except SQLAlchemyError as error:
        log.warning("hold not looked up", error=type(error).__name__)
        return "the database was not reached"
    if known.on_hold or known.down_since is not None:
        return "sending is on hold" if known.on_hold else known.why
    return ""


def _attempt(rt: Runtime, parcel: Parcel, now: datetime) -> Outcome:
    """One try."""
    claim, policy = parcel.claim, parcel.programme.policy.delivery
    if why := parcel.moot(now):
        return Outcome(claim, delivery.dropped(why, doubts=claim.doubts), "moot")
    if parcel.claim.to.address is None:
        return Outcome(claim, Verdict(State.FAILED, None, "the contact was withdrawn"), settling.WITHDRAWN)
    error: DeliveryError | None = None
    provider_id, said = None, Said("", "", 0)
    written = parcel.written or letters.write(rt, parcel, now)
    if isinstance(written, DeliveryError):
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
    verdict = judge(error, tries=claim.tries, delivery=policy, now=now)
    outcome = OUTCOMES[type(error)] if error else "accepted"
    return Outcome(claim, verdict, outcome, provider_id, said, *_cost(parcel, outcome, provider_id, said))


def _cost(parcel: Parcel, outcome: str, provider_id: str | None, said: Said) -> tuple[int, str]:
    """Rupiah that a try may be charged, and by which carrier."""
    if not costs.charged(outcome, kept_back=(provider_id or "").startswith(trial.MARK)):
        return 0, ""
    carrier = parcel.programme.country.carrier(parcel.claim.to.address or "")
    return costs.cost(parcel.programme.policy.costs, parcel.claim.channel, carrier, said.segments), carrier
