"""Record what came by phone, paper, group, meeting or mail, on behalf of an office: the receipt comes after COMMIT."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models import filing, owing, reports
from models.owing import Item
from models.reports import Report
from rules import filing as filing_rules
from rules import forms, people, typed
from rules.filing import Content, NoReason, NotTaken, Overtaken, RefusedTime, Standing, Via
from rules.forms import Filled
from rules.programme import Programme
from rules.typed import Fault, Mistyped
from web import bodies, chosen, keeping, origin, pages, uploads, views, who, words
from web.bodies import Sent
from web.books import Books
from web.refusals import Help, Refusal
from web.who import Who

log = structlog.get_logger()

WAYS = {via: name for via, name in words.VIAS.items() if via is not Via.LINK}
SHOWN = 40
REASON, TEXT = 500, 4000
NIL, FORM, PLAIN = "nil", "report", "text"


class Asked(NamedTuple):
    """One report to be recorded, and what was typed."""

    books: Books
    session: Session
    at: Who
    id: int
    programme: Programme
    item: Item
    fields: Mapping[str, str]
    files: uploads.Taken


class Taken(NamedTuple):
    """What is to be filed, or what is wrong with it, by field."""

    content: Content
    body: Mapping[str, Any]
    via: Via
    by: str
    received_at: datetime | None
    reason: str
    flaws: Mapping[str, str]
    filled: Filled | None


def choose(request: Request) -> Response:
    """Which report: of a district, or by its number; what is owed comes first."""
    books: Books = request.app.state.books
    wanted = " ".join(request.query_params.get("cari", "").split())[:40]
    district = request.query_params.get("kecamatan", "")
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        found = [
            line for id, p in at.programmes.items() for line in _found(books, session, at, id, p, wanted, district)
        ]
    areas = {d.code: d.name for p in at.programmes.values() for d in p.desk.districts}
    facts = who.common(books, at) | {"areas": areas, "district": district, "wanted": wanted}
    return pages.page("choose", **facts, items=found[:SHOWN], more=len(found) > SHOWN)


def form(request: Request) -> Response:
    """The form of one report."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        asked = _asked(books, session, at, request)
        versions = len(reports.of(session, asked.item.id))
    return _form(asked, version=versions)


async def record(request: Request) -> Response:
    """Take it in, with the files that came along."""
    origin.check(request, request.app.state.books.origin)
    wanted = await run_in_threadpool(_wanted, request) if bodies.with_files(request) else None
    sent = await bodies.read_all(request, wanted.limits if wanted else None)
    try:
        return await run_in_threadpool(_record, request, sent, wanted)
    finally:
        sent.close()


def _wanted(request: Request) -> uploads.Wanted:
    """What files may be sent: before a byte of them is read. Raises: Refusal: none by whoever this is."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        asked = _asked(books, session, keeping.keeper(books, session, request), request)
    policy = asked.programme.policy
    return uploads.Wanted(books.form(policy.duty(asked.item.duty).form), policy.attachments)


def _record(request: Request, sent: Sent, wanted: uploads.Wanted | None) -> Response:
    books: Books = request.app.state.books
    back, fields = f"{books.base}/sekretariat/catat", sent.fields
    files = uploads.take(books.files, wanted, sent, filled=fields.get("answer") == FORM) if wanted else uploads.NOTHING
    try:
        with books.sessions.begin() as session:
            at = keeping.keeper(books, session, request, fields)
            asked = _asked(books, session, at, request, fields, files)
            taken = _read(asked)
            if taken.flaws or (taken.filled and _doubtful(taken.filled)):
                return _form(asked, version=chosen.seen(fields), taken=taken)
            kept = _file(asked, taken)
    except NotTaken as error:
        kind = Help.OVERTAKEN if isinstance(error, Overtaken) else Help.NOT_OWED
        raise Refusal(kind, back=back) from error
    shown = views.receipt(asked.programme, asked.item, kept, at.now)
    del shown["secretariat"], shown["desk"]
    facts = shown | {
        "filer": shown.pop("office"),
        "holder": kept.holder or "",
        "reason": kept.reason,
        "programme": asked.id,
    }
    return pages.page("recorded", **who.common(books, at), **facts)


def _asked(
    books: Books,
    session: Session,
    at: Who,
    request: Request,
    fields: Mapping[str, str] = MappingProxyType({}),
    files: uploads.Taken = uploads.NOTHING,
) -> Asked:
    """Raises: Refusal: no such report, or none that can be filed now."""
    id, programme = keeping.programme(at, request.path_params["programme"])
    item = keeping.owed(session, id, request.path_params["code"])
    back = f"{books.base}/sekretariat/catat"
    if item is None:
        raise Refusal(Help.UNKNOWN, back=back)
    if item.opens_at > at.now:
        raise Refusal(Help.NOT_YET, back=back)
    if item.standing not in (Standing.OWED, Standing.RECEIVED):
        raise Refusal(Help.NOT_OWED, back=back)
    return Asked(books, session, at, id, programme, item, fields, files)


def _read(asked: Asked) -> Taken:
    """What was typed, and everything that is wrong with it at once."""
    fields, flaws = asked.fields, {}
    via, by = fields.get("via", ""), fields.get("by", "")
    if via not in WAYS:
        flaws["via"] = words.FAULTS[Fault.NO_CHOICE]
    if by not in _offices(asked):
        flaws["by"] = words.FAULTS[Fault.NO_CHOICE]
    content, body, filled, wrong = _content(asked)
    at, reason, late = _time(asked)
    flaws |= wrong | late | {name: words.FAULTS[fault] for name, fault in asked.files.flaws.items()}
    return Taken(content, body, Via(via) if via in WAYS else Via.PHONE, by, at, reason, flaws, filled)


def _content(asked: Asked) -> tuple[Content, Mapping[str, Any], Filled | None, dict[str, str]]:
    duty = asked.programme.policy.duty(asked.item.duty)
    answer = asked.fields.get("answer", "")
    digests = asked.files.digests
    if answer == NIL:
        wrong = {} if duty.nil else {"answer": words.NO_NIL}
        return Content.NIL, {}, None, wrong | ({forms.FILES: words.NIL_WITH_FILES} if digests else {})
    if answer == FORM:
        filled = forms.read(asked.books.form(duty.form), asked.fields, digests)
        return filled.content, dict(filled.body), filled, {n: words.FAULTS[f] for n, f in filled.flaws.items()}
    if answer != PLAIN:
        return Content.FILLED, {}, None, {"answer": words.FAULTS[Fault.NO_CHOICE]}
    try:
        text = typed.words(asked.fields.get("text", ""), TEXT)
    except Mistyped as error:
        return Content.FILLED, {}, None, {"text": words.FAULTS[error.fault]}
    body = {"note": text} | ({forms.FILES: list(chain(*digests.values()))} if digests else {})
    return Content.FILLED, body, None, {} if text else {"text": words.NO_TEXT}


def _time(asked: Asked) -> tuple[datetime | None, str, dict[str, str]]:
    """When it came in, as stated; None: now."""
    try:
        reason = typed.words(asked.fields.get("reason", ""), REASON)
    except Mistyped as error:
        return None, "", {"reason": words.FAULTS[error.fault]}
    try:
        at = typed.moment(asked.fields.get("at", ""), asked.item.zone)
        filing_rules.received_at(at, reason=reason, zone=asked.item.zone, now=asked.at.now)
    except Mistyped as error:
        return None, reason, {"at": words.FAULTS[error.fault]}
    except NoReason:
        return None, reason, {"reason": words.NO_REASON}
    except RefusedTime:
        return None, reason, {"at": words.AHEAD}
    return at, reason, {}


def _doubtful(filled: Filled) -> bool:
    return bool(filled.doubts) and forms.REMARKS not in filled.body


def _file(asked: Asked, taken: Taken) -> Report:
    kept, again = filing.file(
        asked.session,
        asked.programme,
        filing.locked(asked.session, asked.item.key),
        content=taken.content,
        body=taken.body,
        via=taken.via,
        by=taken.by,
        at=taken.received_at,
        reason=taken.reason,
        seen=chosen.seen(asked.fields),
        files=asked.files.attached,
        now=asked.at.now,
    )
    if not again:
        keeping.recorded(asked.session, asked.at, asked.id, asked.item, kept)
    log.info("recorded", report=kept.id, again=again, session=asked.at.session_id)
    return kept


def _form(asked: Asked, *, version: int, taken: Taken | None = None) -> Response:
    books, programme, item = asked.books, asked.programme, asked.item
    own = books.form(programme.policy.duty(item.duty).form)
    facts = views.form(own, asked.fields, taken.filled if taken else None)
    facts["flaws"] = dict(taken.flaws) if taken else {}
    facts["labels"] = words.RECORDING | facts["labels"]
    return pages.page(
        "record",
        422 if taken else 200,
        **who.common(books, asked.at),
        **facts,
        programme=asked.id,
        item=views.item(programme, item, asked.at.now, version=version),
        offices=_offices(asked),
        ways={via.value: name for via, name in WAYS.items()},
    )


def _offices(asked: Asked) -> dict[str, str]:
    """Whom a report may come from: the office that files for the area first, then the others of the team."""
    desk = asked.programme.desk
    reporter, team = people.owing(desk, asked.item.area)
    return {code: desk.office(code).title for code in dict.fromkeys((reporter, *team))}


def _found(
    books: Books, session: Session, at: Who, id: int, programme: Programme, wanted: str, district: str
) -> list[dict[str, Any]]:
    """What is owed now and meant by the search: by number it may also be one that came in already."""
    desk = programme.desk
    places = [d.code for d in desk.districts] + [t.code for t in desk.teams] + [desk.regency_code]
    named = keeping.owed(session, id, wanted.upper())
    items = [named] if named else owing.open_(session, id, places, now=at.now, limit=500)
    low = wanted.casefold()
    return [
        views.item(programme, item, at.now)
        | {"href": f"{books.base}/sekretariat/catat/{id}/{item.code}", "stands": words.standing(item, at.now)}
        for item in items
        if named or (district in ("", item.area) and low in f"{item.code} {desk.area_name(item.area)}".casefold())
    ]
