"""The hold switch stops all sending, in a disaster or for a wrong text. What falls due meanwhile waits in the books."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from jobs.delivery import channels, parcelling
from jobs.operator.refusals import Refusal
from jobs.runtime import Clock, Runtime
from jobs.turn import dispatch
from models.base import Sessions
from models.machine import clock, departures
from models.matters import tasks
from models.messages import counting, notices, releasing
from models.messages.notices import Fate
from rules import pace
from rules.desk import Channel
from rules.dispatch import NoticeState
from services import restoring

NEXT_TRY = "messages that wait for their next try"
PACED = "what was held goes out slowly"


def on(sessions: Sessions, reason: str, *, time: Clock = clock.now) -> int:
    """Hold; how many messages a provider has already, so that nobody can call them back.

    A hold that set itself becomes the operator's own. The heartbeat then reports no failure any more.

    The next claim finds the switch in its own transaction. A worker in the middle of a group looks every second, and
    finishes the one call that it is making.

    Raises:
        Refusal: no reason.
    """
    if not reason.strip():
        raise Refusal("holding needs a reason: add --reason")
    with sessions.begin() as session:
        clock.hold(session, time(session), reason, ordered=True)
    with sessions.begin() as session:
        return counting.in_flight(session)


def off(rt: Runtime) -> bool:
    """Release, at the policy's pace; whether sending was on hold. Safe to repeat."""
    with rt.sessions.begin() as session:
        if not clock.marked(session, clock.HOLD):
            return False
        now = rt.clock(session)
        restoring.ask(session, rt.live(session), now=now)
        clock.release(session, now, PACED)
        for programme in rt.live(session).values():
            tasks.done(session, tasks.Why.STORM, programme.desk.code, now=now)
        return True


def done_releasing(session: Session) -> None:
    """Nothing that was held waits any more: the usual pace again."""
    if released := clock.marked(session, clock.RELEASED):
        clock.mark(session, clock.RELEASED, released[0])


class Going(NamedTuple):
    """How many messages would leave by one channel, and when the first and the last of them.

    `again`: how many of these go to an address to which something left in a gap of the books, as its provider says;
    `unknown`: whether nobody said that yet.
    """

    channel: Channel
    messages: int
    first_at: datetime
    last_at: datetime
    again: int = 0
    unknown: bool = False


class Waiting(NamedTuple):
    """How many notices would go on waiting, why, and until when the first; None: until its programme can be read.

    For what waits for its next try, `notices` counts messages.
    """

    why: str
    notices: int
    first_at: datetime | None


class Preview(NamedTuple):
    """What a release at `now` would do. `moot`: dropped notices, by reason. `storm`: why it would hold again."""

    now: datetime
    on_hold: str
    moot: Mapping[str, int]
    merged: int
    to_send: Sequence[Going]
    waits: Sequence[Waiting]
    storm: str

    @property
    def reach(self) -> int:
        """How many messages would leave, now or when what still keeps them is over."""
        return sum(own.messages for own in self.to_send) + sum(own.notices for own in self.waits)


def preview(rt: Runtime) -> Preview:
    """What would happen if sending were released now. The real functions do it, and it is rolled back."""
    with rt.sessions() as session:
        try:
            return _preview(session, rt)
        finally:
            session.rollback()


def _preview(session: Session, rt: Runtime) -> Preview:
    now = rt.clock(session)
    held = clock.marked(session, clock.HOLD)
    clock.alone(session, clock.DISPATCH)
    clock.mark(session, clock.HOLD, None)
    unknown = {channel for channel in rt.notifiers if departures.unanswered(session, channel)}
    restoring.ask(session, rt.live(session), now=now)
    released = releasing.released(session, now=now)
    decided = dispatch.decide(session, rt, now)
    while decided.more and not decided.storm:
        decided = dispatch.decide(session, rt, now)
    storm = clock.marked(session, clock.HOLD)
    waiting = counting.waiting(session, now=now, aside=rt.unread(session))
    going = [] if storm else [_going(session, rt, channel, ids, now) for channel, ids in waiting.items()]
    going = [own._replace(unknown=own.channel in unknown) for own in going]
    fates = notices.fates(session, released)
    moot = Counter[str]()
    waits: dict[str, list[datetime]] = defaultdict(list)
    for fate in fates:
        if fate.state is NoticeState.MOOT:
            moot[fate.reason] += 1
        elif fate.state is NoticeState.PLANNED and fate.release_at > now:
            waits[fate.held].append(fate.release_at)
    return Preview(
        now=now,
        on_hold=held[1] if held else "",
        moot=moot,
        merged=sum(fate.state is NoticeState.MERGED for fate in fates),
        to_send=[g for g in going if g.messages],
        waits=[
            *(Waiting(why, len(times), min(times)) for why, times in waits.items()),
            *([] if storm else _unread(fates, now)),
            *([Waiting(NEXT_TRY, *later)] if (later := counting.later(session, now=now)) else []),
        ],
        storm=storm[1] if storm else "",
    )


def _unread(fates: Sequence[Fate], now: datetime) -> list[Waiting]:
    """Notices about which nothing is decided, because their programme cannot be read."""
    left = sum(fate.state is NoticeState.PLANNED and fate.release_at <= now for fate in fates)
    return [Waiting("its programme cannot be read", left, None)] if left else []


def _going(session: Session, rt: Runtime, channel: Channel, ids: Sequence[int], now: datetime) -> Going:
    """Claim as a worker would, so that what is moot at the last moment is not counted."""
    parts = [ids[first : first + notices.BATCH] for first in range(0, len(ids), notices.BATCH)]
    parcels = [parcel for part in parts for parcel in parcelling.claim(session, rt, part, now)]
    told = [own.claim.id for own in parcels if own.claim.to.address is not None and not own.moot(now)]
    again = len(departures.again(session, told))
    per_minute = channels.rate(session, rt, channel, releasing=True)
    return Going(channel, len(told), now, pace.last_at(per_minute, len(told), now=now), again)
