"""Whether the clock can be believed: wall time against time that only runs forward."""

from datetime import datetime, timedelta

TRUSTED = timedelta(minutes=10)
"""A wall clock that moves this much more or less than time itself has jumped."""


SILENT = timedelta(seconds=120)
"""A clock that has not finished a sweep for so long is presumed dead (promise 12)."""


def turns(swept_at: datetime | None, *, now: datetime) -> bool:
    """Whether the clock is alive. None: it has never finished a sweep."""
    return swept_at is not None and now - swept_at <= SILENT


def jumped(before: datetime, now: datetime, elapsed: timedelta) -> timedelta | None:
    """By how much the wall clock jumped between two looks; None when it can be believed.

    Args:
        before: what the wall clock said at the last look; aware, as is `now`.
        elapsed: how much time really passed, by a clock that nobody sets.
    """
    strayed = (now - before) - elapsed
    return strayed if abs(strayed) > TRUSTED else None
