"""One HTTP request over kept connections. It knows whether the server may have taken any of it.

`requests` raises the same error for a connection cut before and after the request was read. The two call for
opposite acts. So the body itself knows whether anybody began to read it.
"""

import io
import logging
import socket
import ssl
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectTimeout, ProxyError, SSLError
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import MaxRetryError, NewConnectionError

from notifiers.deadline import incoming
from notifiers.mask import scrub
from rules.delivery import ChannelDown, DeliveryError, Temporary, Unknown

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts to which a secret may go without TLS, and never through a proxy."""

TIMEOUT = timedelta(seconds=15)
_CONNECT = 5.0
_LARGEST = 1 << 20
_FOR_EVER = timedelta(days=1)

Pairs = Mapping[str, object]


class Reply(NamedTuple):
    """What came back: any status, and at most a megabyte of text."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def wait(self) -> timedelta:
        """How long the server asks to be left alone (RFC 9110, 10.2.3): in seconds, or until a date by its own clock.

        Zero if it does not say, names the past, or says it in other words; at most a day.
        """
        asked = self.headers.get("Retry-After", "").strip()
        if asked.isascii() and asked.isdigit():
            return _FOR_EVER if len(asked) > len(str(_FOR_EVER.days * 86400)) else timedelta(seconds=int(asked))
        until, said_at = _instant(asked), self.said_at
        return min(max(until - said_at, timedelta(0)), _FOR_EVER) if until and said_at else timedelta(0)

    @property
    def said_at(self) -> datetime | None:
        """What the server's own clock showed (RFC 9110, 6.6.1), aware; None: it did not say."""
        return _instant(self.headers.get("Date", ""))


def _instant(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
        return at if at.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None


class Line:
    """Kept connections to one server. Safe to call from several threads; never follows redirects, never retries.

    Args:
        url: any address of the server.
        timeout: for one whole try; keep it shorter than the lease of a message.
    """

    def __init__(self, url: str, *, timeout: timedelta = TIMEOUT) -> None:
        if timeout <= timedelta(0):
            raise ValueError(f"timeout: {timeout} is no time to wait")
        # Both write whole URLs, and with them numbers, at the levels below.
        for name in ("urllib3", "twilio.http_client"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._seconds = timeout.total_seconds()
        self._session = requests.Session()
        self._session.trust_env = urlsplit(url).hostname not in HERE
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            adapter = HTTPAdapter(pool_maxsize=32, max_retries=0)
            adapter.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
            self._session.mount(scheme, adapter)

    def post(
        self,
        url: str,
        content: Pairs | str,
        *,
        auth: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a form or a plain text, and return the answer, whatever it is.

        Raises:
            Temporary: nobody can have taken it up.
            Unknown: it was taken up, or may have been, and no whole answer came.
            ChannelDown: the server cannot be trusted, or the address is invalid.
        """
        if isinstance(content, str):
            kind, text = "text/plain; charset=UTF-8", content
        else:
            kind, text = "application/x-www-form-urlencoded", urlencode(content, doseq=True)
        body = _Body(text.encode())
        return self._ask("POST", url, body, auth, {"Content-Type": kind, **(headers or {})})

    def get(
        self,
        url: str,
        query: Pairs,
        *,
        auth: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Ask; raises as `post`. There is no body, so a failed request counts as not sent."""
        mark = "&" if urlsplit(url).query else "?"
        return self._ask("GET", f"{url}{mark}{urlencode(query, doseq=True)}" if query else url, None, auth, headers)

    def close(self) -> None:
        """Let go of idle connections; a later request opens new ones."""
        self._session.close()

    def _ask(
        self,
        method: str,
        url: str,
        body: "_Body | None",
        auth: tuple[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> Reply:
        until = time.monotonic() + self._seconds
        try:
            with self._session.request(
                method,
                url,
                data=body,
                auth=auth,
                headers=dict(headers or {}),
                timeout=(min(_CONNECT, self._seconds), self._seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                reply = Reply(response.status_code, _text(response, until), response.headers)
        except requests.RequestException as error:
            raise _end(error, taken=body.taken if body else not _unopened(error)) from None
        return reply


class _Answer(HTTPResponse):
    """Reads an answer that must be complete within the time of one try, or is lost."""

    def __init__(self, sock: socket.socket, *args: Any, **more: Any) -> None:
        super().__init__(sock, *args, **more)
        until = time.monotonic() + (sock.gettimeout() or TIMEOUT.total_seconds())
        self.fp, plain = incoming(sock, lambda: until), self.fp
        plain.close()


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Body(io.BytesIO):
    """A body that knows whether any of it was read, which happens only once the connection stands."""

    taken = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.taken = True
        return super().read(size)


def _text(response: requests.Response, until: float) -> str:
    """The answer's text. An answer that never ends, or is too large, counts as lost."""
    parts, size = [], 0
    for part in response.iter_content(8192):
        parts.append(part)
        size += len(part)
        if size > _LARGEST or time.monotonic() > until:
            raise requests.ReadTimeout("the answer did not end")
    return b"".join(parts).decode("utf-8", "replace")


def _end(error: requests.RequestException, *, taken: bool) -> DeliveryError:
    # The text of `requests` holds the URL, and so may hold a number; the kind of error says enough.
    why = _root(error)
    said = f"http: {type(why).__name__}"
    if isinstance(why, OSError) and why.strerror:
        said = f"http: {scrub(why.strerror)}"
    if isinstance(why, ssl.SSLCertVerificationError):
        return ChannelDown(f"http: the certificate does not hold: {scrub(why.verify_message)}")
    if isinstance(error, ValueError):  # requests: the address or a header of ours is none
        return ChannelDown(said)
    return Unknown(said) if taken else Temporary(said, reached=False)


def _unopened(error: requests.RequestException) -> bool:
    if isinstance(error, ConnectTimeout | ProxyError | SSLError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _root(error: BaseException) -> BaseException:
    """The innermost cause: the error of the operating system or the TLS library."""
    seen: BaseException = error
    while inner := (
        getattr(seen, "reason", None)
        if isinstance(getattr(seen, "reason", None), BaseException)
        else seen.__cause__
        or next((part for part in seen.args if isinstance(part, BaseException)), None)
        or (seen.__context__ if not seen.__suppress_context__ else None)
    ):
        seen = inner
    return seen
