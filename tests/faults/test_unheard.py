"""Logs that cannot be written, and threads that end: the work goes on, or the process ends, and never half of it."""

import re
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models.matters.matters import Matter
from models.messages.messages import Message
from rules.delivery import State
from rules.desk import Channel
from tests.engines import MailServer
from tests.faults.children import work_unheard
from tests.faults.conftest import NOW, built
from tests.faults.nursery import Child
from tests.jobs.test_processes import ROOT, environment, free_port, until_alive
from tests.load import desk


@pytest.mark.parametrize("how", ["full", "closed", "cut off"])
def test_a_worker_whose_logs_cannot_be_written_sends_every_mail_once(
    sqlite_url: str, smtp_server: MailServer, how: str
):
    with built(sqlite_url) as house:
        house.pending(60)

        worker = Child(work_unheard, house.url, smtp_server.port, NOW, how)

        assert worker.hear() == "done"
        assert set(Counter(mail.message_id for mail in smtp_server.accepted).values()) == {1}
        assert house.count(State.SENT) == len(smtp_server.accepted) == 60


@pytest.mark.unsearched("it logs into nothing")
def test_the_clock_turns_and_the_pages_answer_while_the_logs_disk_is_full(tmp_path):
    env = environment(DESK_DATABASE_URL=f"sqlite:///{tmp_path}/desk.db", DESK_OUTBOX_DIR=str(tmp_path / "outbox"))
    port = free_port()

    with Path("/dev/full").open("wb") as full:
        words = [sys.executable, "-m", "jobs", "run", "--port", str(port)]
        process = subprocess.Popen(words, cwd=ROOT, env=env, stderr=full)
    found = until_alive(port, process)
    process.send_signal(signal.SIGTERM)

    assert found["swept_at"] is not None
    assert process.wait(60) == 0


CLOCK_DIES = """
import signal, threading
from jobs import logs, whole
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
logs.set_up()
with whole.ends_with_its_threads():
    threading.Thread(target=lambda: 1 / 0, name="clock").start()
    stop.wait(60)
    print("tidied up")
"""


@pytest.mark.unsearched("nobody is in it")
def test_a_process_one_of_whose_threads_has_died_ends_and_says_which():
    done = subprocess.run([sys.executable, "-c", CLOCK_DIES], cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (1, "tidied up\n")
    assert '"thread": "clock"' in done.stderr
    assert '"error": "ZeroDivisionError"' in done.stderr


def pending(pid: int, sign: signal.Signals) -> bool:
    """Whether a process has not been interrupted yet by a signal that it was sent; a busy machine takes its time."""
    status = Path(f"/proc/{pid}/status")
    waiting = re.search(r"ShdPnd:\s*(\w+)", status.read_text()) if status.exists() else None
    return waiting is not None and bool(int(waiting[1], 16) & 1 << sign - 1)


@pytest.mark.parametrize("command", ["worker", "run"])
def test_a_process_that_is_told_to_stop_ends_after_one_send_and_lets_go_of_the_rest(
    tmp_path, postgres_url: str, broker_url: str, smtp_server: MailServer, command: str
):
    with built(postgres_url) as house:
        ids = house.pending(30)
        with house.sessions.begin() as session:
            session.execute(update(Matter).values(next_at=None))
            session.execute(update(Message).values(due_at=datetime.now(UTC)))
        env = environment(
            DESK_DATABASE_URL=postgres_url,
            DESK_BROKER_URL=broker_url if command == "worker" else "memory://",
            DESK_SMTP_URL=f"smtp://127.0.0.1:{smtp_server.port}?tls=none",
            DESK_MAIL_FROM="desk@desk.example",
            DESK_OUTBOX_DIR=str(tmp_path),
        )
        words = [sys.executable, "-m", "jobs", command, "--threads", "1"]
        words += ["--port", str(free_port())] if command == "run" else []
        process = subprocess.Popen(words, cwd=ROOT, env=env, stderr=(tmp_path / "log").open("wb"))

        def told() -> str | None:
            if len(smtp_server.accepted) == 2:
                process.send_signal(signal.SIGTERM)
                while pending(process.pid, signal.SIGTERM):
                    pass
            return None

        smtp_server.answer("data", told)
        if command == "worker":
            desk.bell(broker_url).ring(Channel.EMAIL, ids)

        assert process.wait(60) == 0
        accepted = len(smtp_server.accepted)
        assert 3 <= accepted <= 4, "the send it was in, and one that had begun"
        assert house.count(State.SENT) == accepted
        with house.sessions() as session:
            left = session.execute(select(Message.state, Message.bell_at).where(Message.state != State.SENT))
            assert set(left) == {(State.PENDING, None)}, "the clock rings for them at its next turn"
