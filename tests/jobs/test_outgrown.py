"""A process that runs while another version changes the tables ends by itself, and says why."""

import signal
import subprocess
import sys

import pytest
from sqlalchemy import text

from models import base, migrations
from tests.faults.conftest import until
from tests.jobs.test_processes import ROOT, environment, free_port


@pytest.mark.parametrize("command", ["clock", "worker", "web"])
def test_a_process_ends_when_another_version_changes_the_tables_under_it(tmp_path, postgres_url, broker_url, command):
    engine, log = base.connect(postgres_url), tmp_path / "log"
    migrations.up(engine)
    env = environment(DESK_DATABASE_URL=postgres_url, DESK_BROKER_URL=broker_url, DESK_OUTBOX_DIR=str(tmp_path))
    words = [command, *(["--port", str(free_port())] if command == "web" else [])]
    with log.open("wb") as heard:
        process = subprocess.Popen([sys.executable, "-m", "jobs", *words], cwd=ROOT, env=env, stderr=heard)
    until(lambda: "started" in log.read_text() or process.poll() is not None)

    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    try:
        code = process.wait(60)
    finally:
        process.send_signal(signal.SIGKILL)

    assert code == 78, log.read_text()
    assert "database outgrew this version" in log.read_text()
    assert "Traceback" not in log.read_text()
    engine.dispose()
