"""Whether the clock can be believed: wall time against time that only runs forward."""

from datetime import datetime, timedelta

TRUSTED = timedelta(minutes=10)
"""A wall clock that moves this much more or less than time itself has jumped."""


SILENT = timedelta(seconds=120)
"""A clock that has finished no sweep for this long is presumed dead (promise 12)."""


def turns(swept_at: datetime | None, *, now: datetime) -> bool:
    """Whether the clock is alive. None: it has never finished a sweep."""
    return swept_at is not None and now - swept_at <= SILENT


def stopped(swept_at: datetime | None, *, now: datetime) -> datetime | None:
    """Since when the desk stood still, asked by a turn at `now`; None: it did not, or it is the very first turn."""
    return None if swept_at is None or turns(swept_at, now=now) else swept_at


def words(span: timedelta) -> str:
    """A span for people: `3 h 0 min 12 s`, `-2 min 5 s`."""
    seconds = abs(round(span.total_seconds()))
    parts = (f"{seconds // 3600} h", f"{seconds // 60 % 60} min", f"{seconds % 60} s")
    said = " ".join(parts[0 if seconds >= 3600 else 1 if seconds >= 60 else 2 :])
    return f"-{said}" if span < timedelta(0) else said


def jumped(before: datetime, now: datetime, elapsed: timedelta) -> timedelta | None:
    """By how much the wall clock jumped between two looks; None: it can be believed.

    Args:
        before: what the wall clock said at the last look; aware, as is `now`.
        elapsed: how much time really passed, by a clock that nobody sets.
    """
    strayed = (now - before) - elapsed
    return strayed if abs(strayed) > TRUSTED else None
