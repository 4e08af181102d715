"""The recap (rekap) of a period: a page, a sheet, and the rows behind each figure."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

import rules.recap
from rules import fairness, indonesian
from rules.board import STANDS, Stand
from rules.fairness import Cause
from rules.filing import Content
from rules.recap import Counts, Line, Owed
from services import recap
from web import pages, paging, saved, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.recap import asked
from web.recap.asked import Asked

HEADS = {
    "due": "jatuh tempo",
    "on_time": STANDS[Stand.ON_TIME],
    "late": STANDS[Stand.LATE],
    "missing": STANDS[Stand.MISSING],
}
BESIDE = {
    **{cause.value: fairness.CAUSES[cause] for cause in Cause},
    **{content.value: words.SHORT[content] for content in (Content.FILLED, Content.NIL, Content.PARTIAL)},
    "ahead": STANDS[Stand.AHEAD],
    "waived": STANDS[Stand.WAIVED],
}
FIGURES = HEADS | BESIDE
"""What is counted, as people call it; `HEADS` have columns of their own."""
WHOLE = "Jumlah"


def page(request: Request) -> Response:
    """Every part of what this office may see, in the desk's order, with the sum of all."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        own = asked.read(books, request, at)
        lines = [] if own.wrong else _lines(session, own, at)
    facts: dict[str, Any] = {
        "asked": own,
        "period": indonesian.period(*own.period),
        "at": pages.moment(at.now, own.programme.desk.zone),
        "spans": own.spans(indonesian.local_date(at.now, own.programme.desk.zone)),
        "splits": own.names,
        "heads": [_capital(name) for name in HEADS.values()],
        "lines": [_shown(books, own, line) for line in lines],
        "others": [(own.query(program=id), p.election.name) for id, p in at.programmes.items() if id != own.id],
    }
    return pages.page("recap/rekap", 422 if own.wrong else 200, **who.common(books, at), **facts)


def _lines(session: Session, own: Asked, at: Who) -> list[Line]:
    """The parts, and all of them together."""
    rows = _rows(session, own, at)
    parts = rules.recap.recap(rows, own.programme, own.split, own.areas, now=at.now)
    return [*parts, Line("", WHOLE, rules.recap.count(rows, now=at.now))]


def _rows(session: Session, own: Asked, at: Who) -> list[Owed]:
    return recap.rows(session, own.id, own.programme, own.period, areas=own.areas, now=at.now)


def _shown(books: Books, own: Asked, line: Line) -> dict[str, Any]:
    def figure(name: str) -> tuple[str, str, str]:
        path = f"{books.base}/rekap/{own.id}/baris{own.query(bagian=line.code, angka=name)}"
        count = line.counts.of(name)
        return indonesian.number(count), FIGURES[name], path if count else ""

    return {
        "name": line.name,
        "whole": not line.code,
        "heads": [figure(name) for name in HEADS],
        "beside": [figure(name) for name in BESIDE if line.counts.of(name)],
    }


def sheet(request: Request) -> Response:
    """The same as a table to be saved."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        ending = saved.ending(request, "rekap", back=f"{books.base}/rekap")
        own = asked.read(books, request, at)
        if own.wrong:
            raise Refusal(Help.UNKNOWN, back=f"{books.base}/rekap")
        saved.count_one(books, at)
        lines = _lines(session, own, at)
    headings = [own.names[own.by], *map(_capital, FIGURES.values())]
    return saved.sheet(headings, map(_row, lines), f"rekap-{own.by}-{own.first}-{own.last}", ending)


def _row(line: Line) -> Sequence[str]:
    return [line.name, *_figures(line.counts)]


def _figures(counts: Counts) -> Iterable[str]:
    return (str(counts.of(name)) for name in FIGURES)


def behind(request: Request) -> Response:
    """The rows that a figure counts."""
    books: Books = request.app.state.books
    part, figure = request.query_params.get("bagian", ""), request.query_params.get("angka", "")
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        own = asked.read(books, request, at)
        if figure not in FIGURES or own.wrong:
            raise Refusal(Help.UNKNOWN, back=f"{books.base}/rekap")
        rows = [row for row in _rows(session, own, at) if figure in rules.recap.figures(row, now=at.now)]
    desk = own.programme.desk
    rows = [row for row in rows if not part or rules.recap.part(row, desk, own.split) == part]
    some = paging.paged(request, rows, books.lines)
    facts: dict[str, Any] = {
        "place": rules.recap.parts(own.programme, own.split, own.areas).get(part, WHOLE),
        "figure": FIGURES[figure],
        "period": indonesian.period(*own.period),
        "count": indonesian.number(len(rows)),
        "back": f"{books.base}/rekap{own.query()}",
        "rows": [_told(books, own, row, at) for row in some.items],
        "part": some,
    }
    return pages.page("recap/baris", **who.common(books, at), **facts)


def _told(books: Books, own: Asked, row: Owed, at: Who) -> dict[str, Any]:
    """A report in the list, with the address of its explanation."""
    desk, zone = own.programme.desk, own.programme.desk.zone_of(row.area)
    return {
        "why": f"{books.base}/mengapa/{own.id}/{row.code}",
        "code": row.code,
        "duty": duty(own, row),
        "area": desk.area_name(row.area),
        "due": pages.short_moment(row.due_at, zone),
        "stands": stands(row, zone, at),
    }


def duty(own: Asked, row: Owed) -> str:
    """What a report is called; by its code, if the policy has no such duty any more."""
    try:
        return own.programme.policy.duty(row.duty, row.key).name
    except KeyError:
        return row.duty


def stands(row: Owed, zone: str, at: Who) -> str:
    """`Diterima Rabu 7/2, 16.00 WITA: terlambat, nihil (sistem Tim DESK terhenti).`"""
    figures = rules.recap.figures(row, now=at.now)
    said = [FIGURES[name] for name in figures if name not in ("due", "received", *Cause)]
    cause = [f" ({FIGURES[name]})" for name in figures if name in set(Cause)]
    came = f"Diterima {pages.short_moment(row.received_at, zone)}: " if row.received_at else ""
    return _capital(f"{came}{', '.join(said)}{''.join(cause)}.")


def _capital(text: str) -> str:
    """With a large first letter; the rest stays as it is."""
    return text[0].upper() + text[1:]
