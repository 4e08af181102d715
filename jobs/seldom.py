"""Say once a minute, with a count, what repeats every few seconds while something is away."""

import time
from collections import Counter
from collections.abc import Callable, Hashable
from datetime import timedelta
from threading import Lock

EVERY = timedelta(minutes=1)


class Seldom:
    """Safe to use from several threads. `uptime` tells seconds."""

    def __init__(self, uptime: Callable[[], float] = time.monotonic) -> None:
        self._uptime = uptime
        self._said: dict[Hashable, float] = {}
        self._times: Counter[Hashable] = Counter()
        self._lock = Lock()

    def times(self, what: Hashable) -> int:
        """How often it happened since it was last said, this time included; 0 if it is too early to say it again."""
        with self._lock:
            self._times[what] += 1
            now = self._uptime()
            if what in self._said and now - self._said[what] < EVERY.total_seconds():
                return 0
            self._said[what] = now
            return self._times.pop(what)
