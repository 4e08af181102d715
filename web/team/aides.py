"""Aides of a district, for whoever reports for it: who they are, whom he asks about a report, and what they sent.

Whoever holds the office's link sees numbers and addresses veiled, as the office's own.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config import contacts
from models.desk.changes import Hand, Way
from models.matters import aiding
from models.matters.owing import Item
from models.offices import aides as people
from models.offices import links
from notifiers.mask import mask
from rules import aides as rule
from rules import typed
from rules.desk import Channel
from rules.filing import NotTaken
from rules.forms import Form
from rules.typed import Fields
from services import aides, telling
from services.aides import Row
from web import pages, views, words
from web.books import Books
from web.door import who
from web.guards.refusals import Help, Refusal
from web.team.visits import Visit, common, report, visit, visits

log = structlog.get_logger()

PLACE = "desa"
"""Stands in an address where reports have their number, and behind one."""
ADDRESSES = (Channel.SMS, Channel.EMAIL)
MOST_NAMES = 15
"""Villages that are named in one line; more are counted."""


def offered(books: Books, at: Visit, item: Item) -> bool:
    """Whether whoever holds the link may ask villages about this report."""
    form = _form(books, at, item)
    duty = at.programme.policy.duty(item.duty, item.key)
    return at.programme.policy.aides is not None and at.own(item.area) and rule.helped(duty, form)


def below(books: Books, session: Session, at: Visit, item: Item) -> dict[str, Any] | None:
    """What the form of a report says of its villages; None: none are asked about it."""
    if not item.awaited or not offered(books, at, item):
        return None
    asked, sent = aiding.counts(session, item.id)
    return {"asked": asked, "sent": sent, "path": f"{books.base}/l/{at.token}/{item.code}/{PLACE}"}


def taken(
    books: Books, session: Session, at: Visit, item: Item, given: Mapping[str, str], *, over: bool
) -> tuple[dict[str, str], dict[str, Any]]:
    """A form with what its villages sent, and what is said of that. Raises: Refusal: none are asked about it."""
    if not item.awaited or not offered(books, at, item):
        raise Refusal(Help.BAD_FORM)
    form = _form(books, at, item)
    suggested = aides.suggested(session, at.programme, item.area, item.id, form)
    filled = rule.taken(given, suggested, over=over)
    asked, sent = aiding.counts(session, item.id)
    labels = views.form(form, {}, None)["labels"]
    differing = [
        (labels.get(name, "Isian"), given[name], suggested[name])
        for name in ([] if over else rule.differing(given, suggested))
        if name.startswith("n.")
    ]
    return filled, {"sent": sent, "asked": asked, "differing": differing}


def _form(books: Books, at: Visit, item: Item) -> Form:
    return books.form(at.programme.policy.duty(item.duty, item.key).form)


def page(request: Request) -> Response:
    """The aides of the office's districts, to be named and taken out."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visits(books, session, request.path_params["token"])[0]
        return _page(books, session, at, done=words.DONE.get(request.query_params.get("selesai", ""), ""))


def _page(
    books: Books,
    session: Session,
    at: Visit,
    *,
    done: str = "",
    given: Mapping[str, str] | None = None,
    flaws: Mapping[str, str] | None = None,
) -> Response:
    districts = _districts(books, at)
    known = {area: aides.rows(session, at.programme, area) for area in districts}
    facts: dict[str, Any] = {
        "office": at.opened.title,
        "done": done,
        "given": given or {},
        "flaws": flaws or {},
        "doubts": {},
        "labels": {"village": "Desa", "name": "Nama", "sms": "Nomor HP", "email": "Surel"},
        "districts": [
            {
                "area": area,
                "name": at.programme.desk.area_name(area),
                "aides": [_known(row) for row in known[area]],
                "villages": _unhelped(at, area, known[area]),
                "listed": bool(at.programme.desk.villages_of(area)),
            }
            for area in districts
        ],
    }
    return pages.page("team/aides", 422 if flaws else 200, **common(books, at), **facts)


def _districts(books: Books, at: Visit) -> tuple[str, ...]:
    """Raises: Refusal: it reports for no district, or its policy knows no aides."""
    areas = rule.districts(at.programme.desk, at.opened.code)
    if not areas or at.programme.policy.aides is None:
        raise Refusal(Help.NOT_YOURS, back=f"{books.base}/l/{at.token}")
    return areas


def _unhelped(at: Visit, area: str, known: list[Row]) -> dict[str, str]:
    """Every village by code; those that have an aide say so, for another may follow him."""
    helped = {row.known.aide.village for row in known}
    villages = at.programme.desk.villages_of(area)
    return {code: f"{name}{' (ganti)' if code in helped else ''}" for code, name in villages.items()}


def _known(row: Row) -> dict[str, Any]:
    return {
        "code": row.known.office.code,
        "village": row.village,
        "name": row.known.name,
        "contacts": [_contact(own) for own in row.contacts] or ["tidak ada alamat"],
    }


def _contact(own: Any) -> str:
    state = words.contact(own, stale=False) if own.state.value != "active" or own.withdrawn_at else ""
    return f"{words.WAYS[own.channel]} {mask(own.address)}{f': {state}' if state else ''}"


async def change(request: Request) -> Response:
    """Name an aide, or take one out. The same again changes nothing."""
    fields = await who.posted(request)
    return await run_in_threadpool(_change, request, fields)


def _change(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visits(books, session, request.path_params["token"])[0]
        areas, back = _districts(books, at), f"{books.base}/l/{at.token}/{PLACE}"
        area = fields.get("area", "")
        if area not in areas:
            raise Refusal(Help.NOT_YOURS, back=back)
        act = fields.get("act", "")
        if act == "out":
            known = people.locked(session, at.programme.desk.code, area, fields.get("aide", ""))
            if known is not None:
                aides.take_out(session, known, hand=_hand(at), now=at.now)
        elif act == "name":
            flaws = _name(session, at, area, fields)
            if flaws:
                return _page(books, session, at, given=fields, flaws=flaws)
        else:
            raise Refusal(Help.BAD_FORM, back=back)
        links.seen(session, at.opened.id, now=at.now)
    log.info("aides changed", act=act, office=at.opened.office_id, link=at.opened.id)
    return RedirectResponse(f"{back}?selesai=aide.{act}", 303)


def _name(session: Session, at: Visit, area: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Name one as typed; by field, what is wrong with it."""
    villages = at.programme.desk.villages_of(area)
    read = Fields(fields)
    village = read.read("village", lambda text: _village(text, villages), "")
    called = read.read("name", lambda text: typed.needed(typed.line(text, rule.NAME)), "")
    flaws = {name: words.FAULTS[fault] for name, fault in read.flaws.items()}
    addresses: dict[Channel, str] = {}
    for channel in ADDRESSES:
        if not (text := fields.get(channel, "")).strip():
            continue
        try:
            addresses[channel] = contacts.READERS[channel](text)
        except PydanticCustomError as error:
            flaws[channel] = words.contact_fault(channel, str((error.context or {}).get("why", "")))
    if not addresses and not flaws:
        flaws[Channel.SMS] = words.NO_WAY_TO_AIDE
    if not flaws:
        try:
            aides.name(session, at.programme, area, village, called, addresses, hand=_hand(at), now=at.now)
        except NotTaken:
            flaws["village"] = words.TOO_MANY_AIDES
    return flaws


def _village(text: str, villages: Mapping[str, str]) -> str:
    """Its code, or where the desk's file lists none, its name. Raises: Mistyped."""
    if villages:
        return typed.chosen(typed.needed(text), villages)
    return typed.needed(typed.line(text, rule.VILLAGE))


def _hand(at: Visit) -> Hand:
    return Hand(at.opened.office_id, at.opened.title, Way.LINK, at.opened.message_id)


def of_report(request: Request) -> Response:
    """What each village was asked about a report and sent, and what that makes together."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at, item = _asked(books, session, request)
        return _of_report(books, session, at, item)


def _asked(books: Books, session: Session, request: Request) -> tuple[Visit, Item]:
    at = visit(books, session, request.path_params["token"], request.path_params["code"])
    item = report(session, at, request.path_params["code"])
    back = f"{books.base}/l/{at.token}"
    if not at.own(item.area):
        raise Refusal(Help.NOT_YOURS, back=back)
    if not offered(books, at, item):
        raise Refusal(Help.UNKNOWN, back=back)
    return at, item


def _of_report(books: Books, session: Session, at: Visit, item: Item, *, done: str = "") -> Response:
    form = _form(books, at, item)
    rows = aides.rows(session, at.programme, item.area, item.id)
    answers = aides.answers(session, at.programme, item.area, item.id)
    counted = rule.counted(form, answers)
    figures = {figure.code: figure.name for figure in rule.asked_of(form).figures()}
    ready = aides.ready(session, rows, item.id, now=at.now)
    facts: dict[str, Any] = {
        "item": views.item(at.programme, item, at.now),
        "awaited": item.awaited,
        "done": done,
        "rows": [_row(at, row, item.zone) for row in rows],
        "named": len(rows),
        "sent": sum(row.asked is not None and row.asked.sent_at is not None for row in rows),
        "ready": len(ready) if item.awaited else 0,
        "again": sum(row.asked is not None for row in ready),
        "figures": [
            (name, counted[code].total, counted[code].villages, counted[code].each)
            for code, name in figures.items()
            if code in counted
        ],
        "notes": _notes(form, answers),
        "answered": len(answers),
    }
    return pages.page("team/villages", **common(books, at), **facts)


def _row(at: Visit, row: Row, zone: str) -> dict[str, str]:
    asked = row.asked
    if asked is not None and asked.answered and asked.sent_at is not None:
        state = f"Terkirim {pages.short_moment(asked.sent_at, zone)}"
    elif asked is not None and asked.asked_at is not None:
        again = ", diingatkan satu kali" if asked.times > 1 and asked.sent_at is None else ""
        since = "belum mengisi lagi; isian sebelumnya tetap dihitung" if asked.sent_at else "belum mengisi"
        state = f"Diminta {pages.short_moment(asked.asked_at, zone)}{again}, {since}"
    else:
        state = "Belum diminta"
    if not any(own.state.value == "active" for own in row.contacts):
        state += ". Nomor atau alamatnya tidak dapat dipakai: mohon diganti"
    return {"village": row.village, "name": row.known.name, "state": state}


def _notes(form: Form, answers: list[rule.Answered]) -> list[tuple[str, str, str]]:
    """What villages said beside figures: the village, what it is about, how it looks and their words."""
    found = []
    conditions = views.form(form, {}, None)["conditions"]
    for own in answers:
        for indicator in rule.asked_of(form).indicators:
            condition = conditions.get(own.fields.get(f"c.{indicator.code}", ""), "")
            note = own.fields.get(f"k.{indicator.code}", "")
            if note or own.fields.get(f"c.{indicator.code}", "safe") != "safe":
                found.append((own.village, indicator.name, ". ".join(filter(None, (condition, note)))))
    return found


async def ask(request: Request) -> Response:
    """Ask those who have not sent theirs. Pressed twice, it asks once."""
    await who.posted(request)
    return await run_in_threadpool(_ask, request)


def _ask(request: Request) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at, item = _asked(books, session, request)
        back = f"{books.base}/l/{at.token}/{item.code}/{PLACE}"
        owed = telling.locked(session, item.key)
        if not item.awaited or owed[0].closed_at is not None:
            raise Refusal(Help.NOT_OWED, back=f"{books.base}/l/{at.token}")
        try:
            told = aides.ask(session, at.opened.programme_id, at.programme, owed, hand=_hand(at), now=at.now)
        except NotTaken as error:
            raise Refusal(Help.TOO_OFTEN, back=back) from error
        links.seen(session, at.opened.id, now=at.now)
        done = words.AIDES_ASKED.format(asked=told.asked) if told.asked else words.NO_AIDE_ASKED
        log.info("aides asked", asked=told.asked, again=told.again, unreached=len(told.unreached), link=at.opened.id)
        return _of_report(books, session, at, item, done=done)
