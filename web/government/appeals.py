"""What the desk asks of province and centre: asked, answered, taken back. For those who report to the Government."""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.matters import appeals as kept
from models.matters import numbers
from models.matters.appeals import Appeal
from models.matters.issues import Issue
from models.matters.matters import Matter
from rules import access, appeals, indonesian
from rules.appeals import NAMES, WORDS, End, Ended
from rules.programme import Programme
from rules.typed import Fault
from services import appeals as service
from web import chosen, pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal

log = structlog.get_logger()

PATH = "/permohonan"
MOST = 300
LABELS = {
    "programme": "Pemilihan",
    "of": "Kepada",
    "text": "Yang dimohonkan",
    "problem": "Nomor permasalahan (bila ada)",
    "on": "Sejak (kosong: hari ini)",
    "answer": "Jawabannya, atau alasan ditarik kembali",
    "ended": "Tanggal jawaban (kosong: hari ini)",
}
NO_PROBLEM = (
    "Tidak ada permasalahan dengan nomor ini yang dapat dibaca. Mohon ditulis seperti P-0012, atau dikosongkan."
)
_FAULTS = words.FAULTS | {Fault.NO_SPAN: "Tidak dapat lebih awal daripada permohonannya."}
HIDDEN = "Mengenai permasalahan terbatas. Isinya dapat dibaca pada halaman permasalahan itu."


def page(request: Request) -> Response:
    """What is open, what was answered, and a form for a new one; a problem's page leads here with its number."""
    books: Books = request.app.state.books
    asked = request.query_params
    given = {"problem": asked.get("perihal", "")[:12], "programme": asked.get("programme", "")[:9]}
    with books.sessions.begin() as session:
        at = _reader(books, session, request)
        return _page(books, session, at, given, {}, done=words.DONE.get(asked.get("selesai", ""), ""))


async def act(request: Request) -> Response:
    """Keep a new appeal, or how one ended. If that cannot be, the page is shown with what was typed."""
    fields = await who.posted(request)
    return await run_in_threadpool(_act, request, fields)


def _act(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = _reader(books, session, request, fields)
        done, flaws = (_end if "appeal" in fields else _ask)(session, at, fields)
        if flaws:
            return _page(books, session, at, fields, flaws)
        log.info("appeal", act=done, session=at.session_id)
    return RedirectResponse(f"{books.base}{PATH}?selesai=appeal.{done}", 303)


def _reader(books: Books, session: Session, request: Request, fields: Mapping[str, str] | None = None) -> Who:
    at = who.signed_in(books, session, request, fields)
    if not at.reports_upwards or (fields is not None and not at.keeps_books):
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return at


def _ask(session: Session, at: Who, fields: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    id, programme = _programme(at, fields.get("programme", ""))
    asked, faults = appeals.asked(fields, programme.desk.level, programme.desk.zone, now=at.now)
    flaws = {name: _FAULTS[fault] for name, fault in faults.items()}
    issue_id = _problem(session, at, id, fields.get("problem", "").strip().upper())
    if issue_id == 0:
        flaws["problem"] = NO_PROBLEM
    if flaws or asked is None:
        return "", flaws
    service.ask(session, id, asked, issue_id=issue_id, hand=at.hand, now=at.now)
    return "asked", {}


def _programme(at: Who, typed: str) -> tuple[int, Programme]:
    id = chosen.row_id(typed) or next(iter(at.programmes))
    if id not in at.programmes:
        raise Refusal(Help.UNKNOWN)
    return id, at.programmes[id]


def _problem(session: Session, at: Who, programme_id: int, code: str) -> int | None:
    """The problem of this number; None: none was named; 0: there is none that this office may read of."""
    if not code:
        return None
    issue = session.get(Issue, numbers.on(session, programme_id, code) or 0)
    if issue is None:
        return 0
    readable = at.reads(programme_id, session.get_one(Matter, issue.id), restricted=issue.restricted)
    return issue.id if readable else 0


def _end(session: Session, at: Who, fields: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    own = kept.locked(session, chosen.row_id(fields["appeal"]))
    end = next((one for one in End if one == fields.get("act")), None)
    if own is None or end is None or own.programme_id not in at.programmes:
        raise Refusal(Help.UNKNOWN)
    zone = at.programmes[own.programme_id].desk.zone
    ended, faults = appeals.ended(fields, end, own.asked_on, zone, now=at.now)
    if ended is None:
        return "", {name: _FAULTS[fault] for name, fault in faults.items()}
    if not service.end(session, own, ended, hand=at.hand, now=at.now) and not _same(own, ended):
        raise Refusal(Help.CHANGED)
    return end, {}


def _same(own: Appeal, ended: Ended) -> bool:
    return (own.end, own.answer) == (ended.end, ended.text)


def _page(
    books: Books, session: Session, at: Who, given: Mapping[str, str], flaws: Mapping[str, str], *, done: str = ""
) -> Response:
    rows = kept.listed(session, at.programmes, limit=MOST)
    shown = [(own, row(session, at.programmes[own.programme_id], own)) for own in rows]
    answers = chosen.row_id(given.get("appeal", "")) if "appeal" in given else 0
    facts: dict[str, Any] = {
        "path": f"{books.base}{PATH}",
        "open": [line for own, line in reversed(shown) if own.end is None],
        "ended": [line for own, line in shown if own.end is not None],
        "able": at.keeps_books,
        "programmes": {str(id): own.election.name for id, own in at.programmes.items()},
        "levels": {level.value: NAMES[level] for level in appeals.above(at.desk.level)},
        "given": given,
        "answers": answers,
        "longest": WORDS,
        "labels": LABELS,
        "flaws": flaws,
        "doubts": {},
        "done": done,
    }
    return pages.page("government/permohonan", 422 if flaws else 200, **who.common(books, at), **facts)


def row(session: Session, programme: Programme, own: Appeal, *, secret: bool | None = None) -> dict[str, Any]:
    """One appeal in words. `secret` None: what it is for decides whether its words are shown."""
    issue = session.get(Issue, own.issue_id) if own.issue_id else None
    hidden = bool(issue and issue.restricted) if secret is None else secret
    ended = {End.ANSWERED: "dijawab", End.WITHDRAWN: "ditarik kembali", None: ""}[own.end]
    return {
        "id": own.id,
        "code": appeals.code(own.number),
        "to": NAMES[own.of],
        "text": HIDDEN if hidden else own.text,
        "problem": numbers.codes(session, [own.issue_id])[own.issue_id] if own.issue_id else "",
        "place": f"/koordinasi/{own.programme_id}/",
        "since": indonesian.day(own.asked_on),
        "ended": f"{ended} {indonesian.day(own.ended_on)}" if own.ended_on else "",
        "answer": "" if hidden else own.answer,
    }


def about(session: Session, programme: Programme, issue_id: int) -> list[dict[str, Any]]:
    """Those for one problem, for whoever reads its page."""
    return [row(session, programme, own, secret=False) for own in kept.about(session, issue_id)]


def offered(at: Who, programme: Programme) -> bool:
    """Whether this office asks those above, and there are any."""
    return access.keeps_books(programme.desk, at.code) and bool(appeals.above(programme.desk.level))
