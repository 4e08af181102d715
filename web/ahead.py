"""What is ahead (ke depan) of whoever coordinates or keeps the books: of his own districts alone."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.matters.matters import Kind
from rules import access, indonesian
from rules.programme import Programme
from services import ahead
from services.ahead import Falls
from web import pages
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal

NAMED = 4
"""So many places are named; more are counted."""


def page(request: Request) -> Response:
    """What falls due, ends, is closed, or cannot be told, in every programme of the desk."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        if not at.oversees:
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        programmes = [_programme(session, at, id, programme) for id, programme in at.programmes.items()]
    return pages.page("coordinator/ke-depan", **who.common(books, at), programmes=programmes)


def _programme(session: Session, at: Who, id: int, programme: Programme) -> dict[str, Any]:
    desk = programme.desk
    seen = ahead.look(session, id, programme, access.readable(desk, at.code), reader_id=at.office_id, now=at.now)
    return {
        "id": id,
        "name": programme.election.name,
        "soon": [_falls(programme, own) for own in seen.soon],
        "later": [_falls(programme, own) for own in seen.later],
        "tonight": [
            {
                "code": rest.code,
                "area": desk.area_name(rest.area),
                "at": pages.short_moment(rest.until, desk.zone_of(rest.area)),
                "why": _why(rest.kind, promised=rest.promised),
            }
            for rest in seen.tonight
        ],
        "untold": seen.untold,
        "closed": [indonesian.weekday(day) for day in seen.closed],
        "unknown": indonesian.weekday(seen.unknown) if seen.unknown else "",
    }


def _why(kind: Kind, *, promised: bool) -> str:
    if promised:
        return "waktu yang diminta pelapor berakhir"
    return "penanganan yang dinyatakan berakhir" if kind is Kind.ISSUE else "waktu yang diberikan berakhir"


def _falls(programme: Programme, own: Falls) -> dict[str, Any]:
    names = [programme.desk.area_name(area) for area in own.areas]
    where = indonesian.listed(names) if len(names) <= NAMED else f"{indonesian.number(len(names))} laporan"
    return {"at": pages.short_moment(own.due_at, own.zone), "duty": own.duty, "where": where}
