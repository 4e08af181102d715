"""The coordinator's page: the gravest open problems, and what is owed and filed in his districts, in the desk's order.

Reports are listed a page at a time; the problems that are not named are in the register.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.matters import overseeing, owing, reports
from models.matters.overseeing import Problem, Telling
from models.matters.owing import Item
from models.matters.reports import Report
from rules import access, indonesian
from rules.board import GRAVEST
from rules.issues import SEVERITIES
from rules.policy import Severity
from rules.programme import Programme
from services import board, phoning, restoring
from web import calling, pages, paging, silent
from web.books import Books
from web.coordinator import overseen
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.recap import because

AHEAD = timedelta(hours=24)
UNFOLDED = 5
"""Places that stand open; more are folded, each with its two numbers, so that the last is not far below."""
RECENT = timedelta(days=7)
OWED, CAME = "owed", "came"


class Line(NamedTuple):
    """One report in the list, and whether it is owed or came."""

    programme_id: int
    kind: str
    item: Item


class Wrong(NamedTuple):
    """The open problems of one election, and of these the few that are named, the gravest first.

    Restricted ones are counted and never named: who reads the page may not be alone.
    """

    open: Sequence[Problem]
    named: Sequence[Problem]

    @property
    def restricted(self) -> int:
        return sum(own.issue.restricted for own in self.open)


class Known(NamedTuple):
    """What is said beside the lines: who was told, what came in, which problems a report no longer mentions, and
    what is late for a reason of ours.
    """

    told: Mapping[int, Sequence[Telling]]
    latest: Mapping[int, Report]
    withdrawn: Collection[int]
    lines: Mapping[int, Sequence[phoning.Telephone]]
    ours: Mapping[int, str]


def listed(request: Request) -> Response:
    """What is wrong, owed and filed in the districts of whoever is signed in."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        if not at.oversees:
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        lines = [line for id, programme in at.programmes.items() for line in _lines(session, at, id, programme)]
        lost = restoring.lost(session, at.programmes.values(), now=at.now)
        some = paging.paged(request, lines, books.lines)
        wrong = {id: _wrong(session, at, id, programme) for id, programme in at.programmes.items()}
        known = _known(session, at, lines, some.items, wrong)
        shown = [
            _programme(at, id, programme, lines, some.items, wrong[id], known)
            | {"silent": silent.words(session, id, programme, access.readable(programme.desk, at.code))}
            for id, programme in at.programmes.items()
        ]
    if some.before:
        shown = [one | {"passed_on": [], "problems": []} for one in shown]
    facts: dict[str, Any] = {"programmes": shown, "lost": lost, "part": some, "unfolded": UNFOLDED}
    return pages.page("coordinator/koordinasi", **who.common(books, at), **facts)


def _known(
    session: Session, at: Who, lines: Sequence[Line], shown: Sequence[Line], wrong: Mapping[int, Wrong]
) -> Known:
    owed = [line.item.id for line in lines if line.kind == OWED]
    named = [own.matter.id for wrongs in wrong.values() for own in wrongs.named]
    return Known(
        overseeing.told(session, [*owed, *named]),
        reports.latest(session, [line.item.id for line in shown if line.kind == CAME]),
        overseeing.withdrawn(session, named),
        _numbers(session, at, shown, wrong),
        _ours(session, at, lines),
    )


def _ours(session: Session, at: Who, lines: Iterable[Line]) -> dict[int, str]:
    """What is late for a reason of ours."""
    found: dict[int, str] = {}
    for id, programme in at.programmes.items():
        own = [line.item for line in lines if line.programme_id == id]
        found |= because.ours(session, at, id, programme, own)
    return found


def _numbers(
    session: Session, at: Who, lines: Iterable[Line], wrong: Mapping[int, Wrong]
) -> dict[int, list[phoning.Telephone]]:
    """Whom to phone about what is late or wrong."""
    numbers: dict[int, list[phoning.Telephone]] = {}
    late = [line for line in lines if line.item.late(at.now)]
    for id, programme in at.programmes.items():
        own = [(line.item.id, line.item.area) for line in late if line.programme_id == id]
        own += [(matter.id, matter.area) for matter, _ in wrong[id].named]
        numbers |= calling.beside(session, at, id, programme, own)
    return numbers


def _wrong(session: Session, at: Who, id: int, programme: Programme) -> Wrong:
    """The problems of its places, and those it has of other places."""
    places, confided = access.readable(programme.desk, at.code), access.coordinated(programme.desk, at.code)
    problems = overseeing.problems(session, id, places, confided, reader_id=at.office_id)
    named = [own for own in problems if not own.issue.restricted]
    return Wrong(problems, board.by_gravity(named, at.now)[:GRAVEST])


def _lines(session: Session, at: Who, id: int, programme: Programme) -> list[Line]:
    """Place by place: what is owed, what came in."""
    places = access.readable(programme.desk, at.code)
    lines = [Line(id, OWED, own) for own in owing.soon(session, id, places, until=at.now + AHEAD)]
    lines += [Line(id, CAME, own) for own in owing.came_in(session, id, places, since=at.now - RECENT)]
    order = {place: n for n, place in enumerate(access.places(programme.desk))}
    return sorted(lines, key=lambda line: order[line.item.area])


def _programme(
    at: Who, id: int, programme: Programme, lines: Iterable[Line], shown: Iterable[Line], wrong: Wrong, known: Known
) -> dict[str, Any]:
    own = [line for line in lines if line.programme_id == id]
    heard = [line for line in own if line.kind == OWED and _heard(at, line.item.id, known)]
    sections: dict[str, dict[str, Any]] = {}
    for line in (line for line in shown if line.programme_id == id):
        area, name = line.item.area, programme.desk.area_name(line.item.area)
        there = Wrong([p for p in wrong.open if p.matter.area == area and not p.issue.restricted], ())
        counts = _counts(at, [one for one in own if one.item.area == area], there, known.ours)
        section = sections.setdefault(area, {"name": name, "counts": counts, OWED: [], CAME: []})
        section[line.kind].append(_facts(at, programme, line, known))
    return {
        "id": id,
        "name": programme.election.name,
        "counts": _counts(at, own, wrong, known.ours),
        "passed_on": [_facts(at, programme, line, known) for line in heard],
        "problems": [_problem(at, programme, problem, known) for problem in wrong.named],
        "open": len(wrong.open),
        "restricted": wrong.restricted,
        "sections": list(sections.values()),
        "nothing": not own and not wrong.open,
        "still": ", ".join(programme.desk.area_name(d) for d in _still(at, programme, own)),
    }


def _counts(at: Who, lines: Iterable[Line], wrong: Wrong, ours: Mapping[int, str]) -> list[str]:
    """All of it in two numbers, for who has ten seconds: what is late, and what is wrong, the gravest apart."""
    late = [line.item.id for line in lines if line.kind != CAME and line.item.late(at.now)]
    excused = sum(id in ours for id in late)
    of_us = f", {indonesian.number(excused)} di antaranya bukan karena tim" if excused else ""
    grave = sum(issue.severity is Severity.HIGH and not issue.restricted for _, issue in wrong.open)
    apart = f", {indonesian.number(grave)} di antaranya {SEVERITIES[Severity.HIGH]}" if grave else ""
    apart += f", {indonesian.number(wrong.restricted)} terbatas" if wrong.restricted else ""
    counts = {f"{indonesian.number(len(late))} laporan masih ditunggu lewat batas waktu{of_us}": len(late)}
    counts[f"{indonesian.number(len(wrong.open))} permasalahan terbuka{apart}"] = len(wrong.open)
    return [words for words, n in counts.items() if n]


def _still(at: Who, programme: Programme, lines: Iterable[Line]) -> list[str]:
    """The districts where nothing is due and nothing came. Teams are not named: something of theirs may be due."""
    places = access.readable(programme.desk, at.code)
    busy = {line.item.area for line in lines}
    return [d.code for d in programme.desk.districts if d.code in places and d.code not in busy]


def _facts(at: Who, programme: Programme, line: Line, known: Known) -> dict[str, Any]:
    id, told = line.item.id, known.told.get(line.item.id, ()) if line.kind == OWED else ()
    shown = overseen.item(programme, line.item, at.now, told, known.latest.get(id))
    return shown | {"lines": known.lines.get(id, ())}


def _problem(at: Who, programme: Programme, problem: Problem, known: Known) -> dict[str, Any]:
    id = problem.matter.id
    told = known.told.get(id, ())
    shown = overseen.problem(programme, problem, at.now, told, withdrawn=id in known.withdrawn)
    return shown | {"lines": known.lines.get(id, ()), "passed_on": _heard(at, id, known)}


def _heard(at: Who, id: int, known: Known) -> bool:
    """Whether the reader was told of it as one above the team."""
    return any(own.office == at.title and own.audience.above_team for own in known.told.get(id, ()))
