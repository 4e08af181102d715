"""A receipt, looked at again by whoever holds its number and its proof."""

from starlette.requests import Request
from starlette.responses import Response

from models import owing, reports
from models.matters import Matter
from rules import links
from web import pages, views
from web.books import Books
from web.refusals import Help, Refusal


def receipt(request: Request) -> Response:
    """What was received, and whether something newer has come since."""
    books: Books = request.app.state.books
    proof = links.typed(request.path_params["proof"])
    with books.sessions.begin() as session:
        found = reports.by_proof(session, request.path_params["number"], proof or "")
        matter = session.get(Matter, found.obligation_id) if found else None
        programme = books.one(session, matter.programme_id) if matter else None
        if proof is None or found is None or matter is None or programme is None:
            raise Refusal(Help.UNKNOWN)
        item = owing.one(session, matter.programme_id, matter.code)
        assert item is not None
        newer = reports.of(session, found.obligation_id)[-1].version > found.version
        facts = views.receipt(programme, item, found, books.clock(session))
    return pages.page("receipt", **facts, base=books.base, token="", opened=[], check="", newer=newer)
