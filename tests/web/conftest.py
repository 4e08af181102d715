"""A desk with its web pages, and people who hold what their messages brought them."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy.orm import sessionmaker
from starlette.testclient import TestClient

from config import loader
from models import migrations, offices
from models.base import Sessions, connect
from models.files import Files
from models.links import New, give
from rules import links
from rules.desk import Channel
from tests import engines, tools
from tests.stories.desk import Desk
from web.app import application
from web.books import Books

URL = "https://desk.example"
FORMS = Path(__file__).parents[2] / "config/forms"
LINK = re.compile(rf"{URL}/l/([0-9A-Za-z]{{16}})")

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@dataclass
class Web:
    """The pages, and what is known of those who look at them."""

    desk: Desk
    books: Books
    client: TestClient

    def link(self, office: str, channel: Channel = Channel.SMS) -> str:
        """The token in the last message that reached an office."""
        phone = self.desk.phone(office) if channel is Channel.SMS else self.desk.mailbox(office)
        found = LINK.search(phone.last)
        assert found, phone.last
        return found[1]

    def given(self, office: str) -> str:
        """A token made just now, whatever was sent."""
        token = links.token(self.desk.rt.luck)
        with self.desk.rt.sessions.begin() as session:
            row = offices.by_code(session, self.desk.programme.desk.code, self.desk.office(office))
            assert row is not None
            own = next(id for id, p in self.desk.rt.programmes.items() if p.code == self.desk.programme.code)
            give(session, [New(token, own, row.id)], now=self.desk.clock.at)
        return token

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, answers: dict[str, str], **headers: str) -> httpx.Response:
        """Send a form as a browser does from our own page."""
        told = {"Origin": URL} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, data=answers, headers={k: v for k, v in told.items() if v})

    def answers(self, token: str, key: str, **answers: str) -> httpx.Response:
        return self.post(f"/l/{token}/{self.desk.code(key)}", answers)


def receipt(page: httpx.Response) -> str:
    """The number on a receipt's page."""
    found = re.search(r"TT-\d+", page.text)
    assert found, page.text
    return found[0]


@pytest.fixture
def desk(sessions: Sessions) -> Desk:
    """A desk whose messages carry links."""
    desk = Desk(sessions)
    desk.rt.public_url = URL
    return desk


@pytest.fixture
def web(desk: Desk, tmp_path: Path) -> Web:
    """Its pages, read by somebody whose browser follows no redirect."""
    books = Books(desk.rt.sessions, desk.clock, URL, loader.forms(FORMS), Files(tmp_path / "files"))
    client = TestClient(application(books), base_url=URL, follow_redirects=False, raise_server_exceptions=False)
    return Web(desk, books, client)


@pytest.fixture
def daily(desk: Desk) -> str:
    """Tamban's report of a week before voting day, the only thing owed; its reminder has come at noon."""
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    desk.clock.reads("H-7 12:00")
    return key


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=tools.path("chromium"), args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture
def served(tmp_path) -> Iterator[Web]:
    """A desk whose pages a browser can reach; Tamban's and Mekarsari's reports of a day are owed."""
    engine = connect(f"sqlite:///{tmp_path / 'desk.db'}", durable=False)
    migrations.up(engine)
    desk = Desk(sessionmaker(engine, expire_on_commit=False))
    desk.owes_only(*(desk.key("harian", district, "H-7") for district in ("Tamban", "Mekarsari")))
    desk.clock.reads("H-7 12:00")
    url = f"http://127.0.0.1:{engines.free_port()}"
    desk.rt.public_url = url
    books = Books(desk.rt.sessions, desk.clock, url, loader.forms(FORMS), Files(tmp_path / "files"))
    config = uvicorn.Config(application(books), host="127.0.0.1", port=int(url.rpartition(":")[2]), log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    give_up = time.monotonic() + engines.PATIENCE
    while not server.started and time.monotonic() < give_up:
        threading.Event().wait(0.02)
    yield Web(desk, books, None)
    server.should_exit = True
    thread.join(10)
    engine.dispose()
