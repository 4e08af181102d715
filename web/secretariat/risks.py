"""Places at risk: read by whoever oversees them, kept by the secretariat with a form or a table.

The preview of a table changes nothing. Confirming takes all of it, if it still does exactly what was shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rules.risks
from models.desk import uploads
from models.matters import risks as kept
from models.matters.risks import PlaceRisk
from rules import access, indonesian, levels
from rules.desk import Desk
from rules.programme import Programme
from rules.risks import Does, Line
from services import risks, sheets
from services.sheets import BadSheet, Row
from web import chosen, pages, saved, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards import bodies
from web.guards.refusals import Help, Refusal
from web.secretariat import keeping
from web.secretariat.sheets import ONE

log = structlog.get_logger()

PATH = "/sekretariat/kerawanan"
STEM = "tempat-rawan"
FIELDS = {name: name.lower() for name in rules.risks.COLUMNS}


def page(request: Request) -> Response:
    """The inventory, of the districts that this office oversees."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = _reader(books, session, request)
        return _page(books, session, at, done=words.DONE.get(request.query_params.get("selesai", ""), ""))


def table(request: Request) -> Response:
    """The same as a table, which can be filled in further and sent back."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = _reader(books, session, request)
        ending = saved.ending(request, STEM, back=f"{books.base}{PATH}")
        saved.count_one(books, at)
        id, programme = keeping.programme(at, request.path_params["programme"])
        rows = kept.current(session, id, access.readable(programme.desk, at.code))
        cells = [_cells(programme.desk, row) for row in rows]
    return saved.sheet(rules.risks.columns(programme.desk.level), cells, STEM, ending)


async def change(request: Request) -> Response:
    """Note one place, or end one risk."""
    fields = await who.posted(request)
    return await run_in_threadpool(_change, request, fields)


def _change(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        id, programme = keeping.programme(at, request.path_params["programme"])
        if "end" in fields:
            risks.end(session, id, programme.desk, chosen.row_id(fields["end"]), hand=at.hand, now=at.now)
            return RedirectResponse(f"{books.base}{PATH}?selesai=risk.end", 303)
        rows = [(0, {name: fields.get(name, "") for name in FIELDS.values()})]
        if risks.take(session, id, programme.desk, rows, hand=at.hand, now=at.now) is None:
            (line,) = risks.look(session, id, programme.desk, rows, now=at.now)
            assert line.refused is not None
            flaws = {FIELDS[line.refused.column]: words.refused_risk(line.refused)}
            return _page(books, session, at, about=id, typed=fields, flaws=flaws)
    return RedirectResponse(f"{books.base}{PATH}?selesai=risk", 303)


async def preview(request: Request) -> Response:
    """Show what a table would do."""
    return await bodies.one_file(request, ONE, _preview)


def _preview(request: Request, fields: Mapping[str, str], content: bytes) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        id, programme = keeping.programme(at, request.path_params["programme"])
    try:
        rows = sheets.read(content, rules.risks.WANTED)
        sheets.refuse_unknown(rows, {*FIELDS.values(), *(own.lower() for own in levels.HEADINGS)}, rules.risks.CALLED)
    except BadSheet as error:
        with books.sessions.begin() as session:
            return _page(books, session, at, about=id, error=words.bad_sheet(error))
    with books.sessions.begin() as session:
        return _shown(books, session, at, id, programme, rows, stale=False)


async def confirm(request: Request) -> Response:
    """Take in what was shown."""
    fields = await who.posted(request)
    return await run_in_threadpool(_confirm, request, fields)


def _confirm(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        id, programme = keeping.programme(at, request.path_params["programme"])
        sent = uploads.take(session, chosen.row_id(fields.get("upload", "")), id, at.office_id, now=at.now)
        if sent is None or sent.digest != fields.get("digest"):
            raise Refusal(Help.CHANGED, back=f"{books.base}{PATH}")
        rows = [Row(*row) for row in sent.rows]
        lines = risks.take(session, id, programme.desk, rows, shown=sent.digest, hand=at.hand, now=at.now)
        if lines is None:
            return _shown(books, session, at, id, programme, rows, stale=True)
    log.info("risks uploaded", rows=len(lines), session=at.session_id)
    return RedirectResponse(f"{books.base}{PATH}?selesai=risk", 303)


def _shown(
    books: Books, session: Session, at: Who, id: int, programme: Programme, rows: Sequence[Row], *, stale: bool
) -> Response:
    """What rows do, kept for confirming."""
    lines = risks.look(session, id, programme.desk, rows, now=at.now)
    digest = rules.risks.summary(lines)
    refused = sum(line.does is Does.REFUSED for line in lines)
    changes = any(line.does in (Does.ADDS, Does.CHANGES) for line in lines)
    facts: dict[str, Any] = {
        "path": PATH,
        "back": "Kembali ke tempat rawan",
        "programme": id,
        "upload": uploads.keep(session, id, at.office_id, rows, digest=digest, now=at.now),
        "digest": digest,
        "stale": stale,
        "blank": 0,
        "lines": [_line(programme.desk, line) for line in lines],
        "refused": refused,
        "ready": changes and not refused,
    }
    return pages.page("secretariat/preview", 409 if stale else 200, **who.common(books, at), **facts)


def _line(desk: Desk, line: Line) -> dict[str, Any]:
    named = [_place(desk, line.risks[0].key), words.risk_kinds(desk, line.risks)] if line.risks else []
    return {
        "row": line.row,
        "code": ", ".join(named),
        "does": words.does_risk(line),
        "bad": line.does is Does.REFUSED,
    }


def _reader(books: Books, session: Session, request: Request) -> Who:
    at = who.signed_in(books, session, request)
    if not at.oversees:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return at


def _page(
    books: Books,
    session: Session,
    at: Who,
    *,
    about: int = 0,
    typed: Mapping[str, str] | None = None,
    flaws: Mapping[str, str] | None = None,
    error: str = "",
    done: str = "",
) -> Response:
    """`about`: the programme whose form or file was refused."""
    facts: dict[str, Any] = {
        "path": f"{books.base}{PATH}",
        "programmes": [_programme(session, at, id, programme) for id, programme in at.programmes.items()],
        "keeps": at.keeps_books,
        "about": about,
        "given": typed or {},
        "flaws": flaws or {},
        "doubts": {},
        "labels": dict(zip(FIELDS.values(), rules.risks.columns(at.desk.level), strict=True)),
        "longest": {FIELDS[name]: most for name, most in rules.risks.LONGEST.items()},
        "names": saved.names(STEM),
        "error": error,
        "done": done,
    }
    return pages.page("secretariat/risks", 422 if flaws or error else 200, **who.common(books, at), **facts)


def _programme(session: Session, at: Who, id: int, programme: Programme) -> dict[str, Any]:
    desk = programme.desk
    areas = [own for own in access.readable(desk, at.code) if own in desk.coordinators]
    rows = kept.current(session, id, areas)
    unheard = risks.unheard(session, id, desk, [row.risk for row in rows], now=at.now)
    districts = [
        _district(desk, area, [row for row in rows if row.risk.key.district == area], unheard) for area in areas
    ]
    return {
        "id": id,
        "name": programme.election.name,
        "places": rules.risks.places(row.risk for row in rows),
        "districts": [own for own in districts if own["places"]],
        "empty": ", ".join(own["name"] for own in districts if not own["places"]),
        "unheard": [desk.district(area).name for area in unheard],
        "choices": {own.code: own.name for own in desk.districts},
        "villages": sorted({desk.villages[code] for code in desk.villages}),
        "kinds": desk.risks,
    }


def _district(desk: Desk, area: str, rows: Sequence[PlaceRisk], unheard: Sequence[str]) -> dict[str, Any]:
    own = [row.risk for row in rows]
    counted = rules.risks.by_kind(own)
    named = [f"{desk.risks.get(kind, kind)}: {indonesian.number(n)}" for kind, n in counted.items()]
    return {
        "name": desk.area_name(area),
        "short": desk.district(area).name,
        "places": rules.risks.places(own),
        "kinds": named,
        "sources": sorted({f"{risk.source}, {indonesian.day(risk.known_on)}" for risk in own}),
        "unheard": area in unheard,
        "rows": [
            {
                "id": row.id,
                "place": _place(desk, row.risk.key).removesuffix(f", {desk.area_name(area)}"),
                "kind": desk.risks.get(row.kind, row.kind),
                "note": row.note,
                "source": f"{row.source}, {indonesian.day(row.known_on)}",
            }
            for row in rows
        ],
    }


def _place(desk: Desk, key: rules.risks.Key) -> str:
    station = f"TPS {key.station}, " if key.station else ""
    return f"{station}{desk.village_name(key.village)}"


def _cells(desk: Desk, row: PlaceRisk) -> list[str]:
    """A row as it can be sent back: a village by its code, for several may have one name."""
    district = desk.district(row.risk.key.district).name
    return [
        *(district, row.village, row.station, desk.risks.get(row.kind, row.kind)),
        *(row.note, row.source, row.known_on.isoformat()),
    ]
