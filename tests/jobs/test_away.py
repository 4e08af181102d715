"""A database that is not there when a process starts is waited for; what is wrong with a setting is not."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.faults.conftest import until
from tests.faults.proxy import proxy
from tests.jobs.test_processes import ROOT, environment, free_port

AWAY = "database away"


@pytest.mark.parametrize("command", ["clock", "worker", "web", "run"])
def test_a_process_waits_for_its_database_and_goes_on_when_it_is_there(
    tmp_path, migrated_postgres_url, broker_url, command
):
    place, log = make_url(migrated_postgres_url), tmp_path / "log"
    with proxy(Path(str(place.query["host"])) / ".s.PGSQL.5432") as line:
        line.refuses()
        env = environment(
            DESK_DATABASE_URL=f"postgresql+psycopg://postgres@127.0.0.1:{line.port}/{place.database}",
            DESK_BROKER_URL="memory://" if command == "run" else broker_url,
            DESK_OUTBOX_DIR=str(tmp_path / "outbox"),
        )
        words = [
            sys.executable,
            "-m",
            "jobs",
            command,
            *(["--port", str(free_port())] if command in {"web", "run"} else []),
        ]
        with log.open("wb") as heard:
            process = subprocess.Popen(words, cwd=ROOT, env=env, stderr=heard)
        until(lambda: AWAY in log.read_text() or process.poll() is not None)
        waited = process.poll() is None

        line.behaves()
        until(lambda: "started" in log.read_text() or process.poll() is not None)
        went_on = process.poll() is None
        process.send_signal(signal.SIGTERM)
        process.wait(60)

    assert waited, log.read_text()
    assert went_on, log.read_text()
