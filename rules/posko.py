"""The duty roster (piket) of the posko: which office is there, where, from when to when.

Overlaps and gaps are said and never refused: two offices may well be there together.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from rules import typed
from rules.calendar import Anchor, Election
from rules.typed import Fault, Mistyped

T = TypeVar("T")

LONGEST = timedelta(days=7)
"""A shift that is longer is a slip of the pen."""
AHEAD = 7
"""So many days, today among them, are looked at for hours in which nobody is on duty."""
NOTED = timedelta(hours=12)
"""So long after a shift its office may still write down what the next one has to know."""
NOTE = 1000
"""Characters at most in that note."""
PLACE = 80
"""Characters at most in where the posko is."""


class Shift(NamedTuple):
    """One office on duty; `ends_at` is no longer part of it."""

    office: str
    starts_at: datetime
    ends_at: datetime
    place: str


class Gap(NamedTuple):
    """A time in which nobody is on duty, though somebody is later."""

    starts_at: datetime
    ends_at: datetime


class Roster(NamedTuple):
    """Who is on duty now, and who comes next; None: nobody after them."""

    now: Sequence[Shift]
    next: Shift | None


def standing(shifts: Collection[Shift], *, now: datetime) -> Roster:
    """Who is on duty at this moment, and the first who comes after it."""
    ahead = sorted((own for own in shifts if own.starts_at > now), key=lambda own: own.starts_at)
    here = [own for own in shifts if own.starts_at <= now < own.ends_at]
    return Roster(sorted(here, key=lambda own: own.starts_at), ahead[0] if ahead else None)


def overlaps(shifts: Collection[Shift]) -> list[tuple[Shift, Shift]]:
    """Each two that are on duty at the same time, the earlier first."""
    ordered = sorted(shifts, key=lambda own: own.starts_at)
    return [(first, second) for first, second in combinations(ordered, 2) if second.starts_at < first.ends_at]


def gaps(shifts: Collection[Shift], *, now: datetime) -> list[Gap]:
    """The times from now on in which nobody is on duty, up to the end of the last shift."""
    found, covered = [], now
    for own in sorted(shifts, key=lambda own: own.starts_at):
        if own.starts_at > covered:
            found.append(Gap(covered, own.starts_at))
        covered = max(covered, own.ends_at)
    return found


def read(
    answers: Mapping[str, str], offices: Collection[str], zone: str, *, now: datetime
) -> tuple[Shift | None, dict[str, Fault]]:
    """The shift that was typed, or None and by field what is wrong with it."""
    flaws: dict[str, Fault] = {}
    office = _field(answers, "office", lambda text: text if text in offices else None, flaws, Fault.NO_CHOICE)
    place = _field(answers, "place", lambda text: " ".join(typed.words(text, PLACE).split()), flaws)
    starts_at = _field(answers, "starts", lambda text: typed.moment(text, zone), flaws)
    ends_at = _field(answers, "ends", lambda text: typed.moment(text, zone), flaws)
    if starts_at and ends_at and not max(starts_at, now) < ends_at <= starts_at + LONGEST:
        flaws["ends"] = Fault.NO_SPAN
    if flaws or not (office and place and starts_at and ends_at):
        return None, flaws
    return Shift(office, starts_at, ends_at, place), {}


def _field(
    answers: Mapping[str, str],
    name: str,
    how: Callable[[str], T | None],
    flaws: dict[str, Fault],
    otherwise: Fault = Fault.MISSING,
) -> T | None:
    """What one field says; what is wrong with it is put into `flaws`."""
    try:
        told = how(answers.get(name, ""))
    except Mistyped as error:
        flaws[name] = error.fault
        return None
    if not told:
        flaws[name] = otherwise
    return told


class Hours(NamedTuple):
    """On which days around voting day somebody must be at the posko, and from when to when."""

    days: tuple[Anchor, Anchor]
    begins: time
    ends: time


def unmanned(hours: Hours, election: Election, zone: str, shifts: Collection[Shift], *, now: datetime) -> list[date]:
    """The local days from today on, seven in all, on which nobody is on duty for a part of these hours."""
    first, last = (anchor.on(election) for anchor in hours.days)
    if first is None or last is None:
        return []
    today = now.astimezone(ZoneInfo(zone)).date()
    days = (today + timedelta(days=n) for n in range(AHEAD))
    return [day for day in days if first <= day <= last and _open(hours, day, zone, shifts, now)]


def _open(hours: Hours, day: date, zone: str, shifts: Collection[Shift], now: datetime) -> bool:
    covered = max(now, datetime.combine(day, hours.begins, ZoneInfo(zone)))
    ends_at = datetime.combine(day, hours.ends, ZoneInfo(zone))
    for own in sorted(shifts, key=lambda own: own.starts_at):
        if own.starts_at <= covered:
            covered = max(covered, own.ends_at)
    return covered < ends_at


def notes(shift: Shift, *, now: datetime) -> bool:
    """Whether the office of a shift may still write down what the next one has to know."""
    return shift.starts_at <= now < shift.ends_at + NOTED


def reads(office: str, shifts: Collection[Shift], *, now: datetime) -> bool:
    """Whether an office reads what others wrote at the posko: it is on duty, was just now, or comes within a day."""
    return any(
        own.office == office and own.starts_at - timedelta(days=1) <= now < own.ends_at + NOTED for own in shifts
    )
