"""Quiet hours: when an office is left in peace, in its own zone. What is held is decided again at release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Window:
    """A daily stretch of local time in which nothing is sent, from `start` up to, not including, `end`.

    It may pass midnight (20.00-07.00). `weekdays` (Monday = 0) are the days on which it starts; empty: all.
    """

    start: time
    end: time
    weekdays: frozenset[int] = frozenset()


def release_at(now: datetime, zone: str, windows: Sequence[Window]) -> datetime:
    """`now`, or the end of the quiet stretch it falls in; windows that touch are one stretch. UTC.

    A week of windows without a gap would never release: the loader refuses that.
    """
    at = now.astimezone(ZoneInfo(zone))
    for _ in range(len(windows) * 8):
        ends = [end for window in windows if (end := _ends(at, window)) is not None]
        if not ends:
            return at.astimezone(UTC)
        at = max(ends)
    return at.astimezone(UTC)


def readable(zone: str) -> bool:
    """Whether there is such a zone: what an office's row names is asked before anything is reckoned in it."""
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        return False
    return True


def _ends(at: datetime, window: Window) -> datetime | None:
    """When the window around local `at` ends; None when `at` is outside it."""
    for start_day in (at.date(), at.date() - timedelta(days=1)):
        if window.weekdays and start_day.weekday() not in window.weekdays:
            continue
        over_midnight = window.end <= window.start
        start = datetime.combine(start_day, window.start, at.tzinfo)
        end = datetime.combine(start_day + timedelta(days=over_midnight), window.end, at.tzinfo)
        if start <= at < end:
            return end
    return None
