"""Answers that are whole by a moment, or lost. The monotonic clock tells.

A time-out of a socket begins anew with each byte, so that a server that is slow enough would hold its worker for ever.
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
    """What comes in on a socket, as long as there is time; like `makefile` it keeps the socket open."""
    return io.BufferedReader(_Incoming(sock, until))


class _Incoming(io.RawIOBase):
    def __init__(self, sock: socket.socket, until: Callable[[], float]) -> None:
        self._sock, self._until = sock, until
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(left(self._until()))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
