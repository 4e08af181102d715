"""The coordinator's pages: what is owed and open in his districts, in the desk's order, and one matter at a time."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models import attachments, changes, overseeing, owing, reports
from models.issues import Issue
from models.matters import Kind, Matter
from models.obligations import Obligation
from models.overseeing import Problem
from models.owing import Item
from rules import access, decisions
from rules.access import May
from rules.filing import Standing
from rules.programme import Programme
from web import overseen, pages, who
from web.books import Books
from web.enclosed import enclosed
from web.refusals import Help, Refusal
from web.who import Who

_CODE = re.compile(r"[RP]-[0-9]{1,9}")
AHEAD = timedelta(hours=24)
RECENT = timedelta(days=7)
MOST = 300
"""So much is listed of each kind; a coordinator never has as much open."""


class Looked(NamedTuple):
    """A matter that somebody signed in may read."""

    programme_id: int
    programme: Programme
    matter: Matter

    @property
    def zone(self) -> str:
        return self.programme.desk.zone_of(self.matter.area)

    @property
    def report(self) -> bool:
        return self.matter.kind is Kind.OBLIGATION

    def may(self, at: Who, act: May) -> bool:
        return at.may(act, self.programme_id, self.matter.area, report=self.report)


def listed(request: Request) -> Response:
    """All that is owed and open in the districts of whoever is signed in."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        if not (at.leads or at.keeps_books):
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        found = [_programme(session, at, id, programme) for id, programme in at.programmes.items()]
    return pages.page("koordinasi", **who.common(books, at), programmes=found)


def _programme(session: Session, at: Who, id: int, programme: Programme) -> dict[str, Any]:
    places = access.readable(programme.desk, at.code)
    owed = owing.soon(session, id, places, until=at.now + AHEAD, limit=MOST)
    troubles = overseeing.problems(session, id, places, limit=MOST)
    came = owing.came_in(session, id, places, since=at.now - RECENT, limit=MOST)
    told = overseeing.told(session, [item.id for item in owed] + [problem.matter.id for problem in troubles])
    sections: list[dict[str, Any]] = [
        {
            "name": programme.desk.area_name(place),
            "owed": [overseen.item(programme, i, at.now, told.get(i.id, ())) for i in _of(place, owed)],
            "problems": [
                overseen.problem(programme, p, at.now, told.get(p.matter.id, ())) for p in _of_problems(place, troubles)
            ],
            "came": [overseen.item(programme, i, at.now, ()) for i in _of(place, came)],
        }
        for place in places
    ]
    full = [section for section in sections if section["owed"] or section["problems"] or section["came"]]
    still = ", ".join(section["name"] for section in sections if section not in full)
    shown = [item for section in sections for item in (*section["owed"], *section["problems"])]
    return {
        "id": id,
        "name": programme.election.name,
        "passed_on": [item for item in shown if at.title in item["heard"]],
        "sections": full,
        "still": still,
    }


def _of(place: str, items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.area == place]


def _of_problems(place: str, problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.matter.area == place]


def one(request: Request) -> Response:
    """One report or problem: what came, who was told, what was decided, and what may be decided now."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        found = look(books, session, request, at)
        facts = _report(books, session, at, found) if found.report else _problem(session, at, found)
        facts |= {
            "told": [
                overseen.told(t, found.zone) for t in overseeing.told(session, [found.matter.id])[found.matter.id]
            ],
            "times": _times(at, found),
        }
    return pages.page("perkara", **who.common(books, at), **facts)


def attached(request: Request) -> Response:
    """A photo or file of a report, to be saved: never shown as a page of ours."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        found = look(books, session, request, at)
        version, number = request.path_params["version"], request.path_params["number"]
        file = next(
            (
                file
                for report in reports.of(session, found.matter.id)
                for file in attachments.of(session, report.id)
                if (report.version, file.number) == (version, number)
            ),
            None,
        )
    if file is None or not books.files.path(file.digest).is_file():
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return enclosed(books.files, f"{found.matter.code}-{version}", file)


def look(books: Books, session: Session, request: Request, at: Who) -> Looked:
    """The matter in the address. Raises: Refusal: there is none, or it is not for this office, which look alike."""
    number, code = request.path_params["programme"], request.path_params["code"]
    known = number in at.programmes and _CODE.fullmatch(code)
    matter = overseeing.by_code(session, number, code) if known else None
    if matter is not None:
        found = Looked(number, at.programmes[number], matter)
        if found.may(at, May.READ):
            return found
    raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")


def _times(at: Who, found: Looked) -> dict[str, list[tuple[str, str]]]:
    """For each decision that takes a time, what may be chosen."""
    zone = found.zone
    closes_after = found.matter.closes_after if found.report else None
    rest = decisions.offers(zone, after=at.now, before=closes_after, now=at.now)
    longer = [t for t in rest if t > found.matter.since]
    again = decisions.offers(zone, after=at.now, before=None, now=at.now)
    chosen = {"acknowledge": rest, "extend": longer if at.now <= found.matter.since else rest, "return": again}
    return {act: [(t.isoformat(), pages.short_moment(t, zone)) for t in times] for act, times in chosen.items()}


def _report(books: Books, session: Session, at: Who, found: Looked) -> dict[str, Any]:
    item = owing.one(session, found.programme_id, found.matter.code)
    obligation = session.get_one(Obligation, found.matter.id)
    assert item is not None
    waits = found.matter.closed_at is None
    owed, returned = item.standing is Standing.OWED and waits, item.returned_until is not None and waits
    able = {
        May.ACKNOWLEDGE: owed or returned,
        May.EXTEND: owed,
        May.WAIVE: owed,
        May.RETURN: item.standing is Standing.RECEIVED,
    }
    form = books.form(found.programme.policy.duty(item.duty).form)
    return _facts(at, found, able) | {
        "title": f"{found.programme.policy.duty(item.duty).name}, {found.programme.desk.area_name(item.area)}",
        "item": overseen.item(found.programme, item, at.now, ()),
        "standing": overseen.standing(item, obligation.reason, at.now),
        "returned": returned,
        "versions": [
            overseen.version(r, attachments.of(session, r.id), form, item.zone)
            for r in reversed(reports.of(session, item.id))
        ],
        "problem": None,
        "steps": [],
        "changes": [overseen.changed(change, found.zone) for change in reversed(changes.about(session, item.id))],
    }


def _problem(session: Session, at: Who, found: Looked) -> dict[str, Any]:
    problem = Problem(found.matter, session.get_one(Issue, found.matter.id))
    waits = found.matter.closed_at is None
    able = dict.fromkeys((May.ACKNOWLEDGE, May.ADVISE, May.RESOLVE), waits)
    shown = overseen.problem(found.programme, problem, at.now, ())
    return _facts(at, found, able) | {
        "title": f"{shown['what']}, {shown['area']}",
        "item": None,
        "standing": "",
        "returned": False,
        "versions": [],
        "problem": shown,
        "changes": [],
        "steps": [
            overseen.step(event, title, found.zone) for event, title in overseeing.steps(session, problem.issue.id)
        ],
    }


def _facts(at: Who, found: Looked, able: dict[May, bool]) -> dict[str, Any]:
    return {
        "programme": found.programme_id,
        "code": found.matter.code,
        "round": found.matter.round,
        "may": {act.value for act, now in able.items() if now and found.may(at, act)},
        "reason": decisions.REASON,
    }
