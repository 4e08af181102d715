"""When an office is left in peace, in its own zone: quiet hours and closed days. What is held is decided on again.

The policy's quiet hours are everybody's, for mails and texts. Those of an office (the desk's file) or of whoever
holds it (he asked for it) are added to them, for texts alone. None of them holds what is urgent.
"""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
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
    own: tuple[Window, ...] = ()

    def besides(self, *own: str) -> "Peace":
        """With the quiet hours of one office and of its holder, as the books keep them; empty: it has none."""
        windows = tuple(window for text in own if (window := read(text)))
        return replace(self, own=windows) if windows != self.own else self

    @property
    def everybodys(self) -> "Peace":
        """Without those of any one office."""
        return replace(self, own=()) if self.own else self

    def release_at(self, now: datetime, zone: str, ladder: str = "") -> datetime:
        """`now`, or the end of the quiet stretch it falls in; windows that touch are one stretch. UTC.

        A week of windows without a gap would never end: the loader refuses that.

        Args:
            ladder: the one that speaks here; none: it is an answer, which goes on closed days too.
        """
        at = now.astimezone(ZoneInfo(zone))
        windows = (*self.windows, *self.own)
        for _ in range(len(windows) * 8 + LONGEST):
            ends = [end for window in windows if (end := _ends(at, window)) is not None]
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
            for window in (*self.windows, *self.own)
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


LONGEST_OWN = timedelta(hours=12)
LEFT = timedelta(hours=4)
"""How long an office's own quiet hours may be, and how much of every day must be left to tell it what is routine."""

_SPELT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def spelt(window: Window) -> str:
    """An office's own quiet hours as the books keep them: `21:00-06:00`."""
    return f"{window.start:%H:%M}-{window.end:%H:%M}"


def read(text: str) -> Window | None:
    """What `spelt` wrote; None: there are none, or nobody can read it, and then they hold nothing."""
    match = _SPELT.fullmatch(text)
    return Window(time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))) if match else None


def empty(window: Window) -> bool:
    """Whether it begins when it ends: nobody can say whether that is no time at all or a whole day."""
    return window.start == window.end


def length(window: Window) -> timedelta:
    minutes = (window.end.hour - window.start.hour) * 60 + window.end.minute - window.start.minute
    return timedelta(minutes=minutes % 1440 or 1440)


def too_long(own: Iterable[Window], everybodys: Sequence[Window]) -> bool:
    """Whether own quiet hours are longer than any may be, or leave too little of some day beside everybody's."""
    own = tuple(own)
    if any(length(window) > LONGEST_OWN for window in own):
        return True
    monday, step = datetime(2024, 1, 1, tzinfo=UTC), timedelta(minutes=15)
    free = [
        sum(not within(at, (*everybodys, *own)) for n in range(96) for at in [monday + timedelta(day) + n * step])
        for day in range(7)
    ]
    return min(free) * step < LEFT


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
