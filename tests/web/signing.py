"""Somebody who signs in with a link from his own mailbox, and sends forms as his browser does."""

import re
from dataclasses import dataclass

import httpx

from rules.desk import Channel
from tests.web.conftest import URL, Web

DOOR = re.compile(rf"{URL}/m/([0-9A-Za-z]{{16}})")
WORD = re.compile(r'name="word" value="([0-9a-f]+)"')


@dataclass
class SignedIn:
    """An office behind the door."""

    web: Web
    word: str

    def get(self, path: str) -> httpx.Response:
        return self.web.get(path)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """A form of this session; `__` in a name stands for a dot."""
        return self.web.post(path, {"word": self.word} | {k.replace("__", "."): v for k, v in fields.items()})


def signs_in(web: Web, office: str) -> SignedIn:
    """Ask for a link, come in by it."""
    web.client.cookies.clear()
    web.post("/masuk", {"address": web.desk.address(office, Channel.EMAIL)})
    web.desk.turn()
    found = DOOR.search(web.desk.mailbox(office).last)
    assert found, web.desk.mailbox(office).last
    web.post(f"/m/{found[1]}", {"pressed": ""})
    word = WORD.search(web.get("/beranda").text)
    assert word
    return SignedIn(web, word[1])
