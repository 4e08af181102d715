"""The web pages in a process of their own, which holds no clock, no worker and no broker."""

from contextlib import suppress
from typing import Annotated

import typer

from config import settings as environment
from jobs import logs
from jobs.refusals import refuse_lonely

app = typer.Typer()

Port = Annotated[int, typer.Option(help="Port of the web pages.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]


@app.callback()
def main() -> None:
    """The web pages."""


@app.command()
def web(ctx: typer.Context, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the web pages."""
    logs.set_up()
    refuse_lonely(environment.read(), "web")
    serve(ctx.obj["web"], host, port)


def serve(pages: str, host: str, port: int) -> None:
    """Serve until told to stop. `pages` is the import string of what makes them."""
    import uvicorn

    with suppress(KeyboardInterrupt):
        uvicorn.run(
            pages, factory=True, host=host, port=port, log_level="warning", access_log=False, server_header=False
        )
