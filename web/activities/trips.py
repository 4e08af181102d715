"""Field trips of the teams: those that are planned, those that were made, and the form for another."""

from collections.abc import Mapping
from datetime import timedelta
from secrets import token_hex
from typing import Any, NamedTuple

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.matters import trips
from rules import forms
from rules import trips as rule
from rules.attachments import Limits
from rules.forms import Filled
from rules.programme import Programme
from rules.typed import Fault
from services import trips as going
from web import chosen, drafts, pages, views, words
from web.activities import shown
from web.activities.shown import PATH
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards import bodies
from web.guards.bodies import Sent
from web.guards.refusals import Help, Refusal
from web.team import uploads
from web.team.uploads import Wanted

log = structlog.get_logger()

NEW = f"{PATH}/baru"
RECENT = timedelta(days=31)
"""So long a list shows what is over."""
MOST = 100
ONCE = "once"
PLAN, RESULT = "rencana", "hasil"


class Place(NamedTuple):
    """Where a trip is planned or told: an election, and the districts that the office may speak of."""

    programme_id: int
    programme: Programme
    districts: tuple[str, ...]


def listed(request: Request) -> Response:
    """The trips that this office may read: planned ones by time, then those that are over."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        open_ = [id for id in at.programmes if shown.districts(at, id)]
        if not open_:
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        ahead, over = [], []
        for id in open_:
            own = shown.districts(at, id)
            ahead += [shown.line(at, *kept) for kept in trips.planned(session, [id], own)]
            over += [shown.line(at, *kept) for kept in trips.since(session, [id], own, at.now - RECENT)]
    return pages.page("activities/trips", **who.common(books, at), ahead=ahead[:MOST], over=over[:MOST])


def form(request: Request) -> Response:
    """The form of another trip: one that is planned, or one that was made."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        place = _place(books, at, request.query_params)
        given = drafts.given(books, session, request, at.office_id, NEW)
        mode = given.get("mode") or request.query_params.get("jenis", "")
        return _shown(books, at, place, mode, given or {"going": at.title}, {}, kept=bool(given))


async def add(request: Request) -> Response:
    """Plan a trip, or tell of one that was made. What was typed stays where something is wrong."""
    return await bodies.taken(request, _limits, _add)


def _limits(request: Request) -> Limits:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        return _place(books, at, {}).programme.policy.attachments


def _place(books: Books, at: Who, fields: Mapping[str, str]) -> Place:
    """Raises: Refusal: this office has to do with no trips."""
    ids = [id for id in at.programmes if shown.districts(at, id)]
    if not ids:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    wanted = chosen.row_id(fields.get("programme", ""))
    id = wanted if wanted in ids else ids[0]
    return Place(id, at.programmes[id], shown.districts(at, id))


def _add(request: Request, sent: Sent, limits: Limits | None) -> Response:
    books: Books = request.app.state.books
    mode = sent.fields.get("mode", "")
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request, sent.fields)
        place = _place(books, at, sent.fields)
    plan, flaws = rule.read_plan(sent.fields, place.programme, place.districts, ahead=mode == PLAN, now=at.now)
    told, filled, taken = None, None, uploads.NOTHING
    if mode != PLAN:
        zone = place.programme.desk.zone_of(sent.fields.get("district", ""))
        told, wrong = rule.read_told(sent.fields, zone, now=at.now)
        filled, taken = answered(books, place.programme, sent, limits)
        flaws = {**flaws, **wrong, **filled.flaws, **taken.flaws}
    if flaws or plan is None:
        return _shown(books, at, place, mode, sent.fields, flaws, filled=filled)
    with books.sessions.begin() as session:
        once = sent.fields.get(ONCE, "")[:32]
        where = place.programme_id, place.programme
        matter, trip = going.plan(session, *where, plan, by=at.code, once=once, hand=at.hand, now=at.now)
        if told is not None and filled is not None:
            going.tell(session, place.programme, trip.id, told, filled, files=taken.attached, hand=at.hand, now=at.now)
        code = matter.code
    log.info("trip", act=mode, matter=matter.id, session=at.session_id)
    return RedirectResponse(f"{books.base}{PATH}/{place.programme_id}/{code}", 303)


def answered(books: Books, programme: Programme, sent: Sent, limits: Limits | None) -> tuple[Filled, uploads.Taken]:
    """What was seen, by the policy's form, and its photos, which are kept if all of it can be taken."""
    own = asked(books, programme)
    taken = uploads.take(books.files, Wanted(own, limits), sent) if limits else uploads.NOTHING
    return forms.read(own, sent.fields, taken.digests), taken


def asked(books: Books, programme: Programme) -> forms.Form:
    """Raises: Refusal: the policy has no trips."""
    if programme.policy.trips is None:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return books.form(programme.policy.trips.form)


def told_facts(
    books: Books, programme: Programme, given: Mapping[str, str], flaws: Mapping[str, Fault], filled: Filled | None
) -> dict[str, Any]:
    """What the page of a form needs that asks what was seen."""
    facts = views.form(asked(books, programme), given, filled)
    facts["flaws"] = {name: words.FAULTS[fault] for name, fault in flaws.items()}
    if Fault.EMPTY in flaws.values():
        facts["flaws"]["form"] = words.NOTHING_SEEN
    return facts | {"labels": facts["labels"] | words.TRIP}


def _shown(
    books: Books,
    at: Who,
    place: Place,
    mode: str,
    given: Mapping[str, str],
    flaws: Mapping[str, Fault],
    *,
    filled: Filled | None = None,
    kept: bool = False,
) -> Response:
    desk = place.programme.desk
    facts = told_facts(books, place.programme, given, flaws, filled) | {
        "mode": PLAN if mode == PLAN else RESULT,
        "elections": {id: p.election.name for id, p in at.programmes.items() if shown.districts(at, id)},
        "programme": place.programme_id,
        "districts": {area: desk.area_name(area) for area in place.districts},
        "villages_by_district": {
            desk.area_name(area): own for area in place.districts if (own := desk.villages_of(area))
        },
        "once": given.get(ONCE) or token_hex(8),
        "kept": kept,
    }
    return pages.page("activities/trip-new", 422 if flaws else 200, **who.common(books, at), **facts)
