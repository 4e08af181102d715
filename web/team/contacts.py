"""What an office says about its own contacts by a link: all is right, something is not, or "bukan saya".

Looking changes nothing. The question is answered by whoever holds the phone or reads the mail that brought it.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.desk.changes import Hand, Way
from models.matters import rollcalls as asked_for
from models.offices import assignments, links, offices
from models.offices.offices import Contact, Office
from notifiers.mask import mask
from rules import typed
from rules.assignments import styled
from rules.rollcalls import NOTE
from rules.typed import Mistyped
from services import rollcalls, strangers
from web import pages, words
from web.books import Books
from web.door import who
from web.guards.refusals import Help, Refusal
from web.team.visits import Visit, common, visits

log = structlog.get_logger()
PLACE = "kontak"
EVERYBODY, THIS = "stranger", "not_this"


def card(session: Session, at: Visit) -> dict[str, Any] | None:
    """The question on the office's list; None: nothing is asked."""
    if not asked_for.waiting(session, at.opened.office_id, now=at.now):
        return None
    office = session.get_one(Office, at.opened.office_id)
    return _known(session, at, office)


def _known(session: Session, at: Visit, office: Office) -> dict[str, Any]:
    held = assignments.holder(session, office.id, at=at.now)
    brought = rollcalls.came_by(session, at.opened.message_id)
    current = offices.current(session, [office.id]).get(office.id, [])
    return {
        "holder": styled(held.kind, held.name) if held else "",
        "contacts": [_contact(own, brought) for own in current],
    }


def _contact(contact: Contact, brought: Contact | None) -> str:
    state = words.contact(contact, stale=False)
    here = ", tempat pesan ini dikirim" if brought is not None and brought.id == contact.id else ""
    return f"{words.WAYS[contact.channel]} {mask(contact.address)}{here}{f' ({state})' if state else ''}"


def page(request: Request) -> Response:
    """The office's contacts, veiled, and the three answers."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visits(books, session, request.path_params["token"])[0]
        done = words.DONE.get(request.query_params.get("selesai", ""), "")
        return _page(books, session, at, done=done)


def _page(books: Books, session: Session, at: Visit, *, done: str = "", given: str = "", flaw: str = "") -> Response:
    office = session.get_one(Office, at.opened.office_id)
    brought = rollcalls.came_by(session, at.opened.message_id)
    facts = {
        "office": office.title,
        "known": _known(session, at, office),
        "peace": words.peace([at.programme.policy.quiet], office.quiet, office.own_quiet),
        "asked": bool(asked_for.waiting(session, office.id, now=at.now)),
        "sharers": strangers.sharers(session, brought) if brought is not None else [],
        "here": words.WAYS[brought.channel] if brought is not None else "",
        "done": done,
        "given": given,
        "flaw": flaw,
        "longest": NOTE,
    }
    return pages.page("team/contacts", 422 if flaw else 200, **common(books, at), **facts)


async def answer(request: Request) -> Response:
    """Take an answer. The same again changes nothing."""
    fields = await who.posted(request)
    return await run_in_threadpool(_answer, request, fields)


def _answer(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    act = fields.get("act", "")
    with books.sessions.begin() as session:
        at = visits(books, session, request.path_params["token"])[0]
        office = session.get_one(Office, at.opened.office_id)
        hand = Hand(office.id, office.title, Way.LINK, at.opened.message_id)
        if act in (EVERYBODY, THIS):
            return _withdrawn(books, session, at, hand, everybody=act == EVERYBODY)
        if act == "right":
            brought = rollcalls.came_by(session, at.opened.message_id)
            came_by = brought.id if brought is not None else None
            rollcalls.confirm(session, office, came_by=came_by, hand=hand, now=at.now)
        elif act == "changed":
            text = _said(fields)
            if not text:
                return _page(books, session, at, given=fields.get("text", ""), flaw=words.NO_CONTACT_NOTE)
            rollcalls.report(session, at.opened.programme_id, office, text, hand=hand, now=at.now)
        else:
            raise Refusal(Help.BAD_FORM, back=f"{books.base}/l/{at.token}/{PLACE}")
        links.seen(session, at.opened.id, now=at.now)
    log.info("contacts answered", act=act, office=office.id, link=at.opened.id)
    return RedirectResponse(f"{books.base}/l/{at.token}/{PLACE}?selesai=contacts.{act}", 303)


def _said(fields: Mapping[str, str]) -> str:
    try:
        return " ".join(typed.words(fields.get("text", ""), NOTE).split())
    except Mistyped:
        return ""


def _withdrawn(books: Books, session: Session, at: Visit, hand: Hand, *, everybody: bool) -> Response:
    """The link is shut with it, so the answer is a page of its own."""
    brought = rollcalls.came_by(session, at.opened.message_id)
    if brought is None:
        raise Refusal(Help.BAD_FORM, back=f"{books.base}/l/{at.token}/{PLACE}")
    programme_id = at.opened.programme_id
    strangers.withdraw(session, programme_id, at.programme, brought, everybody=everybody, hand=hand, now=at.now)
    log.info("contact withdrawn", contact=brought.id, link=at.opened.id)
    return pages.page("team/stranger", base=books.base, secretariat=common(books, at)["secretariat"])
