"""Rate limits, kept in this process: they protect it from a flood, and are forgotten when it stops.

Several web processes each have their own, so together they let through as many times more. Guessing is not what these
hold back: a link has 95 bits (docs/adr/0009-short-links.md).
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from threading import Lock

KEPT = 10_000
"""So many callers are remembered; whoever was silent longest is forgotten first."""


class Buckets:
    """For each caller a bucket that holds `burst` requests and gains `a_second`."""

    def __init__(self, *, a_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = a_second
        self._burst = burst
        self._clock = clock
        self._lock = Lock()
        self._found: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str) -> int:
        """Take one request; 0, or how many seconds are to be waited until there is one again."""
        with self._lock:
            now = self._clock()
            left, at = self._found.pop(caller, (float(self._burst), now))
            left = min(self._burst, left + (now - at) * self._rate)
            allowed = left >= 1
            self._found[caller] = (left - allowed, now)
            if len(self._found) > KEPT:
                self._found.popitem(last=False)
        return 0 if allowed else ceil((1 - left) / self._rate)
