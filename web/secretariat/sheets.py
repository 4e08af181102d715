"""Reports by CSV or XLSX: a template, a preview that changes nothing, and the same again for good. All rows or none.

The preview does everything in a transaction and undoes it. Confirming does it again, and keeps it only if it does
exactly what was shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

import rules.uploads
from models.desk import uploads
from rules.attachments import Limits
from rules.uploads import Does, Proposed
from services import sheets
from services.sheets import BadSheet, Row
from web import chosen, pages, saved, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards import bodies
from web.guards.refusals import Help, Refusal
from web.secretariat import keeping, rows

log = structlog.get_logger()

ONE = Limits(most=1, size=sheets.LARGEST)
PATH = "/sekretariat/unggah"


def page(request: Request) -> Response:
    """Where a template is fetched and a file is sent."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
    return _asking(books, at)


def template(request: Request) -> Response:
    """A row for each report that is owed now, to be filled in."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        ending = saved.ending(request, "laporan", back=f"{books.base}{PATH}")
        saved.count_one(books, at)
        id, programme = keeping.programme(at, request.path_params["programme"])
        headings, *owed = rows.template(session, books, at, id, programme)
    return saved.sheet(headings, owed, "laporan", ending)


async def preview(request: Request) -> Response:
    """Show what a file would do."""
    return await bodies.one_file(request, ONE, _preview)


def _preview(request: Request, fields: Mapping[str, str], content: bytes) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        id, programme = keeping.programme(at, request.path_params["programme"])
    try:
        sent = sheets.read(content, rules.uploads.WANTED)
        rows.refuse_unknown(books, programme, sent)
    except BadSheet as error:
        return _asking(books, at, words.bad_sheet(error), status=422)
    return _shown(books, at, id, sent, stale=False)


async def confirm(request: Request) -> Response:
    """Do what was shown."""
    fields = await who.posted(request)
    return await run_in_threadpool(_confirm, request, fields)


def _confirm(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        id, programme = keeping.programme(at, request.path_params["programme"])
        kept = uploads.take(session, chosen.row_id(fields.get("upload", "")), id, at.office_id, now=at.now)
        if kept is None:
            raise Refusal(Help.CHANGED, back=f"{books.base}{PATH}")
        shown = [Row(*row) for row in kept.rows]
        done = rows.do(session, books, at, id, programme, shown)
        as_shown = rules.uploads.summary(done.lines) == kept.digest == fields.get("digest") and not done.refused
        if not as_shown:
            session.rollback()
    if not as_shown:
        return _shown(books, at, id, shown, stale=True)
    log.info("uploaded", rows=len(done.lines), session=at.session_id)
    return pages.page("secretariat/uploaded", **who.common(books, at), lines=_worded(done.lines))


def _shown(books: Books, at: Who, id: int, sent: Sequence[Row], *, stale: bool) -> Response:
    """Do it, undo it, and keep the rows for confirming."""
    with books.sessions() as session:
        done = rows.do(session, books, at, id, at.programmes[id], sent)
        session.rollback()
    digest = rules.uploads.summary(done.lines)
    with books.sessions.begin() as session:
        kept = uploads.keep(session, id, at.office_id, sent, digest=digest, now=at.now)
    changes = any(line.does in (Does.FILES, Does.CORRECTS) for line in done.lines)
    facts: dict[str, Any] = {"path": PATH, "back": "Kembali ke unggah", "programme": id, "upload": kept}
    facts |= {"digest": digest, "stale": stale, "blank": done.blank}
    facts |= {"lines": _worded(done.lines), "refused": done.refused, "ready": changes and not done.refused}
    return pages.page("secretariat/preview", 409 if stale else 200, **who.common(books, at), **facts)


def _worded(lines: Sequence[Proposed]) -> list[dict[str, object]]:
    return [
        {"row": line.row, "code": line.code, "does": words.does(line), "bad": line.does is Does.REFUSED}
        for line in lines
    ]


def _asking(books: Books, at: Who, error: str = "", *, status: int = 200) -> Response:
    programmes = [(id, programme.election.name) for id, programme in at.programmes.items()]
    facts: dict[str, Any] = {"programmes": programmes, "error": error, "ways": words.ways()}
    return pages.page("secretariat/upload", status, **who.common(books, at), **facts)
