"""The processes as an operator starts them: all in one without a service, and one each on PostgreSQL and Valkey."""

import json
import os
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

from redis import Redis

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
    assert "no programme is loaded: nobody owes anything" in (tmp_path / "log").read_text()
    assert "reports owed" in loaded.stdout
    assert process.returncode == 0


def test_a_clock_a_worker_and_the_web_share_postgresql_and_valkey(tmp_path, postgres_url, broker_url):
    env = environment(
        DESK_DATABASE_URL=postgres_url, DESK_BROKER_URL=broker_url, DESK_OUTBOX_DIR=str(tmp_path / "outbox")
    )
    port = free_port()

    refused = desk("load", *FILES, env=env)
    migrated = desk("migrate", env=env)
    with started("clock", env=env), started("worker", env=env), started("web", "--port", str(port), env=env) as web:
        found = until_alive(port, web)

    assert (refused.returncode, migrated.returncode) == (78, 0)
    assert "./desk migrate" in refused.stderr
    assert found["alive"]


WHOLE = ("alembic", "mako", "openpyxl", "typst", "docxtpl", "twilio.rest", "holidays", "pydantic_settings")
"""What is large, and used by a command, a child or one page in a thousand."""


def test_no_process_keeps_in_memory_what_it_does_not_use(tmp_path, postgres_url, broker_url):
    env = environment(DESK_DATABASE_URL=postgres_url, DESK_BROKER_URL=broker_url, DESK_OUTBOX_DIR=str(tmp_path))
    spared = {
        "clock": (*WHOLE, "starlette", "uvicorn", "PIL"),
        "worker": (*WHOLE, "starlette", "uvicorn", "PIL", "reports", "jobs.loop"),
        "web": (*WHOLE, "dramatiq", "redis", "jobs.broker", "jobs.loop"),
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
