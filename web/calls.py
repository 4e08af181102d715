"""The call sheet as a page and as a PDF: whom to phone, why, what to ask, with boxes to tick."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models.matters.overseeing import Problem
from models.matters.owing import Item
from reports.calls import facts as document
from rules import access, indonesian
from rules.issues import SEVERITIES
from rules.programme import Programme
from services import calls
from services.calls import Asked
from services.documents import compile_document
from web import chosen, pages, posko
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.saved import count_one, saved

_TYPESETTING = ThreadPoolExecutor(1, "typesetting")
"""Typst takes some 130 MB: one at a time, in a thread of its own, so that no page waits for a sheet."""

ASK_AGAIN = "Apa yang sudah dilakukan, dan langkah berikut dengan jamnya."


def page(request: Request) -> Response:
    """Everybody to phone now, the most pressing first."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = _caller(books, session, request)
        programmes = []
        for id, programme in at.programmes.items():
            asked = calls.gather(session, id, programme, at.code, at.office_id, hand=at.hand, now=at.now)
            programmes.append(
                {"id": id, "name": programme.election.name, "calls": _calls(books, at, id, programme, asked)}
            )
        moment = pages.moment(at.now, at.desk.zone)
        duty = posko.said(session, at.desk, now=at.now)
    return pages.page("calls/telepon", **who.common(books, at), programmes=programmes, moment=moment, duty=duty)


async def sheet(request: Request) -> Response:
    """The same as a PDF to print."""
    facts, name = await run_in_threadpool(_asked, request)
    pdf = await asyncio.get_running_loop().run_in_executor(_TYPESETTING, compile_document, "calls", facts)
    return saved(pdf, "application/pdf", name)


def _asked(request: Request) -> tuple[str, str]:
    """What is printed, and the name of the file."""
    books: Books = request.app.state.books
    id = chosen.row_id(request.path_params["programme"])
    with books.sessions.begin() as session:
        at = _caller(books, session, request)
        count_one(books, at)
        programme = at.programmes.get(id)
        if programme is None:
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/telepon")
        asked = calls.gather(session, id, programme, at.code, at.office_id, hand=at.hand, now=at.now)
        facts = document.Facts(
            desk=programme.desk.name,
            office=at.title,
            election=programme.election.name,
            moment=pages.moment(at.now, programme.desk.zone),
            made_at=at.now,
            help=programme.desk.help,
            duty=tuple(posko.said(session, programme.desk, now=at.now)),
            calls=tuple(_printed(call) for call in _calls(books, at, id, programme, asked)),
        )
    name = f"daftar-telepon-{re.sub('[^a-z0-9]+', '-', at.code)}-{at.now:%Y%m%d-%H%M}.pdf"
    return document.to_json(facts), name


def _caller(books: Books, session: Any, request: Request) -> Who:
    at = who.signed_in(books, session, request)
    if not at.oversees:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return at


def _calls(books: Books, at: Who, id: int, programme: Programme, asked: list[Asked]) -> list[dict[str, Any]]:
    return [
        {
            "office": programme.desk.office(one.call.office).title,
            "lines": one.lines,
            "reasons": [_reason(books, at, id, programme, about) for about in one.about],
        }
        for one in asked
    ]


def _reason(books: Books, at: Who, id: int, programme: Programme, about: Item | Problem) -> dict[str, str]:
    place = programme.desk.area_name
    if isinstance(about, Problem):
        zone = programme.desk.zone_of(about.matter.area)
        return {
            "code": about.matter.code,
            "what": f"{SEVERITIES[about.issue.severity].capitalize()}, {place(about.matter.area)}: {about.issue.title}",
            "since": f"Dicatat {pages.short_moment(about.issue.opened_at, zone)}, belum ada yang menangani.",
            "ask": ASK_AGAIN,
            "record": "",
        }
    duty = programme.policy.duty(about.duty, about.key)
    form = books.forms.get(duty.form)
    return {
        "code": about.code,
        "what": f"{duty.name}, {place(about.area)}",
        "since": f"Ditunggu sejak {pages.short_moment(about.judged_by, about.zone)} "
        f"({indonesian.age(about.judged_by, at.now)}).",
        "ask": "; ".join(f"{own.name}: {own.ask}" for own in form.indicators) if form else "",
        "record": f"{books.base}/sekretariat/catat/{id}/{about.code}"
        if access.keeps_books(programme.desk, at.code)
        else "",
    }


def _printed(call: dict[str, Any]) -> document.Call:
    return document.Call(
        call["office"],
        tuple(line.shown for line in call["lines"]),
        tuple(document.Reason(own["code"], own["what"], own["since"], own["ask"]) for own in call["reasons"]),
    )
