"""One version of a report to the Government: read, edited, handed in, approved or sent back."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rules import submissions as rule
from rules.decisions import NoReason
from rules.filing import NotTaken
from rules.sending import NotSent
from rules.submissions import Outdated, TooLong
from services.government import approving
from web import chosen, pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.government import sent, shown
from web.government.looked import PATH, Looked, look
from web.guards.refusals import STATUS, Help, Refusal

log = structlog.get_logger()

_HELP: dict[type[NotTaken], Help] = {NoReason: Help.NO_REASON, TooLong: Help.TOO_LARGE, Outdated: Help.CHANGED}


class Asked(NamedTuple):
    """What somebody asks for, and about which version."""

    session: Session
    at: Who
    looked: Looked
    fields: Mapping[str, str]


def page(request: Request) -> Response:
    """The version as it stands."""
    return _shown(request, {}, None)


async def act(request: Request) -> Response:
    """Do what was asked and show the version again. If that cannot be, it is shown with what was typed."""
    fields = await who.posted(request)
    return await run_in_threadpool(_act, request, fields)


def _act(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    try:
        with books.sessions.begin() as session:
            at = who.signed_in(books, session, request, fields)
            looked = look(books, session, request, at)
            back = f"{books.base}{PATH}/{looked.own.submission.id}"
            do = _ACTS.get(fields.get("act", ""))
            if do is None:
                raise Refusal(Help.BAD_FORM, back=back)
            do(Asked(session, at, looked, fields))
    except NotTaken as error:
        return again(request, fields, error, str(error) if isinstance(error, NotSent) else "")
    log.info("report to the government", act=fields["act"], submission=looked.own.submission.id, session=at.session_id)
    return RedirectResponse(f"{back}?selesai={fields['act']}", 303)


def _hand_in(asked: Asked) -> None:
    session, at, looked, _ = asked
    approving.hand_in(session, looked.programme, looked.own, hand=at.hand, now=at.now)


def _approve(asked: Asked) -> None:
    session, at, looked, fields = asked
    read = chosen.edition(fields)
    approving.approve(session, looked.programme, looked.own, hand=at.hand, edition=read, now=at.now)


def _send_back(asked: Asked) -> None:
    session, at, looked, fields = asked
    why = fields.get("reason", "")
    approving.send_back(session, looked.programme, looked.own, hand=at.hand, reason=why, now=at.now)


def _edit(asked: Asked) -> None:
    session, at, looked, fields = asked
    chapter, text, seen = (fields.get(name, "") for name in ("chapter", "text", "seen"))
    if chapter not in shown.editable(session, looked):
        raise Refusal(Help.BAD_FORM)
    approving.edit(session, looked.programme, looked.own, chapter, text, seen=seen, hand=at.hand, now=at.now)


_ACTS: dict[str, Callable[[Asked], None]] = {
    "hand_in": _hand_in,
    "approve": _approve,
    "send_back": _send_back,
    "edit": _edit,
}
DONE = {
    "mail": "Surel sudah disiapkan dan dikirim pada giliran berikutnya.",
    "record": "Catatan pengiriman sudah disimpan.",
    "correct": "Ralat sudah disusun sebagai draf. Mohon diperiksa, lalu dimintakan persetujuan.",
    "hand_in": "Persetujuan sudah dimintakan.",
    "approve": "Persetujuan sudah dicatat.",
    "send_back": "Laporan sudah dikembalikan kepada Sekretariat.",
    "edit": "Uraian sudah disimpan.",
    "gather": "Laporan sudah disusun ulang sebagai draf. Mohon diperiksa, lalu dimintakan persetujuan.",
    "drop": "Ralat sudah dibatalkan. Versi sebelumnya berlaku lagi.",
}


UNSENT = "Belum dapat dilakukan"


def again(request: Request, typed: Mapping[str, str], error: NotTaken, said: str = "") -> Response:
    """The version with what was typed and why it is not taken; `said`: in these words."""
    return _shown(request, typed, _HELP.get(type(error), Help.CHANGED), said)


def _shown(request: Request, typed: Mapping[str, str], help: Help | None, said: str = "") -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        looked = look(books, session, request, at)
        facts: dict[str, Any] = {
            **shown.facts(session, at, looked, typed),
            **sent.facts(session, at, looked, typed),
            "path": f"{books.base}{PATH}",
            "may": _may(at, looked),
            "sending_back": typed.get("act") == "send_back",
            "reason": typed.get("reason", ""),
            "wrong": (UNSENT, said) if said else words.HELP[help] if help else None,
            "done": DONE.get(request.query_params.get("selesai", ""), ""),
            "longest": rule.WORDS,
        }
    status = 422 if said else STATUS[help] if help else 200
    return pages.page("government/one", status, **who.common(books, at), **facts)


def _may(at: Who, looked: Looked) -> set[str]:
    """What this office may do with it now."""
    desk, own = looked.programme.desk, looked.own
    state = own.submission.state
    last, told = looked.last, not looked.withheld
    can = {
        "hand_in": last and told and rule.hands_in(desk, at.code, state),
        "approve": last and told and rule.approves(at.code, state, own.turn),
        "send_back": rule.sends_back(at.code, state, own.turn, own.approvers),
        "edit": last and told and rule.edits(desk, at.code, state, own.turn),
    }
    return {act for act, allowed in can.items() if allowed}
