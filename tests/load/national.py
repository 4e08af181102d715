"""The whole country in one installation, beside one regency alone: `./desk bench --national [514]`.

Every desk has 17 districts with an office each, all under one calendar and one policy. Seventeen reports of every desk
fall due at one moment: once just after all processes were started, and once more when they know their desks. Then one
page, one `status` and one idle tick are asked for. CPU is what to trust; time is that of the machine it ran on.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, func, select, text
from starlette.testclient import TestClient

from config import loader
from jobs import broker as brokers
from jobs.turn import audit, tick
from models import base, migrations
from models.desk.files import Files
from models.machine import clock
from models.messages.messages import Message
from rules.delivery import State
from tests import engines
from tests.load import desk, processes, world
from tests.load.bench import THREADS, Counting, watched
from tests.web.serving import FORMS
from web.app import application
from web.books import Books

DISTRICTS = 17
URL = "https://desk.example"
ASKED = 20


@dataclass(frozen=True)
class Wave:
    """Everything due at once: seconds to the tick's end, the first and the last mail; CPU ms for each mail."""

    tick: float
    first: float
    last: float
    worker: float
    clock: float


@dataclass(frozen=True)
class Found:
    """What one installation took. Sizes in MB, `page`, `idle` and `minute` in CPU ms, the rest in seconds."""

    desks: int
    cold: Wave
    warm: Wave
    worker_size: float
    clock_size: float
    first_page: float
    page: float
    status: float
    status_lines: int
    idle: float
    minute: float


class Country:
    """Servers and processes of an installation with so many desks."""

    def __init__(self, desks: int, stack: ExitStack) -> None:
        self.desks = desks
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desk-national-")))
        server = stack.enter_context(engines.postgres(durable=True))
        self.url = server.url(server.create())
        self.broker = stack.enter_context(engines.valkey()).url
        self.sink = stack.enter_context(processes.sink(self.folder / "mails"))
        migrations.up(engine := base.connect(self.url))
        engine.dispose()
        self.rt = self._runtime()
        count = desks * DISTRICTS
        self.places = world.settle(self.rt.sessions, count, now=datetime.now(UTC), districts=DISTRICTS)
        with self.rt.sessions.begin() as session:
            self.owed = world.owe(session, self.places, count, prefix="B", since=datetime.now(UTC) + timedelta(days=1))
        self.kept = stack.enter_context(create_engine(self.url, isolation_level="AUTOCOMMIT").connect())
        self.kept.execute(text("vacuum analyze"))
        self.workers = [self._worker() for _ in range(2)]
        for worker in self.workers:
            stack.callback(processes.kill, worker)

    def _runtime(self) -> desk.Runtime:
        bell = Counting(brokers.BrokerBell(brokers.connect(self.broker)))
        return desk.runtime(self.url, desk.mail(self.sink.port), bell=bell)

    def _worker(self) -> "subprocess.Popen[str]":
        child = processes.start(
            "tests.load.worker", "real", self.url, self.sink.port, self.broker, THREADS, stderr=subprocess.DEVNULL
        )
        assert processes.heard(child) == "ready"
        return child

    def wave(self) -> Wave:
        """Everything is due now; how long until it was told."""
        since = datetime.now(UTC) - timedelta(seconds=1)
        with self.rt.sessions.begin() as session:
            world.forget(session, self.owed, since=since)
        self.kept.execute(text("vacuum analyze"))
        self.sink.wipe()
        with watched(self.workers) as spent:
            began, cpu = time.time(), time.process_time()
            tick.run(self.rt, documents=False)
            ticked, cpu = time.time() - began, time.process_time() - cpu
            while self._sent() < len(self.owed):
                assert time.time() < began + 600, "not everything was told"
                time.sleep(0.05)
        taken = sorted(mail.at for mail in self.sink.taken())
        each = 1000 / len(taken)
        return Wave(ticked, taken[0] - began, taken[-1] - began, each * spent.cpu, each * cpu)

    def _sent(self) -> int:
        if self.sink.count() < len(self.owed):
            return 0
        return self.kept.execute(select(func.count()).where(Message.state == State.SENT)).scalar_one()

    def pages(self) -> tuple[float, float]:
        """Seconds to the first page after a start, and CPU ms of a page then."""
        books = Books(self.rt.sessions, clock.now, URL, loader.forms(FORMS), Files(self.folder / "files"))
        browser = TestClient(application(books), base_url=URL, follow_redirects=False)
        began = time.perf_counter()
        assert browser.get("/masuk").status_code == 200
        first = time.perf_counter() - began
        return first, _each(lambda: browser.get("/masuk"))

    def status(self) -> tuple[float, int]:
        """CPU seconds of `./desk status`, and how many lines it says."""
        settings = {
            "DESK_DATABASE_URL": self.url,
            "DESK_BROKER_URL": self.broker,
            "DESK_SMTP_URL": f"smtp://127.0.0.1:{self.sink.port}?tls=none",
            "DESK_MAIL_FROM": desk.SENDER,
        }
        before = os.times()
        done = subprocess.run(
            [sys.executable, "-m", "jobs", "status"],
            cwd=self.folder,
            env=os.environ | settings | {"PYTHONPATH": str(processes.ROOT)},
            capture_output=True,
            check=False,
        )
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        return spent, done.stdout.count(b"\n")

    def idle(self) -> float:
        """CPU ms of a turn of the clock in which nothing is due."""
        return _each(lambda: tick.run(self.rt, documents=False))

    def audit(self) -> float:
        """CPU ms of what a clock does once a minute."""
        now = datetime.now(UTC)
        return _each(lambda: audit.tell(self.rt, audit.run(self.rt, now=now).unsettled, now=now))

    def found(self) -> Found:
        cold, warm = self.wave(), self.wave()
        self.kept.execute(text("vacuum analyze"))  # as it would itself a little later
        idle, minute, pages, status = self.idle(), self.audit(), self.pages(), self.status()
        sizes = _size(self.workers[0].pid), _size(os.getpid())
        return Found(self.desks, cold, warm, *sizes, *pages, *status, idle, minute)


def _each(do: object) -> float:
    assert callable(do)
    times = []
    for _ in range(ASKED):
        began = time.process_time()
        do()
        times.append(1000 * (time.process_time() - began))
    return statistics.median(times)


def _size(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def _table(one: Found, all: Found) -> Table:
    table = Table(title=f"{all.desks} desks of {DISTRICTS} districts in one installation, beside one")
    for column in ("what", "one desk", f"{all.desks} desks", "ratio"):
        table.add_column(column, justify="left" if column == "what" else "right")
    rows: list[tuple[str, float, float, str]] = []
    for name, few, many in (("just started", one.cold, all.cold), ("running", one.warm, all.warm)):
        rows += [
            (f"{name}: planned after", few.tick, many.tick, "s"),
            (f"{name}: first mail after", few.first, many.first, "s"),
            (f"{name}: last mail after", few.last, many.last, "s"),
            (f"{name}: worker CPU for each", few.worker, many.worker, "ms"),
            (f"{name}: clock CPU for each", few.clock, many.clock, "ms"),
        ]
    rows += [
        ("an idle turn, CPU", one.idle, all.idle, "ms"),
        ("what is looked at each minute, CPU", one.minute, all.minute, "ms"),
        ("first page after a start", one.first_page, all.first_page, "s"),
        ("a page then, CPU", one.page, all.page, "ms"),
        ("status, CPU", one.status, all.status, "s"),
        ("status, lines", one.status_lines, all.status_lines, ""),
        ("memory of a worker", one.worker_size, all.worker_size, "MB"),
        ("memory of clock and pages together", one.clock_size, all.clock_size, "MB"),
    ]
    for name, few, many, unit in rows:
        table.add_row(name, f"{few:.3g} {unit}", f"{many:.3g} {unit}", f"{many / few:.2f} x" if few else "")
    return table


def measured(desks: int) -> Found:
    with ExitStack() as stack:
        return Country(desks, stack).found()


def main(desks: int) -> None:
    one = measured(1)
    console = Console()
    console.print(_table(one, measured(desks)))
