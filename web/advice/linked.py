"""The same for whoever comes by the link of a message: read what the office was given, answer, say that it is done."""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.desk.changes import Hand, Way
from models.matters import advice
from models.matters.advice import Given
from models.offices import links
from rules import advice as rule
from rules.attachments import Limits
from rules.filing import NotTaken
from web import pages, words
from web.advice import acting, looked, reading
from web.advice.acting import OF_OWNER, Asked
from web.books import Books
from web.guards import bodies
from web.guards.bodies import Sent
from web.guards.refusals import Help, Refusal
from web.team import uploads
from web.team.visits import Visit, common, visits

log = structlog.get_logger()
PLACE = "saran"


def waiting(session: Session, elections: Sequence[Visit]) -> list[dict[str, Any]]:
    """What the link's office was given and has not done. Nothing about a restricted problem is read by a link."""
    by_id = {at.opened.programme_id: at for at in elections}
    office_id = elections[0].opened.office_id
    return [
        _line(by_id[given.matter.programme_id], given)
        for given in advice.waiting(session, list(by_id), office_id)
        if not given.restricted
    ]


def _line(at: Visit, given: Given) -> dict[str, Any]:
    own = looked.said(at.programme, given, at.now, own=True)
    return own | {"path": f"/l/{at.token}/{PLACE}/{given.matter.code}"}


def page(request: Request) -> Response:
    """One advice, with the buttons of whoever has it."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at, given = _looked(books, session, request)
    return _shown(books, at, given)


def _shown(books: Books, at: Visit, given: Given, typed: dict[str, str] | None = None, flaw: str = "") -> Response:
    facts = {
        "item": _line(at, given),
        "may": reading.acts(given, at.opened.office_id, now=at.now),
        "given": typed or {},
        "flaw": flaw,
        "longest": rule.NOTE,
        "round": given.matter.round,
        "word": "",
        "office": at.opened.title,
    }
    return pages.page("advice/tautan", 422 if flaw else 200, **common(books, at), **facts)


def _looked(books: Books, session: Session, request: Request) -> tuple[Visit, Given]:
    """Raises: Refusal: the link is no good, or its office has no such advice."""
    for at in visits(books, session, request.path_params["token"]):
        given = advice.by_code(session, at.opened.programme_id, request.path_params["code"])
        if given is not None and given.owner.id == at.opened.office_id and not given.restricted:
            return at, given
    raise Refusal(Help.UNKNOWN)


async def act(request: Request) -> Response:
    """Do what a button says. The same again changes nothing."""
    return await bodies.taken(request, _limits, _act)


def _limits(request: Request) -> Limits:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        return _looked(books, session, request)[0].programme.policy.attachments


def _act(request: Request, sent: Sent, limits: Limits | None) -> Response:
    books: Books = request.app.state.books
    back = f"{books.base}/l/{request.path_params['token']}/{PLACE}/{request.path_params['code']}"
    do = OF_OWNER.get(sent.fields.get("act", ""))
    if do is None:
        raise Refusal(Help.BAD_FORM, back=back)
    taken = uploads.photos_of(books.files, limits, sent) if limits else uploads.NOTHING
    try:
        with books.sessions.begin() as session:
            at, given = _looked(books, session, request)
            given = advice.locked(session, given.matter.key)
            if taken.flaws:
                return _shown(books, at, given, dict(sent.fields), words.FAULTS[next(iter(taken.flaws.values()))])
            do(Asked(session, at.programme, given, sent.fields, taken.attached, _hand(at), at.now))
            links.seen(session, at.opened.id, now=at.now)
    except NotTaken as error:
        raise Refusal(acting.HELP.get(type(error), Help.CHANGED), back=back) from error
    log.info("advice", act=sent.fields["act"], matter=given.matter.id, link=at.opened.id)
    return RedirectResponse(f"{books.base}/l/{at.token}" if sent.fields.get("then") == "list" else back, 303)


def _hand(at: Visit) -> Hand:
    """Whoever holds the link; more is not known."""
    return Hand(at.opened.office_id, at.opened.title, Way.LINK, at.opened.message_id)
