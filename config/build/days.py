"""Days that a file counts from voting day or from the edge of a stage."""

from config.checking import Check, S
from config.errors import Path
from config.shapes.days import StageDayShape
from config.words import iso
from rules.calendar import Anchor


def anchor(check: Check[S], path: Path, day: Anchor | StageDayShape, *, working: bool = True) -> Anchor:
    """The day as the rules count it; whole days only.

    Args:
        working: whether it may be counted in working days.
    """
    if isinstance(day, Anchor):
        return day
    if day.plus.seconds:
        check.bad((*path, "plus"), f"{iso(day.plus)} is not whole days", "Write whole days, such as P14D")
    if day.working_days is not None and (day.plus or not working):
        what = "goes without `plus`" if day.plus else "is counted in calendar days here"
        check.bad((*path, "working_days"), what, "Write `working_days: 5` alone" if day.plus else "Write `plus: P7D`")
    return Anchor(day.stage, day.edge, day.plus.days, day.working_days or 0)
