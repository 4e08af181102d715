"""The web pages in a process of their own, without clock, worker or broker."""

import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Event
from types import FrameType
from typing import Annotated

import structlog
import typer
from sqlalchemy import Engine

from config import paths, version
from config import settings as environment
from config.settings import Settings
from jobs import database, logs, outgrown, packages
from jobs.database import Use
from jobs.operator.refusals import Refusal, refuse_lonely
from models.base import connect

log = structlog.get_logger()
app = typer.Typer()

Port = Annotated[int, typer.Option(help="Port of the web pages.", min=1, max=65535)]
Host = Annotated[str, typer.Option(help="Address to listen on.")]

BACKLOG = 100
"""So many new connections wait to be taken up, before old ones can be closed for them."""
ENOUGH = 10
"""Seconds for the requests that are being answered, once the process is told to stop."""


@app.callback()
def main() -> None:
    """The web pages."""


@app.command()
def web(ctx: typer.Context, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the web pages."""
    logs.set_up()
    packages.listen()
    environment.listen(host, port)
    settings = environment.read()
    refuse_lonely(settings, "web")
    refuse_taken(host, port)
    engine = _look_at_the_database(settings)
    say_started("web", engine, pages=settings.public_url)
    with outgrown.ends_when_outgrown(engine):
        serve(ctx.obj, host, port, proxies=settings.proxies)


def _look_at_the_database(settings: Settings) -> Engine:
    if settings.var.exists():
        paths.own(settings.var)
    engine = connect(settings.database_url.get_secret_value())
    if not database.absent(engine):
        database.awaited(engine)
    with database.reached(engine):
        database.fit(engine, Use.CHANGE, alone=False)
    engine.dispose()
    return engine


def say_started(process: str, engine: Engine, **more: object) -> None:
    """The first line of a process: which it is, of which version, on which database."""
    log.info("started", process=process, version=version.own(), database=database.named(engine), **more)


def refuse_taken(host: str, port: int, what: str = "the pages", options: str = "--port or --host") -> None:
    """Check that something can listen there, before anything else starts. Raises: Refusal: it cannot."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        wrong = f"{what} cannot be at {host}, port {port}: {error.strerror}"
        raise Refusal(f"{wrong}: end what listens there, or name another with {options}") from None


def serve(parts: Mapping[str, str], host: str, port: int, *, proxies: Sequence[str], stop: Event | None = None) -> None:
    """Serve until told to stop.

    Args:
        parts: import strings: of the pages, and of the class for connections.
        proxies: the addresses that may say for whom they call.
        stop: set as soon as the process is told to stop, before the last request is answered: threads wait for it.
    """
    import uvicorn

    stopping = stop or Event()

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            stopping.set()
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        parts["pages"],
        factory=True,
        http=parts["connections"],
        ws="none",
        host=host,
        port=port,
        backlog=BACKLOG,
        forwarded_allow_ips=list(proxies),
        timeout_graceful_shutdown=ENOUGH,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    if stopping.is_set():
        return
    server = Server(config)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started and not stopping.is_set():
        raise typer.Exit(1)
