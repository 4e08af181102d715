"""The duty roster of the posko, kept by the secretariat. Whoever is signed in reads who is there (`web.posko`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rules.posko
from models.desk import shifts
from models.desk.shifts import DutyShift
from models.offices import offices
from rules.desk import Desk
from rules.posko import PLACE, Shift
from services import posko
from web import chosen, pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.posko import said
from web.secretariat import keeping

PATH = "/sekretariat/piket"
PAST = 30
LABELS = {"office": "Kantor yang bertugas", "place": "Tempat", "starts": "Mulai", "ends": "Sampai"}


def page(request: Request) -> Response:
    """The shifts that are ahead, what overlaps and what is left open, and those that are over."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        return _page(books, session, at, {}, {}, words.DONE.get(request.query_params.get("selesai", ""), ""))


async def change(request: Request) -> Response:
    """Put an office on duty, or take a shift back."""
    fields = await who.posted(request)
    return await run_in_threadpool(_change, request, fields)


def _change(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        desk = at.desk
        if "end" in fields:
            posko.take_back(session, desk.code, chosen.row_id(fields["end"]), hand=at.hand, now=at.now)
            _watch(session, at)
            return RedirectResponse(f"{books.base}{PATH}?selesai=shift.end", 303)
        shift, flaws = rules.posko.read(fields, [own.code for own in desk.offices], desk.zone, now=at.now)
        if shift is None:
            return _page(books, session, at, fields, {name: words.FAULTS[fault] for name, fault in flaws.items()}, "")
        posko.add(session, desk.code, shift, hand=at.hand, now=at.now)
        _watch(session, at)
    return RedirectResponse(f"{books.base}{PATH}?selesai=shift", 303)


def _watch(session: Session, at: Who) -> None:
    """What is told of empty days follows the roster at once."""
    for id, programme in at.programmes.items():
        posko.watch(session, id, programme, now=at.now)


def _page(
    books: Books, session: Session, at: Who, typed: Mapping[str, str], flaws: Mapping[str, str], done: str
) -> Response:
    desk = at.desk
    ahead = shifts.ahead(session, desk.code, now=at.now)
    over = shifts.past(session, desk.code, limit=PAST, now=at.now)
    titles = offices.titles(session, [row.office_id for row in (*ahead, *over)])
    facts: dict[str, Any] = {
        "path": f"{books.base}{PATH}",
        "lines": said(session, desk, now=at.now),
        "ahead": [(row.id, _worded(desk, titles, row), row.starts_at <= at.now) for row in ahead],
        "past": [_worded(desk, titles, row) for row in over],
        "remarks": _remarks(desk, [_shift(titles, row) for row in ahead], now=at.now),
        "choices": {own.code: own.title for own in desk.offices},
        "longest": PLACE,
        "labels": LABELS,
        "given": typed,
        "flaws": flaws,
        "doubts": {},
        "done": done,
    }
    return pages.page("secretariat/posko", 422 if flaws else 200, **who.common(books, at), **facts)


def _remarks(desk: Desk, ahead: list[Shift], *, now: datetime) -> list[str]:
    """What somebody may have overlooked: nothing of it is forbidden."""

    def moment(at: datetime) -> str:
        return pages.short_moment(at, desk.zone)

    together = rules.posko.overlaps(ahead)
    return [
        *(f"Bersamaan: {one.office} dan {two.office}, mulai {moment(two.starts_at)}." for one, two in together),
        *(
            f"Tanpa piket: {moment(gap.starts_at)} sampai {moment(gap.ends_at)}."
            for gap in rules.posko.gaps(ahead, now=now)
        ),
    ]


def _shift(titles: Mapping[int, str], row: DutyShift) -> Shift:
    return Shift(titles[row.office_id], row.starts_at, row.ends_at, row.place)


def _worded(desk: Desk, titles: Mapping[int, str], row: DutyShift) -> tuple[str, str]:
    """The office, and where and when it is on duty."""
    starts, ends = (pages.short_moment(moment, desk.zone) for moment in (row.starts_at, row.ends_at))
    return titles[row.office_id], f"{row.place}, {starts} sampai {ends}"
