"""What is learned of an election so far, by stage: whoever leads or keeps the books reads it for the next policy."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from rules.indonesian import number
from rules.learned import SIDES, WORDS
from services import learned
from web import pages
from web.books import Books
from web.door import who
from web.guards.refusals import Help, Refusal
from web.recap import asked

PATH = "/pelajaran"


def page(request: Request) -> Response:
    """Counts by stage, whose side, and why. Raises: Refusal: who asks neither leads the desk nor keeps its books."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        if not (at.decides or at.keeps_books):
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        own = asked.read(books, request, at)
        stages = learned.gather(session, own.id, own.programme, until=at.now)
    facts: dict[str, Any] = {
        "election": own.programme.election.name,
        "heads": learned.HEADINGS[1 : 6 + len(SIDES)],
        "rows": [(row[0], row[1 : 6 + len(SIDES)]) for row in map(learned.row, stages)],
        "whys": [
            (one.name, [f"{WORDS[reason]}: {number(many)}" for reason, many in one.reasons.items()])
            for one in stages
            if one.reasons
        ],
    }
    return pages.page("guidance/learned", **who.common(books, at), **facts)
