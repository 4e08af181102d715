"""Answers that are complete by a deadline, or lost. The monotonic clock decides.

A socket's time-out begins anew with each byte, so a slow server could hold its worker for ever.
"""

import io
import socket
import time
from collections.abc import Callable
from typing import Any


def left(until: float) -> float:
    """Seconds until then. Raises: TimeoutError when it is past."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("timed out")
    return seconds


def incoming(sock: socket.socket, until: Callable[[], float]) -> io.BufferedReader:
    """Reads from a socket until the deadline; like `makefile` it keeps the socket open."""
    return io.BufferedReader(Incoming(sock, until))


class Incoming(io.RawIOBase):
    """Reads from a socket; an answer longer than `most` bytes counts as endless. None: no bound."""

    most: int | None = None

    def __init__(self, sock: socket.socket, until: Callable[[], float]) -> None:
        self._sock, self._until = sock, until
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(left(self._until()))
        read = self._raw.readinto(buffer)
        if self.most is not None:
            self.most -= read or 0
            if self.most < 0:
                raise ConnectionAbortedError("the answer did not end")
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()
