"""The disk under SQLite is full: whoever files is told in words, nothing that was kept is lost, and then it goes on.

A real disk, small and in memory: what the kernel refuses is what SQLite, the pages and the clock must bear.
"""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from jobs.delivery import deliver, doubts
from jobs.rehearsal.rehearse import Still
from jobs.turn import dispatch, tick
from models.matters.reports import Report
from models.messages.messages import Message
from notifiers.base import Letter
from rules.delivery import State
from rules.desk import Channel
from tests.faults.children import Taking
from tests.faults.clients import RECEIPT, clients
from tests.faults.conftest import NOW, House, built
from tests.faults.installation import running
from tests.faults.test_kill9 import DOUBT
from tests.load import desk

SIZE = "12m"
pytestmark = [
    pytest.mark.kills,
    pytest.mark.skipif(os.geteuid() != 0, reason="NOT TRIED: only root may mount a small disk to fill"),
]


@dataclass
class Disk:
    """A file system of a few megabytes."""

    folder: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'desk.db'}"

    @property
    def filler(self) -> Path:
        return self.folder / "filler"

    def fill(self) -> None:
        """To the last byte; first the log is emptied, which would be written over without asking for room."""
        with closing(sqlite3.connect(self.folder / "desk.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for size in (65536, 4096, 1):
            self._fill(b"x" * size)

    def _fill(self, block: bytes) -> None:
        with self.filler.open("ab", buffering=0) as filler, suppress(OSError):
            while filler.write(block) == len(block):
                pass

    def clear(self) -> None:
        self.filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=True)
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_filing_is_refused_in_words_and_goes_on_when_there_is_room(disk: Disk, tmp_path: Path, broker_url: str):
    with (
        built(disk.url, places=2) as house,
        running("web", folder=tmp_path, DESK_DATABASE_URL=disk.url, DESK_BROKER_URL=broker_url) as pages,
    ):
        one = clients(house, pages.port, reports=8)[0]
        first, second, third, _ = one.codes
        one.files(first)

        disk.fill()
        report, nil = one.posts(second), one.posts(third, {"answer": "nil", "seen": "0"})
        listed = one.looks()
        disk.clear()
        one.files(first)
        one.files(second)

        assert report.status == 503
        assert "gangguan pada sistem kami" in report.page
        assert f"Logistik tiba. {second}" in report.page, "what was typed is still there"
        assert nil.status == 503
        assert "sedang ada gangguan" in nil.page
        assert listed.status == 200
        assert RECEIPT.search(report.page + nil.page) is None
        assert len(set(one.receipts[first])) == len(set(one.receipts[second])) == 1
        assert kept(house) == 2


def test_a_turn_of_the_clock_fails_whole_and_the_next_one_does_all(disk: Disk):
    with built(disk.url) as house:
        rt = desk.runtime(disk.url, Taking(), now=Still(NOW))
        tick.run(rt, documents=False)
        house.owes(20)

        disk.fill()
        with pytest.raises(OperationalError, match="full"):
            tick.run(rt, documents=False)
        planned = house.count(*State)
        disk.clear()
        tick.run(rt, documents=False)
        deliver.run(rt, Channel.EMAIL, pending(house))

        assert planned == 0
        assert house.count(State.SENT) == house.count(*State) == 20
        assert sound(house)
        rt.sessions.kw["bind"].dispose()


def test_what_went_while_the_disk_ran_full_is_in_doubt_and_comes_twice_at_most_once(disk: Disk):
    with built(disk.url, lease="PT2S") as house:
        ids, still = house.pending(30), Still(NOW)
        wire = FillsUp(disk, after=15)
        rt = desk.runtime(disk.url, wire, now=still)

        with pytest.raises(OperationalError, match="full"):
            deliver.run(rt, Channel.EMAIL, ids)
        disk.clear()
        for _ in range(3):
            still.at += DOUBT
            doubts.find_lost(rt, now=still.at)
            dispatch.ring(rt, now=still.at)
            deliver.run(rt, Channel.EMAIL, pending(house))

        with house.sessions() as session:
            repeated = set(session.scalars(select(Message.id).where(Message.repeated_at.is_not(None))))
        assert set(wire.taken) == set(ids)
        assert {id for id in ids if wire.taken.count(id) > 1} <= repeated
        assert max(map(wire.taken.count, ids)) <= 2
        assert sound(house)
        rt.sessions.kw["bind"].dispose()


class FillsUp(Taking):
    """Takes every letter; somebody else's file fills the disk meanwhile."""

    def __init__(self, disk: Disk, *, after: int) -> None:
        self.disk, self.after = disk, after
        self.taken: list[int] = []

    def send(self, letter: Letter) -> str:
        self.taken.append(letter.message_id)
        if len(self.taken) == self.after:
            self.disk.fill()
        return "taken"


def kept(house: House) -> int:
    with house.sessions() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


def pending(house: House) -> list[int]:
    with house.sessions() as session:
        return list(session.scalars(select(Message.id).where(Message.state == State.PENDING)))


def sound(house: House) -> bool:
    """Whether SQLite finds its file as it should be."""
    with house.sessions() as session:
        return session.scalar(text("PRAGMA integrity_check")) == "ok"
