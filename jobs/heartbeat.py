"""The sign of life to whoever listens outside, so that somebody notices when the clock is dead (promise 12)."""

from datetime import timedelta
from threading import Thread
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import structlog

log = structlog.get_logger()

NAME = "heartbeat"
PATIENCE = timedelta(seconds=10)


class Heartbeat:
    """Pings one address, or none. The clock never waits for it: a ping that is not answered is passed over."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._pinging: Thread | None = None

    def beat(self, failed: str = "") -> None:
        """Say that a sweep has finished; with `failed`: what a person must look at. Call it in no transaction.

        All is well: a GET. A failure is a POST to the same address with `/fail`, its reason the body, as
        https://healthchecks.io/docs/http_api/ keeps it. The reason goes outside: it must name nobody.
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
    except (OSError, ValueError) as error:  # its own text may hold the address, which is a secret
        log.warning("heartbeat not heard", error=type(error).__name__)
