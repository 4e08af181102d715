"""The emulator as one program: its pages, the gateway, Twilio and the mail server, on one loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route

from jobs.emulator import mail, page, texts
from jobs.emulator.phones import Phones

_MESSAGES = "/2010-04-01/Accounts/{account}/Messages"


def application(phones: Phones, *, host: str = "127.0.0.1", smtp_port: int = 0) -> Starlette:
    """The mail server listens on `smtp_port` while the application runs; `state.smtp_port` says on which."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        server = await mail.listen(phones, host, smtp_port)
        app.state.smtp_port = server.sockets[0].getsockname()[1]
        yield
        server.close()

    routes = [
        Route("/", page.screens),
        Route("/dials", page.turned, methods=["POST"]),
        Route("/sendsms", texts.sendsms, methods=["GET", "POST"]),
        Route("/2010-04-01/Accounts/{account}.json", texts.account, methods=["GET"]),
        Route(f"{_MESSAGES}.json", texts.create, methods=["POST"]),
        Route(f"{_MESSAGES}.json", texts.listed, methods=["GET"]),
        Route(f"{_MESSAGES}/{{sid}}.json", texts.fetched, methods=["GET"]),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.phones = phones
    return app
