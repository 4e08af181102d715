"""The emulator as one program: its pages, the gateway, Twilio and the mail server, on one loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import requests
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jobs.emulator import mail, page
from jobs.emulator.phones import Phones
from jobs.emulator.texts import Asked, Callback, Gateway, Twilio

PATIENCE = 10
"""Seconds that a desk has to take a delivery report."""


def application(phones: Phones, *, host: str = "127.0.0.1", smtp_port: int = 0) -> Starlette:
    """The mail server listens on `smtp_port` while the application runs; `state.smtp_port` says on which."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        server = await mail.listen(mail.Handler(phones), host, smtp_port)
        app.state.smtp_port = server.sockets[0].getsockname()[1]
        yield
        server.close()

    routes = [
        Route("/", page.screens),
        Route("/dials", page.turned, methods=["POST"]),
        Route("/sendsms", _asks(Gateway(phones)), methods=["GET", "POST"]),
        Route("/2010-04-01/{path:path}", _asks(Twilio(phones)), methods=["GET", "POST"]),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.phones = phones
    return app


def _asks(provider: Gateway | Twilio) -> Callable[[Request], Awaitable[Response]]:
    """Let a provider answer, as late as its dial says; its delivery report comes after the answer."""

    async def answered(request: Request) -> Response:
        target = f"{request.url.path}?{request.url.query}"
        asked = Asked(request.method, target, request.headers, (await request.body()).decode())
        await asyncio.sleep(provider.dial(asked).delay)
        said = provider(asked)
        return Response(said.text, said.status, background=BackgroundTask(_tell, said.then) if said.then else None)

    return answered


async def _tell(report: Callback) -> None:
    """A delivery report that cannot be told is lost, as in life."""
    try:
        await run_in_threadpool(report, timeout=PATIENCE)
    except requests.RequestException:
        return
