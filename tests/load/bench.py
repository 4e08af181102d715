"""How fast it is, beside what the machine can do at all and beside what a tutorial would have given: `./desk bench`.

Everything is measured in one run, in turns, on servers started for it, so that the ratios hold where the numbers do
not: the real path (watch, dispatch, broker, workers, SMTP), the limit and the tutorial's loop chase the same reports in
the same database to the same mail server.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import Engine, create_engine, func, select, text

from jobs import broker as brokers
from jobs import logs
from jobs.runtime import Bell, Runtime
from jobs.turn import tick
from models import base, migrations
from models.messages.messages import Message
from rules.delivery import State
from rules.desk import Channel
from tests import engines
from tests.load import apart, desk, limit, parts, processes, tutorial, world
from tests.load.processes import Sink

SMALL = 10_000
GROUP, BATCH = 10, 100
"""Mails settled at once: by the policy, and by a desk that would not mind a hundred in doubt."""
TOLD = 10_000
"""Mails sent long before."""
TUTORIAL = 300
THREADS = 4
"""As `./desk worker` starts them."""
ASKED = 400


@dataclass(frozen=True)
class Figure:
    """One line of the answer. `ratio` to `beside`; `kept` None: there is no target."""

    name: str
    value: str
    beside: str = ""
    ratio: float | None = None
    target: str = ""
    kept: bool | None = None


@dataclass
class Round:
    """One way of chasing, once: mails a second, CPU for each (workers, clock), when the first and last were taken."""

    rate: float
    cpu: float
    first: float = 0.0
    last: float = 0.0
    clock: float = 0.0


@dataclass
class Counting:
    """A bell that knows how many ids went with each ring."""

    bell: Bell
    sizes: list[int] = field(default_factory=list)

    def ring(self, channel: Channel, message_ids: Sequence[int]) -> None:
        self.sizes.append(len(message_ids))
        self.bell.ring(channel, message_ids)


@dataclass
class Listening:
    """A bell that keeps what it rings for."""

    bells: list[Sequence[int]] = field(default_factory=list)

    def ring(self, channel: Channel, message_ids: Sequence[int]) -> None:
        self.bells.append(list(message_ids))


class Bench:
    """The servers, the world in the database, and what was found so far."""

    def __init__(self, options: argparse.Namespace, progress: Progress, stack: ExitStack) -> None:
        self.options, self.stack = options, stack
        self._progress, self._task = progress, progress.add_task("", total=None)
        self.figures: list[Figure] = []
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desk-bench-")))
        self.folder, self.sqlite = folder, options.sqlite
        self.now("servers")
        if self.sqlite:
            self.url, self.processes = f"sqlite:///{folder / 'desk.db'}", 1
        else:
            server = stack.enter_context(engines.postgres(durable=True))
            self.url, self.processes = server.url(server.create()), 2
        self.broker_url = "" if self.sqlite else stack.enter_context(engines.valkey()).url
        self.sink: Sink = stack.enter_context(processes.sink(folder / "mails"))
        migrations.up(engine := base.connect(self.url))
        engine.dispose()
        broker = brokers.connect("memory://" if self.sqlite else self.broker_url)
        self.bell = Counting(brokers.BrokerBell(broker))
        self.rt: Runtime = desk.runtime(self.url, desk.mail(self.sink.port), bell=self.bell)
        if self.sqlite:
            worker = brokers.work(broker, self.rt, threads=THREADS)
            stack.callback(worker.stop)
        self.kept: Engine = create_engine(self.url, isolation_level="AUTOCOMMIT")

    def now(self, doing: str) -> None:
        self._progress.update(self._task, description=doing)

    def run(self) -> None:
        self.now("made-up desks")
        self.places = world.settle(self.rt.sessions, self.options.due, now=datetime.now(UTC))
        idle = {}
        filled = 0
        for open_ in sorted({min(SMALL, self.options.open), self.options.open}):
            self.now(f"{open_:,} open reports")
            self._fill(open_ - filled)
            if not filled:
                with self.rt.sessions.begin() as session:
                    world.remember(session, self.places, TOLD, before=datetime.now(UTC))
            filled = open_
            self.now(f"idle with {open_:,} open")
            idle[open_] = self._idle()
        self._tell_idle(idle)
        self._chase()
        self._parts()
        self.now("rehearsal of the whole calendar")
        self._rehearsal()
        self.now("page of a rehearsal")
        self._page()
        self._apart()

    def _fill(self, count: int) -> None:
        with self.rt.sessions.begin() as session:
            world.fill(session, self.places, count, after=datetime.now(UTC) + timedelta(days=1))
        self._tidy()

    def _tidy(self) -> None:
        """What the database would do for itself a little later."""
        with self.kept.connect() as connection:
            connection.execute(text("analyze" if self.sqlite else "vacuum analyze"))

    # --- idle ---

    def _idle(self) -> dict[str, float]:
        """Milliseconds of each question, asked in turn on connections that are kept."""
        with self.kept.connect() as kept:
            asked: dict[str, Callable[[], object]] = {
                "select 1": lambda: kept.exec_driver_sql("select 1").scalar(),
                "waits": self.rt.lookout.look,
                "tick": lambda: tick.run(self.rt),
            }
            for ask in asked.values():
                ask()
            took: dict[str, list[float]] = {name: [] for name in asked}
            for _ in range(ASKED):
                for name, ask in asked.items():
                    began = time.perf_counter()
                    ask()
                    took[name].append(1000 * (time.perf_counter() - began))
        return {name: statistics.median(times) for name, times in took.items()}

    def _tell_idle(self, idle: dict[int, dict[str, float]]) -> None:
        for open_, took in idle.items():
            for name, words in (("waits", "is anything due?"), ("tick", "a whole idle tick")):
                ratio = took[name] / took["select 1"]
                target, kept = "", None
                if self.sqlite and name == "tick":
                    target, kept = "at most 0.5 ms", took[name] <= 0.5
                elif name == "tick":
                    target, kept = "at most 2 x", ratio <= 2
                beside = f"SELECT 1: {took['select 1']:.2f} ms"
                self._found(f"{words} {open_:,} open", f"{took[name]:.2f} ms", beside, ratio, target, kept)
        small, large = min(idle), max(idle)
        for name in ("waits", "tick"):
            growth = idle[large][name] / idle[small][name]
            words = "is anything due?" if name == "waits" else "a whole idle tick"
            self._found(f"{words} {large:,} : {small:,} open", "", "", growth, "at most 1.3 x", growth <= 1.3)

    # --- chase ---

    def _chase(self) -> None:
        due, rounds = self.options.due, {name: list[Round]() for name in ("limit", "batch", "real", "tutorial")}
        with self.rt.sessions.begin() as session:
            self.owed = world.owe(session, self.places, due, prefix="B", since=self._soon())
        with self.kept.connect() as connection:
            limit.prepare(connection, self.places)
            tutorial.prepare(connection, postgres=not self.sqlite)
        shortest = [self._worker("limit", self.url, self.sink.port) for _ in range(self.processes)]
        workers = [self._worker("real", *self._where(), THREADS) for _ in range(self.processes) if not self.sqlite]
        self.now("chase, warming up")
        self._limit(shortest, GROUP)
        self._real(workers)
        self.bell.sizes.clear()
        for n in range(1, self.options.rounds + 1):
            self.now(f"chase {n}, limit")
            rounds["limit"].append(self._limit(shortest, GROUP))
            self.now(f"chase {n}, real")
            rounds["real"].append(self._real(workers))
            self.now(f"chase {n}, limit in batches")
            rounds["batch"].append(self._limit(shortest, BATCH))
        for worker in (*shortest, *workers):
            processes.kill(worker)
        if not self.sqlite:
            own = [self._worker("tutorial", *self._where(), THREADS) for _ in range(self.processes)]
            for n in range(self.options.rounds + 1):
                self.now(f"chase {n}, tutorial")
                rounds["tutorial"].append(self._tutorial(own))
            del rounds["tutorial"][0]  # to warm up
            for worker in own:
                processes.kill(worker)
        self._tell_chase({name: _median(found) for name, found in rounds.items() if found})

    def _where(self) -> tuple[str, int, str]:
        return self.url, self.sink.port, self.broker_url

    def _worker(self, *args: object) -> "subprocess.Popen[str]":
        child = processes.start("tests.load.worker", *args, stderr=subprocess.DEVNULL)
        assert processes.heard(child) == "ready"
        return child

    @staticmethod
    def _soon() -> datetime:
        return datetime.now(UTC) - timedelta(seconds=1)

    def _anew(self, count: int) -> None:
        """The first `count` reports are owed and due, and nobody was told."""
        with self.rt.sessions.begin() as session:
            for own in ("limit_notice", "tutorial_notice"):
                session.execute(text(f"delete from {own}"))
            world.forget(session, self.owed[:count], since=self._soon())
        self._tidy()
        self.sink.wipe()

    def _limit(self, children: Sequence["subprocess.Popen[str]"], group: int) -> Round:
        self._anew(self.options.due)
        with watched(children) as spent:
            for child in children:
                processes.say(child, str(group))
            done = sum(int(processes.heard(child)) for child in children)
            seconds = spent.seconds()
        assert done == self.options.due == len(self.sink.taken())
        return Round(done / seconds, spent.cpu / done)

    def _real(self, children: Sequence["subprocess.Popen[str]"]) -> Round:
        """From the tick that finds them due to the last one settled."""
        self._anew(self.options.due)
        with watched(children) as spent:
            began, clock_began = time.time(), time.process_time()
            tick.run(self.rt, documents=False)
            clock = time.process_time() - clock_began
            self._until(lambda: self._sent() == self.options.due)
            seconds = spent.seconds()
        taken = sorted(mail.at for mail in self.sink.taken())
        assert len(taken) == self.options.due
        return Round(
            self.options.due / seconds,
            spent.cpu / len(taken),
            taken[0] - began,
            taken[-1] - began,
            clock / len(taken),
        )

    def _tutorial(self, children: Sequence["subprocess.Popen[str]"]) -> Round:
        count = min(TUTORIAL, self.options.due)
        self._anew(count)
        with watched(children) as spent:
            with self.rt.sessions() as session:
                tutorial.poll(session, self.broker_url)
            query = text("select count(*) from tutorial_notice where state = 'sent'")
            self._until(lambda: self._one(query) == count)
            seconds = spent.seconds()
        return Round(count / seconds, spent.cpu / count)

    def _sent(self) -> int:
        """How many were sent and settled; the database is not asked before it can be all of them."""
        if self.sink.count() < self.options.due:
            return 0
        lately = datetime.now(UTC) - timedelta(days=1)
        return self._one(select(func.count()).where(Message.state == State.SENT, Message.created_at > lately))

    def _one(self, query: Any) -> int:
        with self.kept.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    @staticmethod
    def _until(true: Callable[[], bool], patience: float = 300) -> None:
        give_up = time.monotonic() + patience
        while not true():
            if time.monotonic() > give_up:
                raise TimeoutError("not everything was chased")
            time.sleep(0.02)

    def _tell_chase(self, found: dict[str, Round]) -> None:
        own, best = found["real"], found["limit"]
        words = f"{self.processes} worker process{'es' if self.processes > 1 else ', embedded'}"
        rate = f"{own.rate:,.0f}/s"
        share = own.rate / best.rate
        self._found(
            f"chase by e-mail, {words}",
            rate,
            f"limit, groups of {GROUP}: {best.rate:,.0f}/s",
            share,
            "at least 0.6 x",
            share >= 0.6,
        )
        batch = found["batch"].rate
        self._found("", rate, f"limit, groups of {BATCH}: {batch:,.0f}/s", own.rate / batch)
        if "tutorial" in found:
            slow = found["tutorial"]
            times = own.rate / slow.rate
            self._found("", rate, f"tutorial: {slow.rate:,.0f}/s", times, "at least 10 x", times >= 10)
        costs = own.cpu / best.cpu
        of = "process" if self.sqlite else "worker"
        self._found(
            f"CPU of the {of} for one chase",
            f"{1000 * own.cpu:.2f} ms",
            f"limit: {1000 * best.cpu:.2f} ms",
            costs,
            "at most 3 x",
            costs <= 3,
        )
        if not self.sqlite:
            self._found("CPU of the clock for one chase", f"{1000 * own.clock:.2f} ms")
        due = self.options.due
        self._found(
            f"{due:,} due at once: first handed over", f"{own.first:.2f} s", "", None, "at most 1 s", own.first <= 1
        )
        self._found(
            f"{due:,} due at once: last handed over", f"{own.last:.2f} s", "", None, "at most 3 s", own.last <= 3
        )
        ids = statistics.mean(self.bell.sizes)
        self._found("notices for one broker message", f"{ids:.0f}", "", None, "at least 40", ids >= 40)

    def _parts(self) -> None:
        """Where a worker's CPU for one mail goes, on one thread of this process."""
        self.now("parts of a mail")
        heard = Listening()
        rt = replace(self.rt, bell=heard)
        for _ in range(2):  # the first is to warm up
            self._anew(self.options.due)
            heard.bells.clear()
            tick.run(rt, documents=False)
            spent = parts.measured(rt, heard.bells)
        for name, seconds in spent.items():
            self._found(f"CPU of a mail, one thread: {name}", f"{1e6 * seconds / self.options.due:.0f} us")

    # --- the rest ---

    def _rehearsal(self) -> None:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-m", "jobs", "demo", "--documents", "none", "--out", str(self.folder / "demo")]
        done = subprocess.run(
            command,
            check=False,
            cwd=processes.ROOT,
            env=os.environ | {"PYTHONPATH": str(processes.ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        took = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        words = f"CPU: {cpu:.1f} s" if done.returncode == 0 else f"ended with {done.returncode}"
        kept = took <= 15 and not done.returncode
        self._found("whole calendar rehearsed, pages included", f"{took:.1f} s", words, None, "at most 15 s", kept)

    def _apart(self) -> None:
        self.now("texts")
        self._beside("CPU of one SMS", *apart.text(), 1000, "ms", "official client, kept", 1.1)
        self.now("a report of 500 problems")
        self._beside("CPU of a report of 500 problems", *apart.document(), 1, "s", "typst alone", 2)
        for form, most in (("docx", 3), ("xlsx", 1)):
            found = apart.form(form)
            self._found(f"the same as {form.upper()}", f"{found:.2f} s", "", None, f"at most {most} s", found <= most)
        self.now("514 regencies")
        one, each = apart.regencies()
        self._beside("CPU to plan a report, 514 regencies", each, one, 1e6, "us", "one regency", 1.3)
        if not self.sqlite:
            self.now("an idle worker")
            found = apart.idle_worker(self.url, self.broker_url, self.sink.port, THREADS)
            self._found("memory of an idle worker", f"{found:.0f} MB", "", None, "at most 80 MB", found <= 80)

    def _beside(self, name: str, own: float, other: float, scale: float, unit: str, what: str, most: float) -> None:
        value, beside = f"{own * scale:.2f} {unit}", f"{what}: {other * scale:.2f} {unit}"
        self._found(name, value, beside, own / other, f"at most {most:g} x", own <= most * other)

    def _page(self) -> None:
        from reports.rehearsal.page import page
        from tests.reports.test_rehearsal_world import facts

        page(facts())
        made = facts()
        began = time.process_time()
        page(made)
        self._found("pages of a whole election, CPU", f"{time.process_time() - began:.2f} s")

    def _found(
        self,
        name: str,
        value: str,
        beside: str = "",
        ratio: float | None = None,
        target: str = "",
        kept: bool | None = None,
    ) -> None:
        self.figures.append(Figure(name, value, beside, None if ratio is None else round(ratio, 3), target, kept))


@dataclass
class _Spent:
    began: float
    cpu: float = 0.0

    def seconds(self) -> float:
        return time.perf_counter() - self.began


@contextmanager
def watched(children: Sequence["subprocess.Popen[str]"]) -> Iterator[_Spent]:
    """Wall time from here, and the CPU seconds these children use while the block lasts; of this process if none."""
    before = _cpu(children)
    spent = _Spent(time.perf_counter())
    yield spent
    spent.cpu = _cpu(children) - before


def _cpu(children: Sequence["subprocess.Popen[str]"]) -> float:
    if not children:
        return time.process_time()
    ticks = 0
    for child in children:
        fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _median(rounds: Sequence[Round]) -> Round:
    return Round(
        *(statistics.median(getattr(r, name) for r in rounds) for name in ("rate", "cpu", "first", "last", "clock"))
    )


def _table(bench: Bench) -> Table:
    options = bench.options
    where = "SQLite, embedded" if bench.sqlite else "PostgreSQL, fsync on"
    title = f"{where}; {options.open:,} open, {options.due:,} due, medians of {options.rounds} rounds"
    table = Table(title=title, caption="Trust the ratios: the servers share this machine with what they serve.")
    for column in ("what", "found", "beside", "ratio", "target", ""):
        table.add_column(column, justify="right" if column in {"found", "ratio"} else "left")
    marks = {True: "[green]kept[/]", False: "[red]missed[/]", None: ""}
    for f in bench.figures:
        ratio = "" if f.ratio is None else f"{f.ratio:.2f} x"
        table.add_row(f.name, f.value, f.beside, ratio, f.target, marks[f.kept])
    return table


def main() -> None:
    parser = argparse.ArgumentParser(prog="./desk bench", description="How fast it is, beside the limit.")
    parser.add_argument("--open", type=int, default=100_000, help="open reports in the database (100,000)")
    parser.add_argument("--due", type=int, default=2000, help="of them due at once (2,000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each way of chasing (3)")
    parser.add_argument("--sqlite", action="store_true", help="SQLite and one process instead of PostgreSQL and two")
    parser.add_argument("--json", action="store_true", help="the figures as one JSON document")
    parser.add_argument("--national", type=int, nargs="?", const=514, help="this only: so many desks at once (514)")
    options = parser.parse_args()
    logs.set_up(quiet=True)
    if options.national:
        from tests.load import national

        national.main(options.national)
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
        bench = Bench(options, progress, stack)
        bench.run()
    if options.json:
        print(json.dumps({"options": vars(options), "figures": [asdict(f) for f in bench.figures]}, indent=2))
    else:
        console = Console()
        if not console.is_terminal:
            console = Console(width=150)
        console.print(_table(bench))


if __name__ == "__main__":
    main()
