"""The door: ask for a link, come in by it, go out. Looking spends nothing; only the button does."""

from random import SystemRandom

import structlog
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config import contacts
from models import links, sessions
from models.offices import Contact
from models.sessions import Fate, Found
from rules import access
from rules import links as link_rules
from rules import sessions as session_rules
from rules.desk import Channel, Desk
from web import pages, who
from web.books import Books
from web.refusals import Help, Refusal

log = structlog.get_logger()

LONGEST = 254


def page(request: Request) -> Response:
    """One field: an office's mail address or mobile number."""
    books: Books = request.app.state.books
    return pages.page("masuk", base=books.base, secretariat=books.secretariats())


async def ask(request: Request) -> Response:
    """Always the same answer, and as fast: whether the address is known is looked up after it was given."""
    books: Books = request.app.state.books
    fields = await who.posted(request)
    _not_too_often(books, request)
    return _asked(books, BackgroundTask(send, books, fields.get("address", "")))


def send(books: Books, typed: str) -> None:
    """Send a link to every office that this address reaches."""
    with books.sessions.begin() as session:
        channels, address = _address(typed)
        for contact, office in sessions.reached_by(session, channels, address) if address else ():
            _send(books, session, contact, office.code, office.desk)


def door(request: Request) -> Response:
    """What a link from a message opens: a button, for whoever the link was sent to."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        token, found, desk = _found(books, session, request)
    return pages.page(
        "door",
        base=books.base,
        token=token,
        good=found.fate is Fate.GOOD,
        office=found.title,
        desk=desk.name,
        secretariat=desk.office(desk.secretariat).title,
    )


async def enter(request: Request) -> Response:
    """Spend the link and come in."""
    await who.posted(request)
    return await run_in_threadpool(_enter, request)


def _enter(request: Request) -> Response:
    books: Books = request.app.state.books
    sign = "".join(SystemRandom().choices(link_rules.ALPHABET, k=session_rules.SIGN_SIZE))
    with books.sessions.begin() as session:
        token, found, desk = _found(books, session, request)
        came_in = sessions.enter(session, found, token, sign, now=books.clock(session))
        first = _first(desk, found.code)
    if not came_in:
        return RedirectResponse(f"{books.base}/m/{token}", 303)
    log.info("signed in", office=found.office_id, link=found.id)
    response = RedirectResponse(f"{books.base}{first}", 303)
    who.remember(books, response, sign)
    return response


def _first(desk: Desk, code: str) -> str:
    """What an office most likely came for."""
    if access.leads(desk, code):
        return "/koordinasi"
    return "/sekretariat" if access.keeps_books(desk, code) else "/beranda"


async def again(request: Request) -> Response:
    """Send a new link in place of one that was used or has run out: to the known address, whoever asks."""
    books: Books = request.app.state.books
    await who.posted(request)
    _not_too_often(books, request)
    token = link_rules.typed(request.path_params["token"]) or ""
    return _asked(books, BackgroundTask(send_again, books, token))


def send_again(books: Books, token: str) -> None:
    """A new link to the address that this one went to; nothing, where there was none."""
    with books.sessions.begin() as session:
        found = sessions.opened(session, token, now=books.clock(session))
        contact = session.get(Contact, found.contact_id) if found else None
        live = books.live(session)
        if found and contact and found.programme_id in live:
            sessions.ask(session, found.programme_id, contact, now=books.clock(session))


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
    """Where whoever came in stands first: what there is for the office."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
    return pages.page("home", **who.common(books, at), files=at.files)


async def reports(request: Request) -> Response:
    """A new link to the office's own list of reports."""
    fields = await who.posted(request)
    return await run_in_threadpool(_reports, request, fields)


def _reports(request: Request, fields: dict[str, str]) -> Response:
    books: Books = request.app.state.books
    token = link_rules.token(SystemRandom())
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request, fields)
        own = (id for id, programme in at.programmes.items() if access.files(programme.desk, at.code))
        if (programme_id := next(own, None)) is None:
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        links.give(session, [links.New(token, programme_id, at.office_id)], now=at.now)
    return RedirectResponse(f"{books.base}/l/{token}", 303)


def _asked(books: Books, then: BackgroundTask) -> Response:
    response = pages.page("asked", base=books.base, secretariat=books.secretariats())
    response.background = then
    return response


def _address(typed: str) -> tuple[tuple[Channel, ...], str]:
    """What was typed, as contacts are kept, and the channels that know such an address; empty: it is none."""
    try:
        if "@" in typed:
            return (Channel.EMAIL,), contacts.email(typed[:LONGEST].strip())
        return (Channel.SMS, Channel.WHATSAPP), contacts.phone(typed[:LONGEST])
    except PydanticCustomError:
        return (), ""


def _send(books: Books, session: Session, contact: Contact, code: str, desk: str) -> None:
    live = books.live(session).items()
    entered = (id for id, p in live if p.desk.code == desk and access.enters(p.desk, code))
    if (programme_id := next(entered, None)) is not None:
        sent = sessions.ask(session, programme_id, contact, now=books.clock(session))
        log.info("link asked for", office=contact.office_id, sent=sent)


def _found(books: Books, session: Session, request: Request) -> tuple[str, Found, Desk]:
    """The link in the address, and the desk. Raises: Refusal: there is none, or the office has another address now."""
    token = link_rules.typed(request.path_params["token"])
    found = sessions.opened(session, token, now=books.clock(session)) if token else None
    programme = books.one(session, found.programme_id) if found else None
    if token is None or found is None or programme is None:
        raise Refusal(Help.NO_LINK, back=f"{books.base}/masuk")
    return token, found, programme.desk


def _not_too_often(books: Books, request: Request) -> None:
    if wait := books.askers.wait((request.client or ("",))[0]):
        raise Refusal(Help.TOO_OFTEN, retry=wait)
