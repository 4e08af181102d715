"""Processes for fault tests. They are forked from one that has imported everything, so a start costs no second."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import engines
from tests.faults.places import places

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.faults.children", "tests.faults.counterparts", "pytest"])


class Child:
    """A process that runs `act(pipe, *args)`; it is killed when this one is gone. What it logs is searched."""

    def __init__(self, act: Callable[..., None], *args: object) -> None:
        log = places.log()
        self.pipe, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(target=_run, args=(log, act, theirs, *args), daemon=True)
        self.process.start()
        theirs.close()

    def say(self, what: object) -> None:
        self.pipe.send(what)

    def hear(self, patience: float = 60.0) -> Any:
        """What it says next. Raises: EOFError when it ended instead."""
        assert self.pipe.poll(patience), "it says nothing"
        return self.pipe.recv()

    def alive(self) -> bool:
        return self.process.is_alive()

    def strike(self) -> None:
        """Kill it where it stands, and wait for nothing."""
        os.kill(self.process.pid or 0, signal.SIGKILL)

    def ended(self) -> int | None:
        """How it ended: the negative number of a signal, or 0. None: it goes on and on."""
        self.process.join(60)
        return self.process.exitcode

    def kill(self) -> None:
        """As the kernel would: nothing is tidied up."""
        self.process.kill()
        self.process.join(10)
        self.pipe.close()


def _run(log: Path, act: Callable[..., None], *args: object) -> None:
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
    if die := engines._die_with_parent(signal.SIGKILL):
        die()
    act(*args)
