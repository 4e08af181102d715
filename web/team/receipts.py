"""A receipt, looked at again by whoever holds its number and its proof."""

from starlette.requests import Request
from starlette.responses import Response

from models.matters import owing, reports
from models.matters.matters import Matter
from models.matters.reports import Report
from notifiers.seals import holds, seal
from rules import links
from rules.filing import Content
from web import pages, views
from web.books import LATER, Books
from web.guards.refusals import Help, Refusal

SIGNS = 12
"""Of a seal's characters in an address: enough that nobody guesses one, and short enough to be typed from a screen."""


def address(books: Books, report: Report) -> str:
    """Where a receipt is looked up again; empty: it has no proof. Its seal shows that it is ours also when the books
    do not know it any more.
    """
    if not report.proof:
        return ""
    own = f"{books.public_url}/t/{report.number}/{report.proof}"
    return f"{own}/{seal(books.key, _purpose(report.number, report.proof))[:SIGNS]}" if books.key else own


def _purpose(number: str, proof: str) -> str:
    return f"receipt:{number}/{proof}"


def receipt(request: Request) -> Response:
    """What was received, and whether something newer has come since."""
    books: Books = request.app.state.books
    number, proof = request.path_params["number"], links.typed(request.path_params["proof"])
    with books.sessions.begin() as session:
        report = reports.by_proof(session, number, proof or "")
        matter = session.get(Matter, report.obligation_id) if report else None
        programme = books.past(session, matter.programme_id) if matter else None
        if matter is not None and matter.programme_id in books.unread:
            raise Refusal(Help.UNREADABLE, retry=LATER)
        shown = request.path_params.get("seal", "")[:SIGNS]
        if proof and report is None and holds(books.key, _purpose(number, proof), shown, signs=SIGNS):
            raise Refusal(Help.LOST_RECEIPT)
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
