"""A desk with its web pages, and people who hold what their messages brought them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from models.base import Sessions
from models.desk.files import Files
from models.offices import offices
from models.offices.links import New, give
from rules import links
from rules.desk import Channel
from tests.engines import free_port
from tests.stories.desk import Desk
from tests.web import serving
from web.app import application
from web.books import Books

URL = "https://desk.example"
LINK = re.compile(rf"{URL}/l/([0-9A-Za-z]{{16}})")


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

    def statements(self, path: str) -> int:
        """How many statements it takes to show a page."""
        seen: list[str] = []

        def keep(*facts: Any) -> None:
            seen.append(facts[2])

        event.listen(self.books.sessions.kw["bind"], "before_cursor_execute", keep)
        page = self.client.get(path)
        event.remove(self.books.sessions.kw["bind"], "before_cursor_execute", keep)
        assert page.status_code == 200
        return len(seen)

    def post(self, path: str, answers: dict[str, str], **headers: str) -> httpx.Response:
        """Send a form as a browser does from our own page."""
        told = {"Origin": URL} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, data=answers, headers={k: v for k, v in told.items() if v})

    def answers(self, token: str, key: str, **answers: str) -> httpx.Response:
        """Answer, confirming for which district: whoever reports for it is not asked."""
        return self.post(f"/l/{token}/{self.desk.code(key)}", {"untuk": self.desk.matter(key).area} | answers)


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
    books = Books(desk.rt.sessions, desk.clock, URL, desk.rt.forms(), Files(tmp_path / "files"), tmp_path / "laporan")
    client = TestClient(application(books), base_url=URL, follow_redirects=False, raise_server_exceptions=False)
    return Web(desk, books, client)


@pytest.fixture
def daily(desk: Desk) -> str:
    """Tamban's report of a week before voting day, the only thing owed; its reminder has come at noon."""
    desk.lives(_up_to_noon)
    return desk.key("harian", "Tamban", "H-7")


def _up_to_noon(desk: Desk) -> None:
    desk.owes_only(desk.key("harian", "Tamban", "H-7"))
    desk.clock.reads("H-7 12:00")


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with serving.chromium() as browser:
        yield browser


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Web]:
    """A desk whose pages a browser can reach; Tamban's and Mekarsari's reports of a day are owed."""
    with serving.desk(tmp_path) as desk, serving.pages(desk, tmp_path, port=free_port()) as books:
        desk.lives(_with_two_reports)
        yield Web(desk, books, None)


def _with_two_reports(desk: Desk) -> None:
    desk.owes_only(*(desk.key("harian", district, "H-7") for district in ("Tamban", "Mekarsari")))
    desk.clock.reads("H-7 12:00")
