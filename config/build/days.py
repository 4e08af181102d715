"""Days that a file counts from voting day or from the edge of a stage."""

from config.checking import Check, S
from config.errors import Path
from config.shapes.days import StageDayShape
from config.words import iso
from rules.calendar import Anchor


def anchor(check: Check[S], path: Path, day: Anchor | StageDayShape) -> Anchor:
    """The day as the rules count it; whole days only."""
    if isinstance(day, Anchor):
        return day
    if day.plus.seconds:
        check.bad((*path, "plus"), f"{iso(day.plus)} is not whole days", "Write whole days, such as P14D")
    return Anchor(day.stage, day.edge, day.plus.days)
