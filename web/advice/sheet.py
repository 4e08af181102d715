"""Advice, directions and invitations as one table to be saved."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from models.matters import advice
from models.matters.advice import Given
from web import saved
from web.advice import looked
from web.books import Books
from web.door import who
from web.door.who import Who

HEADINGS = (
    *("Nomor", "Jenis", "Dari", "Untuk", "Mengenai", "Isi", "Diberikan", "Batas waktu", "Tempat", "Keadaan"),
    *("Lewat batas waktu", "Hasil"),
)


def sheet(request: Request) -> Response:
    """All that this office may read, from the beginning; what is about a restricted problem is left out of a file."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        ending = saved.ending(request, "saran", back=f"{books.base}/saran")
        saved.count_one(books, at)
        every = advice.every(session, at.programmes)
        rows = [_cells(at, given) for given in every if not given.restricted and looked.reads(at, given)]
    return saved.sheet(HEADINGS, rows, "saran", ending)


def _cells(at: Who, given: Given) -> Sequence[str]:
    line = looked.line(at, given)
    own = ("code", "sort", "giver", "owner", "about", "text", "given", "due", "place", "state")
    return (*(line[name] for name in own), "ya" if line["late"] else "", line["outcome"])
