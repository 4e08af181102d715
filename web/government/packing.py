"""A report that has left as a signed file for the desk of the level above."""

import structlog
from starlette.requests import Request
from starlette.responses import Response

from rules.sending import NotSent
from services import packing
from web.books import LATER, Books
from web.door import who
from web.government.looked import PATH, look
from web.guards.refusals import Help, Refusal
from web.saved import count_one, saved

log = structlog.get_logger()


def package(request: Request) -> Response:
    """The package of one version, to be saved and handed over."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        looked = look(books, session, request, at)
        count_one(books, at)
        own = looked.own.submission
        try:
            made = packing.packed(session, looked.programme, own, folder=books.documents, secret=books.package_key())
        except NotSent as error:
            raise Refusal(Help.NOT_YET, back=f"{books.base}{PATH}/{own.id}", retry=LATER) from error
    log.info("package saved", submission=own.id, session=at.session_id)
    return saved(made.content, "application/zip", made.name)
