"""What offices on duty at the posko leave written for each other: read by them, the secretariat and whoever leads."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rules.posko
from models.desk import shifts
from models.desk.shifts import DutyShift
from models.offices import offices
from rules import typed
from rules.desk import Desk
from rules.posko import NOTE, NOTED, Shift
from rules.typed import Mistyped
from services import posko
from web import chosen, pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.posko import on_duty, said

PATH = "/piket"
SHOWN = 6


def page(request: Request) -> Response:
    """The last notes, and a field for the own shift."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at, around = _reader(books, session, request)
        done = words.DONE.get(request.query_params.get("selesai", ""), "")
        return _page(books, session, at, around, {}, {}, done)


async def change(request: Request) -> Response:
    """Write down what the next one has to know."""
    fields = await who.posted(request)
    return await run_in_threadpool(_change, request, fields)


def _change(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at, around = _reader(books, session, request, fields)
        own = _own(at, around)
        if own is None or own.id != chosen.row_id(fields.get("shift", "")):
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}{PATH}")
        try:
            text = typed.needed(typed.words(fields.get("note", ""), NOTE))
        except Mistyped as error:
            return _page(books, session, at, around, fields, {"note": words.FAULTS[error.fault]}, "")
        posko.note(session, at.desk.code, own.id, text, hand=at.hand, now=at.now)
    return RedirectResponse(f"{books.base}{PATH}?selesai=shift.note", 303)


def _reader(
    books: Books, session: Session, request: Request, fields: Mapping[str, str] | None = None
) -> tuple[Who, Sequence[DutyShift]]:
    """Who reads, and the shifts of these hours. Raises: Refusal: he is not on duty, and leads nobody."""
    at = who.signed_in(books, session, request, fields)
    if not on_duty(session, at):
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return at, shifts.ahead(session, at.desk.code, now=at.now - NOTED)


def _own(at: Who, around: Sequence[DutyShift]) -> DutyShift | None:
    """The office's own shift of which it may write, the latest."""
    mine = [row for row in around if row.office_id == at.office_id]
    noting = [row for row in mine if rules.posko.notes(Shift("", row.starts_at, row.ends_at, row.place), now=at.now)]
    return max(noting, key=lambda row: row.starts_at, default=None)


def _page(
    books: Books,
    session: Session,
    at: Who,
    around: Sequence[DutyShift],
    given: Mapping[str, str],
    flaws: Mapping[str, str],
    done: str,
) -> Response:
    desk = at.desk
    noted, own = shifts.noted(session, desk.code, limit=SHOWN), _own(at, around)
    titles = offices.titles(session, [row.office_id for row in (*noted, *around)])
    facts: dict[str, Any] = {
        "path": f"{books.base}{PATH}",
        "lines": said(session, desk, now=at.now),
        "noted": [_worded(desk, titles[row.office_id], row) for row in noted],
        "own": {"id": own.id, "when": _when(desk, own)} if own else None,
        "labels": {"note": "Catatan untuk piket berikutnya"},
        "given": {"note": own.note if own else ""} | dict(given),
        "flaws": flaws,
        "doubts": {},
        "done": done,
    }
    return pages.page("team/notes", 422 if flaws else 200, **who.common(books, at), **facts)


def _worded(desk: Desk, title: str, row: DutyShift) -> dict[str, str]:
    at = pages.short_moment(row.noted_at, desk.zone) if row.noted_at else ""
    return {"who": title, "when": _when(desk, row), "at": at, "text": row.note}


def _when(desk: Desk, row: DutyShift) -> str:
    starts, ends = (pages.short_moment(moment, desk.zone) for moment in (row.starts_at, row.ends_at))
    return f"{row.place}, {starts} sampai {ends}"
