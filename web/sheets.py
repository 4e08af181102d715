"""Reports by CSV or XLSX: a template, a preview that changes nothing, and the same again for good. All rows or none.

The preview does everything in a transaction that is undone; confirming does it once more, and is kept only if it
does exactly what was shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from config import sheets
from config.sheets import BadSheet, Row
from models import uploads
from reports import sheets as written
from rules import uploads as rules
from rules.attachments import Limits
from rules.uploads import Does, Line
from web import bodies, keeping, origin, pages, rows, who, words
from web.books import Books
from web.refusals import Help, Refusal
from web.who import Who

log = structlog.get_logger()

ONE = Limits(most=1, size=sheets.LARGEST)
PATH = "/sekretariat/unggah"
WRITERS = {"laporan.xlsx": (written.xlsx, written.TYPE_XLSX), "laporan.csv": (written.csv_, written.TYPE_CSV)}


def page(request: Request) -> Response:
    """Where a template is fetched and a file is sent."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
    return _asking(books, at)


def template(request: Request) -> Response:
    """A row for each report that is owed now, to be filled in."""
    books: Books = request.app.state.books
    name = request.path_params["name"]
    if name not in WRITERS:
        raise Refusal(Help.UNKNOWN, back=f"{books.base}{PATH}")
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        id, programme = keeping.programme(at, request.path_params["programme"])
        headings, *found = rows.template(session, books, at, id, programme)
    write, media = WRITERS[name]
    return Response(
        write(headings, found), media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


async def preview(request: Request) -> Response:
    """Show what a file would do."""
    origin.check(request, request.app.state.books.origin)
    if not bodies.with_files(request):
        raise Refusal(Help.BAD_FORM)
    sent = await bodies.read_all(request, ONE)
    try:
        content = sent.uploads[0].file.read() if sent.uploads else b""
        return await run_in_threadpool(_preview, request, sent.fields, content)
    finally:
        sent.close()


def _preview(request: Request, fields: Mapping[str, str], content: bytes) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        id, _ = keeping.programme(at, request.path_params["programme"])
    try:
        found = sheets.read(content, rules.WANTED)
    except BadSheet as error:
        return _asking(books, at, words.bad_sheet(error), status=422)
    return _shown(books, at, id, found, stale=False)


async def confirm(request: Request) -> Response:
    """Do what was shown."""
    fields = await who.posted(request)
    return await run_in_threadpool(_confirm, request, fields)


def _confirm(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    typed = fields.get("upload", "")
    upload_id = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        id, programme = keeping.programme(at, request.path_params["programme"])
        kept = uploads.take(session, upload_id, id, at.office_id, now=at.now)
        if kept is None:
            raise Refusal(Help.NOT_OWED, back=f"{books.base}{PATH}")
        found = [Row(*row) for row in kept.rows]
        done = rows.do(session, books, at, id, programme, found)
        as_shown = rules.summary(done.lines) == kept.digest == fields.get("digest") and not done.refused
        if not as_shown:
            session.rollback()
    if not as_shown:
        return _shown(books, at, id, found, stale=True)
    log.info("uploaded", rows=len(done.lines), session=at.session_id)
    return pages.page("uploaded", **who.common(books, at), lines=_worded(done.lines))


def _shown(books: Books, at: Who, id: int, found: Sequence[Row], *, stale: bool) -> Response:
    """Do it, undo it, and keep the rows for confirming."""
    with books.sessions() as session:
        done = rows.do(session, books, at, id, at.programmes[id], found)
        session.rollback()
    digest = rules.summary(done.lines)
    with books.sessions.begin() as session:
        kept = uploads.keep(session, id, at.office_id, found, digest=digest, now=at.now)
    changes = any(line.does in (Does.FILES, Does.CORRECTS) for line in done.lines)
    facts: dict[str, Any] = {"programme": id, "upload": kept, "digest": digest, "stale": stale, "blank": done.blank}
    facts |= {"lines": _worded(done.lines), "refused": done.refused, "ready": changes and not done.refused}
    return pages.page("preview", 409 if stale else 200, **who.common(books, at), **facts)


def _worded(lines: Sequence[Line]) -> list[dict[str, object]]:
    return [
        {"row": line.row, "code": line.code, "does": words.does(line), "bad": line.does is Does.REFUSED}
        for line in lines
    ]


def _asking(books: Books, at: Who, error: str = "", *, status: int = 200) -> Response:
    programmes = [(id, programme.election.name) for id, programme in at.programmes.items()]
    facts: dict[str, Any] = {"programmes": programmes, "error": error, "ways": words.ways()}
    return pages.page("upload", status, **who.common(books, at), **facts)
