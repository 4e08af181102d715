"""Rate limits, kept in this process: they protect it from a flood, and are forgotten when it stops.

Each web process has its own, so three processes let three times as much through. They are not there to stop guessing:
a link has 95 bits (docs/adr/0009-short-links.md).
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, ip_address, ip_network
from math import ceil
from threading import Lock
from typing import Any

_V6 = 64
"""Bits of an IPv6 address that tell who calls. Any machine chooses the other bits itself, as often as it likes."""

KEPT = 10_000
"""So many callers are remembered. The one that was silent longest is forgotten first."""


def caller(scope: Mapping[str, Any]) -> str:
    """Who calls, as limits count: an IPv4 address or the network of an IPv6 address; empty if it is not known."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return str(host)
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((int(address), _V6), strict=False))


class Buckets:
    """For each caller a bucket that holds `burst` requests and gains `a_second`."""

    def __init__(self, *, a_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = a_second
        self._burst = burst
        self._clock = clock
        self._lock = Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str) -> int:
        """Count one request; how many seconds the caller has to wait, or 0 if it may go on."""
        with self._lock:
            now = self._clock()
            left, at = self._buckets.pop(caller, (float(self._burst), now))
            left = min(self._burst, left + (now - at) * self._rate)
            allowed = left >= 1
            self._buckets[caller] = (left - allowed, now)
            if len(self._buckets) > KEPT:
                self._buckets.popitem(last=False)
        return 0 if allowed else ceil((1 - left) / self._rate)
