"""One field trip: what is planned, what was seen, and the buttons that tell of it or call it off."""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.desk import changes
from models.matters import trips
from models.matters.matters import Matter
from models.matters.trips import Kept, Trip
from rules import trips as rule
from rules.attachments import Limits
from rules.filing import NotTaken
from rules.forms import Filled
from rules.typed import Fault, Mistyped
from services import trips as going
from web import drafts, pages
from web.activities import shown
from web.activities.shown import PATH
from web.activities.trips import answered, asked, told_facts
from web.books import Books
from web.coordinator import overseen
from web.door import who
from web.door.who import Who
from web.enclosed import enclosed
from web.guards import bodies
from web.guards.bodies import Sent
from web.guards.refusals import Help, Refusal

log = structlog.get_logger()


def page(request: Request) -> Response:
    """The trip as it stands."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        kept = shown.look(books, session, request, at)
        given = drafts.given(books, session, request, at.office_id, request.url.path[:200])
        return _page(books, session, at, kept, given, {})


async def act(request: Request) -> Response:
    """Tell what was seen, or call the trip off."""
    return await bodies.taken(request, _limits, _act)


def _limits(request: Request) -> Limits:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        matter, _ = shown.look(books, session, request, at)
        return at.programmes[matter.programme_id].policy.attachments


def _act(request: Request, sent: Sent, limits: Limits | None) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request, sent.fields)
        matter, trip = shown.look(books, session, request, at)
    back = f"{books.base}{PATH}/{matter.programme_id}/{matter.code}"
    do = _call_off if sent.fields.get("act") == "off" else _tell
    try:
        refused = do(books, at, (matter, trip), sent, limits)
    except NotTaken as error:
        raise Refusal(Help.CHANGED, back=back) from error
    if refused is not None:
        return refused
    log.info("trip", act=sent.fields.get("act", ""), matter=matter.id, session=at.session_id)
    return RedirectResponse(back, 303)


def _tell(books: Books, at: Who, kept: Kept, sent: Sent, limits: Limits | None) -> Response | None:
    matter, trip = kept
    programme = at.programmes[matter.programme_id]
    told, flaws = rule.read_told(sent.fields, programme.desk.zone_of(matter.area), now=at.now)
    filled, taken = answered(books, programme, sent, limits)
    flaws = {**flaws, **filled.flaws, **taken.flaws}
    with books.sessions.begin() as session:
        if flaws or told is None:
            return _page(books, session, at, kept, sent.fields, flaws, filled)
        going.tell(session, programme, trip.id, told, filled, files=taken.attached, hand=at.hand, now=at.now)
    return None


def _call_off(books: Books, at: Who, kept: Kept, sent: Sent, _: Limits | None) -> Response | None:
    with books.sessions.begin() as session:
        try:
            why = rule.reason(sent.fields.get("why", ""))
        except Mistyped as error:
            return _page(books, session, at, kept, sent.fields, {"why": error.fault})
        going.call_off(session, kept[1].id, why=why, hand=at.hand, now=at.now)
    return None


def _page(
    books: Books,
    session: Session,
    at: Who,
    kept: Kept,
    given: Mapping[str, str],
    flaws: Mapping[str, Fault],
    filled: Filled | None = None,
) -> Response:
    matter, trip = kept
    programme = at.programmes[matter.programme_id]
    zone = programme.desk.zone_of(matter.area)
    facts: dict[str, Any] = {
        "item": shown.line(at, matter, trip),
        "seen": overseen.answers(trip.body or {}, asked(books, programme)),
        "files": [(own.number, overseen.KINDS[own.kind]) for own in trips.photos(session, [trip.id])],
        "changes": [overseen.changed(change, zone) for change in reversed(changes.about(session, matter.id))],
        "may_call_off": trip.called_off_at is None and (trip.told_at is None or at.keeps_books),
    }
    typed = given or _planned(matter, trip, zone, at)
    facts |= told_facts(books, programme, typed, flaws, filled)
    return pages.page("activities/trip", 422 if flaws else 200, **who.common(books, at), **facts)


def _planned(matter: Matter, trip: Trip, zone: str, at: Who) -> dict[str, str]:
    """What the form begins with: as it was planned, as far as that may already be."""
    when = {"at": shown.typed(trip.starts_at, zone)} if trip.starts_at <= at.now else {}
    return {"going": trip.going} | when


def attached(request: Request) -> Response:
    """A photo of a trip, to be saved. It is never shown as a page of ours."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        matter, trip = shown.look(books, session, request, at)
        number = request.path_params["number"]
        file = next((own for own in trips.photos(session, [trip.id]) if own.number == number), None)
    if file is None or not books.files.path(file.digest).is_file():
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return enclosed(books.files, matter.code, file)
