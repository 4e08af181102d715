"""A child that is followed while it works: it ends with whoever listens, and within its bounds."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from threading import Event

import pytest

from services import child
from services.child import ROOT, Bounds, Ended, Why
from tests import engines

BOUNDS = Bounds(0, work=timedelta(seconds=60), patience=timedelta(seconds=60))
CHATTER = "tests.services.chatter"


def is_gone(pid: int) -> bool:
    """Whether a process has ended, in the time that a loaded machine needs."""
    give_up = time.monotonic() + engines.PATIENCE
    while time.monotonic() < give_up:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_each_line_is_heard_while_it_works():
    lines = child.follow(CHATTER, given=b"word", bounds=BOUNDS, stop=Event())

    pid, first = int(next(lines)), next(lines)
    lines.close()

    assert first == "word"
    assert is_gone(pid)


def test_it_ends_by_itself():
    assert len(list(child.follow(CHATTER, "ends", given=b"", bounds=BOUNDS, stop=Event()))) == 1


def test_it_is_killed_when_it_is_told_to_stop():
    stop = Event()
    lines = child.follow(CHATTER, given=b"word", bounds=BOUNDS, stop=stop)
    pid = int(next(lines))

    stop.set()
    with pytest.raises(Ended, match="told to stop"):
        list(lines)

    assert is_gone(pid)


def test_it_is_killed_after_its_patience():
    impatient = BOUNDS._replace(patience=timedelta())

    with pytest.raises(Ended) as ended:
        list(child.follow(CHATTER, given=b"word", bounds=impatient, stop=Event()))

    assert ended.value.why is Why.NOT_NOW


def test_what_it_says_when_it_refuses_is_heard():
    with pytest.raises(Ended) as ended:
        list(child.follow(CHATTER, "refuses", given=b"x" * 1_000_000, bounds=BOUNDS, stop=Event()))

    assert (ended.value.why, ended.value.said) == (Why.REFUSED, "there is nothing")


def test_it_dies_with_whoever_listens():
    follows = (
        "from datetime import timedelta; from threading import Event; from services import child; "
        "bounds = child.Bounds(0, work=timedelta(seconds=60), patience=timedelta(seconds=60)); "
        f"[print(line, flush=True) for line in child.follow({CHATTER!r}, given=b'w', bounds=bounds, stop=Event())]"
    )
    with subprocess.Popen([sys.executable, "-c", follows], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())

        parent.send_signal(signal.SIGKILL)
        parent.wait()

    assert is_gone(pid)
