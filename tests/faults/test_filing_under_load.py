"""Many teams file at once by their links, each report twice, while the database and the desk's processes are struck.

The receipt numbers that the clients hold are the oracle. The whole proof, with its numbers (docs/performance.md):
`DESK_LOAD_REPORTS=1000 ./desk test tests/faults/test_filing_under_load.py -n 0 -s`.
"""

import os
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from models import clock, links
from models.links import New
from models.matters import Matter
from models.reports import Report
from rules.links import token
from tests import engines
from tests.faults.conftest import House, built, until
from tests.faults.installation import running
from tests.faults.privacy import leaks
from tests.load import world

measured = pytest.mark.skipif("DESK_LOAD_REPORTS" not in os.environ, reason="only measures; set DESK_LOAD_REPORTS")
REPORTS = int(os.environ.get("DESK_LOAD_REPORTS", "150"))
OFFICES, AT_ONCE = 100, 8
RECEIPT = re.compile(r"TT-\d+")
AGAIN_IN = 0.2
"""Seconds after which somebody taps again who was not answered, or was told to try later."""


@dataclass
class Client:
    """Whoever holds one office's link: an address of his own, as in life, and what he was answered."""

    port: int
    address: str
    token: str
    codes: list[str] = field(default_factory=list)
    receipts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    waits: list[float] = field(default_factory=list)
    """Seconds from the first tap to the first receipt, whatever was in between."""
    turned_away: int = 0

    def looks(self) -> None:
        """Open the list, as somebody always did before: the pages read their programmes then."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.address, 0))
        line.request("GET", f"/l/{self.token}")
        assert line.getresponse().status == 200
        line.close()

    def files(self, code: str) -> None:
        """Send until there is a receipt; then, as a thumb does that trusts nothing, send the same once more."""
        began = time.monotonic()
        self._sends(code)
        self.waits.append(time.monotonic() - began)
        self._sends(code)

    def _sends(self, code: str) -> None:
        give_up = time.monotonic() + 120
        while (found := self._receipt(code)) is None:
            assert time.monotonic() < give_up, f"no receipt for {code}"
            self.turned_away += 1
            time.sleep(AGAIN_IN)
        self.receipts[code].append(found)

    def _receipt(self, code: str) -> str | None:
        """None: no answer, or one that says to try again."""
        form = {"answer": "report", "seen": "0", "c.logistik": "safe", "facts": f"Logistik tiba. {code}"}
        told = {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/x-www-form-urlencoded"}
        line = HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.address, 0))
        try:
            line.request("POST", f"/l/{self.token}/{code}", urlencode(form), told)
            answer = line.getresponse()
            page = answer.read().decode()
        except (OSError, HTTPException):
            return None
        finally:
            line.close()
        if answer.status >= 500:
            return None
        found = RECEIPT.search(page)
        assert answer.status == 200, f"{answer.status} for {code}"
        assert found, page
        return found[0]


def clients(house: House, port: int) -> list[Client]:
    """An office, a link and an address each; between them every report that is owed."""
    luck = Random(3)
    found = [Client(port, f"127.0.1.{n}", token(luck)) for n in range(1, len(house.places) + 1)]
    with house.sessions.begin() as session:
        now = clock.now(session)
        owed = world.owe(session, house.places, REPORTS, prefix="R-", since=now)
        given = zip(found, house.places, strict=True)
        links.give(session, [New(c.token, place.programme_id, place.office_id) for c, place in given], now=now)
    for n, id in enumerate(owed):
        found[n % len(found)].codes.append(f"R-{id}")
    return found


class Filing:
    """Everybody files at once; every client does one report after the other."""

    def __init__(self, clients: Sequence[Client]) -> None:
        self.clients = clients
        self.taken = 0.0

    def through(self, blows: Sequence[Callable[[], None]]) -> None:
        """Strike, one blow after the other, while reports come in."""
        self.clients[0].looks()
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as people:
            all_sent = [people.submit(c.files, code) for c in self.clients for code in c.codes]
            for n, blow in enumerate(blows, 1):
                until(lambda n=n: self._filed() >= n * REPORTS // (len(blows) + 1), every=0.005)
                blow()  # in this thread: a process dies with the thread that started it
            for sent in all_sent:
                sent.result()
        self.taken = time.monotonic() - began

    def _filed(self) -> int:
        return sum(len(client.waits) for client in self.clients)

    def receipts(self) -> dict[str, str]:
        """What the clients hold, by the report's number; the same one each time."""
        held = {code: numbers for client in self.clients for code, numbers in client.receipts.items()}
        assert {len(numbers) for numbers in held.values()} == {2}
        assert [numbers for numbers in held.values() if len(set(numbers)) > 1] == []
        return {code: numbers[0] for code, numbers in held.items()}

    def told(self) -> str:
        waits = sorted(wait for client in self.clients for wait in client.waits)
        p50, p99 = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.99))
        turned_away = sum(client.turned_away for client in self.clients)
        return (
            f"{len(waits)} reports in {self.taken:.1f} s, each sent twice: {len(waits) / self.taken:.0f}/s; "
            f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {waits[-1] * 1000:.0f} ms; tries unanswered {turned_away}"
        )


def filed(house: House) -> list[tuple[str, str]]:
    """Every report that is kept: of which matter, under which number."""
    with house.sessions() as session:
        found = session.execute(select(Matter.code, Report.id).join(Matter, Matter.id == Report.obligation_id))
        return sorted((code, Report.numbered(id)) for code, id in found)


@pytest.mark.kills
@pytest.mark.parametrize(
    "struck",
    [
        pytest.param([], id="nothing happens", marks=measured),
        pytest.param(["database", "worker"], id="the database restarts and the worker is killed", marks=measured),
        pytest.param(["database", "worker", "web"], id="all of it is struck, the pages too"),
    ],
)
def test_every_receipt_is_a_report_and_every_report_has_one(tmp_path: Path, broker_url: str, struck: list[str]):
    with (
        engines.postgres(durable=True) as server,
        built(server.url(server.create()), places=OFFICES) as house,
        running(
            *("clock", "worker", "web"), folder=tmp_path, DESK_DATABASE_URL=house.url, DESK_BROKER_URL=broker_url
        ) as desk,
    ):
        filing = Filing(clients(house, desk.port))

        filing.through(
            [server.restart_at_once if name == "database" else partial(desk.restart, name) for name in struck]
        )

        print(f"\n{filing.told()}")
        assert filed(house) == sorted(filing.receipts().items())
        assert len(filed(house)) == REPORTS
        assert leaks(house.sessions, logs=[desk.log], broker_url=broker_url) == []
