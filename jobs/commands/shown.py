"""How commands show values: times as a clock at the desk shows them, plain words instead of Python's own."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from jobs.runtime import Runtime

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]

UTC = "UTC"


def zone(rt: Runtime) -> str:
    """The zone of the desk, or of the first of several; UTC where none is loaded."""
    with rt.sessions() as session:
        return next((programme.desk.zone for programme in rt.live(session).values()), UTC)


def clock(at: datetime, zone: str) -> str:
    """`2024-02-14 15.00 WITA`."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H.%M %Z}"


def value(held: object, zone: str) -> str:
    """A value for people; empty if there is nothing to show."""
    if isinstance(held, bool):
        return "yes" if held else "no"
    if isinstance(held, datetime):
        return clock(held, zone)
    if isinstance(held, list | tuple):
        return ", ".join(value(one, zone) for one in held)
    return "" if held is None else str(held)


def row(facts: Mapping[str, object], zone: str) -> str:
    """A row as one line. What is true is named; what is false or empty is left out."""
    said = [name.replace("_", " ") if held is True else value(held, zone) for name, held in facts.items() if held]
    return ", ".join(said)


def plain(held: object) -> str:
    """A value that JSON has no form for, as text. Instants carry their offset."""
    return held.isoformat() if isinstance(held, date) else str(held)


def in_gap(again: int, *, unknown: bool) -> list[str]:
    """What is known of messages that leave after an older copy was put back: how many may tell something again."""
    lines = ["what left in the gap by it is not wholly known: see ./desk gap"] * unknown
    lines += [f"{again} of these to offices that were told something in the gap: see ./desk gap"] * bool(again)
    return lines
