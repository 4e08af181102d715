"""What was typed is not lost when a session or a link has ended: it is kept for the browser until its office is back.

The browser knows its drafts by a random cookie. They are shown only to the office that typed them: neither a link that
was passed on nor another browser shows what somebody wrote. A tap on one of our pages sends a draft.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from random import SystemRandom

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rules.drafts
import rules.links
from models.offices import drafts, links, sessions
from models.offices.drafts import Draft
from rules.attachments import Limits
from rules.links import ALPHABET
from rules.sessions import SIGN_SIZE
from web import pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards import bodies, origin
from web.guards.refusals import Help, Refusal
from web.team.visits import INCIDENT

PATH = "/lanjutkan"
_SHUT_OUT = frozenset({Help.SIGNED_OUT, Help.FOREIGN, Help.NO_LINK, Help.NO_VILLAGE_LINK, Help.CLOSED})

Taker = Callable[[Request], Awaitable[Response]]


def kept(take: Taker) -> Taker:
    """Take a form as `take` does. Where its sender is not let in any more, keep what was typed."""

    @wraps(take)
    async def taking(request: Request) -> Response:
        try:
            response = await take(request)
        except Refusal as refusal:
            if refusal.help in _SHUT_OUT:
                await _keep(request, refusal)
            raise
        if response.status_code < 400 and (token := _token(request)):
            await run_in_threadpool(_sent, request, token)
        return response

    return taking


def given(books: Books, session: Session, request: Request, office_id: int, path: str) -> Mapping[str, str]:
    """What was typed into the form at this path before; empty: nothing that this browser may show."""
    return next((own.fields for own in of(books, session, request, office_id) if own.path == path), {})


def of(books: Books, session: Session, request: Request, office_id: int) -> list[Draft]:
    """All that an office typed in this browser and did not send."""
    token = _token(request)
    return drafts.of(session, token, office_id, now=books.clock(session)) if token else []


def of_report(code: str) -> str:
    """What stands for the address of a report's form, which holds a token."""
    return f"/l/{code}"


def page(request: Request) -> Response:
    """What was typed and not sent, to be looked at and sent."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        unsent = of(books, session, request, at.office_id)
    return pages.page("resume", **who.common(books, at), drafts_left=[_shown(at, own) for own in unsent])


async def drop(request: Request) -> Response:
    """Throw one away."""
    fields = await who.posted(request)
    return await run_in_threadpool(_drop, request, fields)


def _drop(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request, fields)
        if token := _token(request):
            drafts.forget(session, token, at.office_id, fields.get("path", ""))
    return RedirectResponse(f"{books.base}{PATH}", 303)


def remember(books: Books, response: Response, token: str) -> None:
    """Let the browser know its drafts."""
    seconds = int(rules.drafts.LASTS.total_seconds())
    who.set_cookie(books, response, _cookie(books), token, seconds, same_site="lax")


def _shown(at: Who, own: Draft) -> dict[str, object]:
    _, place, *rest = own.path.split("/")
    code = rest[-1] if rest else ""
    texts = [(name, text) for name, text in own.fields.items() if name not in rules.drafts.CARRIED]
    return {
        "path": own.path,
        "report": code if place == "l" else "",
        "form": own.path if own.path.startswith(("/sekretariat/catat/", "/kejadian", "/kunjungan")) else "",
        "title": words.DRAFT.format(code=code) if code[:2] in ("R-", "P-") else words.DRAFT_WITHOUT_CODE,
        "texts": [(name, words.DRAFT_FIELDS.get(name, words.DRAFT_FIELD), text) for name, text in texts],
        "carried": [(name, text) for name, text in own.fields.items() if name in rules.drafts.CARRIED],
        "since": pages.moment(own.kept_at, at.desk.zone),
    }


async def _keep(request: Request, refusal: Refusal) -> None:
    """Keep what came with a refused form, if we know whose it was. No more of it is read than that takes."""
    books: Books = request.app.state.books
    try:
        origin.check(request, books.origin)
        fields = await _typed(request)
    except Refusal:
        return
    refusal.draft = await run_in_threadpool(_stored, request, fields)
    if refusal.draft and refusal.help is Help.FOREIGN:
        refusal.back = f"{books.base}{PATH}"


async def _typed(request: Request) -> Mapping[str, str]:
    """The fields of a form, even if nobody had read it yet. Files that came along are dropped."""
    read: Mapping[str, str] | None = getattr(request.state, "fields", None)
    if read is not None:
        return read
    sent = await bodies.read_all(request, Limits() if bodies.with_files(request) else None)
    sent.close()
    return sent.fields


def _stored(request: Request, fields: Mapping[str, str]) -> str:
    """Keep it; the token under which it is kept, or empty if it is not."""
    books: Books = request.app.state.books
    typed = rules.drafts.kept(fields, besides=who.WORD)
    with books.sessions.begin() as session:
        office_id, path = _whose(books, session, request)
        if not typed or office_id is None or books.links.wait(f"drafts of {office_id}"):
            return ""
        token = _token(request)
        if not token or not drafts.known(session, token):
            token = "".join(SystemRandom().choices(ALPHABET, k=SIGN_SIZE))
        drafts.keep(session, token, office_id, path, typed, now=books.clock(session))
    return token


def _sent(request: Request, token: str) -> None:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        office_id, path = _whose(books, session, request)
        if office_id is not None:
            drafts.forget(session, token, office_id, path)


def _whose(books: Books, session: Session, request: Request) -> tuple[int | None, str]:
    """The office whose session or link it is or was, and what stands for the form's address."""
    if (typed := request.path_params.get("token")) is not None:
        link = links.former(session, rules.links.typed(typed) or "")
        return (link.office_id, of_report(request.path_params.get("code", INCIDENT))) if link else (None, "")
    sign = request.cookies.get(who.cookie(books), "")
    return (sessions.former(session, sign) if sign.isascii() else None), request.url.path[:200]


def _token(request: Request) -> str:
    sign = request.cookies.get(_cookie(request.app.state.books), "")
    return sign if sign.isascii() and sign.isalnum() and len(sign) == SIGN_SIZE else ""


def _cookie(books: Books) -> str:
    return who.cookie(books, "draft")
