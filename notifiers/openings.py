"""Tells one try that went wrong from a channel that is down, by counting openings that failed in a row."""

import threading

from rules.delivery import ChannelDown, DeliveryError, Temporary

PATIENCE = 3
"""Openings that may fail in a row before it is the channel that is down, and not one try that went wrong."""


class Openings:
    """Counts failures in a row, of all threads together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0

    def went_well(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self, error: DeliveryError) -> DeliveryError:
        """What an opening that failed means: nobody was reached, or after too many in a row, the channel is down."""
        with self._lock:
            self._failures += 1
            failures = self._failures
        if failures < PATIENCE:
            return Temporary(error.why, code=error.code, reached=False)
        return ChannelDown(f"{error.why}, {failures} times in a row", code=error.code)
