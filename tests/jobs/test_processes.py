"""The processes as an operator starts them: all in one without a service, and one each on PostgreSQL and Valkey."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

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
def started(*words: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "jobs", *words], cwd=ROOT, env=env, stderr=subprocess.PIPE)
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

    with started("run", "--port", str(port), env=env) as process:
        found = until_alive(port, process)
        loaded = desk("load", *FILES, env=env)

    assert found["swept_at"] is not None
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


def test_a_memory_broker_is_refused_to_one_of_several_processes(tmp_path):
    env = environment(DESK_DATABASE_URL=f"sqlite:///{tmp_path}/desk.db", DESK_BROKER_URL="memory://")

    answers = [desk(word, env=env) for word in ("clock", "worker", "web")]

    assert [a.returncode for a in answers] == [78, 78, 78]
    assert all("./desk run" in a.stderr for a in answers)
