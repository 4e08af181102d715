"""The mail server that takes our mail: its place, our account, and how a connection to it is opened."""

import io
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from notifiers import mime
from notifiers.deadline import Incoming, left
from notifiers.mask import scrub
from notifiers.replies import Phase, judged
from rules.delivery import ChannelDown, DeliveryError, Temporary

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Tls(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One server and an account on it.

    Args:
        sender: the From address; the envelope sender too, unless a letter names another.
        ca_file: certificates to trust instead of the system's, for a server with its own.
        timeout: for one whole try, opening included; keep it shorter than the lease of a message.
        helo: the name given in EHLO; None: this machine's.
    """

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str = field(default="", repr=False)
    tls: Tls = Tls.STARTTLS
    ca_file: Path | None = None
    timeout: timedelta = timedelta(seconds=60)
    helo: str | None = None

    def __post_init__(self) -> None:
        if not mime.usable(self.sender):
            raise ValueError("sender: not one plain address")
        if self.timeout <= timedelta(0):
            raise ValueError(f"timeout: {self.timeout} is no time to wait")
        if self.user is not None and not (self.user + self.password).isascii():
            raise ValueError("user, password: smtplib takes ASCII only")
        if self.user is not None and self.tls is Tls.NONE and self.host not in _HERE:
            raise ValueError(f"tls: the password would cross the network to {self.host} in the clear")


def trust(server: Server) -> ssl.SSLContext | None:
    """Which certificates to trust; names are always checked. Costly: make it once."""
    return None if server.tls is Tls.NONE else ssl.create_default_context(cafile=server.ca_file)


LARGEST_REPLY = 64 * 1024
"""Bytes of one answer: RFC 5321, 4.5.3.1.5 gives a line 512, and no greeting has a hundred."""

_NO_EHLO = frozenset({500, 501, 502, 503, 504})
"""A server that knows no EHLO says one of these (RFC 1869, 4.5), and may know HELO."""


class Connection(smtplib.SMTP):
    """A connection on which every answer is whole before the monotonic clock reads `until`, or is lost."""

    def __init__(self, host: str, port: int, name: str, *, until: float, **more: Any) -> None:
        self.until = until
        super().__init__(host, port, name, timeout=left(until), **more)

    def getreply(self) -> tuple[int, bytes]:
        """The next answer. One longer than `LARGEST_REPLY` is lost, and the connection with it."""
        if self.file is None and self.sock is not None:
            self._incoming = Incoming(self.sock, lambda: self.until)
            self.file = io.BufferedReader(self._incoming)
        self._incoming.most = LARGEST_REPLY
        return super().getreply()

    def wait_until(self, until: float) -> None:
        """The next command and its answer must be over by then. Raises: TimeoutError: too late already."""
        self.until = until
        if self.sock is not None:
            self.sock.settimeout(left(until))


class _TlsConnection(Connection, smtplib.SMTP_SSL):
    """The same, secured from the beginning."""


def connect(server: Server, believed: ssl.SSLContext | None, until: float) -> Connection:
    """A connection ready for MAIL: greeted, secured, logged in.

    Raises:
        Temporary, ChannelDown: with the step that failed; the text holds neither user nor password.
    """
    phase, smtp = Phase.CONNECT, None
    try:
        smtp = _reached(server, believed, until)
        phase = Phase.EHLO
        _hello(smtp, until)
        if server.tls is Tls.STARTTLS:
            phase = Phase.STARTTLS
            smtp.starttls(context=believed)
            phase = Phase.EHLO
            _hello(smtp, until)
        if server.user is not None:
            phase = Phase.AUTH
            smtp.login(server.user, server.password)
    except OSError as error:
        if smtp:
            smtp.close()
        raise _end(phase, error, server) from None
    return smtp


def _reached(server: Server, believed: ssl.SSLContext | None, until: float) -> Connection:
    # Without a name of its own smtplib asks the DNS for one, which may take longer than the mail.
    name = server.helo or socket.gethostname()
    if server.tls is Tls.IMPLICIT:
        smtp: Connection = _TlsConnection(server.host, server.port, name, until=until, context=believed)
    else:
        smtp = Connection(server.host, server.port, name, until=until)
    assert smtp.sock is not None
    smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return smtp


def _hello(smtp: Connection, until: float) -> None:
    smtp.wait_until(until)
    code, reply = smtp.ehlo()
    if code in _NO_EHLO:
        code, reply = smtp.helo()
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, reply)


def _end(phase: Phase, error: OSError, server: Server) -> DeliveryError:
    """What a failed opening means; every error of smtplib, ssl and the resolver is an OSError."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
        return judged(phase, error.smtp_code, reply, server.user or "", server.password)
    why = f"{phase}: {scrub(str(error)) or type(error).__name__}"
    unknown_name = isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME
    # A bare SMTPException is smtplib's way of saying that no way to log in suits both sides.
    cannot_agree = isinstance(error, smtplib.SMTPNotSupportedError) or type(error) is smtplib.SMTPException
    if unknown_name or cannot_agree or isinstance(error, ssl.SSLCertVerificationError):
        return ChannelDown(why)
    return Temporary(why)
