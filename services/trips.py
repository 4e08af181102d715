"""Field trips of the teams: planned, told with what was seen, called off. What is sent twice is done once."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.machine import clock
from models.matters import matters, numbers, trips
from models.matters.matters import Kind, Matter
from models.matters.trips import Kept, Trip
from models.offices import offices
from rules import trips as rule
from rules.attachments import Attached
from rules.filing import NotTaken
from rules.forms import Filled
from rules.policy import Trips
from rules.programme import Programme
from rules.trips import Plan, Told

PLANNED = "trip planned"


class NoTrips(NotTaken):
    """The policy has no trips."""


class Over(NotTaken):
    """It was told or called off already, otherwise than it is told now."""


def plan(
    session: Session,
    programme_id: int,
    programme: Programme,
    own: Plan,
    *,
    by: str,
    once: str,
    hand: Hand,
    now: datetime,
) -> Kept:
    """Plan a trip. In the evening of its day it is asked for, unless somebody has told of it. Sent again it is one.

    Raises:
        NoTrips: the policy has none.
    """
    policy = _policy(programme)
    clock.alone(session, numbers.NUMBERS)  # two at once wait here: the second finds what the first has sent
    sent = _once(hand.office_id, once, own)
    if known := trips.sent(session, sent):
        return known
    asked_at = rule.asked_at(own.starts_at, programme.desk.zone_of(own.area), policy.asked_at)
    code = f"L-{numbers.next_(session, programme_id, Kind.TRIP):04d}"
    owner = rule.owner(programme.desk, by, own.area)
    matter = Matter(
        programme_id=programme_id,
        kind=Kind.TRIP,
        key=f"{programme.code}/trip/{code}",
        code=code,
        area=own.area,
        ladder=policy.ladder,
        since=asked_at,
        next_at=asked_at,
        closes_after=asked_at + rule.WAITS,
        owner_id=offices.ids_of(session, programme.desk.code)[owner],
        giver_id=hand.office_id,
    )
    session.add(matter)
    session.flush()
    team = programme.desk.team_of(own.area).code
    trip = Trip(
        id=matter.id,
        team=team,
        village=own.village,
        station=own.station,
        place=own.place,
        starts_at=own.starts_at,
        going=own.going,
        purpose=own.purpose,
        planned_at=now,
        once=sent,
    )
    session.add(trip)
    session.flush()
    _record(session, matter, hand, PLANNED, until=own.starts_at, now=now)
    return matter, trip


def tell(
    session: Session,
    programme: Programme,
    id: int,
    told: Told,
    filled: Filled,
    *,
    files: Sequence[Attached] = (),
    hand: Hand,
    now: datetime,
) -> None:
    """What was seen. The same again changes nothing; a trip that was told is not told otherwise.

    Raises:
        NotTaken: it was told otherwise or called off, or the policy has no trips.
    """
    policy = _policy(programme)
    matter, trip = trips.locked(session, id)
    said = (told.at, told.going, told.people, dict(filled.body))
    if trip.told_at is not None and (trip.starts_at, trip.going, trip.people, trip.body) == said:
        return
    if trip.told_at is not None or trip.called_off_at is not None:
        raise Over(f"{matter.code} was told or called off before")
    trip.starts_at, trip.going, trip.people = told.at, told.going, told.people
    trip.form, trip.body, trip.told_at = policy.form, dict(filled.body), now
    session.flush()
    trips.enclose(session, trip.id, files)
    matters.close(session, matter.id, why=rule.TOLD, now=now)
    _record(session, matter, hand, rule.TOLD, now=now)


def call_off(session: Session, id: int, *, why: str, hand: Hand, now: datetime) -> None:
    """It was not made, or its record was wrong: it stays, and is counted no more. Safe to repeat."""
    matter, trip = trips.locked(session, id)
    if trip.called_off_at is not None:
        return
    trip.called_off_at, trip.called_off_why = now, why
    session.flush()
    matters.close(session, matter.id, why=rule.CALLED_OFF, now=now)
    _record(session, matter, hand, rule.CALLED_OFF, text=why, now=now)


def _policy(programme: Programme) -> Trips:
    if programme.policy.trips is None:
        raise NoTrips("the policy has no `trips`: see docs/configuration.md")
    return programme.policy.trips


def _once(office_id: int, once: str, own: Plan) -> str:
    return hashlib.sha256(json.dumps([office_id, once, *own], default=str).encode()).hexdigest()


def _record(
    session: Session,
    matter: Matter,
    hand: Hand,
    what: str,
    *,
    until: datetime | None = None,
    text: str = "",
    now: datetime,
) -> None:
    changes.record(session, hand, what, matter.code, matter.programme_id, matter.id, until=until, text=text, now=now)
