"""Field trips of area teams (kunjungan lapangan): what is planned, what is told of one, when it is asked for.

planned --told what was seen--> done
planned --not told by the evening--> asked for, once; it stays planned
planned, done --called off, with a reason--> called off
"""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rules import access, incidents, typed
from rules.desk import Desk
from rules.programme import Programme
from rules.typed import Fault, Fields, Mistyped

AHEAD = timedelta(days=60)
"""How far ahead a trip may be planned."""
BACK = timedelta(days=60)
"""How long ago a trip may have been that is told now."""
WAITS = timedelta(days=2)
"""So long after it was asked for a trip is waited for."""

GOING, PLACE, PURPOSE, REASON = 300, 200, 500, 500
MOST = 1000
"""More people than this are no trip of a team."""

CALLED_OFF, TOLD = "called off", "trip told"
"""Why the matter of a trip is closed, and what the record of changes calls it."""


class Plan(NamedTuple):
    """A trip as it was planned, or as it was made without a plan. `going`: which offices, in words.

    `village`: a code, or empty; `place`: in words what village and polling station do not say.
    """

    area: str
    starts_at: datetime
    going: str
    purpose: str
    village: str = ""
    station: str = ""
    place: str = ""


class Told(NamedTuple):
    """What a trip was, apart from what was seen."""

    at: datetime
    going: str
    people: int


def districts(desk: Desk, office: str) -> tuple[str, ...]:
    """The districts whose trips an office plans, tells and reads: those of its teams, and those that it oversees."""
    own = {district for team in desk.teams if office in team.members for district in team.districts}
    own |= {*access.readable(desk, office)}
    return tuple(district.code for district in desk.districts if district.code in own)


def owner(desk: Desk, office: str, area: str) -> str:
    """Who is asked what was seen: whoever planned it if he is of the team, else whoever reports for the district."""
    team = desk.team_of(area)
    return office if office in team.members else team.reporters[area]


def asked_at(starts_at: datetime, zone: str, at: time) -> datetime:
    """When a trip is asked for: in the evening of its day, or of the next if it begins later than that."""
    local = starts_at.astimezone(ZoneInfo(zone))
    evening = datetime.combine(local.date(), at, ZoneInfo(zone))
    return evening if evening > local else datetime.combine(local.date() + timedelta(days=1), at, ZoneInfo(zone))


def read_plan(
    answers: Mapping[str, str], programme: Programme, may: Collection[str], *, ahead: bool, now: datetime
) -> tuple[Plan | None, dict[str, Fault]]:
    """The trip that was typed, or None and by field what is wrong with it.

    Args:
        may: the districts that the sender may speak of.
        ahead: it is planned; else it was made.
    """
    fields, desk = Fields(answers), programme.desk
    area = fields.read("district", lambda text: typed.chosen(text, may), "")
    zone = desk.zone_of(area)
    village = fields.read("village", lambda text: incidents.village(text, desk.villages_of(area)), "") if area else ""
    station = fields.read("station", lambda text: typed.line(text, incidents.STATION), "")
    place = fields.read("place", lambda text: typed.line(text, PLACE), "")
    starts_at = fields.read("at", lambda text: _at(text, zone, ahead=ahead, now=now), None)
    going = fields.read("going", lambda text: typed.needed(typed.line(text, GOING)), "")
    purpose = fields.read("purpose", lambda text: typed.needed(typed.line(text, PURPOSE)), "")
    if not (village or place) and "village" not in fields.flaws:
        fields.flaws.setdefault("place", Fault.MISSING)
    if fields.flaws or starts_at is None:
        return None, fields.flaws
    return Plan(area, starts_at, going, purpose, village, station, place), {}


def read_told(answers: Mapping[str, str], zone: str, *, now: datetime) -> tuple[Told | None, dict[str, Fault]]:
    """When it was, who went and how many; or None and by field what is wrong."""
    fields = Fields(answers)
    at = fields.read("at", lambda text: _at(text, zone, ahead=False, now=now), None)
    going = fields.read("going", lambda text: typed.needed(typed.line(text, GOING)), "")
    people = fields.read("people", _people, 0)
    return (None, fields.flaws) if fields.flaws or at is None else (Told(at, going, people), {})


def reason(text: str) -> str:
    """Why a trip is called off. Raises: Mistyped: nothing is said, or too much."""
    return typed.needed(typed.line(text, REASON))


def _at(text: str, zone: str, *, ahead: bool, now: datetime) -> datetime:
    at = typed.moment(text, zone)
    if at is None:
        raise Mistyped(Fault.MISSING)
    if ahead and not now < at <= now + AHEAD:
        raise Mistyped(Fault.NOT_AHEAD)
    if not ahead and at > now:
        raise Mistyped(Fault.AHEAD)
    if not ahead and at < now - BACK:
        raise Mistyped(Fault.LONG_AGO)
    return at


def _people(text: str) -> int:
    count = typed.number(text)
    if not count:
        raise Mistyped(Fault.MISSING)
    if count > MOST:
        raise Mistyped(Fault.TOO_LARGE)
    return count
