"""How fast a channel is used. One instant says it all: when the next message is free to go.

Each message moves that instant on by one interval. Messages up to `AHEAD` of time may go at once, so that a clock
that turns every few seconds still reaches the whole rate.
"""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
AHEAD = timedelta(seconds=5)
SLOW = timedelta(seconds=1)
"""After so long it is known how fast a channel is."""
BELL = timedelta(seconds=5)
"""One thread may take work for this long at a time, since others may have nothing to do."""
SPREAD = 16
"""A slow bell is parted into at least this many, however many threads there are to hear them."""
BURST = 200
"""When so many wait, it is a burst: what is written for each group costs more time than a larger group costs trust."""


def allowed(free_at: datetime | None, per_minute: int, *, now: datetime) -> int:
    """How many messages may go now. None: none went yet."""
    used = max(timedelta(0), (free_at or now) - now)
    return (AHEAD - used) // (MINUTE / per_minute) + 1 if used <= AHEAD else 0


def closed(free_at: datetime | None, *, now: datetime) -> bool:
    """Whether no message may go yet, however fast the channel may be used."""
    return free_at is not None and free_at - now > AHEAD


def rested(free_at: datetime | None, until: datetime) -> datetime:
    """The instant that lets no message go before `until`."""
    return max(free_at or until, until + AHEAD)


def spent(free_at: datetime | None, per_minute: int, messages: int, *, now: datetime) -> datetime:
    """When the next message is free to go, after so many went now."""
    return max(free_at or now, now) + MINUTE / per_minute * messages


def group(calm: int, burst: int, waiting: int) -> int:
    """How many messages are claimed, and settled, at once while so many wait. A dying worker leaves them in doubt."""
    return max(calm, burst) if waiting >= BURST else calm


def bell(spent: timedelta, tried: int, left: int) -> int:
    """How many of the remaining messages make one bell, judged by how long the tried ones took.

    0: one thread may go on with all of them.
    """
    if spent < SLOW or tried < 1 or left < 2 or spent / tried * left <= BELL:
        return 0
    return max(1, min(int(BELL / (spent / tried)), left // SPREAD))


def last_at(per_minute: int | None, messages: int, *, now: datetime) -> datetime:
    """When the last of so many messages goes, if nothing else does meanwhile; None: as fast as it goes."""
    if per_minute is None:
        return now
    waiting = max(0, messages - allowed(None, per_minute, now=now))
    return now + MINUTE / per_minute * waiting
