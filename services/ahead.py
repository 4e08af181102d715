"""What is ahead of whoever leads: what falls due, what ends tonight, who cannot be told, which days are closed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.matters import owing, resting
from models.matters.resting import Rest
from models.offices import offices
from rules import dispatch, indonesian, people
from rules.programme import Programme

SOON, LATER = timedelta(hours=24), timedelta(days=7)
MORNING = timedelta(hours=7)


class Falls(NamedTuple):
    """Reports of one kind that fall due at one moment, and whose they are, in the desk's order."""

    due_at: datetime
    duty: str
    zone: str
    areas: Sequence[str]


class Ahead(NamedTuple):
    """What is ahead. `soon`: within 24 hours; `later`: within seven days. `closed`: public holidays among them.

    `unknown`: from when nobody knows the holidays yet; None: all seven days are known.
    """

    soon: Sequence[Falls]
    later: Sequence[Falls]
    tonight: Sequence[Rest]
    untold: Sequence[str]
    closed: Sequence[date]
    unknown: date | None


def look(
    session: Session, id: int, programme: Programme, places: Collection[str], *, reader_id: int, now: datetime
) -> Ahead:
    """What is ahead in these districts and teams, for an office that reads of them."""
    falls = _falls(session, id, programme, places, now)
    tonight = dispatch.next_day(now, programme.desk.zone) + MORNING
    today = indonesian.local_date(now, programme.desk.zone)
    days = [today + timedelta(days=n) for n in range(LATER.days + 1)]
    return Ahead(
        soon=[own for own in falls if own.due_at <= now + SOON],
        later=[own for own in falls if own.due_at > now + SOON],
        tonight=resting.ending(session, id, places, reader_id=reader_id, now=now, until=tonight),
        untold=_untold(session, programme, places),
        closed=[day for day in days if day in programme.holidays],
        unknown=next((day for day in days if day > programme.holidays_until), None),
    )


def _falls(session: Session, id: int, programme: Programme, places: Collection[str], now: datetime) -> list[Falls]:
    areas: dict[tuple[datetime, str, str], list[str]] = {}
    for item in owing.soon(session, id, list(places), until=now + LATER):
        due_at = item.returned_until or item.judged_by
        if due_at > now:
            duty = programme.policy.duty(item.duty, item.key).name
            areas.setdefault((due_at, duty, item.zone), []).append(item.area)
    order = {place: n for n, place in enumerate(places)}
    return [Falls(*what, sorted(own, key=order.__getitem__)) for what, own in sorted(areas.items())]


def _untold(session: Session, programme: Programme, places: Collection[str]) -> list[str]:
    """Titles of the offices that answer for these places, or coordinate them, and that no channel reaches."""
    desk = programme.desk
    reach = offices.reach(session, desk.code)
    meant = {code for place in places for code in (*people.answering(desk, place), people.coordinator(desk, place))}
    return [o.title for o in desk.offices if o.code in meant and o.code in reach and not reach[o.code].channels]
