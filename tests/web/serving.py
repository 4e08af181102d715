"""Pages that a real browser can reach, and the browser."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from sqlalchemy.orm import sessionmaker

from jobs.commands.serving import BACKLOG
from models.base import connect
from models.desk.files import Files
from tests import engines, migrated, tools
from tests.stories.desk import DESK, ELECTION, POLICY, Desk
from web.app import application
from web.books import Books
from web.guards.connections import Bounded

FORMS = Path(__file__).parents[2] / "config/forms"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@contextmanager
def chromium() -> Iterator[object]:
    """The browser that is on the machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=tools.path("chromium"), args=list(FLAGS))
        yield found
        found.close()


@contextmanager
def desk(folder: Path, files: Sequence[Path] = (ELECTION, DESK, POLICY)) -> Iterator[Desk]:
    """A desk on a database in `folder`."""
    engine = connect(migrated.sqlite(folder / "desk.db"), durable=False)
    yield Desk(sessionmaker(engine, expire_on_commit=False), files)
    engine.dispose()


@contextmanager
def pages(
    desk: Desk,
    folder: Path,
    *,
    port: int,
    public_url: str = "",
    connections: type[Bounded] = Bounded,
    proxies: Sequence[str] = (),
) -> Iterator[Books]:
    """Its pages on a port of this machine. `public_url`: what they think their address is, if not that."""
    desk.rt.public_url = public_url or f"http://127.0.0.1:{port}"
    books = Books(desk.rt.sessions, desk.clock, desk.rt.public_url, desk.rt.forms(), Files(folder / "files"))
    config = uvicorn.Config(
        application(books),
        http=connections,
        ws="none",
        host="127.0.0.1",
        port=port,
        log_level="error",
        backlog=BACKLOG,
        forwarded_allow_ips=list(proxies),
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    give_up = time.monotonic() + engines.PATIENCE
    while not server.started and time.monotonic() < give_up:
        threading.Event().wait(0.02)
    yield books
    server.should_exit = True
    thread.join(10)
