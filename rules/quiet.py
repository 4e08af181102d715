"""When an office is left in peace, in its own zone: quiet hours and closed days. What is held is decided on again."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules import calendar, machine
from rules.calendar import Anchor, Election

LONGEST = 60
"""No calendar has this many closed days in a row; the search stops here."""


@dataclass(frozen=True, slots=True)
class Window:
    """A daily stretch of local time in which nothing is sent, from `start` up to, not including, `end`.

    It may pass midnight (20.00-07.00). `weekdays` (Monday = 0) are the days on which it starts; empty: all.
    """

    start: time
    end: time
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """On a closed day nothing is said about matters on these `ladders`; around voting day no day is closed.

    `weekdays` (Monday = 0) are closed in every week.
    """

    ladders: frozenset[str]
    but_not: tuple[Anchor, Anchor]
    weekdays: Set[int] = calendar.WEEKEND


@dataclass(frozen=True, slots=True)
class Peace:
    """Quiet hours for everybody, and closed days for what may wait: of a policy, and of an election's calendar."""

    windows: Sequence[Window]
    closed_days: ClosedDays | None = None
    election: Election | None = None
    holidays: Set[date] = frozenset()

    def release_at(self, now: datetime, zone: str, ladder: str = "") -> datetime:
        """`now`, or the end of the quiet stretch it falls in; windows that touch are one stretch. UTC.

        A week of windows without a gap would never end: the loader refuses that.

        Args:
            ladder: the one that speaks here; none: it is an answer, which goes on closed days too.
        """
        at = now.astimezone(ZoneInfo(zone))
        for _ in range(len(self.windows) * 8 + LONGEST):
            ends = [end for window in self.windows if (end := _ends(at, window)) is not None]
            if self._closed(at.date(), ladder):
                ends.append(datetime.combine(at.date() + timedelta(days=1), time(), at.tzinfo))
            if not ends:
                break
            at = max(ends)
        return at.astimezone(UTC)

    def begins_at(self, now: datetime, zone: str, ladder: str = "") -> datetime | None:
        """When the next quiet stretch begins after `now`, today or tomorrow in local time; None: neither. UTC."""
        at = now.astimezone(ZoneInfo(zone))
        days = at.date(), at.date() + timedelta(days=1)
        starts = [
            datetime.combine(day, window.start, at.tzinfo)
            for window in self.windows
            for day in days
            if not window.weekdays or day.weekday() in window.weekdays
        ]
        starts += [datetime.combine(day, time(), at.tzinfo) for day in days if self._closed(day, ladder)]
        return min((start.astimezone(UTC) for start in starts if start > at), default=None)

    def _closed(self, day: date, ladder: str) -> bool:
        if self.closed_days is None or self.election is None or ladder not in self.closed_days.ladders:
            return False
        first, last = (anchor.on(self.election) for anchor in self.closed_days.but_not)
        if first and last and first <= day <= last:
            return False
        return calendar.working_day(day, self.holidays, self.closed_days.weekdays) != day


def within(at: datetime, windows: Sequence[Window]) -> bool:
    """Whether local `at` lies in one of the windows."""
    return any(_ends(at, window) is not None for window in windows)


def readable(zone: str) -> bool:
    """Whether there is such a zone. An office's row may name anything, so ask before you compute in it.

    Raises:
        OSError: this machine cannot say now.
    """
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError) as error:
        if machine.failed(error):
            raise
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
