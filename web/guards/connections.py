"""How long a connection may take, and how many may be open: slow or many callers must not stop pages or the clock.

uvicorn limits neither. 1,024 unfinished request lines take every file that a process may open, and with them the
clock's where all is one process (`./desk run`).
"""

import asyncio
import resource
from collections import Counter
from enum import IntEnum
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from web.guards import limits

MOST = 400
"""Connections open at a time. A desk has a few dozen people; their phones keep one or two each."""


class Waits(IntEnum):
    """What a connection waits for. The lowest is closed first."""

    REQUEST = 0
    READER = 1
    BODY = 2
    ANSWER = 3


class Bounded(H11Protocol):
    """A connection that is closed when it takes too long, or when another needs its place. Times are in seconds.

    `request`: until the head of a request is complete. `silence`: between two pieces of its body. `whole`: for the
    whole body, such as six photos on a poor line. `answer`: while the reader takes up nothing of an answer.
    """

    most = MOST
    request, silence, whole, answer = 10.0, 20.0, 900.0, 60.0
    every = 1.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._since = self._heard = self.loop.time()
        self._stuck: float | None = None
        if len(self.connections) > _room(self.most):
            self._make_room()
        self._next_look = self.loop.call_later(self.every, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        self._next_look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._heard = self.loop.time()
        waited = self.waits
        super().data_received(data)
        if self.waits is not waited:
            self._since = self._heard

    def on_response_complete(self) -> None:
        self._since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        self._stuck = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stuck = None
        super().resume_writing()

    @property
    def waits(self) -> Waits:
        """What it waits for now."""
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request, whatever its type says
        if cycle is None or cycle.response_complete:
            return Waits.REQUEST
        if self._stuck is not None:
            return Waits.READER
        return Waits.BODY if cycle.more_body else Waits.ANSWER

    def _look(self) -> None:
        now = self.loop.time()
        if self._overdue(now):
            self.transport.abort()
        else:
            self._next_look = self.loop.call_later(self.every, self._look)

    def _overdue(self, now: float) -> bool:
        if self._stuck is not None and now - self._stuck > self.answer:
            return True
        if self.waits is Waits.BODY and not self.flow.read_paused:
            return now - self._heard > self.silence or now - self._since > self.whole
        return self.waits is Waits.REQUEST and now - self._since > self.request

    def _make_room(self) -> None:
        """Close one, of the caller that has most: the longest idle; this one, if all others are being served."""
        shared = Counter(_host(other) for other in self.connections)
        others: set[Any] = self.connections - {self}
        first = min(others, key=lambda other: (other.waits, -shared[_host(other)], other._since))
        gone = self if first.waits is Waits.ANSWER else first
        self.connections.discard(gone)
        gone.transport.abort()


def _host(connection: Any) -> str:
    return limits.caller({"client": connection.client})


def _room(most: int) -> int:
    """So many connections that half of the files which this process may open are left for everything else."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most if soft == resource.RLIM_INFINITY else min(most, soft // 2)
