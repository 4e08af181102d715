"""Many offices change hands at once: a list is looked at first, then put in force whole, with who and why.

The code is that of `./desk people import` (`services.holders`). Numbers and addresses are masked here too, and the rows
are forgotten once they are confirmed, or after an hour.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rules.handovers
from config import contacts
from models.desk import uploads
from models.offices import offices
from models.offices.offices import Office
from notifiers.mask import mask
from rules import indonesian
from rules.assignments import Assignment, styled
from rules.desk import Channel
from rules.handovers import HEADINGS, Does, Line, Refused, Why
from rules.orders import REASON
from rules.typed import Fault
from services import holders
from services.sheets import BadSheet, Row
from web import chosen, pages, saved, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards import bodies
from web.guards.refusals import Help, Refusal
from web.secretariat import keeping
from web.secretariat.sheets import ONE

log = structlog.get_logger()

PATH = "/sekretariat/pejabat"
STEM = "pejabat"
_WAYS = {Channel.SMS: "HP", Channel.WHATSAPP: "WhatsApp", Channel.EMAIL: "surel"}


def page(request: Request) -> Response:
    """Where a list is sent in, and the codes of the offices."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        known = offices.all_of(session, at.desk.code)
    return _asking(books, at, known)


def template(request: Request) -> Response:
    """A row for each office, to be filled in where something changes."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        ending = saved.ending(request, STEM, back=f"{books.base}{PATH}")
        saved.count_one(books, at)
        codes = [office.code for office in offices.all_of(session, at.desk.code)]
    blank = [""] * (len(HEADINGS) - 1)
    return saved.sheet([name.capitalize() for name in HEADINGS], [[code, *blank] for code in codes], STEM, ending)


async def preview(request: Request) -> Response:
    """Show what a list would do."""
    return await bodies.one_file(request, ONE, _preview)


def _preview(request: Request, fields: Mapping[str, str], content: bytes) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        known = offices.all_of(session, at.desk.code)
    try:
        rows = holders.read(content)
    except BadSheet as error:
        return _asking(books, at, known, words.bad_sheet(error), status=422)
    return _shown(books, at, rows)


async def confirm(request: Request) -> Response:
    """Put in force what was shown."""
    fields = await who.posted(request)
    return await run_in_threadpool(_confirm, request, fields)


def _confirm(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    reason = keeping.reason(fields)
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        kept = uploads.take(session, chosen.row_id(fields.get("upload", "")), None, at.office_id, now=at.now)
        if kept is None or kept.digest != fields.get("digest"):
            raise Refusal(Help.CHANGED, back=f"{books.base}{PATH}")
        rows = [Row(*row) for row in kept.rows]
        lines = holders.take(
            session, at.desk.code, rows, readers=contacts.READERS, hand=at.hand, reason=reason, now=at.now
        )
        as_shown = rules.handovers.summary(lines) == kept.digest
        done = bool(reason) and as_shown and not any(line.refused for line in lines)
        if not done:
            session.rollback()
    if not done:
        return _shown(books, at, rows, stale=not as_shown, given=fields.get("reason", ""), unexplained=not reason)
    log.info("holders imported", rows=len(lines), session=at.session_id)
    return RedirectResponse(f"{books.base}/sekretariat/kontak?selesai=holders", 303)


def _shown(
    books: Books, at: Who, rows: Sequence[Row], *, stale: bool = False, given: str = "", unexplained: bool = False
) -> Response:
    """Do it, undo it, and keep the rows for confirming. `unexplained`: the reason that was given is none."""
    with books.sessions() as session:
        titled = {office.code: office for office in offices.all_of(session, at.desk.code)}
        lines = holders.take(session, at.desk.code, rows, readers=contacts.READERS, hand=at.hand, now=at.now)
        session.expunge_all()
        session.rollback()
    digest = rules.handovers.summary(lines)
    with books.sessions.begin() as session:
        upload = uploads.keep(session, None, at.office_id, rows, digest=digest, now=at.now)
    refused = sum(line.does is Does.REFUSED for line in lines)
    changing = [line for line in lines if line.does is not Does.SAME]
    facts: dict[str, Any] = {
        "path": PATH,
        "back": "Kembali ke mutasi beberapa jabatan",
        "programme": "",
        "upload": upload,
        "digest": digest,
        "stale": stale,
        "blank": len(lines) - len(changing),
        "lines": [_worded(line, titled.get(line.office), at.desk.zone) for line in changing],
        "refused": refused,
        "ready": bool(changing) and not refused,
        "reason": given[:REASON],
        "error": words.SAY_WHY if unexplained else "",
    }
    status = 409 if stale else 422 if unexplained else 200
    return pages.page("secretariat/holders_preview", status, **who.common(books, at), **facts)


def _asking(books: Books, at: Who, known: Sequence[Office], error: str = "", *, status: int = 200) -> Response:
    facts: dict[str, Any] = {
        "path": f"{books.base}{PATH}",
        "names": saved.names(STEM),
        "codes": [(office.code, office.title) for office in known],
        "error": error,
    }
    return pages.page("secretariat/holders", status, **who.common(books, at), **facts)


def _worded(line: Line, office: Office | None, zone: str) -> dict[str, Any]:
    return {
        "row": line.row,
        "code": office.title if office else line.office[:60],
        "does": _refused(line.refused) if line.refused else "; ".join(_does(line, office.zone if office else zone)),
        "bad": line.refused is not None,
    }


def _does(line: Line, zone: str) -> list[str]:
    """What a row changes, and what stays although somebody else comes: a phone may be his predecessor's own."""
    told = []
    if line.holder is not None:
        told.append(f"pemegang baru {_term(line.holder, zone)}")
        told.append(f"sebelumnya {line.before}" if line.before else "sebelumnya belum dicatat")
    for channel, address in line.new.items():
        name = _WAYS[channel]
        told.append(f"{name} menjadi {mask(address)}" if address else f"{name} tidak dipakai lagi")
    if line.holder is not None and line.kept:
        kept = ", ".join(f"{_WAYS[channel]} {mask(address)}" for channel, address in line.kept.items())
        told.append(f"tetap dipakai: {kept}")
    if line.holder is not None and not any((*line.kept.values(), *line.new.values())):
        told.append("belum ada kontak")
    return told


def _term(holder: Assignment, zone: str) -> str:
    since = indonesian.day(indonesian.local_date(holder.since, zone))
    term = f"{styled(holder.kind, holder.name)}, sejak {since}"
    if holder.until is None:
        return term
    last = holder.until - rules.handovers.MOMENT
    return f"{term} sampai dengan {indonesian.day(indonesian.local_date(last, zone))}"


def _refused(refused: Refused) -> str:
    match refused.why:
        case Why.UNKNOWN:
            return "ditolak: kode kantor ini tidak ada. Mohon disalin dari templat atau dari daftar kode"
        case Why.TWICE:
            return "ditolak: kantor ini sudah ada di baris lain. Mohon disisakan satu baris"
        case Why.NO_ADDRESS:
            channel = Channel(HEADINGS[refused.column])
            return f"ditolak: kolom {refused.column}: {words.contact_fault(channel, refused.told[0])}"
        case Why.MISTYPED:
            return f"ditolak: kolom {_mistyped(refused.fault)}"


def _mistyped(fault: Fault | None) -> str:
    if fault is Fault.NO_CHOICE:
        return f"jenis: mohon ditulis {', '.join(rules.handovers.KINDS.values())}"
    if fault is Fault.TOO_LONG:
        return f"nama: {words.FAULTS[fault]}"
    return f"sejak atau sampai: {words.FAULTS[fault or Fault.NO_DAY]}"
