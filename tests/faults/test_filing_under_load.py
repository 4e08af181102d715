"""Many teams file at once by their links, each report twice, while the database and the desk's processes are struck.

The receipt numbers that the clients hold are the oracle. The whole proof, with its numbers (docs/performance.md):
`DESK_LOAD_REPORTS=1000 ./desk test tests/faults/test_filing_under_load.py -n 0 -s`.
"""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from models.matters.matters import Matter
from models.matters.reports import Report
from tests import engines
from tests.faults.clients import Client, clients
from tests.faults.conftest import House, built, until
from tests.faults.installation import running

measured = pytest.mark.skipif("DESK_LOAD_REPORTS" not in os.environ, reason="only measures; set DESK_LOAD_REPORTS")
REPORTS = int(os.environ.get("DESK_LOAD_REPORTS", "150"))
OFFICES, AT_ONCE = 100, 8


class Filing:
    """Eight offices file at once, each one report after the other, and then the next eight."""

    def __init__(self, clients: Sequence[Client]) -> None:
        self.clients = clients
        self.taken = 0.0

    def through(self, blows: Sequence[Callable[[], None]]) -> None:
        """Strike, one blow after the other, while reports come in."""
        assert self.clients[0].looks().status == 200  # the pages read their programmes then, as they did before in life
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as people:
            all_sent = [people.submit(client.files_all) for client in self.clients]
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
        filing = Filing(clients(house, desk.port, reports=REPORTS))

        filing.through(
            [server.restart_at_once if name == "database" else partial(desk.restart, name) for name in struck]
        )

        print(f"\n{filing.told()}")
        assert filed(house) == sorted(filing.receipts().items())
        assert len(filed(house)) == REPORTS
