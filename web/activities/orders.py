"""The draft of an order (surat tugas) for the trips that a team has planned."""

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from reports.papers import facts
from rules import typed
from rules.typed import Mistyped
from services import papers
from services.documents import compile_document
from web import chosen, pages
from web.activities.meeting import MEDIA
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.saved import count_one, saved
from web.secretariat import keeping

PATH = "/sekretariat/surat-tugas"
LONGEST = timedelta(days=62)


def page(request: Request) -> Response:
    """For which team and days."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        return _page(books, at, {})


def _page(books: Books, at: Who, given: Mapping[str, str], flaw: str = "") -> Response:
    desk = at.desk
    today = at.now.astimezone(ZoneInfo(desk.zone)).date()
    usual = {"dari": today.isoformat(), "sampai": (today + timedelta(days=6)).isoformat()}
    return pages.page(
        "activities/order",
        422 if flaw else 200,
        **who.common(books, at),
        path=f"{books.base}{PATH}/surat",
        elections={id: p.election.name for id, p in at.programmes.items()},
        teams={own.code: own.name for own in desk.teams},
        given={**usual, **given},
        flaw=flaw,
    )


def order(request: Request) -> Response:
    """The draft, as what is planned stands now."""
    books: Books = request.app.state.books
    asked = request.query_params
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        id = chosen.row_id(asked.get("programme", ""))
        form, team = asked.get("bentuk", ""), asked.get("tim", "")
        if id not in at.programmes or form not in MEDIA or not at.programmes[id].desk.is_team(team):
            raise Refusal(Help.UNKNOWN, back=f"{books.base}{PATH}")
        days = _days(asked)
        if days is None:
            return _page(books, at, asked, "Mohon diperiksa: tanggal awal dan akhir, paling lama 62 hari.")
        count_one(books, at)
        programme = at.programmes[id]
        own = papers.order(session, id, programme, programme.desk.team(team), *days, now=at.now)
        if not own.stops:
            return _page(books, at, asked, "Tim ini tidak memiliki rencana kunjungan pada hari-hari itu.")
        told = facts.to_json(own)
    return saved(compile_document(f"order-{form}", told), MEDIA[form], f"surat-tugas-{team}-{days[0]}.{form}")


def _days(asked: Mapping[str, str]) -> tuple[date, date] | None:
    try:
        first, last = (typed.day(asked.get(name, "")) for name in ("dari", "sampai"))
    except Mistyped:
        return None
    return (first, last) if first and last and first <= last <= first + LONGEST else None
