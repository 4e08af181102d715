"""Somebody signed in records an incident: his own, or what reached the secretariat by phone from another office."""

import re
from collections.abc import Mapping

import structlog
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rules.incidents
from rules import access
from rules.attachments import Limits
from rules.desk import Desk
from rules.filing import BY_HAND
from rules.programme import foremost
from rules.typed import Fault
from services import incidents
from web import chosen, drafts, pages, words
from web import incidents as asking
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards import bodies
from web.guards.bodies import Sent
from web.guards.refusals import Help, Refusal
from web.team import uploads

log = structlog.get_logger()

RECORDED = "dicatat"
_CODE = re.compile(r"P-[0-9]{1,9}")
WAYS = {via.value: name for via, name in words.VIAS.items() if via in BY_HAND}


def form(request: Request) -> Response:
    """The form, empty, or with what was typed when the session had ended."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = _recorder(books, session, request)
        given = drafts.given(books, session, request, at.office_id, request.url.path)
    recorded = request.query_params.get(RECORDED, "")
    return _form(books, at, given, {}, kept=bool(given), recorded=recorded if _CODE.fullmatch(recorded) else "")


async def record(request: Request) -> Response:
    """Take it. Sent again it is the same problem."""
    return await bodies.taken(request, _limits, _record)


def _limits(request: Request) -> Limits:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        programmes = _recorder(books, session, request).programmes
        return next(iter(programmes.values())).policy.attachments


def _record(request: Request, sent: Sent, limits: Limits | None) -> Response:
    books: Books = request.app.state.books
    taken = uploads.photos_of(books.files, limits, sent) if limits else uploads.NOTHING
    with books.sessions.begin() as session:
        at = _recorder(books, session, request, sent.fields)
        then, flaws = _taken(session, at, sent.fields, taken)
    if flaws:
        return _form(books, at, sent.fields, flaws)
    return RedirectResponse(f"{books.base}{then}", 303)


def _recorder(books: Books, session: Session, request: Request, fields: Mapping[str, str] | None = None) -> Who:
    """Who oversees something. Raises: Refusal: nobody is signed in, or an office that reports by its link."""
    at = who.signed_in(books, session, request, fields)
    if not at.oversees:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return at


def _taken(
    session: Session, at: Who, fields: Mapping[str, str], taken: uploads.Taken
) -> tuple[str, Mapping[str, Fault]]:
    """Where he goes on from, or what is wrong. Whoever recorded it for another office may not read it afterwards."""
    id = _programme(at, fields)
    programme = at.programmes[id]
    districts = access.speaks_of(programme.desk, at.code)
    incident, wrong = rules.incidents.read(fields, programme, districts, now=at.now)
    giver, subject = fields.get("by", ""), fields.get("about", "")
    flaws = {**wrong, **taken.flaws, **_strange(programme.desk, at, fields)}
    if flaws or incident is None:
        return "", flaws
    via = WAYS.get(fields.get("via", ""), "")
    came = words.CAME_BY.format(title=incident.title, via=via, office=at.title) if giver else ""
    matter, again = incidents.report(
        session,
        id,
        programme,
        incident,
        once=fields.get(asking.ONCE, "")[:32],
        giver=giver or None,
        subject=subject or None,
        text=came,
        files=taken.attached,
        hand=at.hand,
        now=at.now,
    )
    log.info("incident", matter=matter.id, again=again, session=at.session_id)
    readable = at.reads(id, matter, restricted=incident.circumstances.restricted)
    return f"/koordinasi/{id}/{matter.code}" if readable else f"/kejadian?{RECORDED}={matter.code}", {}


def _programme(at: Who, fields: Mapping[str, str]) -> int:
    """In which election: the one that was chosen, or the first."""
    id = chosen.row_id(fields.get("programme", ""))
    return id if id in at.programmes else foremost(at.programmes, now=at.now) or next(iter(at.programmes))


def _strange(desk: Desk, at: Who, fields: Mapping[str, str]) -> dict[str, Fault]:
    """What is wrong with from whom it came, by which way, and whom it is about."""
    offices = {"", *(office.code for office in desk.offices)}
    by = fields.get("by", "")
    wrong = [name for name in ("by", "about") if fields.get(name, "") not in offices]
    wrong += ["by"] if by and not at.keeps_books else []
    wrong += ["via"] if by and fields.get("via", "") not in WAYS else []
    return dict.fromkeys(wrong, Fault.NO_CHOICE)


def _form(
    books: Books,
    at: Who,
    given: Mapping[str, str],
    flaws: Mapping[str, Fault],
    *,
    kept: bool = False,
    recorded: str = "",
) -> Response:
    programme = at.programmes[_programme(at, given)]
    desk = programme.desk
    facts = asking.form(programme, access.speaks_of(desk, at.code), given, flaws) | {
        "elections": {id: each.election.name for id, each in at.programmes.items()},
        "programme": _programme(at, given),
        "kept": kept,
        "recorded": recorded,
        "offices": {office.code: office.title for office in desk.offices},
        "ways": WAYS if at.keeps_books else {},
    }
    status = asking.status(flaws) if flaws else 200
    return pages.page("coordinator/kejadian", status, **who.common(books, at), **facts)
