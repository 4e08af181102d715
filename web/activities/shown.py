"""A field trip in words, and who may read it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from starlette.requests import Request

from models.matters import trips
from models.matters.matters import Matter
from models.matters.trips import Kept, Trip
from rules import trips as rule
from rules.desk import Desk
from rules.indonesian import number
from web import pages
from web.books import Books
from web.door.who import Who
from web.guards.refusals import Help, Refusal

PATH = "/kunjungan"


def districts(at: Who, programme_id: int) -> tuple[str, ...]:
    """The districts whose trips this office plans, tells and reads; none where the policy has no trips."""
    programme = at.programmes[programme_id]
    return rule.districts(programme.desk, at.code) if programme.policy.trips else ()


def look(books: Books, session: Session, request: Request, at: Who) -> Kept:
    """The trip in the address. Raises: Refusal: there is none, or the office may not read it; both look alike."""
    id, code = request.path_params["programme"], request.path_params["code"]
    kept = trips.by_code(session, id, code) if id in at.programmes else None
    if kept is None or kept[0].area not in districts(at, id):
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return kept


def line(at: Who, matter: Matter, trip: Trip) -> dict[str, Any]:
    """One trip in a list, and on its own page."""
    desk = at.programmes[matter.programme_id].desk
    return {
        "code": matter.code,
        "path": f"{PATH}/{matter.programme_id}/{matter.code}",
        "where": where(desk, matter.area, trip),
        "at": pages.short_moment(trip.starts_at, desk.zone_of(matter.area)),
        "going": trip.going,
        "people": number(trip.people) if trip.people else "",
        "purpose": trip.purpose,
        "state": _state(trip, at.now),
        "open": trip.told_at is None and trip.called_off_at is None,
        "why": trip.called_off_why,
    }


def where(desk: Desk, area: str, trip: Trip) -> str:
    """`TPS 3, Desa Koanda, Kecamatan Tamban`, with what was said of the place."""
    village = desk.village_name(trip.village) if trip.village else desk.area_name(area)
    station = f"TPS {trip.station}" if trip.station else ""
    return ", ".join(filter(None, (trip.place, station, village)))


def typed(at: datetime, zone: str) -> str:
    """A time as a browser's field takes it: `2024-02-14T15:00`."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def _state(trip: Trip, now: datetime) -> str:
    if trip.called_off_at is not None:
        return "Dibatalkan"
    if trip.told_at is not None:
        return "Hasil sudah dicatat"
    return "Direncanakan" if trip.starts_at > now else "Menunggu hasil"
