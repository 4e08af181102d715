"""Advice, directions and invitations as one table to be saved."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from models.matters import advice
from models.matters.advice import Given
from reports.sheets import TYPE_CSV, TYPE_XLSX, csv_, xlsx
from web.advice import looked
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.saved import count_one, saved

HEADINGS = (
    *("Nomor", "Jenis", "Dari", "Untuk", "Mengenai", "Isi", "Diberikan", "Batas waktu", "Tempat", "Keadaan"),
    *("Lewat batas waktu", "Hasil"),
)
WRITERS = {"saran.xlsx": (xlsx, TYPE_XLSX), "saran.csv": (csv_, TYPE_CSV)}


def sheet(request: Request) -> Response:
    """All that this office may read, from the beginning; what is about a restricted problem is left out of a file."""
    books: Books = request.app.state.books
    name = request.path_params["name"]
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        if name not in WRITERS:
            raise Refusal(Help.UNKNOWN, back=f"{books.base}/saran")
        count_one(books, at)
        every = advice.every(session, at.programmes)
        rows = [_cells(at, given) for given in every if not given.restricted and looked.reads(at, given)]
    write, media = WRITERS[name]
    return saved(write(HEADINGS, rows), media, name)


def _cells(at: Who, given: Given) -> Sequence[str]:
    line = looked.line(at, given)
    own = ("code", "sort", "giver", "owner", "about", "text", "given", "due", "place", "state")
    return (*(line[name] for name in own), "ya" if line["late"] else "", line["outcome"])
