"""Many offices answer at once by text, each text handed on twice, while the worker and the pages are killed.

The receipts in the texts that reach their phones are the oracle. The whole proof, with its numbers
(docs/performance.md): `DESK_LOAD_REPLIES=1000 ./desk test tests/faults/test_answers_under_load.py -n 0 -s`.
"""

import os
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pytest
import requests
from sqlalchemy import insert, select, update

from models.base import table
from models.machine import clock
from models.matters.matters import Matter
from models.matters.reports import Report
from models.messages.inbound import Inbound
from models.offices.offices import Contact
from notifiers import ways_in
from rules.desk import Channel
from tests import engines
from tests.faults import counterparts
from tests.faults.conftest import House, built, until
from tests.faults.counterparts import Counterpart
from tests.faults.installation import Installation, running
from tests.load import world

measured = pytest.mark.skipif("DESK_LOAD_REPLIES" not in os.environ, reason="only measures; set DESK_LOAD_REPLIES")
REPLIES = int(os.environ.get("DESK_LOAD_REPLIES", "40"))
EACH = 10
"""Answers of one office: as many as it is answered in an hour."""

AT_ONCE = 8
KEY = "kunci-desk-yang-panjang-sekali-0001"
RECEIPT = re.compile(r"R-(\d+) .{0,40}nihil kami terima \S+ WITA?T?, (TT-\d+)")


class Answering:
    """A gateway that hands on what offices write, until it is told that it was taken."""

    def __init__(self, desk: Installation, numbers: Sequence[str], codes: Sequence[str]) -> None:
        self.url = f"{ways_in.address(desk.url, 'gateway')}?seal={ways_in.word(KEY.encode(), 'gateway')}"
        self.texts = [(numbers[n % len(numbers)], code) for n, code in enumerate(codes)]
        self.waits: list[float] = []
        self.turned_away = 0
        self.taken = 0.0

    def through(self, blows: Sequence[Callable[[], None]]) -> None:
        """Hand each on twice, in any order, and strike meanwhile."""
        began = time.monotonic()
        twice = self.texts * 2
        Random(17).shuffle(twice)
        with ThreadPoolExecutor(AT_ONCE) as gateway:
            handed = [gateway.submit(self._hands_on, number, code) for number, code in twice]
            for n, blow in enumerate(blows, 1):
                until(lambda n=n: len(self.waits) >= n * len(twice) // (len(blows) + 1), every=0.005)
                blow()
            for own in handed:
                own.result()
        self.taken = time.monotonic() - began

    def _hands_on(self, number: str, code: str) -> None:
        began = time.monotonic()
        query = urlencode({"id": f"sms-{code}", "from": number, "text": f"{code} nihil pak"})
        while not self._taken(query):
            assert time.monotonic() - began < 300
            self.turned_away += 1
            time.sleep(0.2)
        self.waits.append(time.monotonic() - began)

    def _taken(self, query: str) -> bool:
        try:
            status = requests.post(
                self.url, query, headers={"Content-Type": "application/x-www-form-urlencoded"}, timeout=30
            ).status_code
        except requests.RequestException:
            return False
        assert status == 200 or status >= 500
        return status == 200

    def told(self) -> str:
        waits = sorted(self.waits)
        p50, p99 = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.99))
        return (
            f"{len(self.texts)} answers, each handed on twice, in {self.taken:.1f} s; "
            f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {waits[-1] * 1000:.0f} ms; not taken {self.turned_away}"
        )


def phones(house: House) -> list[str]:
    """Give each office a number of its own."""
    numbers = [f"+62811{n:07}" for n in range(len(house.places))]
    with house.sessions.begin() as session:
        now = clock.now(session)
        rows = [
            {"office_id": place.office_id, "channel": Channel.SMS, "address": number, "since": now, "state": "active"}
            for place, number in zip(house.places, numbers, strict=True)
        ]
        session.execute(insert(table(Contact)), rows)
    return numbers


def owed(house: House) -> list[str]:
    """What each office owes, one place after the other, under numbers as texts have them."""
    with house.sessions.begin() as session:
        ids = world.owe(session, house.places, REPLIES, prefix="R-", since=clock.now(session))
        codes = [f"R-{10_000 + id}" for id in ids]
        for id, code in zip(ids, codes, strict=True):
            session.execute(update(Matter).where(Matter.id == id).values(code=code))
    return codes


def filed(house: House) -> list[tuple[str, str]]:
    with house.sessions() as session:
        found = session.execute(select(Matter.code, Report.id).join(Matter, Matter.id == Report.obligation_id))
        return sorted((code, Report.numbered(id)) for code, id in found)


def receipts(server: Counterpart) -> dict[str, set[str]]:
    """By report, the receipts that texts brought to phones."""
    held: dict[str, set[str]] = defaultdict(set)
    for asked in server.ask("asked"):
        for number, receipt in RECEIPT.findall(asked.form.get("text", "")):
            held[f"R-{number}"].add(receipt)
    return held


def kept(house: House) -> int:
    with house.sessions() as session:
        return len(session.scalars(select(Inbound.id)).all())


@pytest.mark.kills
@pytest.mark.parametrize(
    "struck",
    [
        pytest.param([], id="nothing happens", marks=measured),
        pytest.param(["worker", "web"], id="the worker and the pages are killed", marks=measured),
        pytest.param(["web"], id="the pages are killed"),
    ],
)
def test_every_answer_is_done_once_and_its_receipt_reaches_the_phone(
    tmp_path: Path, broker_url: str, struck: list[str]
):
    with (
        counterparts.running(counterparts.gateway) as phone,
        engines.postgres(durable=True) as server,
        built(server.url(server.create()), places=max(1, REPLIES // EACH), lease="PT4S", doubt="PT2S") as house,
        running(
            *("clock", "worker", "web"),
            folder=tmp_path,
            DESK_DATABASE_URL=house.url,
            DESK_BROKER_URL=broker_url,
            DESK_SECRET_KEY=KEY,
            DESK_SMS_URL=f"gateway:http://desk:rahasia-0001@127.0.0.1:{phone.port}/cgi-bin/sendsms?from=DESK",
        ) as desk,
    ):
        numbers, codes = phones(house), owed(house)
        answering = Answering(desk, numbers, codes)
        began = time.monotonic()

        answering.through([partial(desk.restart, name) for name in struck])
        until(lambda: len(receipts(phone)) >= REPLIES, every=1, patience=240 + REPLIES / 5)

        print(f"\n{answering.told()}; the last receipt on its phone after {time.monotonic() - began:.1f} s")
        held = receipts(phone)
        assert {code: numbers for code, numbers in held.items() if len(numbers) > 1} == {}
        assert filed(house) == sorted((code, next(iter(own))) for code, own in held.items())
        assert kept(house) == len(filed(house)) == REPLIES
