"""A new way in is one file and one settings line: the file that CONTRIBUTING.md shows takes answers in."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import notifiers
from config import settings
from config.errors import ConfigError
from jobs.__main__ import app
from notifiers import ways_in
from tests import recipes
from tests.web.conftest import Web
from tests.web.writing import KEY, answer, last, rows, standing, writer
from web import ways

ROOT = Path(__file__).parents[2]
ADDRESS = "/callbacks/contoh/inbound"
LINES = {"in a file of its own": False, "in the file that sends": True}


@pytest.fixture(autouse=True, params=LINES.values(), ids=LINES)
def shown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The file is in the folder, as far as imports can tell."""
    (text,) = recipes.blocks("A new way in", "python")
    (sending,) = recipes.blocks("A new channel", "python")
    (tmp_path / "contoh.py").write_text(text + (sending if request.param else ""))
    monkeypatch.setattr(notifiers, "__path__", [*notifiers.__path__, str(tmp_path)])
    monkeypatch.setenv("DESK_HOME", str(tmp_path))
    (tmp_path / "config").symlink_to(ROOT / "config")
    named = "sms:contoh"
    if request.param:  # the provider of texts is meant then, and need not be named twice
        monkeypatch.setenv("DESK_SMS_URL", "contoh:https://desk:rahasia@sms.example/send?sender=DESK")
        named = "sms"
    monkeypatch.setenv("DESK_ANSWERED", named)
    yield
    sys.modules.pop("notifiers.contoh", None)


@pytest.fixture
def opened(web: Web, daily: str) -> Web:
    """The desk's pages, with the ways in of the settings; Camat Tamban owes a report."""
    web.books.key, web.books.ways_in = KEY, ways.loaded(settings.read())
    web.desk.clock.reads("H-7 15:01")
    return web


def posts(web: Web, message: object, *, secret: str = "") -> int:
    told = {"X-Contoh-Secret": secret or ways_in.word(KEY, "contoh")}
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return web.client.post(ADDRESS, content=body, headers=told).status_code


def wrote(web: Web, text: str, id: int = 1) -> dict[str, object]:
    number = writer(web, "Camat Tamban", whatsapp=False).number
    return {"message": {"id": id, "from": number.lstrip("+"), "text": text}}


def test_what_is_written_is_kept_done_and_answered_once(opened: Web, daily: str):
    assert [posts(opened, wrote(opened, "nihil pak")) for _ in range(2)] == [200, 200]

    assert (len(rows(opened)), last(opened).key) == (1, "contoh:1")
    assert standing(opened, daily) == "received"
    assert "nihil kami terima" in answer(opened)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"joined": 1}, 200),
        (b"\xff", 400),
        (b"[]", 400),
        ({"message": {}}, 400),
        ({"message": {"id": 1, "from": ""}}, 200),
    ],
    ids=["nobody wrote anything", "no JSON", "another JSON", "nobody", "a word for a number"],
)
def test_what_is_not_understood_breaks_nothing(opened: Web, body: object, status: int):
    assert posts(opened, body) == status


def test_whoever_does_not_know_the_secret_is_refused(opened: Web):
    assert posts(opened, wrote(opened, "nihil"), secret="0" * 32) == 403
    assert opened.client.post(f"{ADDRESS}?seal={ways_in.word(KEY, 'gateway')}", content=b"{}").status_code == 403
    assert rows(opened) == []


def test_the_command_prints_the_address_and_the_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DESK_PUBLIC_URL", "https://desk.example")

    said = CliRunner().invoke(app, ["reply", "--way", "contoh"]).output.split()

    key = settings.read().signing_key().get_secret_value().encode()
    assert said == [f"https://desk.example{ADDRESS}", ways_in.word(key, "contoh")]


@pytest.mark.parametrize("line", ["whatsapp:contoh", "sms:mask", "sms:nowhere"])
def test_a_file_that_does_not_take_it_in_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, line: str):
    monkeypatch.setenv("DESK_ANSWERED", line)

    with pytest.raises(ConfigError, match=r"DESK_ANSWERED: .o file notifiers/\w+.py takes in"):
        ways.loaded(settings.read())
