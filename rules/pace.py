"""How fast a channel is used. One instant says it all: when the next message is free to go.

Each message moves that instant on by one interval. Up to `AHEAD` of it may be used up at once, so that a clock that
turns every few seconds still reaches the whole rate.
"""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
AHEAD = timedelta(seconds=5)


def allowed(free_at: datetime | None, per_minute: int, *, now: datetime) -> int:
    """How many messages may go now. None: none went yet."""
    used = max(timedelta(0), (free_at or now) - now)
    return (AHEAD - used) // (MINUTE / per_minute) + 1 if used <= AHEAD else 0


def closed(free_at: datetime | None, *, now: datetime) -> bool:
    """Whether nobody may go yet, however fast the channel may be used."""
    return free_at is not None and free_at - now > AHEAD


def rested(free_at: datetime | None, until: datetime) -> datetime:
    """The instant that lets nobody go before `until`."""
    return max(free_at or until, until + AHEAD)


def spent(free_at: datetime | None, per_minute: int, messages: int, *, now: datetime) -> datetime:
    """When the next message is free to go, after so many went now."""
    return max(free_at or now, now) + MINUTE / per_minute * messages


def last_at(per_minute: int | None, messages: int, *, now: datetime) -> datetime:
    """When the last of so many messages goes, if nothing else does meanwhile; None: as fast as it goes."""
    if per_minute is None:
        return now
    waiting = max(0, messages - allowed(None, per_minute, now=now))
    return now + MINUTE / per_minute * waiting
