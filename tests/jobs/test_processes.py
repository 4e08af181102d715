"""The processes as an operator starts them: all in one without a service, and one each on PostgreSQL and Valkey."""

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from redis import Redis
from sqlalchemy import make_url

from tests.faults.proxy import proxy

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
FILES = ("config/elections/pemilu-2024.yaml", "config/desks/barito-kuala.yaml", "config/policies/default.yaml")


def environment(**settings: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)} | settings


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def started(*words: str, env: dict[str, str], imports: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours; the modules it imports are written to the file `imports` as it goes."""
    python = [sys.executable] if imports is None else [sys.executable, "-X", "importtime"]
    heard = subprocess.PIPE if imports is None else imports.open("wb")
    process = subprocess.Popen([*python, "-m", "jobs", *words], cwd=ROOT, env=env, stderr=heard)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE)


def health(port: int) -> dict[str, object] | None:
    """What /healthz says; None while nobody listens."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return dict(json.load(answer))
    except HTTPError as error:
        return dict(json.load(error))
    except (URLError, OSError):
        return None


def until_alive(port: int, process: subprocess.Popen[bytes]) -> dict[str, object]:
    for _ in range(int(PATIENCE / 0.2)):
        found = health(port)
        if found and found["alive"]:
            return found
        try:
            process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(process.stderr and process.stderr.read().decode())
    raise AssertionError("not alive in time")


def desk(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "jobs", *words], cwd=ROOT, env=env, capture_output=True, text=True)


def test_all_in_one_needs_no_service(tmp_path):
    env = environment(DESK_DATABASE_URL=f"sqlite:///{tmp_path}/desk.db", DESK_OUTBOX_DIR=str(tmp_path / "outbox"))
    port = free_port()

    with started("run", "--port", str(port), env=env, imports=tmp_path / "log") as process:
        found = until_alive(port, process)
        loaded = desk("load", *FILES, env=env)

    assert found["swept_at"] is not None
    first = json.loads(next(line for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")))
    assert (first["event"], first["process"], first["pages"]) == ("started", "run", f"http://127.0.0.1:{port}")
    assert first["database"] == f"{tmp_path}/desk.db"
    assert re.fullmatch(r"\d+\.\d+\.\d+", first["version"])
    assert "no programme is loaded: nobody owes anything" in (tmp_path / "log").read_text()
    assert "reports owed" in loaded.stdout
    assert process.returncode == 0


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_port_that_is_taken_is_one_line_and_nothing_starts(tmp_path, command):
    env = environment(DESK_DATABASE_URL=f"sqlite:///{tmp_path}/desk.db", DESK_OUTBOX_DIR=str(tmp_path / "outbox"))
    env |= {"DESK_BROKER_URL": "redis://127.0.0.1:1/0"} if command == "web" else {}
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = desk(command, "--port", str(other.getsockname()[1]), env=env)

    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert "Address already in use: end what listens there, or name another with --port" in line
    assert not (tmp_path / "desk.db").exists()


def test_a_clock_a_worker_and_the_web_share_postgresql_and_valkey(tmp_path, postgres_url, broker_url):
    env = environment(
        DESK_DATABASE_URL=postgres_url, DESK_BROKER_URL=broker_url, DESK_OUTBOX_DIR=str(tmp_path / "outbox")
    )
    port = free_port()

    refused = desk("load", *FILES, env=env)
    migrated = desk("migrate", env=env)
    with started("clock", env=env), started("worker", env=env), started("web", "--port", str(port), env=env) as web:
        found = until_alive(port, web)
        first = json.loads(web.stderr.readline())

    assert (refused.returncode, migrated.returncode) == (78, 0)
    assert "./desk migrate" in refused.stderr
    assert found["alive"]
    assert (first["event"], first["process"], first["pages"]) == ("started", "web", f"http://127.0.0.1:{port}")
    assert first["database"].startswith("postgresql://")
    assert "@" not in first["database"]


@pytest.mark.parametrize("command", ["clock", "worker", "web"])
def test_a_database_that_comes_later_at_boot_is_waited_for(tmp_path, postgres, postgres_url, command):
    name = str(make_url(postgres_url).database)
    with proxy(Path(postgres.folder) / ".s.PGSQL.5432") as wire:
        url = f"postgresql://postgres@127.0.0.1:{wire.port}/{name}?sslmode=disable"
        env = environment(DESK_DATABASE_URL=url, DESK_BROKER_URL="redis://127.0.0.1:1/0", DESK_OUTBOX_DIR=str(tmp_path))
        desk("migrate", env=env)
        wire.refuses()
        words = (command, "--port", str(free_port())) if command == "web" else (command,)
        with started(*words, env=env) as process:
            waits = json.loads(process.stderr.readline())
            wire.behaves()
            begins = json.loads(process.stderr.readline())

    assert (waits["event"], begins["event"]) == ("database away", "started")
    assert "Connection refused" in waits["why"]


WHOLE = (
    "alembic",
    "mako",
    "openpyxl",
    "typst",
    "docx",
    "lxml",
    "xlsxwriter",
    "twilio.rest",
    "holidays",
    "pydantic_settings",
)
WRITERS = (
    "reports.typesetting",
    "reports.rehearsal",
    *(f"reports.government.{own}" for own in ("charts", "pdf", "docx")),
)
"""What is large, and used by a command, a child or one page in a thousand."""


def test_no_process_keeps_in_memory_what_it_does_not_use(tmp_path, postgres_url, broker_url):
    env = environment(DESK_DATABASE_URL=postgres_url, DESK_BROKER_URL=broker_url, DESK_OUTBOX_DIR=str(tmp_path))
    spared = {
        "clock": (*WHOLE, *WRITERS, "starlette", "uvicorn", "PIL"),
        "worker": (*WHOLE, *WRITERS, "starlette", "uvicorn", "PIL", "jobs.turn.loop"),
        "web": (*WHOLE, "PIL", "dramatiq", "redis", "jobs.broker", "jobs.turn.loop"),
    }
    port = free_port()
    desk("migrate", env=env)
    desk("load", *FILES, env=env)

    with ExitStack() as running:
        for name in spared:
            words = (name, "--port", str(port)) if name == "web" else (name,)
            last = running.enter_context(started(*words, env=env, imports=tmp_path / name))
        until_alive(port, last)
        until(lambda: heard_from_a_worker(broker_url))

    for name, modules in spared.items():
        kept = {line.rpartition("|")[2].strip() for line in (tmp_path / name).read_text().splitlines()}
        assert "sqlalchemy.orm" in kept
        assert kept & set(modules) == set(), name


def heard_from_a_worker(broker_url: str) -> bool:
    with Redis.from_url(broker_url) as valkey:
        return bool(valkey.exists("dramatiq:__heartbeats__"))


def until(true: Callable[[], bool]) -> None:
    for _ in range(int(PATIENCE / 0.2)):
        if true():
            return
        Event().wait(0.2)
    raise AssertionError("not in time")


def test_a_memory_broker_is_refused_to_one_of_several_processes(tmp_path):
    env = environment(DESK_DATABASE_URL=f"sqlite:///{tmp_path}/desk.db", DESK_BROKER_URL="memory://")

    answers = [desk(word, env=env) for word in ("clock", "worker", "web")]

    assert [a.returncode for a in answers] == [78, 78, 78]
    assert all("./desk run" in a.stderr for a in answers)


def unfinished(port: int, sent: bytes) -> socket.socket:
    found = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    found.sendall(sent)
    return found


def test_a_thousand_unfinished_requests_stop_neither_the_pages_nor_the_clock(tmp_path):
    """Of 1,024 files that a process may usually open, they would take all; the clock is in the same process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard) if hard > 0 else 4096, hard))
    env = environment(DESK_DATABASE_URL=f"sqlite:///{tmp_path}/desk.db", DESK_OUTBOX_DIR=str(tmp_path / "outbox"))
    port = free_port()

    with started("run", "--port", str(port), env=env, imports=tmp_path / "log") as process, ExitStack() as slow:
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (1024, 1024))
        swept = until_alive(port, process)["swept_at"]
        for _ in range(1100):
            slow.enter_context(unfinished(port, b"GET /masuk HT"))
        loaded = desk("load", *FILES, env=env)
        until(lambda: (found := health(port)) is not None and found["alive"] and found["swept_at"] != swept)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert "reports owed" in loaded.stdout
    assert "turn failed" not in (tmp_path / "log").read_text()
    assert process.returncode == 0
