"""A receipt, looked at again by whoever holds its number and its proof."""

from starlette.requests import Request
from starlette.responses import Response

from models.matters import owing, reports
from models.matters.matters import Matter
from rules import links
from rules.filing import Content
from web import pages, views
from web.books import LATER, Books
from web.guards.refusals import Help, Refusal


def receipt(request: Request) -> Response:
    """What was received, and whether something newer has come since."""
    books: Books = request.app.state.books
    proof = links.typed(request.path_params["proof"])
    with books.sessions.begin() as session:
        report = reports.by_proof(session, request.path_params["number"], proof or "")
        matter = session.get(Matter, report.obligation_id) if report else None
        programme = books.past(session, matter.programme_id) if matter else None
        if matter is not None and matter.programme_id in books.unread:
            raise Refusal(Help.UNREADABLE, retry=LATER)
        if proof is None or report is None or matter is None or programme is None:
            raise Refusal(Help.NO_RECEIPT)
        item = owing.one(session, matter.programme_id, matter.code)
        assert item is not None
        last = reports.of(session, report.obligation_id)[-1]
        newer = last.version > report.version
        taken_back = last.content is Content.WITHDRAWN
        facts = views.receipt(programme, item, report, books.clock(session))
    return pages.page(
        "team/receipt", **facts, base=books.base, token="", opened=[], check="", newer=newer, taken_back=taken_back
    )
