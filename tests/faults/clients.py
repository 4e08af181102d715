"""People who file by their links over HTTP, and hold the receipts they got."""

import re
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import NamedTuple
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from models.machine import clock
from models.offices import links
from models.offices.links import New
from rules.links import token
from tests.faults.conftest import House
from tests.load import world
from tests.load.world import Place

RECEIPT = re.compile(r"TT-\d+")
AGAIN_IN = 0.2
"""Seconds after which somebody taps again who was not answered, or was told to try later."""


GIVES_UP = 300.0
"""Seconds after which something is wrong, also on a machine on which much else runs."""


class Answer(NamedTuple):
    status: int
    page: str


@dataclass
class Client:
    """Whoever holds one office's link: an address of his own, as in life, and what he was answered."""

    port: int
    address: str
    token: str
    codes: list[str] = field(default_factory=list)
    receipts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    held_since: dict[str, float] = field(default_factory=dict)
    """When the first receipt for a code was in hand."""
    waits: list[float] = field(default_factory=list)
    """Seconds from the first tap to the first receipt, whatever was in between."""
    turned_away: int = 0

    def looks(self) -> Answer:
        """Open the list."""
        return self._asks("GET", f"/l/{self.token}")

    def files_all(self) -> None:
        for code in self.codes:
            self.files(code)

    def files(self, code: str) -> None:
        """Send until there is a receipt; then, as a thumb does that trusts nothing, send the same once more."""
        began = time.monotonic()
        self._sends(code)
        self.held_since[code] = time.time()
        self.waits.append(time.monotonic() - began)
        self._sends(code)

    def _sends(self, code: str) -> None:
        give_up = time.monotonic() + GIVES_UP
        while (found := self._receipt(code)) is None:
            assert time.monotonic() < give_up, f"no receipt for {code}"
            self.turned_away += 1
            time.sleep(AGAIN_IN)
        self.receipts[code].append(found)

    def _receipt(self, code: str) -> str | None:
        """None: no answer, or one that says to try again."""
        try:
            answer = self.posts(code)
        except (OSError, HTTPException):
            return None
        if answer.status >= 500:
            return None
        found = RECEIPT.search(answer.page)
        assert answer.status == 200, f"{answer.status} for {code}"
        assert found, answer.page
        return found[0]

    def posts(self, code: str, form: Mapping[str, str] | None = None) -> Answer:
        """Send a form as the page does, by default a report that says which one it is."""
        filled = {"answer": "report", "seen": "0", "c.logistik": "safe", "facts": f"Logistik tiba. {code}"}
        return self._asks("POST", f"/l/{self.token}/{code}", urlencode(form or filled))

    def _asks(self, method: str, path: str, body: str | None = None) -> Answer:
        told = {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/x-www-form-urlencoded"}
        line = HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.address, 0))
        try:
            line.request(method, path, body, told)
            answer = line.getresponse()
            return Answer(answer.status, answer.read().decode())
        finally:
            line.close()


def clients(house: House, port: int, *, reports: int) -> list[Client]:
    """An office, a link and an address each; between them every report that is owed."""
    with house.sessions.begin() as session:
        now = clock.now(session)
        owed = world.owe(session, house.places, reports, prefix="R-", since=now)
        found = given(session, house.places, port, now=now)
    for n, id in enumerate(owed):
        found[n % len(found)].codes.append(f"R-{id}")
    return found


def given(session: Session, places: Sequence[Place], port: int, *, now: datetime) -> list[Client]:
    """A link to each office of these, and an address of its own."""
    luck = Random(3)
    found = [Client(port, f"127.0.{1 + n // 250}.{1 + n % 250}", token(luck)) for n in range(len(places))]
    of = zip(found, places, strict=True)
    links.give(session, [New(c.token, place.programme_id, place.office_id) for c, place in of], now=now)
    return found
