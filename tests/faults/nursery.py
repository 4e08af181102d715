"""Processes for fault tests. They are forked from one that has imported everything, so a start costs no second."""

import multiprocessing
import signal
from collections.abc import Callable
from typing import Any

from tests import engines

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.faults.children", "pytest"])


class Child:
    """A process that runs `act(pipe, *args)`; it is killed when this one is gone."""

    def __init__(self, act: Callable[..., None], *args: object) -> None:
        self.pipe, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(target=_run, args=(act, theirs, *args), daemon=True)
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

    def kill(self) -> None:
        """As the kernel would: nothing is tidied up."""
        self.process.kill()
        self.process.join(10)
        self.pipe.close()


def _run(act: Callable[..., None], *args: object) -> None:
    if die := engines._die_with_parent(signal.SIGKILL):
        die()
    act(*args)
