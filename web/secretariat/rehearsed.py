"""The pages that a rehearsal left, out of the one file in which they are kept (`jobs.rehearsal.child`)."""

from pathlib import PurePosixPath
from zipfile import ZipFile

from starlette.requests import Request
from starlette.responses import Response

from models.desk import orders
from reports.government.forms import FORMS
from web.books import Books
from web.enclosed import HEADERS
from web.guards import content_policy
from web.guards.refusals import Help, Refusal
from web.secretariat import keeping

FIRST = "index.html"
PAGE = ".html"
MEDIA = {PAGE: "text/html; charset=utf-8", **{form.suffix[form.suffix.index(".") :]: form.media_type for form in FORMS}}


def page(request: Request) -> Response:
    """One page, or a report to the Government to be saved. The address names an entry of that file, never a place on
    the disk.
    """
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        order = orders.one(session, at.desk.code, request.path_params["order"])
        kept = order.pages if order else None
    name = request.path_params["path"]
    own = PurePosixPath(name)
    content = entry(books, kept, name) if kept and own.suffix in MEDIA else None
    if content is None:
        raise Refusal(Help.UNKNOWN, back=f"{books.base}/sekretariat/kendali")
    headers = {content_policy.HEADER: content_policy.WRITTEN}
    if own.suffix != PAGE:
        headers = HEADERS | {"Content-Disposition": f'attachment; filename="{own.name}"'}
    return Response(content, media_type=MEDIA[own.suffix], headers=headers)


def entry(books: Books, kept: str, name: str) -> bytes | None:
    """What is in the file under that very name; None: nothing is."""
    try:
        with ZipFile(books.files.path(kept)) as archive:
            return archive.read(name)
    except (KeyError, FileNotFoundError):
        return None
