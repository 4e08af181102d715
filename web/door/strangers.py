"""The same "bukan saya" for a link that opens the door: nobody has to come in to say that a message went astray."""

from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models.desk.changes import Hand, Way
from models.offices.offices import Contact
from models.offices.sessions import GivenOut
from rules.programme import Programme
from services import strangers
from web import pages, views, words
from web.books import Books
from web.door import entry, who
from web.team.contacts import THIS

log = structlog.get_logger()


def page(request: Request) -> Response:
    """What the button does, before it does it."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        token, link, programme = entry.opened(books, session, request)
        contact = session.get_one(Contact, link.contact_id)
        facts: dict[str, Any] = {"here": words.WAYS[contact.channel], "sharers": strangers.sharers(session, contact)}
    secretariat = views.secretariat(programme.desk)
    return pages.page(
        "door/stranger", base=books.base, token=token, office=link.title, secretariat=secretariat, **facts
    )


async def withdraw(request: Request) -> Response:
    """Stop everything to the address that the link went to."""
    fields = await who.posted(request)
    return await run_in_threadpool(_withdraw, request, everybody=fields.get("act") != THIS)


def _withdraw(request: Request, *, everybody: bool) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        _, link, programme = entry.opened(books, session, request)
        _stop(books, session, link, programme, everybody=everybody)
    return pages.page("team/stranger", base=books.base, secretariat=views.secretariat(programme.desk))


def _stop(books: Books, session: Session, link: GivenOut, programme: Programme, *, everybody: bool) -> None:
    contact = session.get_one(Contact, link.contact_id)
    hand, now = Hand(link.office_id, link.title, Way.LINK, link.message_id), books.clock(session)
    strangers.withdraw(session, link.programme_id, programme, contact, everybody=everybody, hand=hand, now=now)
    log.info("contact withdrawn", contact=contact.id, sign_in=link.id)
