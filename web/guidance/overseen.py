"""Guidance of the levels below: how each district does, and a short evaluation of each team after a stage."""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.offices import offices
from rules import access, indonesian, people, typed
from rules.filing import NotTaken
from rules.guidance import TEXT
from rules.indonesian import number
from rules.programme import Programme
from rules.typed import Fault, Mistyped
from services import guidance
from services.guidance import Evaluated, Seen, Stage
from web import chosen, pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.recap import asked

log = structlog.get_logger()

PATH = "/pembinaan"
COUNTED = {
    "due": "jatuh tempo",
    "on_time": "tepat waktu",
    "late": "terlambat",
    "missing": "belum masuk",
    "ours": "di antaranya karena sebab pada Tim DESK",
    "waived": "dibebaskan",
    "nil": "nihil",
    "partial": "terisi sebagian",
    "remarked": "diterima dengan penjelasan atas isian yang ditandai",
    "returned": "dikembalikan untuk diperbaiki",
}


def page(request: Request) -> Response:
    """The districts that this office guides, in the file's order, about the days that were asked for."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = _guide(books, session, request)
        own = asked.read(books, request, at)
        areas = access.readable(own.programme.desk, at.code)
        seen = [] if own.wrong else guidance.districts(session, own.id, own.programme, areas, own.period, now=at.now)
    today = indonesian.local_date(at.now, own.programme.desk.zone)
    facts: dict[str, Any] = {
        "asked": own,
        "path": f"{books.base}{PATH}",
        "period": indonesian.period(*own.period),
        "spans": own.spans(today),
        "cards": [_card(own.programme, one) for one in seen],
        "stages": [
            (f"{books.base}{PATH}/{own.id}/{one.code}", one.name, indonesian.period(*one.days))
            for one in guidance.ended(own.programme, now=at.now)
        ],
    }
    return pages.page("guidance/overseen", 422 if own.wrong else 200, **who.common(books, at), **facts)


def _guide(books: Books, session: Session, request: Request, fields: Mapping[str, str] | None = None) -> Who:
    """Raises: Refusal: this office neither coordinates anything nor keeps the books."""
    at = who.signed_in(books, session, request, fields)
    if not at.oversees:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return at


def _card(programme: Programme, one: Seen) -> dict[str, Any]:
    counts = one.counts
    told = [(name, number(getattr(counts, field))) for field, name in COUNTED.items() if getattr(counts, field)]
    zone = programme.desk.zone_of(one.area)
    return {
        "name": programme.desk.area_name(one.area),
        "reporter": programme.desk.office(people.owing(programme.desk, one.area)[0]).title,
        "counts": told,
        "promises": f"{number(counts.kept)} dari {number(counts.promised)}" if counts.promised else "",
        "advice": f"{number(counts.answered)} dari {number(counts.advised)}" if counts.advised else "",
        "returned": [(own.code, pages.short_moment(own.at, zone), own.why) for own in one.returned],
    }


def stage(request: Request) -> Response:
    """The teams after a stage that is over: what the facts say, and what was written."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = _guide(books, session, request)
        return _stage(books, session, request, at, {}, {})


async def write(request: Request) -> Response:
    """Keep what was written of a team."""
    fields = await who.posted(request)
    return await run_in_threadpool(_write, request, fields)


def _write(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = _guide(books, session, request, fields)
        id, programme, own = _asked(books, request, at)
        team = fields.get("team", "")
        if team not in _teams(programme, at):
            raise Refusal(Help.NOT_ALLOWED, back=_back(books, id, own))
        try:
            text = typed.words(fields.get("text", ""), TEXT).strip()
        except Mistyped as error:
            return _stage(books, session, request, at, fields, {team: words.FAULTS[error.fault]})
        if not text:
            return _stage(books, session, request, at, fields, {team: words.FAULTS[Fault.MISSING]})
        told = {"team": team, "stage": own.code, "text": text}
        try:
            guidance.write(session, id, **told, seen=chosen.seen(fields), hand=at.hand, now=at.now)
        except NotTaken as error:
            raise Refusal(Help.CHANGED, back=_back(books, id, own)) from error
        log.info("evaluated", programme=id, team=team, session=at.session_id)
    return RedirectResponse(_back(books, id, own), 303)


def _back(books: Books, id: int, own: Stage) -> str:
    return f"{books.base}{PATH}/{id}/{own.code}"


def _asked(books: Books, request: Request, at: Who) -> tuple[int, Programme, Stage]:
    """Raises: Refusal: there is no such stage, or it is not over."""
    id, code = request.path_params["programme"], request.path_params["stage"]
    programme = at.programmes.get(id)
    own = next((one for one in guidance.ended(programme, now=at.now) if one.code == code), None) if programme else None
    if programme is None or own is None:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}{PATH}")
    return id, programme, own


def _teams(programme: Programme, at: Who) -> list[str]:
    """The teams of which this office reads any district."""
    readable = access.readable(programme.desk, at.code)
    return [team.code for team in programme.desk.teams if {*team.districts} & {*readable}]


def _stage(
    books: Books, session: Session, request: Request, at: Who, given: Mapping[str, str], flaws: Mapping[str, str]
) -> Response:
    id, programme, own = _asked(books, request, at)
    made = guidance.evaluations(session, id, programme, own, _teams(programme, at), now=at.now)
    writers = offices.titles(session, [one.written_by for team in made for one in team.versions])
    facts: dict[str, Any] = {
        "back": f"{books.base}{PATH}",
        "path": _back(books, id, own),
        "stage": own.name,
        "days": indonesian.period(*own.days),
        "teams": [_evaluated(programme, one, writers, given) for one in made],
        "longest": TEXT,
        "flaws": flaws,
    }
    return pages.page("guidance/stage", 422 if flaws else 200, **who.common(books, at), **facts)


def _evaluated(
    programme: Programme, one: Evaluated, writers: Mapping[int, str], given: Mapping[str, str]
) -> dict[str, Any]:
    written = one.versions[0].text if one.versions else ""
    return {
        "code": one.team,
        "name": one.name,
        "draft": one.draft,
        "text": given["text"] if given.get("team") == one.team and "text" in given else written or one.draft,
        "written": bool(written),
        "seen": len(one.versions),
        "versions": [
            (pages.short_moment(own.written_at, programme.desk.zone), writers[own.written_by], own.text)
            for own in one.versions
        ],
    }
