"""Children of a load or fault run: started from this tree, ended with the process that started them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests import engines

ROOT = Path(__file__).parents[2]


def start(module: str, *args: object, stderr: int | None = None) -> subprocess.Popen[str]:
    """`python -m module args`, with pipes to talk over; it is killed when this process is gone."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, args)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        preexec_fn=engines._die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - no child may outlive us
    )


def heard(child: subprocess.Popen[str]) -> str:
    """The next line a child says. Raises: AssertionError when it ended instead."""
    assert child.stdout is not None
    line = child.stdout.readline()
    assert line, f"{child.args} ended with {child.wait()}"
    return line.strip()


def say(child: subprocess.Popen[str], line: str) -> None:
    assert child.stdin is not None
    child.stdin.write(f"{line}\n")
    child.stdin.flush()


def kill(child: subprocess.Popen[str]) -> None:
    """As the kernel would: nothing is tidied up."""
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


class Taken(NamedTuple):
    """A mail that the server said 250 to."""

    message_id: str
    to: str
    at: float


class Sink(NamedTuple):
    """The mail server's port, and its log: what it accepted, whoever says what."""

    port: int
    log: Path
    pid: int

    def size(self) -> int:
        """Bytes in the log: grows with every mail accepted."""
        return self.log.stat().st_size

    def count(self) -> int:
        """How many mails were accepted."""
        return self.log.read_bytes().count(b"\n")

    def taken(self) -> list[Taken]:
        return [Taken(id, to, float(at)) for id, to, at in (line.split() for line in self.log.read_text().splitlines())]

    def wipe(self) -> None:
        os.truncate(self.log, 0)


@contextmanager
def sink(log: Path) -> Iterator[Sink]:
    """Run the mail server while the block lasts."""
    log.touch()
    child = start("tests.load.sink", log)
    try:
        yield Sink(int(heard(child)), log, child.pid)
    finally:
        kill(child)
