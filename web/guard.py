"""Around everything: what every answer carries, how often anybody may ask, and that no defect tells what it saw."""

from collections.abc import Awaitable, Callable

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import callbacks, pages, words
from web.books import Books
from web.refusals import STATUS, Help, Refusal

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
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
STRICT_TRANSPORT = "max-age=31536000"


class Guard:
    """The outermost layer. Paths hold tokens: neither they nor a traceback, which may hold them, are logged."""

    def __init__(self, app: ASGIApp, books: Books) -> None:
        self._app = app
        self._books = books

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._add_headers(message)
            await send(message)

        client = (scope.get("client") or ("",))[0]
        if not scope["path"].startswith(callbacks.PATH) and (wait := self._books.clients.wait(client)):
            await refused(self._books, Refusal(Help.TOO_OFTEN, retry=wait))(scope, receive, answer)
            return
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:  # PostgreSQL cannot even be asked for it
            await refused(self._books, nowhere(self._books))(scope, receive, answer)
            return
        try:
            await self._app(scope, receive, answer)
        except Exception as defect:  # noqa: BLE001 - the edge: whoever asked gets an answer, and the log no secret
            log.error("page failed", error=type(defect).__name__)
            if not started:
                await refused(self._books, Refusal(Help.BROKEN, retry=10))(scope, receive, answer)

    def _add_headers(self, message: Message) -> None:
        present = Headers(raw=message["headers"])
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            if name not in present:
                headers[name] = value
        if self._books.public_url.startswith("https:"):
            headers["Strict-Transport-Security"] = STRICT_TRANSPORT


def nowhere(books: Books) -> Refusal:
    """What an address that nothing is behind is answered with, whatever it looks like."""
    return Refusal(Help.NO_LINK, back=f"{books.base}/masuk")


def refused(books: Books, refusal: Refusal) -> Response:
    """The page of help for a refusal."""
    title, text = words.HELP[refusal.help]
    way = words.BACK.get(refusal.help, "Kembali ke daftar")
    facts = {"title": title, "text": text, "back": refusal.back, "way": way, "secretariat": books.secretariats()}
    page = pages.page("help", STATUS[refusal.help], **facts)
    if refusal.retry:
        page.headers["Retry-After"] = str(refusal.retry)
    return page


Handler = Callable[[Request, Exception], Awaitable[Response]]


def handlers(books: Books) -> dict[int | type[Exception], Handler]:
    """How the application words what is raised on the way."""

    async def on_refusal(_: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return refused(books, error)

    async def on_unknown(_: Request, __: Exception) -> Response:
        return refused(books, nowhere(books))

    async def on_wrong_way(_: Request, error: Exception) -> Response:
        page = refused(books, Refusal(Help.WRONG_WAY))
        page.headers["Allow"] = (getattr(error, "headers", None) or {}).get("Allow", "GET")
        return page

    async def on_defect(_: Request, __: Exception) -> Response:
        return refused(books, Refusal(Help.BROKEN, retry=10))

    return {Refusal: on_refusal, 404: on_unknown, 405: on_wrong_way, Exception: on_defect}
