"""The team's pages: what an office still owes, the form of one report, the other answers. Looking changes nothing."""

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models import owing, reports
from rules import promises
from rules.filing import Standing
from web import answers, bodies, origin, pages, uploads, views
from web.books import Books
from web.refusals import Help, Refusal
from web.visits import common, form_facts, report, visit

RECENT = timedelta(days=7)


def owed(request: Request) -> Response:
    """The list of what the link's office still owes."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visit(books, session, request.path_params["token"])
        place = (session, at.opened.programme_id, at.areas)
        found = owing.open_(*place, now=at.now, limit=owing.MOST + 1)
        came = owing.received(*place, office_id=at.opened.office_id, since=at.now - RECENT)
    items = [views.item(at.programme, item, at.now) for item in found[: owing.MOST]]
    return pages.page(
        "owed",
        **common(books, at),
        desk=at.programme.desk.name,
        office=at.opened.title,
        items=items,
        more=len(found) > owing.MOST,
        nil_given=any(item["nil"] for item in items),
        came=[views.item(at.programme, c.item, at.now) | {"number": c.number} for c in came],
    )


def form(request: Request) -> Response:
    """The form of one report: empty, also where it corrects one, for what was filed is not shown."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visit(books, session, request.path_params["token"])
        found = report(session, at, request.path_params["code"])
        versions = reports.of(session, found.id)
    back = f"{books.base}/l/{at.token}"
    if found.standing not in (Standing.OWED, Standing.RECEIVED):
        raise Refusal(Help.NOT_OWED, back=back)
    if versions and versions[-1].office_id != at.opened.office_id and found.returned_until is None:
        raise Refusal(Help.NOT_OWED, back=back)
    own = versions[-1] if versions and versions[-1].office_id == at.opened.office_id else None
    return pages.page("form", **form_facts(books, at, found, version=len(versions), given={}, filed=own))


def other(request: Request) -> Response:
    """The other answers to one report: a promise, or that it is not this office's task."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visit(books, session, request.path_params["token"])
        found = report(session, at, request.path_params["code"])
    if found.standing is not Standing.OWED:
        raise Refusal(Help.NOT_OWED, back=f"{books.base}/l/{at.token}")
    promised = found.promised_until is not None or found.closes_after is None
    offers = [] if promised else promises.offers(found.closes_after or at.now, found.zone, now=at.now)
    times = [(instant.isoformat(), pages.short_moment(instant, found.zone)) for instant in offers]
    return pages.page("other", **common(books, at), item=views.item(at.programme, found, at.now), times=times)


async def answer(request: Request) -> Response:
    """Take an answer. The page is made after COMMIT: a receipt on it means kept."""
    books: Books = request.app.state.books
    origin.check(request, books.origin)
    place = (books, request.path_params["token"], request.path_params["code"])
    wanted = await run_in_threadpool(uploads.wanted, *place) if bodies.with_files(request) else None
    sent = await bodies.read_all(request, wanted.limits if wanted else None)
    try:
        return await run_in_threadpool(answers.take, *place, sent, wanted)
    finally:
        sent.close()
