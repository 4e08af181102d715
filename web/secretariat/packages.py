"""Packages of the level below: sent in, looked at, and taken once somebody has compared their key."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.matters import arrivals, tasks
from models.matters.arrivals import Arrival
from reports.government import approved
from rules import indonesian
from rules.arrivals import Fate
from rules.attachments import Limits
from rules.packages import LARGEST, WORDS, BadPackage, Flaw, spoken
from rules.programme import Programme
from rules.tasks import Why
from web import pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards import bodies
from web.guards.refusals import Help, Refusal
from web.secretariat import keeping

log = structlog.get_logger()

PATH = "/sekretariat/paket"
LISTED = 60
ONE = Limits(most=1, size=LARGEST)
FATES = {
    Fate.COUNTS: "dihitung",
    Fate.HISTORY: "disimpan sebagai riwayat; versi yang lebih baru sudah ada",
    Fate.UNOWED: "disimpan; laporannya tidak (lagi) ditunggu",
}


def page(request: Request) -> Response:
    """What came, and where a package is sent in."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        wanted = request.query_params.get("berkas", "")
        if any(digest == wanted for _, digest, _ in _aside(session, at)):
            return _looked(books, session, at, lambda: _kept(books, wanted))
        return _page(books, session, at, done=words.DONE.get(request.query_params.get("selesai", ""), ""))


async def look(request: Request) -> Response:
    """Show what a package is. Nothing of it counts yet."""
    return await bodies.one_file(request, ONE, _look)


def _look(request: Request, fields: Mapping[str, str], content: bytes) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        return _looked(books, session, at, lambda: content)


def _looked(books: Books, session: Session, at: Who, read: Callable[[], bytes]) -> Response:
    from services import packages  # cryptography: only who looks at a package loads it

    try:
        content = read()
        package = packages.opened(content)
        judged = packages.judged(session, at.programmes, package)
    except BadPackage as error:
        return _page(books, session, at, flaw=error.flaw)
    own, desk = package.manifest, judged.to.programme.desk
    trusted = desk.keys.get(own.area) or arrivals.trusted(session, desk.code).get(own.area)
    try:
        kept = books.files.keep(content)
    except OSError as error:
        raise Refusal(Help.NO_ROOM) from error
    facts: dict[str, Any] = {
        "path": f"{books.base}{PATH}",
        "package": kept,
        "area": desk.area_name(own.area),
        "lines": _told(package),
        "key": spoken(own.key),
        "known": spoken(trusted) if trusted else "",
        "doubt": WORDS[judged.doubt] if judged.doubt else "",
        "fixed": own.area in desk.keys,
    }
    return pages.page("secretariat/package", **who.common(books, at), **facts)


def _aside(session: Session, at: Who) -> list[tuple[str, str, str]]:
    """Packages that came by mail and do not count: when, by which hash they are looked at, and why."""
    every = [own for own in tasks.undone(session) if own.why is Why.PACKAGE and own.programme_id in at.programmes]
    zone = at.desk.zone
    return [(pages.short_moment(own.opened_at, zone), own.subject.rpartition(":")[2], own.text) for own in every]


def _told(package: Any) -> list[str]:
    """What a package says, in lines."""
    own, facts = package.manifest, package.said
    head = facts.header
    approvals = approved.from_json(package.approved).approvals
    agreed = "; ".join(f"{one.office}, {indonesian.moment(one.at, head.zone)}" for one in approvals)
    grave = sum(not problem.resolved for problem in facts.problems)
    return [
        f"Dari: {own.desk}",
        f"Hal: {head.subject}, {indonesian.period(head.period_start, head.period_end)}, versi {own.version}",
        f"Data sampai dengan {indonesian.moment(head.cut_off, head.zone)}",
        f"Laporan: {facts.total('received')} dari {facts.total('owed')} diterima, {facts.total('missing')} belum",
        f"Permasalahan: {len(facts.problems)}, belum selesai {grave}",
        f"Disetujui: {agreed or 'tidak ada keterangan'}",
        f"Berkas: {', '.join(document.name for document in own.documents) or 'tidak ada'}",
    ]


async def take(request: Request) -> Response:
    """Take in what was shown. It is looked at once more: the file alone says what it is."""
    fields = await who.posted(request)
    return await run_in_threadpool(_take, request, fields)


def _take(request: Request, fields: Mapping[str, str]) -> Response:
    from services import packages

    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        try:
            package = packages.opened(_kept(books, fields.get("package", "")))
            to = packages.judged(session, at.programmes, package).to
            for content in package.documents.values():
                books.files.keep(content)
            trust, form = fields.get("trust") == "ya", books.form(to.duty.form)
            arrival = packages.taken(session, to, form, package, trust=trust, hand=at.hand, now=at.now)
        except BadPackage as error:
            return _page(books, session, at, flaw=error.flaw)
        except OSError as error:
            raise Refusal(Help.NO_ROOM) from error
        log.info("package taken", arrival=arrival.id, fate=arrival.fate, session=at.session_id)
        fate = arrival.fate
    return RedirectResponse(f"{books.base}{PATH}?selesai=package.{fate}", 303)


def _kept(books: Books, digest: str) -> bytes:
    try:
        return books.files.path(digest).read_bytes()
    except (FileNotFoundError, ValueError) as error:
        raise BadPackage(Flaw.GONE) from error


def _page(books: Books, session: Session, at: Who, *, flaw: Flaw | None = None, done: str = "") -> Response:
    takers = [(id, own) for id, own in at.programmes.items() if any(duty.takes for duty in own.policy.duties)]
    facts: dict[str, Any] = {
        "path": f"{books.base}{PATH}",
        "takes": bool(takers),
        "aside": _aside(session, at),
        "flaw": WORDS[flaw] if flaw else "",
        "done": done,
        "programmes": [
            (own.election.name, [_line(own, came) for came in arrivals.listed(session, id, limit=LISTED)])
            for id, own in takers
        ],
    }
    return pages.page("secretariat/packages", 422 if flaw else 200, **who.common(books, at), **facts)


def _line(programme: Programme, came: Arrival) -> dict[str, str]:
    desk = programme.desk
    way = f"paket, kunci {spoken(came.key)[:9]}…" if came.key else "langsung dari desk di bawahnya"
    return {
        "area": desk.area_name(came.area),
        "what": f"{came.slot}, versi {came.version}",
        "at": pages.short_moment(came.at, desk.zone),
        "fate": FATES[came.fate],
        "way": way,
    }
