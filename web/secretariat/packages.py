"""Packages of the level below: sent in, looked at, and taken once somebody has compared their key."""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.matters import arrivals
from models.matters.arrivals import Arrival
from reports.government import approved
from rules import indonesian
from rules.arrivals import Fate
from rules.attachments import Limits
from rules.packages import LARGEST, BadPackage, Flaw, spoken
from rules.programme import Programme
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
FLAWS = {
    Flaw.TOO_LARGE: "Berkas lebih besar daripada paket yang diterima (20 MB).",
    Flaw.NO_PACKAGE: "Berkas ini bukan paket laporan. Mohon dikirim seperti waktu disimpan, tidak dikemas ulang.",
    Flaw.CHANGED: "Isi paket berubah setelah ditandatangani. Mohon minta paketnya sekali lagi.",
    Flaw.NEWER: "Paket dibuat oleh versi program yang lebih baru. Mohon hubungi pengelola sistem.",
    Flaw.OTHER_KEY: "Kunci paket ini berbeda dengan kunci yang tercatat untuk daerah tersebut.",
    Flaw.NEW_KEY: "Kunci paket ini belum dicocokkan.",
    Flaw.NOT_OURS: "Paket ini bukan dari daerah di bawah desk ini, atau untuk pemilihan lain.",
    Flaw.NOT_TAKEN: "Jenis laporan dalam paket ini tidak ditunggu di sini.",
    Flaw.UNFITTING: "Keterangan paket tidak cocok dengan isinya (laporan, periode, atau versi).",
    Flaw.OTHER: "Versi ini sudah pernah diterima dengan isi lain. Perbaikan laporan harus menjadi versi baru (ralat).",
    Flaw.GONE: "Berkas tidak tersimpan lagi. Mohon dipilih sekali lagi.",
}


def page(request: Request) -> Response:
    """What came, and where a package is sent in."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        return _page(books, session, at, done=words.DONE.get(request.query_params.get("selesai", ""), ""))


async def look(request: Request) -> Response:
    """Show what a package is. Nothing of it counts yet."""
    return await bodies.one_file(request, ONE, _look)


def _look(request: Request, fields: Mapping[str, str], content: bytes) -> Response:
    from services import packages  # cryptography: only who looks at a package loads it

    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        try:
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
        "doubt": FLAWS[judged.doubt] if judged.doubt else "",
        "fixed": own.area in desk.keys,
    }
    return pages.page("secretariat/package", **who.common(books, at), **facts)


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
        "flaw": FLAWS[flaw] if flaw else "",
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
