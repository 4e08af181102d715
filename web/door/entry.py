"""The door: ask for a link, come in by it, go out. Looking spends nothing; only the button does."""

from random import SystemRandom
from typing import Any

import structlog
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rules.links
from config import contacts
from models.desk import programmes
from models.matters import advice, overseeing
from models.matters.overseeing import Problem
from models.offices import links, sessions
from models.offices.offices import Contact
from models.offices.sessions import Fate, GivenOut
from rules import access
from rules.desk import Channel, Desk
from rules.issues import CATEGORIES, RESTRICTED, SEVERITIES
from rules.links import ALPHABET
from rules.programme import Programme
from rules.sessions import SIGN_SIZE
from web import drafts, pages, paging, posko, views
from web.advice.looked import line
from web.books import Books
from web.coordinator import contacts as contacts_page
from web.door import who
from web.guards import limits
from web.guards.refusals import Help, Refusal
from web.team.visits import INCIDENT, numbered

log = structlog.get_logger()

LONGEST = 254


def page(request: Request) -> Response:
    """One field: an office's mail address or mobile number."""
    books: Books = request.app.state.books
    books.look()
    if not books.open:
        _say_if_over(books)
    return pages.page("door/masuk", base=books.base, secretariat=books.secretariats())


def _say_if_over(books: Books) -> None:
    """Raises: Refusal: every election is closed, so that nobody gets a link."""
    with books.sessions.begin() as session:
        if not books.live(session) and not books.unread and programmes.closed(session):
            raise books.over(session, "")


async def ask(request: Request) -> Response:
    """The same answer for every address, and as fast. Whether we know the address is looked up after the answer."""
    books: Books = request.app.state.books
    fields = await who.posted(request)
    typed = fields.get("address", "")
    _not_too_often(books, request, typed)
    await run_in_threadpool(books.look)
    return _asked(books, BackgroundTask(send, books, typed))


def send(books: Books, typed: str) -> None:
    """Send a link to every office that this address reaches."""
    channels, address = _address(typed)
    if not address:
        return
    with books.sessions.begin() as session:
        for contact, office in sessions.reached_by(session, channels, address):
            _send(books, session, contact, office.code, office.desk)


def door(request: Request) -> Response:
    """What a link from a message opens: a button, for whoever the link was sent to."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        token, link, programme = opened(books, session, request)
    return pages.page(
        "door/door",
        base=books.base,
        token=token,
        good=link.fate is Fate.GOOD,
        office=link.title,
        desk=programme.desk.name,
        secretariat=views.secretariat(programme.desk),
    )


async def enter(request: Request) -> Response:
    """Spend the link and come in."""
    await who.posted(request)
    return await run_in_threadpool(_enter, request)


def _enter(request: Request) -> Response:
    books: Books = request.app.state.books
    sign = "".join(SystemRandom().choices(ALPHABET, k=SIGN_SIZE))
    with books.sessions.begin() as session:
        token, link, programme = opened(books, session, request)
        came_in = sessions.enter(session, link, token, sign, now=books.clock(session))
        unsent = drafts.of(books, session, request, link.office_id)
        first = drafts.PATH if unsent else _first(programme.desk, link.code)
    if not came_in:
        return RedirectResponse(f"{books.base}/m/{token}", 303)
    log.info("signed in", office=link.office_id, link=link.id)
    response = RedirectResponse(f"{books.base}{first}", 303)
    who.remember(books, response, sign)
    return response


def _first(desk: Desk, code: str) -> str:
    """What an office most likely came for."""
    if access.above_all(desk, code):
        return "/pimpinan"
    if access.leads(desk, code):
        return "/koordinasi"
    return "/sekretariat" if access.keeps_books(desk, code) else "/beranda"


async def again(request: Request) -> Response:
    """Send a new link in place of one that was used or has run out: to the address we know, whoever asks."""
    books: Books = request.app.state.books
    await who.posted(request)
    _not_too_often(books, request, request.path_params["token"])
    token = rules.links.typed(request.path_params["token"]) or ""
    return _asked(books, BackgroundTask(send_again, books, token))


def send_again(books: Books, token: str) -> None:
    """Send a new link to the address that this one went to; nothing if there was no such link."""
    with books.sessions.begin() as session:
        link = sessions.opened(session, token, now=books.clock(session))
        contact = session.get(Contact, link.contact_id) if link else None
        live = books.live(session)
        if link and contact and live:
            id, _ = books.one(session, link.programme_id)
            sessions.ask(session, id, contact, now=books.clock(session))


async def leave(request: Request) -> Response:
    """Sign out."""
    books: Books = request.app.state.books
    fields = await who.posted(request)
    await run_in_threadpool(_leave, request, fields)
    response = RedirectResponse(f"{books.base}/masuk", 303)
    who.forget(books, response)
    return response


def _leave(request: Request, fields: dict[str, str]) -> None:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request, fields)
        sessions.end(session, at.session_id, why="signed out", now=at.now)


def home(request: Request) -> Response:
    """The first page after signing in: what there is for the office."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        unsent = drafts.of(books, session, request, at.office_id)
        duty = posko.said(session, at.desk, now=at.now)
        on_duty = posko.on_duty(session, at, unless_empty=True)
        part = paging.paged(request, overseeing.owned(session, at.programmes, at.office_id), books.lines)
        waiting = advice.waiting(session, at.programmes, at.office_id)
        asked = contacts_page.waiting(session, at)
        over = [
            own
            for id, programme in at.programmes.items()
            for own in overseeing.unconfirmed(session, id, access.confirms(programme.desk, at.code), at.office_id)
        ]
    problems = [_problem(at, own) for own in part.items]
    facts: dict[str, Any] = {
        "advice": [line(at, own) for own in waiting],
        "asked": asked,
        "files": at.files,
        "unsent": len(unsent),
        "duty": duty,
        "on_duty": on_duty,
        "problems": problems,
        "over": [_problem(at, own) for own in over],
        "part": part,
    }
    return pages.page("door/home", **who.common(books, at), **facts)


def _problem(at: who.Who, own: Problem) -> dict[str, str]:
    matter, issue = own
    if issue.restricted:
        named = {"what": RESTRICTED, "place": "isinya di halaman berikut", "severity": RESTRICTED}
        return {"path": f"/koordinasi/{matter.programme_id}/{matter.code}", "code": matter.code} | named
    return {
        "path": f"/koordinasi/{matter.programme_id}/{matter.code}",
        "code": matter.code,
        "what": CATEGORIES[issue.category],
        "place": at.programmes[matter.programme_id].desk.area_name(matter.area),
        "severity": SEVERITIES[issue.severity],
    }


async def reports(request: Request) -> Response:
    """A new link to the office's own list of reports, of all elections at the desk, or to the report that is named."""
    fields = await who.posted(request)
    return await run_in_threadpool(_reports, request, fields)


def _reports(request: Request, fields: dict[str, str]) -> Response:
    books: Books = request.app.state.books
    token = rules.links.token(SystemRandom())
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request, fields)
        own = (id for id, programme in at.programmes.items() if access.files(programme.desk, at.code))
        if (programme_id := next(own, None)) is None:
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        links.give(session, [links.New(token, programme_id, at.office_id)], now=at.now)
    wanted = fields.get("code", "")
    known = numbered(wanted) or wanted == INCIDENT
    return RedirectResponse(f"{books.base}/l/{token}{f'/{wanted}' if known else ''}", 303)


def _asked(books: Books, then: BackgroundTask) -> Response:
    response = pages.page("door/asked", base=books.base, secretariat=books.secretariats())
    response.background = then
    return response


def _address(typed: str) -> tuple[tuple[Channel, ...], str]:
    """What was typed, as contacts are kept, and the channels that have such addresses. Both are empty if it is none."""
    try:
        if "@" in typed:
            return (Channel.EMAIL,), contacts.mailbox(typed[:LONGEST])
        return (Channel.SMS, Channel.WHATSAPP), contacts.phone(typed[:LONGEST])
    except PydanticCustomError:
        return (), ""


def _send(books: Books, session: Session, contact: Contact, code: str, desk: str) -> None:
    own = books.of(session, desk).readable
    entered = (id for id, programme in own.items() if access.enters(programme.desk, code))
    if (programme_id := next(entered, None)) is not None:
        sent = sessions.ask(session, programme_id, contact, now=books.clock(session))
        log.info("link asked for", office=contact.office_id, sent=sent)


def opened(books: Books, session: Session, request: Request) -> tuple[str, GivenOut, Programme]:
    """The link in the address, and the programme that sent it. Raises: Refusal: there is none, the office has another
    address now, or every election of its desk is closed.
    """
    token = rules.links.typed(request.path_params["token"])
    link = sessions.opened(session, token, now=books.clock(session)) if token else None
    if token is None or link is None:
        raise Refusal(Help.NO_LINK, back=f"{books.base}/masuk")
    return token, link, books.one(session, link.programme_id)[1]


def _not_too_often(books: Books, request: Request, typed: str) -> None:
    """Each typed address counts by itself, so one person cannot lock out others behind the same network address.

    Asking for other people gains nothing: `rules.sessions` limits what leaves to each address.
    """
    caller = limits.caller(request.scope)
    own = f"{caller} {_address(typed)[1] or typed[:LONGEST]}"
    if wait := books.doors.wait(caller) or books.askers.wait(own):
        raise Refusal(Help.TOO_OFTEN, retry=wait)
