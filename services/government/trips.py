"""Field trips as they stood at the cut-off, and a few of their photographs."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.matters import trips
from models.matters.trips import Kept
from reports.government.pictures import Picture
from reports.government.trips import Trip
from rules.attachments import Kind
from rules.forms import CONDITIONS, PARTS, Condition, Form, Part, condition, looked_at
from rules.programme import Programme
from services.government.scope import Scope

MOST = 6
"""Photographs of trips in one letter."""
SHORT = 300
"""Characters of a remark that a letter repeats; the whole stands on the page of the trip."""


def made(session: Session, scope: Scope) -> tuple[Trip, ...]:
    """Those that were to be in the period; what was called off by then is none."""
    confided = scope.confided.areas
    return tuple(_trip(scope, kept, secret=kept[0].area in confided) for kept in _known(session, scope))


def pictures(session: Session, scope: Scope) -> tuple[Picture, ...]:
    """The first photographs of each trip in turn. None from where a restricted problem lies."""
    confided = scope.confided.areas
    told = {
        trip.id: (matter, trip)
        for matter, trip in _known(session, scope)
        if _told(trip.told_at, scope) and matter.area not in confided
    }
    by_trip: dict[int, list[Picture]] = {}
    for photo in trips.photos(session, list(told)):
        if photo.kind is Kind.JPEG:
            matter, trip = told[photo.trip_id]
            group = f"Kunjungan lapangan, {_place(scope.programme, trip)}".rstrip(", ")
            own = Picture(photo.digest, matter.area, group, trip.starts_at, f"kunjungan {matter.code}")
            by_trip.setdefault(trip.id, []).append(own)
    ranked = [(n, id, own) for id, several in by_trip.items() for n, own in enumerate(several)]
    chosen = sorted(ranked, key=lambda one: one[:2])[:MOST]
    return tuple(own for _, _, own in sorted(chosen, key=lambda one: (one[2].at, one[0])))


def _known(session: Session, scope: Scope) -> Iterator[Kept]:
    """Planned by the cut-off, and not called off by then."""
    for matter, trip in trips.during(
        session, scope.programme_id, scope.areas, since=scope.starts_at, until=scope.within[1]
    ):
        off = trip.called_off_at is not None and trip.called_off_at <= scope.cut_off
        if trip.planned_at <= scope.cut_off and not off:
            yield matter, trip


def _told(at: datetime | None, scope: Scope) -> bool:
    return at is not None and at <= scope.cut_off


def _trip(scope: Scope, kept: Kept, *, secret: bool) -> Trip:
    matter, trip = kept
    told = _told(trip.told_at, scope)
    form = scope.forms.get(trip.form)
    return Trip(
        code=matter.code,
        district=matter.area,
        team=scope.programme.desk.team(trip.team).name if scope.programme.desk.is_team(trip.team) else trip.team,
        at=trip.starts_at,
        place=_place(scope.programme, trip),
        going=trip.going,
        purpose=trip.purpose,
        told=told,
        people=(trip.people or 0) if told else 0,
        seen=tuple(_seen(trip.body or {}, form)) if told and not secret else (),
    )


def _place(programme: Programme, trip: trips.Trip) -> str:
    village = programme.desk.village_name(trip.village).partition(", ")[0] if trip.village else ""
    station = f"TPS {trip.station}" if trip.station else ""
    return ", ".join(filter(None, (trip.place, station, village)))


def _seen(body: Mapping[str, Any], form: Form | None) -> Iterator[str]:
    """`Logistik: Perlu perhatian. Dua kotak basah`; what nobody looked at is left out, and so are photos."""
    names = {own.code: own.name for own in form.indicators} if form else {}
    for code, own in looked_at(body).items():
        looked, note = condition(own), str(own.get("note") or "")[:SHORT]
        word = CONDITIONS[looked] if looked and looked is not Condition.UNSEEN else ""
        if said := ". ".join(filter(None, (word, note))):
            yield f"{names.get(code, code)}: {said}"
    if facts := str(body.get(Part.FACTS.value) or "")[:SHORT]:
        yield f"{PARTS[Part.FACTS]}: {facts}"
