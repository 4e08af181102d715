"""The situation (keadaan): what the reports say, by indicator group over all districts, and for one district."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

import rules.risks
import rules.situation
from models.matters import overseeing
from rules import access, levels
from rules.forms import CONDITIONS, Indicator
from rules.programme import Programme
from rules.situation import Cell, Milestone, Shown, Situation, Total
from services import risks, situation
from web import pages, silent
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal


def whole(request: Request) -> Response:
    """Every group of the districts that this office may read, the worst group first: what is wrong, and sums."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        programmes = []
        for id, programme in at.programmes.items():
            if areas := access.watched(programme.desk, at.code):
                heard = situation.heard(session, id, programme, books.forms, areas, now=at.now)
                cells = situation.of(heard, programme, books.forms, areas, now=at.now)
                shown = _programme(id, programme, situation.groups(programme, books.forms), cells)
                reached = situation.reached(heard, programme, books.forms, areas)
                shown |= {"milestones": [_milestone(programme, *own, at.now) for own in reached.items()]}
                shown |= {"risks": _risks(session, at, id, programme)}
                programmes.append(shown | {"silent": silent.words(session, id, programme, areas)})
    if not programmes:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return pages.page("situation/keadaan", **who.common(books, at), programmes=programmes)


def district(request: Request) -> Response:
    """One district: what the newest report says of each group, in its own words."""
    books: Books = request.app.state.books
    id, area = request.path_params["programme"], request.path_params["area"]
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        programme = at.programmes.get(id)
        if programme is None or area not in access.watched(programme.desk, at.code):
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        heard = situation.heard(session, id, programme, books.forms, [area], now=at.now)
        cells = situation.of(heard, programme, books.forms, [area], now=at.now)
        groups = situation.groups(programme, books.forms)
        reached = situation.reached(heard, programme, books.forms, [area])
    zone = programme.desk.zone_of(area)
    facts: dict[str, Any] = {
        "place": programme.desk.area_name(area),
        "election": programme.election.name,
        "milestones": [(own.words(zone, at.now), own.earlier(zone)) for by in reached.values() if (own := by[area])],
        "groups": [_told(cells[area, code], own, zone) for code, own in groups.items()],
    }
    return pages.page("situation/keadaan-kecamatan", **who.common(books, at), **facts)


def _programme(id: int, programme: Programme, groups: Mapping[str, Indicator], cells: Situation) -> dict[str, Any]:
    by_group = {code: [cell for (_, group), cell in cells.items() if group == code] for code in groups}
    worst_first = sorted(groups, key=lambda code: rules.situation.roll_up(by_group[code]).worst.worst_first)
    return {
        "id": id,
        "name": programme.election.name,
        "groups": [_group(programme, groups[code], by_group[code]) for code in worst_first],
        "districts": [
            (area, programme.desk.area_name(area), rules.situation.roll_up(_of(cells, area)).words("bidang"))
            for area in dict.fromkeys(area for area, _ in cells)
        ],
    }


def _risks(session: Session, at: Who, id: int, programme: Programme) -> dict[str, Any] | None:
    """Places at risk in the districts that the reader oversees; None: he oversees none, or none is known there."""
    areas = [area for area in access.readable(programme.desk, at.code) if area in programme.desk.coordinators]
    known = risks.known(session, id, areas)
    if not known:
        return None
    confided = areas if access.above_all(programme.desk, at.code) else access.coordinated(programme.desk, at.code)
    open_ = overseeing.problems(session, id, areas, confided, reader_id=at.office_id)
    there = risks.risky([own for own in open_ if not own.issue.restricted], known)
    unheard = risks.unheard(session, id, programme.desk, known, now=at.now)
    return {
        "places": rules.risks.places(known),
        "kinds": [(programme.desk.risks.get(kind, kind), many) for kind, many in rules.risks.by_kind(known).items()],
        "problems": [own.matter.code for own in open_ if own.matter.id in there],
        "unheard": [programme.desk.area_name(area) for area in unheard],
    }


def _milestone(
    programme: Programme, name: str, reached: Mapping[str, Milestone | None], now: datetime
) -> dict[str, Any]:
    """How far every district is, in the desk's order; one that gave no number is named too."""
    desk = programme.desk
    counts = [own.went[-1].count for own in reached.values() if own]
    told = {area: own.words(desk.zone_of(area), now) if own else NOT_TOLD for area, own in reached.items()}
    return {
        "name": name,
        "words": Total(sum(counts), len(counts), len(reached)).words(levels.word(desk.level)),
        "districts": [(area, desk.area_name(area), words) for area, words in told.items()],
    }


NOT_TOLD = "belum dilaporkan"


def _of(cells: Situation, area: str) -> list[Cell]:
    return [cell for (place, _), cell in cells.items() if place == area]


def _group(programme: Programme, own: Indicator, cells: list[Cell]) -> dict[str, Any]:
    """One group over all districts. Districts stand in the desk's order, never by how they look."""
    rolled, unit = rules.situation.roll_up(cells), levels.word(programme.desk.level)
    totals = [(figure.name, rules.situation.total(cells, figure.code)) for figure in own.figures]
    return {
        "name": own.name,
        "words": rolled.words(unit),
        "grave": rolled.worst is Shown.TROUBLED,
        "wrong": [
            {
                "area": cell.area,
                "name": programme.desk.area_name(cell.area),
                "words": rules.situation.WORDS[cell.shown],
                "note": cell.spoken.note,
                "age": _age(cell, programme.desk.zone_of(cell.area)),
            }
            for cell in cells
            if cell.spoken and cell.shown in (Shown.TROUBLED, Shown.ATTENTION)
        ],
        "sums": [(name, total.words(unit)) for name, total in totals if total.counted],
    }


def _told(cell: Cell, own: Indicator, zone: str) -> dict[str, Any]:
    spoken = cell.spoken
    return {
        "name": own.name,
        "words": rules.situation.WORDS[cell.shown],
        "was": CONDITIONS[spoken.condition].lower() if spoken and cell.shown is Shown.STALE else "",
        "grave": cell.shown is Shown.TROUBLED,
        "note": spoken.note if spoken else "",
        "photos": len(spoken.photos) if spoken else 0,
        "age": _age(cell, zone),
        "nil": _since(cell, zone),
        "numbers": list(_numbers(cell, own, zone)),
    }


def _age(cell: Cell, zone: str) -> str:
    """From when a condition is, and who reported it."""
    return f"{pages.short_moment(cell.said.tells_of, zone)}, {cell.said.by}" if cell.said else ""


def _since(cell: Cell, zone: str) -> str:
    return f"{pages.short_moment(cell.nil.tells_of, zone)}, {cell.nil.by}" if cell.nil else ""


def _numbers(cell: Cell, own: Indicator, zone: str) -> Iterable[tuple[str, int, str]]:
    for figure in own.figures:
        if number := cell.numbers.get(figure.code):
            yield figure.name, number.count, pages.short_moment(number.tells_of, zone)
