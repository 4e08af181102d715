"""Record for an office what came by phone, paper, group, meeting or mail. The receipt comes after COMMIT."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models.matters import owing, reports
from models.matters.owing import Item
from models.matters.reports import Report
from rules import access
from rules.filing import Incoming, NotTaken, Overtaken, Standing
from rules.programme import Programme
from services import filing, telling
from services.filing import Filed
from web import chosen, drafts, pages, paging, views, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards import bodies, origin
from web.guards.bodies import Sent
from web.guards.refusals import Help, Refusal
from web.secretariat import keeping, reading
from web.secretariat.reading import Asked, Typed
from web.team import uploads

log = structlog.get_logger()


def choose(request: Request) -> Response:
    """Choose a report: by its district or its number. What is owed comes first."""
    books: Books = request.app.state.books
    wanted = " ".join(request.query_params.get("cari", "").split())[:40]
    district = request.query_params.get("kecamatan", "")
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        meant = [
            (id, p, item) for id, p in at.programmes.items() for item in _meant(session, at, id, p, wanted, district)
        ]
        some = paging.paged(request, meant, books.lines)
        latest = reports.latest(session, [item.id for _, _, item in some.items])
    areas = {d.code: d.name for p in at.programmes.values() for d in p.desk.districts}
    facts = who.common(books, at) | {"areas": areas, "district": district, "wanted": wanted}
    items = [_line(books, at, id, p, item, latest.get(item.id)) for id, p, item in some.items]
    return pages.page("secretariat/choose", **facts, items=items, part=some)


def form(request: Request) -> Response:
    """The form of one report."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        given = drafts.given(books, session, request, at.office_id, request.url.path)
        asked = _asked(books, session, at, request, given)
        versions = len(reports.of(session, asked.item.id))
    return _form(asked, version=versions, kept=bool(given))


async def record(request: Request) -> Response:
    """Take it in, with the files that came along."""
    origin.check(request, request.app.state.books.origin)
    wanted = await run_in_threadpool(_wanted, request) if bodies.with_files(request) else None
    sent = await bodies.read_all(request, wanted.limits if wanted else None)
    try:
        return await bodies.work_on(sent, _record, request, sent, wanted)
    finally:
        sent.close()


def _wanted(request: Request) -> uploads.Wanted:
    """What files may be sent, asked before a byte of them is read. Raises: Refusal: this sender may send none."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        asked = _asked(books, session, keeping.keeper(books, session, request), request)
    return uploads.Wanted(asked.form, asked.programme.policy.attachments, asked.place)


def _record(request: Request, sent: Sent, wanted: uploads.Wanted | None) -> Response:
    books: Books = request.app.state.books
    back, fields = f"{books.base}/sekretariat/catat", sent.fields
    files = (
        uploads.take(books.files, wanted, sent, filled=fields.get("answer") == reading.FORM)
        if wanted
        else uploads.NOTHING
    )
    try:
        with books.sessions.begin() as session:
            at = keeping.keeper(books, session, request, fields)
            asked = _asked(books, session, at, request, fields, files)
            taken = reading.read(asked)
            if taken.flaws or (taken.filled and reading.doubtful(taken.filled)):
                return _form(asked, version=chosen.seen(fields), taken=taken)
            kept, _, opened = _file(asked, taken)
    except NotTaken as error:
        kind = Help.OVERTAKEN if isinstance(error, Overtaken) else Help.NOT_OWED
        raise Refusal(kind, back=back) from error
    receipt = views.receipt(asked.programme, asked.item, kept, at.now)
    facts = receipt | {
        "filer": receipt["office"],
        "holder": kept.holder or "",
        "reason": kept.reason,
        "opened": opened,
        "programme": asked.id,
    }
    return pages.page("secretariat/recorded", **facts | who.common(books, at))


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


def _file(asked: Asked, taken: Typed) -> Filed:
    filed = filing.file(
        asked.session,
        asked.programme,
        telling.locked(asked.session, asked.item.key),
        asked.form,
        Incoming(
            taken.content,
            taken.body,
            taken.via,
            taken.by,
            at=taken.received_at,
            reason=taken.reason,
            seen=chosen.seen(asked.fields),
            files=asked.files.attached,
        ),
        hand=asked.at.hand,
        now=asked.at.now,
    )
    log.info("recorded", report=filed.report.id, again=filed.again, session=asked.at.session_id)
    return filed


def _form(asked: Asked, *, version: int, taken: Typed | None = None, kept: bool = False) -> Response:
    books, programme, item = asked.books, asked.programme, asked.item
    facts = views.form(asked.form, asked.fields, taken.filled if taken else None, asked.place.villages)
    facts["flaws"] = dict(taken.flaws) if taken else {}
    facts["labels"] = words.RECORDING | facts["labels"]
    return pages.page(
        "secretariat/record",
        422 if taken else 200,
        **who.common(books, asked.at),
        **facts,
        programme=asked.id,
        kept=kept,
        item=views.item(programme, item, asked.at.now, version=version),
        offices=reading.offices(asked),
        ways={via.value: name for via, name in reading.WAYS.items()},
    )


def _meant(session: Session, at: Who, id: int, programme: Programme, wanted: str, district: str) -> list[Item]:
    """What is owed now and fits the search. A search by number also finds a report that came in already."""
    desk = programme.desk
    named = keeping.owed(session, id, wanted.upper())
    if named:
        return [named]
    low = wanted.casefold()
    items = owing.open_(session, id, access.places(desk), now=at.now)
    meant = [item for item in items if district in ("", item.area)]
    return [item for item in meant if low in f"{item.code} {desk.area_name(item.area)}".casefold()]


def _line(books: Books, at: Who, id: int, programme: Programme, item: Item, latest: Report | None) -> dict[str, Any]:
    return views.item(programme, item, at.now) | {
        "href": f"{books.base}/sekretariat/catat/{id}/{item.code}",
        "stands": words.standing(item, at.now, views.content(latest) if latest else ""),
    }
