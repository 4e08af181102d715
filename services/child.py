"""Runs risky work in a process of its own, within bounds: files from strangers, and libraries that keep memory.

`run` and `follow` are the parent's side. The child is `python -m services.child MEGABYTES SECONDS MODULE ...`. It
limits itself before it reads a byte, then becomes the module. It gets no environment, which holds secrets.
"""

import os
import resource
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from select import select
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from threading import Event
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
REFUSED = os.EX_DATAERR
"""Exit status of a child that says on standard error why there is nothing."""
FULL = os.EX_OSERR
"""Exit status of a child that ran out of the memory it may use."""


class Bounds(NamedTuple):
    """What a child may use. `work`: processor time; `patience`: in all, on a machine that has other things to do."""

    megabytes: int
    work: timedelta
    patience: timedelta


class Why(StrEnum):
    """Why there is no result: the child says so, it broke, it would use too much, or this machine cannot do it now."""

    REFUSED = "refused"
    BROKE = "broke"
    TOO_MUCH = "too_much"
    NOT_NOW = "not_now"


class Ended(Exception):
    """A child ended without a result. `said`: what it wrote on standard error, if it is to be shown."""

    def __init__(self, why: Why, said: str) -> None:
        super().__init__(said)
        self.why = why
        self.said = said


def run(module: str, *arguments: str, given: bytes, bounds: Bounds) -> bytes:
    """What `python -m MODULE` makes of `given`. Safe to repeat.

    Raises:
        Ended: it made nothing.
    """
    try:
        # No user data stands on the command line: it goes in by standard input.
        done = subprocess.run(  # noqa: S603
            _command(module, arguments, bounds),
            input=given,
            capture_output=True,
            cwd=ROOT,
            env={},
            timeout=bounds.patience.total_seconds(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Ended(Why.NOT_NOW, f"not done within {bounds.patience.total_seconds():g} s") from error
    except OSError as error:
        raise Ended(Why.NOT_NOW, f"no child can be started: {error.strerror}") from error
    if done.returncode:
        raise Ended(*_ended(done.returncode, done.stderr.decode(errors="replace").strip()))
    return done.stdout


def follow(module: str, *arguments: str, given: bytes, bounds: Bounds, stop: Event) -> Generator[str, None, None]:
    """Each line that `python -m MODULE` writes while it works. It is killed once nobody asks for more, and within a
    second once `stop` is set. If this process dies, the child's next line breaks it.

    Raises:
        Ended: it did not end well, or was stopped.
    """
    patience = bounds.patience.total_seconds()
    give_up = time.monotonic() + patience
    with TemporaryFile() as said:
        try:
            child = Popen(  # noqa: S603 - as above
                _command(module, arguments, bounds), stdin=PIPE, stdout=PIPE, stderr=said, cwd=ROOT, env={}
            )
        except OSError as error:
            raise Ended(Why.NOT_NOW, f"no child can be started: {error.strerror}") from error
        with child:
            ended = False
            try:
                assert child.stdin is not None, "it is a pipe"
                with suppress(BrokenPipeError), child.stdin:
                    child.stdin.write(given)
                ended = yield from _lines(child, lambda: stop.is_set() or time.monotonic() > give_up)
            finally:
                if not ended:
                    child.kill()
        if stop.is_set():
            raise Ended(Why.NOT_NOW, "told to stop")
        if not ended:
            raise Ended(Why.NOT_NOW, f"not done within {patience:g} s")
        if child.returncode:
            said.seek(0)
            raise Ended(*_ended(child.returncode, said.read().decode(errors="replace").strip()))


def _lines(child: Popen[bytes], over: Callable[[], bool]) -> Generator[str, None, bool]:
    """What it writes, up to its end (True) or until it is `over`, which is asked once a second (False)."""
    assert child.stdout is not None, "it is a pipe"
    begun = b""
    while not over():
        if not select([child.stdout], [], [], 1.0)[0]:
            continue
        read = os.read(child.stdout.fileno(), 65536)
        if not read:
            return True
        *lines, begun = (begun + read).split(b"\n")
        yield from (line.decode() for line in lines)
    return False


def _command(module: str, arguments: Sequence[str], bounds: Bounds) -> list[str]:
    limits = str(bounds.megabytes), str(round(bounds.work.total_seconds()))
    return [sys.executable, "-W", "ignore", "-m", "services.child", *limits, module, *arguments]


def _ended(status: int, said: str) -> tuple[Why, str]:
    if status == REFUSED and said:
        return Why.REFUSED, said
    if status in (FULL, -signal.SIGXCPU, -signal.SIGKILL):  # the last comes from a machine without memory left
        return Why.TOO_MUCH, "more memory or time than it may use"
    last = said.splitlines()[-1:]
    return Why.BROKE, ": ".join([f"the child ended with status {status}", *last])


def main(megabytes: int, seconds: int, module: str, arguments: list[str]) -> int:
    """Become `python -m MODULE`, bound. Zero megabytes: as many as there are."""
    if megabytes:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)  # less, if this is the child of a child
    bound = seconds + 1 if most == resource.RLIM_INFINITY else min(seconds + 1, most)
    resource.setrlimit(resource.RLIMIT_CPU, (min(seconds, bound), bound))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.argv[1:] = arguments
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except MemoryError:
        return FULL
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
