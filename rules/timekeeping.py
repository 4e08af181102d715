"""Whether the clock can be believed: wall time against time that only runs forward."""

from datetime import datetime, timedelta

TRUSTED = timedelta(minutes=10)
"""A wall clock that moves this much more or less than time itself has jumped."""


def jumped(before: datetime, now: datetime, elapsed: timedelta) -> timedelta | None:
    """By how much the wall clock jumped between two looks; None when it can be believed.

    Args:
        before: what the wall clock said at the last look; aware, as is `now`.
        elapsed: how much time really passed, by a clock that nobody sets.
    """
    strayed = (now - before) - elapsed
    return strayed if abs(strayed) > TRUSTED else None
