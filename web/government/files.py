"""Hand out a document of a report to the Government, if it is what the books say that was made."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from models.matters import documents
from reports.government.forms import EVERY, RESTRICTED
from services import restricting
from web.books import LATER, Books
from web.door import who
from web.enclosed import HEADERS
from web.government.looked import PATH, look
from web.guards.refusals import Help, Refusal


def document(request: Request) -> Response:
    """One form of the present edition, to be saved."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        looked = look(books, session, request, at)
        submission = looked.own.submission
        annex = request.path_params["form"] == RESTRICTED.code
        if not looked.open or (annex and not looked.reads_annex):
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}{PATH}/{submission.id}")
        for problem in looked.enclosed if annex else looked.withheld:
            restricting.read(session, problem, hand=at.hand, now=at.now)
        made = {own.form: own for own, _ in documents.of(session, [submission.id]) if own.file_name}
    form = next((form for form in EVERY if form.code == request.path_params["form"]), None)
    own = made.get(form.code) if form else None
    if form is None or own is None or own.file_name is None:
        raise Refusal(Help.UNKNOWN, back=f"{books.base}{PATH}/{submission.id}")
    try:
        content = (books.documents / own.file_name).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != own.digest:
        raise Refusal(Help.BROKEN, back=f"{books.base}{PATH}/{submission.id}", retry=LATER)
    named = {"Content-Disposition": f'attachment; filename="{own.file_name}"'}
    return Response(content, media_type=form.media_type, headers=HEADERS | named)
