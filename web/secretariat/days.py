"""What an office was told on one day, and why not: for whoever is asked on the phone why no message came."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.machine import departures, gaps
from models.matters import explaining
from models.matters.explaining import Told
from models.matters.matters import Kind, Matter
from models.offices.offices import Office
from rules import indonesian, people, typed
from rules.issues import RESTRICTED
from rules.typed import Mistyped
from services import recap, restoring
from web import pages, words
from web.books import Books
from web.coordinator.overseen import CHANNELS
from web.door import who
from web.door.who import Who
from web.recap import why
from web.recap.recap import stands
from web.recap.why import Step
from web.secretariat import keeping
from web.secretariat.people import office_of


class Line(NamedTuple):
    """One thing that was decided to be told, or one report that was awaited; `href` empty: it has no page here."""

    what: str
    outcome: str
    at: str = ""
    grave: bool = False
    href: str = ""


def page(request: Request) -> Response:
    """One office on one of its local days, by default today."""
    books: Books = request.app.state.books
    given = request.query_params.get("hari", "")
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        office = office_of(books, session, at, request)
        day, flaws = _day(given, indonesian.local_date(at.now, office.zone))
        start = datetime.combine(day, time(), ZoneInfo(office.zone))
        end = start + timedelta(days=1)
        decided = [
            one
            for one in explaining.to_office(session, office.id, start=start, end=end)
            if one.matter.programme_id in at.programmes
        ]
        facts = {
            "title": office.title,
            "code": office.code,
            "day": indonesian.weekday(day),
            "given": {"hari": given or day.isoformat()},
            "flaws": flaws,
            "doubts": {},
            "lost": _lost(session, at, start, end),
            "left": [
                f"{pages.short_moment(left_at, office.zone)}, {CHANNELS[channel]}"
                for left_at, channel in departures.to_office(session, office.id, start=start, end=end)
            ],
            "told": _told(books, session, at, decided, office),
            "awaited": list(_awaited(books, session, at, office, start, end)),
        }
    return pages.page("secretariat/day", 422 if flaws else 200, **who.common(books, at), **facts)


def _lost(session: Session, at: Who, start: datetime, end: datetime) -> list[str]:
    """Of which times of that day the books know nothing, because an older copy was put back."""
    own = next(iter(at.programmes.values()))
    return [restoring.words(own, gap) for gap in gaps.between(session, after=start, until=end)]


def _day(given: str, today: date) -> tuple[date, dict[str, str]]:
    try:
        return typed.day(given) or today, {}
    except Mistyped as error:
        return today, {"hari": words.FAULTS[error.fault]}


def _told(books: Books, session: Session, at: Who, decided: Sequence[Told], office: Office) -> list[Line]:
    """What was decided; of a problem that its reader may not read of, only that something was told."""
    restricted = explaining.restricted(session, {one.matter.id for one in decided})
    steps = zip(decided, why.decided(session, decided, office.zone), strict=True)
    return [_line(books, at, one.matter, step, office, one.matter.id in restricted) for one, step in steps]


def _line(books: Books, at: Who, matter: Matter, step: Step, office: Office, restricted: bool) -> Line:
    when = pages.short_moment(step.at, office.zone)
    if not at.reads(matter.programme_id, matter, restricted=restricted):
        return Line(f"{RESTRICTED}: {step.what}", "", when)
    href = _href(books, matter) if matter.kind is Kind.OBLIGATION else ""
    return Line(f"{matter.code}: {step.what}", step.outcome, when, step.grave, href)


def _awaited(books: Books, session: Session, at: Who, office: Office, start: datetime, end: datetime) -> Iterable[Line]:
    """The reports that this office could be asked for on that day, and how each stands now."""
    for id, programme in at.programmes.items():
        areas = [own.code for own in programme.desk.districts if office.code in people.asked(programme.desk, own.code)]
        due_on = [
            own for own in explaining.due_on(session, areas, start=start, end=end) if own.matter.programme_id == id
        ]
        rows = recap.fell_due(session, id, programme, [owed.due_at for _, owed in due_on], areas, now=at.now)
        for matter, owed in due_on:
            if matter.code in rows:
                due = pages.short_moment(owed.due_at, programme.desk.zone_of(matter.area))
                what = f"{matter.code}, {programme.desk.area_name(matter.area)}, batas {due}"
                yield Line(what, stands(rows[matter.code], office.zone, at), href=_href(books, matter))


def _href(books: Books, matter: Matter) -> str:
    return f"{books.base}/mengapa/{matter.programme_id}/{matter.code}"
