"""Around everything: the headers of every answer, how often anybody may ask, and answers to defects without details."""

from collections.abc import Awaitable, Callable

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import callbacks, drafts, pages, words
from web.api import answers
from web.books import Books
from web.guards import content_policy, limits
from web.guards.refusals import STATUS, Help, Refusal

log = structlog.get_logger()

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    content_policy.HEADER: content_policy.NO_PAGE,
}
STRICT_TRANSPORT = "max-age=31536000"


class Guard:
    """The outermost layer. Paths hold tokens, and tracebacks may hold paths: neither is logged."""

    def __init__(self, app: ASGIApp, books: Books) -> None:
        self._app = app
        self.books = books

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = _within(scope, self.books.base)
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._add_headers(message)
            await send(message)

        app: ASGIApp = self._turned_away(scope) or self._app
        try:
            await app(scope, receive, answer)
        except Exception as defect:  # noqa: BLE001 - the edge: every caller gets an answer, and the log no secret
            log.error("page failed", error=type(defect).__name__, route=_route(scope))
            if not started:
                await self._no(scope, Refusal(Help.BROKEN, retry=10))(scope, receive, answer)

    def _turned_away(self, scope: Scope) -> Response | None:
        """The answer to a request that no page gets to see; None: it may go on."""
        if _framed_twice(scope):
            page = self._no(scope, Refusal(Help.BAD_FORM))
            page.headers["Connection"] = "close"
            return page
        counted = not scope["path"].startswith(callbacks.PATH)
        if counted and (wait := self.books.clients.wait(limits.caller(scope))):
            return self._no(scope, Refusal(Help.TOO_OFTEN, retry=wait))
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:  # PostgreSQL cannot even be asked for it
            return self._no(scope, nowhere(self.books))
        return None

    def _no(self, scope: Scope, refusal: Refusal) -> Response:
        """A refusal as whoever asked can read it: a page, or JSON for a program."""
        if not _for_programs(scope["path"]):
            return refused(self.books, refusal)
        headers = {"Retry-After": str(refusal.retry)} if refusal.retry else {}
        return answers.problem(STATUS[refusal.help], refusal.help.value, headers=headers)

    def _add_headers(self, message: Message) -> None:
        present = Headers(raw=message["headers"])
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            if name not in present:
                headers[name] = value
        if self.books.public_url.startswith("https:"):
            headers["Strict-Transport-Security"] = STRICT_TRANSPORT


def _route(scope: Scope) -> str:
    """Which page was asked for, by the function that makes it: the address itself holds a token."""
    endpoint = scope.get("endpoint")
    endpoint = getattr(endpoint, "func", endpoint)
    return f"{getattr(endpoint, '__module__', '')}.{getattr(endpoint, '__name__', '')}".strip(".")


def _framed_twice(scope: Scope) -> bool:
    """Whether a length and an encoding both say where a request ends: a proxy may believe one, and we the other."""
    return {b"content-length", b"transfer-encoding"} <= {name.lower() for name, _ in scope["headers"]}


def _for_programs(path: str) -> bool:
    return f"{path}/".startswith(f"{answers.PATH}/")


def _within(scope: Scope, base: str) -> Scope:
    """The request with our own path, where a proxy leaves the prefix of our address before it."""
    path: str = scope["path"]
    if not base or not f"{path}/".startswith(f"{base}/"):
        return scope
    return {**scope, "path": path.removeprefix(base) or "/"}


def nowhere(books: Books) -> Refusal:
    """The answer to every address that leads nowhere, whatever it looks like."""
    return Refusal(Help.NO_LINK, back=f"{books.base}/masuk")


def refused(books: Books, refusal: Refusal, asking: str = "", *, aide: bool = False) -> Response:
    """The page of help for a refusal. `asking`: the office that is signed in; `aide`: it is an aide, who asks his
    district's reporter, never those above.
    """
    title, text = words.help_with(refusal.help, aide=aide)
    way = words.BACK.get(refusal.help, "Kembali ke daftar")
    ask = words.ASKER if aide else refusal.ask or books.secretariats(asking)
    facts = {"title": title, "text": text, "back": refusal.back, "way": way, "secretariat": ask}
    facts["kept"] = words.kept(refusal.help, aide=aide) if refusal.draft else ""
    spoken = not aide and refusal.help is not Help.CLOSED
    page = pages.page("help", STATUS[refusal.help], **facts, spoken=spoken)
    if refusal.draft:
        drafts.remember(books, page, refusal.draft)
    if refusal.retry:
        page.headers["Retry-After"] = str(refusal.retry)
    return page


Handler = Callable[[Request, Exception], Awaitable[Response]]


def handlers(books: Books) -> dict[int | type[Exception], Handler]:
    """Which page answers each kind of error."""

    async def on_refusal(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        aide = str(request.scope["path"]).startswith("/d/")
        return refused(books, error, getattr(request.state, "office", ""), aide=aide)

    async def on_unknown(_: Request, __: Exception) -> Response:
        return refused(books, nowhere(books))

    async def on_wrong_way(request: Request, error: Exception) -> Response:
        if _for_programs(request.url.path):
            return answers.problem(405, "only GET", headers={"Allow": "GET, HEAD"})
        page = refused(books, Refusal(Help.WRONG_WAY))
        page.headers["Allow"] = (getattr(error, "headers", None) or {}).get("Allow", "GET")
        return page

    async def on_defect(request: Request, __: Exception) -> Response:
        if _for_programs(request.url.path):
            return answers.problem(503, "not now", headers={"Retry-After": "10"})
        return refused(books, Refusal(Help.BROKEN, retry=10))

    return {Refusal: on_refusal, 404: on_unknown, 405: on_wrong_way, Exception: on_defect}
