"""The evidence that every district got the same rules and the same words: a page, and a paper for whoever doubts it."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from reports import codec
from reports.papers import treatment as paper
from reports.papers.treatment import Treatment
from rules.indonesian import number
from services import treatment
from services.documents import compile_document
from web import pages
from web.activities.meeting import MEDIA
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.recap import asked
from web.recap.asked import Asked
from web.saved import count_one, saved

PATH = "/perlakuan"


def page(request: Request) -> Response:
    """Rules, counts and decisions of the days that were asked for."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at, own = _asked(books, session, request)
        told = _gathered(session, at, own)
    facts: dict[str, Any] = {
        "asked": own,
        "path": f"{books.base}{PATH}",
        "heads": [head for _, head, _ in paper.COUNTS],
        "rows": [(d.name, [number(getattr(d, name)) for name, _, _ in paper.COUNTS]) for d in told.districts],
        "whole": [number(sum(getattr(d, name) for d in told.districts)) for name, _, _ in paper.COUNTS],
        "told": told,
        "sentences": paper.sentences(told),
        "note": paper.NOTE,
    }
    return pages.page("guidance/treated", 422 if own.wrong else 200, **who.common(books, at), **facts)


def document(request: Request) -> Response:
    """The same as a paper."""
    books: Books = request.app.state.books
    form = request.path_params["form"]
    with books.sessions.begin() as session:
        at, own = _asked(books, session, request)
        if form not in MEDIA or own.wrong:
            raise Refusal(Help.UNKNOWN, back=f"{books.base}{PATH}")
        count_one(books, at)
        told = codec.dump(_gathered(session, at, own))
    name = f"perlakuan-sama-{own.period.first}-{own.period.last}.{form}"
    return saved(compile_document(f"treatment-{form}", told), MEDIA[form], name)


def _asked(books: Books, session: Session, request: Request) -> tuple[Who, Asked]:
    """Raises: Refusal: whoever asks neither leads the desk nor keeps its books."""
    at = who.signed_in(books, session, request)
    if not (at.decides or at.keeps_books):
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return at, asked.read(books, request, at)


def _gathered(session: Session, at: Who, own: Asked) -> Treatment:
    return treatment.gather(session, own.id, own.programme, own.period, now=at.now)
