"""The board (papan): one page that whoever leads reads in ten seconds, and that may hang on the wall of the posko.

Opened with `?layar=ya` it asks for itself again every minute; without, it stands still until somebody asks.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

import rules.board
import rules.situation
from models.matters.overseeing import Problem
from models.messages.going import Going
from models.offices import offices
from rules import indonesian, levels
from rules.access import May
from rules.board import STANDS, Stand, Told
from rules.desk import Desk
from rules.dispatch import Held
from rules.issues import CATEGORIES, SEVERITIES
from rules.ladder import paused
from rules.policy import Severity
from rules.programme import Programme
from rules.risks import Risk
from rules.situation import WORDS, Shown
from services import board, leading, restoring
from services.board import Board, Column, Reader
from web import pages, posko, words
from web.books import Books
from web.coordinator.looked import Looked
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal

REFRESH = "60"
"""Seconds. A header, because whoever hangs the board up asked for it and can stop it by a link on the page."""
WALL, TEAM = "layar", "tim"
MARKS = {Stand.ON_TIME: "✓", Stand.LATE: "T", Stand.MISSING: "✗", Stand.AHEAD: "·", Stand.WAIVED: "B"}
NIL, WRONG = "0", "‼"
SHOWN = {
    Shown.TROUBLED: WRONG,
    Shown.ATTENTION: "!",
    Shown.STALE: "?",
    Shown.UNSEEN: "–",
    Shown.NIL: NIL,
    Shown.SAFE: "✓",
}
HELD = {
    Held.QUIET: "menunggu jam tenang berakhir",
    Held.OWN: "menunggu jam tenang kantor itu sendiri berakhir",
    Held.MERGE: "menunggu digabung dengan yang lain",
    Held.CAP: "menunggu batas harian",
    Held.PROMISE: "menunggu waktu yang diminta",
    Held.NAMED: "menunggu pukul yang sudah disampaikan kepada tim",
}
WIDTH, HEIGHT = 132, 58
"""Of a tile on the schematic map, in units of the drawing."""


def page(request: Request) -> Response:
    """The board of every programme in which this office has districts."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        duty = posko.said(session, at.desk, now=at.now)
        boards, teams = [], dict[str, str]()
        for id, programme in at.programmes.items():
            reader = board.reader(programme.desk, at.code, at.office_id)
            teams |= _teams(programme.desk, reader)
            reader = board.of_team(reader, programme.desk, request.query_params.get(TEAM, ""))
            if reader.areas:
                looked = board.look(session, id, programme, books.forms, reader, now=at.now)
                owners = offices.titles(session, [problem.matter.owner_id for problem in looked.gravest])
                boards.append(shown(id, programme, looked, owners, _opens(at, id, programme, looked), at.now))
        lost = restoring.lost(session, at.programmes.values(), now=at.now)
        decisions = leading.waiting(session, at.programmes, at.office_id, now=at.now).total if at.decides else 0
    if not boards:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    facts: dict[str, Any] = {
        "boards": boards,
        "duty": duty,
        "lost": lost,
        "guest": False,
        "here": f"{books.base}/papan",
        "decisions": decisions,
        "teams": teams if len(teams) > 1 else {},
    }
    return hung(pages.page("board/papan", **who.common(books, at), **facts, **frame(request)), request)


def _opens(at: Who, id: int, programme: Programme, looked: Board) -> set[str]:
    """The numbers of the reports and problems on a board whose pages its reader may open."""
    reports = {item.code for item, _ in looked.cells.values() if at.may(May.READ, id, item.area, report=True)}
    return reports | {own.matter.code for own in looked.gravest if Looked(id, programme, own.matter).may(at, May.READ)}


def frame(request: Request) -> dict[str, Any]:
    """What every board has beside its facts: the legend, whether it hangs on a wall, and which team is chosen."""
    team = request.query_params.get(TEAM, "")[:20]
    own = f"{TEAM}={quote(team)}" if team else ""
    ways = {"still": f"?{own}" if own else "", "wall": f"?{WALL}=ya" + (f"&{own}" if own else "")}
    return {"legend_of": _legend(), "on_wall": _on_wall(request), "team": team, "ways": ways}


def _teams(desk: Desk, reader: Reader) -> dict[str, str]:
    """The teams with a district of this reader: code and name."""
    return {team.code: team.name for team in desk.teams if {*team.districts} & {*reader.areas}}


def hung(answer: Response, request: Request) -> Response:
    """The answer, asking for itself again if it hangs on a wall."""
    if _on_wall(request):
        answer.headers["Refresh"] = REFRESH
    return answer


def _on_wall(request: Request) -> bool:
    return request.query_params.get(WALL) == "ya"


def _legend() -> dict[str, list[tuple[str, str]]]:
    reports = [(mark, STANDS[stand]) for stand, mark in MARKS.items()]
    return {
        "reports": [*reports, (NIL, "nihil"), (WRONG, "bermasalah")],
        "situation": [(SHOWN[shown], WORDS[shown]) for shown in Shown],
    }


def shown(
    id: int, programme: Programme, looked: Board, owners: Mapping[int, str], opens: Collection[str], now: datetime
) -> dict[str, Any]:
    """A board in words, as `board/_board.html.j2` needs it.

    Args:
        owners: titles by id; a guest is given none.
        opens: the numbers that lead to a page which the reader may open.
    """
    zone = programme.desk.zone
    every = [*looked.open, *looked.restricted]
    spoken_of = [code for code in looked.groups if any(looked.situation[a, code].newest for a in looked.areas)]
    return {
        "id": id,
        "name": programme.election.name,
        "at": pages.moment(now, zone),
        "opens": opens,
        "unit": levels.word(programme.desk.level),
        "gravest": _by_severity(programme, looked, owners, now),
        "grave": sum(problem.issue.severity is Severity.HIGH for problem in looked.open),
        "missing": len(looked.before)
        + rules.board.counted(told for _, told in looked.cells.values()).get(Stand.MISSING, 0),
        "untaken": sum(not paused(now, problem.matter.acknowledged_until) for problem in every),
        "open": len(every),
        "named": len(looked.gravest),
        "restricted": len(looked.restricted),
        "risky": len(looked.risky),
        "unheard_risks": ", ".join(programme.desk.district(area).name for area in looked.unheard),
        "columns": [_column(column, zone) for column in looked.columns],
        "rows": [_row(programme, looked, area) for area in looked.areas],
        "today": rules.board.today(told for _, told in looked.cells.values()),
        "before": len(looked.before),
        "groups": [looked.groups[code].name for code in spoken_of],
        "unheard": ", ".join(own.name for code, own in looked.groups.items() if code not in spoken_of),
        "situation": [_district(programme, looked, area, spoken_of) for area in looked.areas],
        "wrong": _wrong(programme, looked),
        "map": _map(programme, looked),
        "ready": looked.ready,
        "going": _going(looked.going, zone) if looked.going else [],
    }


def _problem(programme: Programme, problem: Problem, owners: Mapping[int, str], now: datetime) -> dict[str, Any]:
    matter, issue = problem
    zone = programme.desk.zone_of(matter.area)
    return {
        "code": matter.code,
        "area": _short(programme, matter.area),
        "what": CATEGORIES[issue.category],
        "title": issue.title,
        "age": indonesian.age(issue.opened_at, now),
        "owner": owners.get(matter.owner_id or 0, ""),
        "next": pages.short_moment(issue.due_at, zone) if issue.due_at else "",
        "late": issue.due_at is not None and issue.due_at < now,
    }


def _by_severity(
    programme: Programme, looked: Board, owners: Mapping[int, str], now: datetime
) -> list[tuple[str, bool, int, list[dict[str, Any]]]]:
    """For each severity that some problem has, the gravest first: what it is called, how many, and those named."""
    return [
        (
            SEVERITIES[severity],
            severity is Severity.HIGH,
            sum(problem.issue.severity is severity for problem in looked.open),
            [
                _problem(programme, p, owners, now) | {"risks": words.risk_kinds(programme.desk, _risks(looked, p))}
                for p in looked.gravest
                if p.issue.severity is severity
            ],
        )
        for severity in reversed(Severity)
        if any(problem.issue.severity is severity for problem in looked.open)
    ]


def _risks(looked: Board, problem: Problem) -> Sequence[Risk]:
    return looked.risky.get(problem.matter.id, ())


def _column(column: Column, zone: str) -> dict[str, str]:
    local = column.due_at.astimezone(ZoneInfo(zone))
    return {"at": f"{local:%H.%M}", "name": column.name}


def _row(programme: Programme, looked: Board, area: str) -> dict[str, Any]:
    cells = []
    for column in looked.columns:
        item, told = looked.cells.get((area, column), (None, None))
        cells.append({"code": item.code, "words": told.words, **_mark(told)} if item and told else None)
    return {"name": programme.desk.district(area).name, "cells": cells}


def _mark(told: Told) -> dict[str, str]:
    said = (NIL if told.nil else "") + (WRONG if told.troubled else "")
    worst = "bad" if told.troubled or told.stand is Stand.MISSING else told.stand.value
    return {"mark": MARKS[told.stand] + said, "kind": worst}


def _district(programme: Programme, looked: Board, area: str, groups: Iterable[str]) -> dict[str, Any]:
    cells = [looked.situation[area, group] for group in groups]
    return {
        "area": area,
        "name": programme.desk.district(area).name,
        "cells": [(SHOWN[cell.shown], WORDS[cell.shown], cell.shown.value) for cell in cells],
    }


def _short(programme: Programme, area: str) -> str:
    """A district without what all are; a team, or the regency, as it is called."""
    return levels.bare(programme.desk.level, programme.desk.area_name(area))


def _wrong(programme: Programme, looked: Board) -> list[tuple[str, str, str]]:
    """Each group in which something is wrong, the worst first: its name, the count, and where."""
    lines, unit = [], levels.word(programme.desk.level)
    for code, own in looked.groups.items():
        cells = [looked.situation[area, code] for area in looked.areas]
        rolled = rules.situation.roll_up(cells)
        if rolled.wrong:
            where = [programme.desk.district(cell.area).name for cell in cells if cell.shown is rolled.worst]
            lines.append((rolled.worst.worst_first, own.name, rolled.words(unit), ", ".join(where)))
    return [line[1:] for line in sorted(lines, key=itemgetter(0))]


def _map(programme: Programme, looked: Board) -> dict[str, Any] | None:
    """Tiles in units of the drawing; None: no district of the reader has a tile."""
    placed = [(d, d.tile) for d in programme.desk.districts if d.tile and d.code in looked.areas]
    if not placed:
        return None
    first = [min(tile[axis] for _, tile in placed) for axis in (0, 1)]
    last = [max(tile[axis] for _, tile in placed) for axis in (0, 1)]
    tiles = []
    for district, tile in placed:
        worst, known = rules.board.tile([looked.situation[district.code, group] for group in looked.groups])
        x, y = (tile[0] - first[0]) * WIDTH, (tile[1] - first[1]) * HEIGHT
        words = f"{WORDS[worst]}, {known} bidang" if worst in (Shown.SAFE, Shown.NIL) else WORDS[worst]
        tiles.append((district.code, district.name, x, y, words, worst.value, SHOWN[worst]))
    return {
        "width": (last[0] - first[0] + 1) * WIDTH,
        "height": (last[1] - first[1] + 1) * HEIGHT,
        "tiles": tiles,
    }


def _going(going: Going, zone: str) -> list[str]:
    """How messages stand, a sentence each."""
    lines = ["Pengiriman sedang ditahan."] if going.on_hold else []
    if going.next_at:
        lines.append(f"Pesan berikutnya keluar {pages.short_moment(going.next_at, zone)}.")
    lines += [f"{indonesian.number(n)} pemberitahuan {HELD[Held(held)]}." for held, n in going.held.items()]
    counts = (
        (going.waiting, "pesan sedang dikirim"),
        (going.in_doubt, "pesan belum pasti sampai dalam 24 jam terakhir"),
        (going.failed, "pesan tidak terkirim dalam 24 jam terakhir"),
    )
    lines += [f"{indonesian.number(count)} {words}." for count, words in counts if count]
    return lines or ["Tidak ada pesan yang menunggu."]
