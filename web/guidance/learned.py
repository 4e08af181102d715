"""What is learned of an election so far, by stage: whoever leads or keeps the books reads it for the next policy."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.desk import programmes
from rules.indonesian import number
from rules.learned import SIDES, WORDS
from rules.programme import Programme
from services import learned
from web import pages
from web.books import Books
from web.chosen import row_id
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal

PATH = "/pelajaran"


def page(request: Request) -> Response:
    """Counts by stage, whose side, and why; of a closed election as it was closed.

    Raises:
        Refusal: who asks neither leads the desk nor keeps its books, or the desk has no such election.
    """
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        if not (at.decides or at.keeps_books):
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        known = _known(books, session, at)
        id = row_id(request.query_params.get("program", "")) or next(iter(known))
        if id not in known:
            raise Refusal(Help.UNKNOWN, back=f"{books.base}{PATH}")
        closed_at = programmes.closed_at(session, id)
        stages = learned.so_far(session, id, known[id], now=at.now)
    facts: dict[str, Any] = {
        "election": known[id].election.name,
        "closed": pages.moment(closed_at, known[id].desk.zone) if closed_at else "",
        "others": [(f"{books.base}{PATH}?program={own}", p.election.name) for own, p in known.items() if own != id],
        "heads": learned.HEADINGS[1 : 6 + len(SIDES)],
        "rows": [(row[0], row[1 : 6 + len(SIDES)]) for row in map(learned.row, stages)],
        "whys": [
            (one.name, [f"{WORDS[reason]}: {number(many)}" for reason, many in one.reasons.items()])
            for one in stages
            if one.reasons
        ],
    }
    return pages.page("guidance/learned", **who.common(books, at), **facts)


def _known(books: Books, session: Session, at: Who) -> dict[int, Programme]:
    """The desk's elections: the live ones, then those that are closed, the last closed first."""
    closed = {id: books.past(session, id) for id in reversed(programmes.closed(session, at.desk.code))}
    return {**at.programmes, **{id: own for id, own in closed.items() if own is not None}}
