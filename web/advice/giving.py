"""Give an advice, a direction or an invitation: to whom, about what, by when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.matters import issues, overseeing
from models.matters.advice import Wording
from models.matters.matters import Kind, Matter
from models.offices.offices import Office
from rules import access, decisions, typed
from rules import advice as rule
from rules.access import May
from rules.advice import Sort
from rules.filing import NotTaken
from rules.programme import Programme
from rules.typed import Mistyped
from services import advice as giving
from web import chosen, drafts, pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal

log = structlog.get_logger()
PATH = "/saran/beri"


class Place(NamedTuple):
    """Where it is given: an election, and the problem that it is about, if any."""

    programme_id: int
    programme: Programme
    problem: Matter | None


def form(request: Request) -> Response:
    """The form; about a problem where the address names one."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        place = _place(books, session, at, request.query_params)
        given = drafts.given(books, session, request, at.office_id, PATH)
        facts = _facts(session, at, place, request.query_params, given, {})
    return pages.page("advice/beri", **who.common(books, at), **facts)


def _place(books: Books, session: Session, at: Who, fields: Mapping[str, str]) -> Place:
    """Raises: Refusal: this office gives nothing, or may not read the problem."""
    ids = [id for id, p in at.programmes.items() if rule.sorts(p.desk, at.code)]
    if not ids:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    wanted = chosen.row_id(fields.get("programme", ""))
    id = wanted if wanted in ids else ids[0]
    code = fields.get("perihal", "")
    problem = overseeing.by_code(session, id, code) if code else None
    if code and (problem is None or problem.kind is not Kind.ISSUE or not _reads(session, at, id, problem)):
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    if problem and {*rule.sorts(at.programmes[id].desk, at.code)} <= {Sort.MEETING}:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return Place(id, at.programmes[id], problem)


def _reads(session: Session, at: Who, programme_id: int, problem: Matter) -> bool:
    owner = problem.owner_id == at.office_id
    heard = at.reads(programme_id, problem, restricted=issues.restricted(session, problem.id))
    return heard and at.may(May.READ, programme_id, problem.area, report=False, owner=owner)


def _facts(
    session: Session,
    at: Who,
    place: Place,
    asked: Mapping[str, str],
    given: Mapping[str, str],
    flaws: Mapping[str, str],
) -> dict[str, Any]:
    desk, problem = place.programme.desk, place.problem
    able = [sort for sort in rule.sorts(desk, at.code) if not (problem and sort is Sort.MEETING)]
    wanted = given.get("sort") or asked.get("jenis", "")
    sort = Sort(wanted) if wanted in able else able[0]
    zone = desk.zone_of(problem.area if problem else "")
    times = decisions.offers(zone, after=at.now, before=None, now=at.now)
    subject = session.get(Office, problem.subject_id) if problem and problem.subject_id else None
    to = [code for code in rule.receivers(desk, at.code, sort) if subject is None or code != subject.code]
    owner = session.get(Office, problem.owner_id) if problem and problem.owner_id else None
    checked = {name.removeprefix("to.") for name in given if name.startswith("to.")}
    return {
        "programme": place.programme_id,
        "elections": {id: p.election.name for id, p in at.programmes.items()},
        "sort": sort,
        "sorts": [(own.value, rule.TITLES[own]) for own in able],
        "about": problem.code if problem else "",
        "districts": {} if problem else {d: desk.area_name(d) for d in access.readable(desk, at.code)},
        "offices": [(code, desk.office(code).title) for code in to],
        "checked": checked or ({owner.code} if owner else set()),
        "times": [(t.isoformat(), pages.short_moment(t, zone)) for t in times],
        "given": given,
        "flaws": flaws,
        "longest": rule.TEXT,
    }


async def give(request: Request) -> Response:
    """Give it, and show what became of it. What was typed stays where something is wrong."""
    fields = await who.posted(request)
    return await run_in_threadpool(_give, request, fields)


def _give(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request, fields)
        place = _place(books, session, at, fields)
        flaws, wording = _wording(at, place, fields)
        to = [name.removeprefix("to.") for name in fields if name.startswith("to.")]
        if not to:
            flaws["to"] = words.NOBODY_CHOSEN
        if wording is not None and not flaws:
            try:
                own = giving.give(
                    session, place.programme_id, place.programme, wording, to=to, hand=at.hand, now=at.now
                )
            except NotTaken:
                raise Refusal(Help.CHANGED, back=f"{books.base}{PATH}") from None
            log.info("given", matters=[matter.id for matter in own], session=at.session_id)
            return RedirectResponse(f"{books.base}/saran/{place.programme_id}/{own[0].code}", 303)
        facts = _facts(session, at, place, fields, fields, flaws)
    return pages.page("advice/beri", 422, **who.common(books, at), **facts)


def _wording(at: Who, place: Place, fields: Mapping[str, str]) -> tuple[dict[str, str], Wording | None]:
    """What is given; or, by field, what is wrong."""
    desk, problem = place.programme.desk, place.problem
    sort = fields.get("sort", "")
    if sort not in rule.sorts(desk, at.code):
        raise Refusal(Help.BAD_FORM)
    area = problem.area if problem else fields.get("area", "")
    if area and area not in access.places(desk):
        raise Refusal(Help.BAD_FORM)
    flaws: dict[str, str] = {}
    text = _text(fields, flaws)
    if sort == Sort.MEETING:
        starts, ends = (_moment(fields, name, desk.zone, at.now, flaws) for name in ("starts", "ends"))
        try:
            where = typed.line(fields.get("where", ""), 200)
        except Mistyped as error:
            where, flaws["where"] = "", words.FAULTS[error.fault]
        if not where:
            flaws.setdefault("where", words.NO_PLACE)
        if starts and ends and ends <= starts:
            flaws["ends"] = words.ENDS_BEFORE
        if flaws or starts is None:
            return flaws, None
        return flaws, Wording(Sort(sort), text, starts, area, problem.id if problem else None, where, ends)
    due_at = _due(fields, at.now, flaws)
    if due_at is None:
        return flaws, None
    return flaws, Wording(Sort(sort), text, due_at, area, problem.id if problem else None)


def _text(fields: Mapping[str, str], flaws: dict[str, str]) -> str:
    try:
        return rule.words(typed.words(fields.get("text", ""), rule.TEXT))
    except (Mistyped, NotTaken):
        flaws["text"] = words.NO_ADVICE
        return ""


def _due(fields: Mapping[str, str], now: datetime, flaws: dict[str, str]) -> datetime | None:
    """The time that was chosen. It may have gone by while the page was open."""
    try:
        due_at = chosen.until(fields)
        rule.by(due_at, now=now)
        return due_at
    except (Refusal, NotTaken):
        flaws["until"] = words.NO_MOMENT
        return None


def _moment(fields: Mapping[str, str], name: str, zone: str, now: datetime, flaws: dict[str, str]) -> datetime | None:
    try:
        at = typed.moment(fields.get(name, ""), zone)
        if at is not None:
            rule.by(at, now=now)
            return at
    except (Mistyped, NotTaken):
        pass
    flaws[name] = words.NO_MOMENT
    return None
