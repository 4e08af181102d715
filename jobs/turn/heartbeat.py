"""The sign of life to a monitor outside, so that somebody notices when the clock is dead (promise 12)."""

from datetime import timedelta
from threading import Thread
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import structlog

log = structlog.get_logger()

NAME = "heartbeat"
PATIENCE = timedelta(seconds=10)


class Heartbeat:
    """Pings one address, or none. The clock never waits for an answer."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._pinging: Thread | None = None

    def beat(self, failed: str = "") -> None:
        """Say that a sweep has finished, and what has `failed` that a person must look at. Call it in no transaction.

        If all is well it is a GET. A failure is a POST to the same address with `/fail`, with the reason as its body
        (https://healthchecks.io/docs/http_api/). The reason leaves this machine: it must name nobody.
        """
        if self._url is None:
            return
        if self._pinging is not None and self._pinging.is_alive():
            log.warning("heartbeat not heard", error="the last one is not answered yet")
            return
        sound = (_failing(self._url), failed.encode()) if failed else (self._url, None)
        self._pinging = Thread(target=_ping, name=NAME, args=sound, daemon=True)
        self._pinging.start()


def _failing(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))


def _ping(url: str, body: bytes | None) -> None:
    try:
        with urlopen(url, body, PATIENCE.total_seconds()):  # noqa: S310 - the operator's own setting, http(s) only
            pass
    except Exception as error:  # noqa: BLE001 - it may answer anything; its own text may hold the address, a secret
        log.warning("heartbeat not heard", error=type(error).__name__)
