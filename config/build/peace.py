"""When a policy leaves offices in peace: nights that end, and closed days that hold ladders which exist."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from config.build.common import among, unrepeated
from config.checking import Check
from config.errors import Path, shown
from config.shapes.policy import PolicyShape
from rules.duties import WEEKDAYS
from rules.ladder import Ladder
from rules.quiet import ClosedDays, Window


def window(check: Check[PolicyShape], number: int) -> Window:
    shape = check.shape.quiet_hours[number]
    if shape.start == shape.end:
        what = f"from {shape.start:%H.%M} until {shape.end:%H.%M} is a whole day"
        check.bad(("quiet_hours", number), what, "Leave some hours in which people may be told")
    return Window(shape.start, shape.end, frozenset(WEEKDAYS.index(day) for day in shape.on))


def nights_end(check: Check[PolicyShape], windows: tuple[Window, ...]) -> None:
    """Report a day that is quiet from midnight to midnight."""
    for weekday, name in enumerate(WEEKDAYS):
        if _covered(windows, weekday) and check.sound("quiet_hours"):
            what = f"together they cover the whole of {name}"
            check.bad(("quiet_hours",), what, "Leave some hours in which people may be told")
            return


def closed_days(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> ClosedDays | None:
    """Notices held on closed days go when the night after them ends; urgent ones wait for neither."""
    shape = check.shape.closed_days
    if shape is None:
        return None
    if not check.shape.quiet_hours:
        what = "without `quiet_hours` what waited would go at midnight"
        check.bad(("closed_days",), what, "Write when the night ends")
    for number, code in enumerate(shape.hold):
        path: Path = ("closed_days", "hold", number)
        known = among(check, path, code, set(check.written_keys("ladders")), "ladder") and code in ladders
        if known and ladders[code].urgent:
            check.bad(path, f"{shown(code)} is urgent", "Hold only what may wait")
    unrepeated(check, ((("closed_days", "weekdays", n), day) for n, day in enumerate(shape.weekdays)), "weekdays")
    return ClosedDays(frozenset(shape.hold), shape.but_not, frozenset(map(WEEKDAYS.index, shape.weekdays)))


def _covered(windows: tuple[Window, ...], weekday: int) -> bool:
    midnight = datetime.combine(date(2024, 1, 1) + timedelta(days=weekday), time())  # a Monday, and on
    reached = midnight
    for start, end in sorted(_stretches(windows, midnight)):
        if start > reached:
            return False
        reached = max(reached, end)
    return reached >= midnight + timedelta(days=1)


def _stretches(windows: tuple[Window, ...], midnight: datetime) -> Iterable[tuple[datetime, datetime]]:
    for day in (midnight - timedelta(days=1), midnight):
        for window in windows:
            if not window.weekdays or day.weekday() in window.weekdays:
                start, end = datetime.combine(day, window.start), datetime.combine(day, window.end)
                yield start, end + timedelta(days=window.end <= window.start)
