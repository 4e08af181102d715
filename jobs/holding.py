"""The hold switch: stops all sending, for a disaster or a wrong text. What falls due meanwhile waits in the books."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from jobs import channels, deliver, dispatch
from jobs.refusals import Refusal
from jobs.runtime import Clock, Runtime
from models import clock, messages, notices, tasks
from models.base import Sessions
from models.notices import Fate
from rules import pace
from rules.desk import Channel
from rules.dispatch import NoticeState

NEXT_TRY = "messages that wait for their next try"
PACED = "what was held goes out slowly"


def on(sessions: Sessions, reason: str, *, time: Clock = clock.now) -> int:
    """Hold; how many messages are in a provider's hands already, and cannot be called back.

    A hold that set itself becomes the operator's own: whoever listens outside hears of no failure any more.

    Whoever claims next finds the switch in the same transaction; a worker in the middle of a group looks every
    second, and finishes the one call that it is in.

    Raises:
        Refusal: no reason.
    """
    if not reason.strip():
        raise Refusal("holding needs a reason: add --reason")
    with sessions.begin() as session:
        clock.hold(session, time(session), reason, ordered=True)
    with sessions.begin() as session:
        return messages.in_flight(session)


def off(rt: Runtime) -> bool:
    """Release, at the policy's pace; whether sending was on hold. Safe to repeat."""
    with rt.sessions.begin() as session:
        if not clock.marked(session, clock.HOLD):
            return False
        now = rt.clock(session)
        clock.release(session, now, PACED)
        for programme in rt.live(session).values():
            tasks.done(session, tasks.Why.STORM, programme.desk.code, now=now)
        return True


def done_releasing(session: Session) -> None:
    """Nothing that was held waits any more: the usual pace again."""
    if released := clock.marked(session, clock.RELEASED):
        clock.mark(session, clock.RELEASED, released[0])


class Going(NamedTuple):
    """What would leave by one channel, and when the first and the last of it."""

    channel: Channel
    messages: int
    first_at: datetime
    last_at: datetime


class Waiting(NamedTuple):
    """What would go on waiting, for what, and when the first of it may go; None: when its programme can be read.

    `notices`: how many, or of what waits for its next try how many messages.
    """

    why: str
    notices: int
    first_at: datetime | None


class Preview(NamedTuple):
    """What a release at `now` would do. `moot`: how many notices are dropped, by reason; `storm`: why it would hold."""

    now: datetime
    on_hold: str
    moot: Mapping[str, int]
    merged: int
    to_send: Sequence[Going]
    waits: Sequence[Waiting]
    storm: str


def preview(rt: Runtime) -> Preview:
    """What would happen if sending were released now: done by those who do it, and rolled back."""
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
    released = notices.released(session, now=now)
    decided = dispatch.decide(session, rt, now)
    while decided.more and not decided.storm:
        decided = dispatch.decide(session, rt, now)
    storm = clock.marked(session, clock.HOLD)
    waiting = messages.waiting(session, now=now, aside=rt.unread(session))
    going = [] if storm else [_going(session, rt, channel, ids, now) for channel, ids in waiting.items()]
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
            *([Waiting(NEXT_TRY, *later)] if (later := messages.later(session, now=now)) else []),
        ],
        storm=storm[1] if storm else "",
    )


def _unread(fates: Sequence[Fate], now: datetime) -> list[Waiting]:
    """What nothing was decided about, for its programme cannot be read."""
    left = sum(fate.state is NoticeState.PLANNED and fate.release_at <= now for fate in fates)
    return [Waiting("its programme cannot be read", left, None)] if left else []


def _going(session: Session, rt: Runtime, channel: Channel, ids: Sequence[int], now: datetime) -> Going:
    """Claimed as a worker would: what is moot at the last moment is left out."""
    parts = [ids[first : first + notices.BATCH] for first in range(0, len(ids), notices.BATCH)]
    count = sum(bool(parcel.lines) for part in parts for parcel in deliver.claim(session, rt, part, now))
    per_minute = channels.rate(session, rt, channel, releasing=True)
    return Going(channel, count, now, pace.last_at(per_minute, count, now=now))
