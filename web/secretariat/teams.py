"""Who reports, who is of which team and who coordinates: changed for a day, and the desk's file as it is in force."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config import loader, rearranged
from config.errors import ConfigError
from models.desk import programmes, rearrangements
from models.desk.rearrangements import TAKEN_BACK, Rearrangement
from rules import rearranging
from rules.desk import Desk
from rules.programme import Source
from rules.rearranging import NAMES, SAID, Change, Unfit, What
from services import rearranging as service
from web import chosen, pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.saved import count_one, saved
from web.secretariat import keeping

PATH = "/sekretariat/susunan"
PAST = 30
LABELS = {
    "what": "Yang berubah",
    "place": "Wilayah atau tim",
    "office": "Kantor yang berubah",
    "since": "Mulai tanggal",
}
NOT_TAKEN = "Berkas desk tidak menerima perubahan ini."
_ENDS = {TAKEN_BACK: "dibatalkan", rearrangements.FAILED: "tidak dapat dijalankan"}


def page(request: Request) -> Response:
    """The teams as they are, what is planned, and what was changed."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        return _page(books, session, at, {}, {}, words.DONE.get(request.query_params.get("selesai", ""), ""))


async def change(request: Request) -> Response:
    """Plan a change, or take one back that was planned."""
    fields = await who.posted(request)
    return await run_in_threadpool(_change, request, fields)


def _change(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        desk = at.desk
        if "back" in fields:
            service.take_back(session, desk, chosen.row_id(fields["back"]), hand=at.hand, now=at.now)
            return RedirectResponse(f"{books.base}{PATH}?selesai=rearranged.back", 303)
        new, faults = rearranging.read(fields, desk, now=at.now)
        flaws = {name: words.FAULTS[fault] for name, fault in faults.items()}
        if new is not None:
            flaws = _planned(session, at, desk, new)
        if flaws:
            return _page(books, session, at, fields, flaws, "")
    return RedirectResponse(f"{books.base}{PATH}?selesai=rearranged", 303)


def _planned(session: Session, at: Who, desk: Desk, new: Change) -> dict[str, str]:
    """Plan it, if the desk and its file take it; else what is wrong."""
    try:
        after = rearranging.apply(service.ahead(session, desk, new.since), new)
        loader.parse(rearranged.written(_source(session, at).text, after), desk.code, loaded=True)
        service.plan(session, desk, new, hand=at.hand, now=at.now)
    except Unfit as unfit:
        return {"office": SAID[unfit.why]}
    except ConfigError:
        return {"office": NOT_TAKEN}
    return {}


def file(request: Request) -> Response:
    """The desk's file as it is in force, with everything that was changed here. Whoever takes it is written down."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        desk = at.desk
        if request.path_params["name"] != f"{desk.code}.yaml":
            raise Refusal(Help.UNKNOWN, back=f"{books.base}{PATH}")
        count_one(books, at)
        text = _source(session, at).text
        keeping.note(session, at, "desk file taken", desk.code)
    return saved(text.encode(), "application/yaml", f"{desk.code}.yaml")


def _source(session: Session, at: Who) -> Source:
    """The stored text of the desk's file."""
    return next(own.desk for own in programmes.live(session) if own.id in at.programmes)


def _page(
    books: Books, session: Session, at: Who, typed: Mapping[str, str], flaws: Mapping[str, str], done: str
) -> Response:
    desk = at.desk
    titles = {own.code: own.title for own in desk.offices}
    waiting = rearrangements.waiting(session, desk.code)
    facts: dict[str, Any] = {
        "path": f"{books.base}{PATH}",
        "file": f"{books.base}{PATH}/{desk.code}.yaml",
        "teams": [
            {
                "name": team.name,
                "members": [titles[own] for own in team.members],
                "districts": [
                    (desk.area_name(own), titles[by], titles[desk.coordinators[own]])
                    for own, by in team.reporters.items()
                ],
            }
            for team in desk.teams
        ],
        "planned": [(row.id, service.said(desk, row.change)) for row in waiting],
        "past": [_ended(desk, row) for row in rearrangements.over(session, desk.code, limit=PAST)],
        "whats": {what.value: name for what, name in NAMES.items()},
        "wheres": {own.code: desk.area_name(own.code) for own in desk.districts}
        | {team.code: team.name for team in desk.teams},
        "offices": titles,
        "labels": LABELS,
        "given": {"what": What.REPORTS.value} | dict(typed),
        "flaws": flaws,
        "doubts": {},
        "done": done,
    }
    return pages.page("secretariat/teams", 422 if flaws else 200, **who.common(books, at), **facts)


def _ended(desk: Desk, row: Rearrangement) -> str:
    how = _ENDS.get(row.ended, "")
    why = f": {row.failed}" if row.failed else ""
    return f"{service.said(desk, row.change)}{f' ({how}{why})' if how else ''}"
