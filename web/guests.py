"""Guests: the page on which the secretary lets an office outside look, and the board that such an office sees."""

from collections.abc import Mapping
from datetime import timedelta
from random import SystemRandom
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rules.links
from models.offices import guests
from models.offices.guests import Guest, Seen
from rules import levels
from rules.filing import NotTaken
from rules.guests import LENGTHS, NAME, good, invites, sees
from rules.programme import Programme
from services import board as boards
from services import guests as service
from services.board import Reader
from web import board, chosen, pages, posko, views
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal

BOARD = "papan"
PATH = "/tamu"


def look(request: Request) -> Response:
    """The board, for whoever holds a guest's link."""
    books: Books = request.app.state.books
    token = rules.links.typed(request.path_params["token"]) or ""
    with books.sessions.begin() as session:
        now = books.clock(session)
        guest = service.enter(session, token, BOARD, now=now)
        if guest is None:
            raise Refusal(Help.NO_LINK)
        programme_id, programme = books.one(session, guest.programme_id)
        if programme_id != guest.programme_id:
            raise books.over(session, programme.desk.code)
        if wait := books.links.wait(f"guest {guest.id}"):
            raise Refusal(Help.TOO_OFTEN, retry=wait)
        reader = Reader(sees(programme.desk, guest.areas.split()))
        looked = boards.look(session, guest.programme_id, programme, books.forms, reader, now=now)
        facts: dict[str, Any] = {
            "boards": [board.shown(guest.programme_id, programme, looked, {}, (), now)],
            "duty": posko.said(session, programme.desk, now=now),
            "invited": guest.name,
            "until": pages.moment(guest.expires_at, programme.desk.zone),
            "desk": programme.desk.name,
            "secretariat": views.secretariat(programme.desk),
            "base": books.base,
            "here": f"{books.base}/g/{token}",
            "guest": True,
            "decisions": 0,
        }
    return board.hung(pages.page("board/tamu", **facts, **board.frame(request)), request)


def page(request: Request) -> Response:
    """Everybody who was ever let in, and the form to let somebody in."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = _secretary(books, session, request)
        return _page(books, session, at)


async def decide(request: Request) -> Response:
    """Let somebody in, or shut a link."""
    fields = await who.posted(request)
    return await run_in_threadpool(_decide, request, fields)


def _decide(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = _secretary(books, session, request, fields)
        id = chosen.row_id(fields.get("programme", ""))
        if id not in _own(at):
            raise Refusal(Help.BAD_FORM, back=f"{books.base}{PATH}")
        if fields.get("act") == "revoke":
            guest = guests.locked(session, id, chosen.row_id(fields.get("guest", "")))
            if guest is None:
                raise Refusal(Help.UNKNOWN, back=f"{books.base}{PATH}")
            service.revoke(session, guest, hand=at.hand, now=at.now)
            return RedirectResponse(f"{books.base}{PATH}", 303)
        return _invite(books, session, at, id, fields)


def _invite(books: Books, session: Session, at: Who, id: int, fields: Mapping[str, str]) -> Response:
    districts = [own.code for own in at.programmes[id].desk.districts]
    areas = [code for code in districts if fields.get(f"d.{code}")]
    lengths = {str(length.days): length for length in LENGTHS}
    lasts = lengths.get(fields.get("days", ""), timedelta(0))
    try:
        token = service.invite(
            session, id, fields.get("name", ""), areas, lasts, luck=SystemRandom(), hand=at.hand, now=at.now
        )
    except NotTaken:
        return _page(books, session, at, typed=fields, status=422)
    return _page(books, session, at, link=f"{books.public_url}/g/{token}")


def _secretary(books: Books, session: Session, request: Request, fields: Mapping[str, str] | None = None) -> Who:
    at = who.signed_in(books, session, request, fields)
    if not _own(at):
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return at


def _own(at: Who) -> dict[int, Programme]:
    """The programmes for which this office decides who may look."""
    return {id: programme for id, programme in at.programmes.items() if invites(programme.desk, at.code)}


def _page(
    books: Books,
    session: Session,
    at: Who,
    *,
    link: str = "",
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """`link`: one that was just given, shown this once. `typed`: what was refused."""
    programmes = [
        {
            "id": id,
            "name": programme.election.name,
            "districts": [(own.code, own.name) for own in programme.desk.districts],
            "guests": [_guest(programme, seen, at) for seen in guests.of(session, id)],
        }
        for id, programme in _own(at).items()
    ]
    facts: dict[str, Any] = {"programmes": programmes, "days": [length.days for length in LENGTHS], "longest": NAME}
    return pages.page("guests/tamu", status, **who.common(books, at), **facts, link=link, typed=typed or {})


def _guest(programme: Programme, seen: Seen, at: Who) -> dict[str, Any]:
    guest, zone = seen.guest, programme.desk.zone
    names = [programme.desk.district(code).name for code in sees(programme.desk, guest.areas.split())]
    return {
        "id": guest.id,
        "name": guest.name,
        "areas": ", ".join(names) if guest.areas else f"Semua {levels.word(programme.desk.level)}",
        "open": good(expires_at=guest.expires_at, revoked_at=guest.revoked_at, now=at.now),
        "state": _state(guest, zone, at),
        "looks": f"Tercatat {seen.looks} kali membuka, terakhir {pages.short_moment(seen.last_at, zone)}."
        if seen.last_at
        else "Belum pernah dibuka.",
    }


def _state(guest: Guest, zone: str, at: Who) -> str:
    if guest.revoked_at:
        return f"Dicabut {pages.short_moment(guest.revoked_at, zone)}."
    until = pages.short_moment(guest.expires_at, zone)
    return f"Berlaku sampai {until}." if at.now < guest.expires_at else f"Berakhir {until}."
