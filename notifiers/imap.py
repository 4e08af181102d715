"""A mailbox at somebody else's server, over IMAP (RFC 3501): what came in is read and marked as seen, never deleted.

Messages go by UID. A UID names the same message as long as the folder's UIDVALIDITY stays (RFC 3501, 2.3.1.1).
"""

import hashlib
import imaplib
import io
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from notifiers.deadline import Incoming, left
from notifiers.mailserver import Tls
from notifiers.mask import scrub

_DATE = re.compile(rb'INTERNALDATE "([^"]+)"', re.IGNORECASE)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST_LINE = 1_000_000


class Step(StrEnum):
    """The steps of one look, in their order."""

    CONNECT = "connect"
    STARTTLS = "starttls"
    LOGIN = "login"
    FOLDER = "folder"
    READ = "read"
    MARK = "mark"
    MOVE = "move"


class MailboxAway(Exception):
    """A mailbox that could not be looked at; its text names the step, and holds neither user nor password."""

    def __init__(self, step: Step, why: str) -> None:
        super().__init__(f"{step}: {why}")
        self.step = step


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One folder of one account.

    Args:
        move_to: the folder to which a message goes once it was taken in; empty: it stays, marked as seen.
        ca_file: certificates to trust instead of the system's.
        timeout: for one step of a look: opening it, reading one message, marking one.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: Tls = Tls.IMPLICIT
    folder: str = "INBOX"
    move_to: str = ""
    ca_file: Path | None = None
    timeout: timedelta = timedelta(seconds=30)

    @property
    def name(self) -> str:
        """What the books call it: the same folder has the same name, and no address can be read from it."""
        return hashlib.sha256(f"{self.host}\n{self.user}\n{self.folder}".encode()).hexdigest()[:32]


class Came(NamedTuple):
    """One message as it lies there, `at`: when the server took it in (INTERNALDATE), aware."""

    at: datetime
    mail: bytes


@contextmanager
def opened(account: Account) -> Iterator["Mailbox"]:
    """A folder, opened for reading and marking. Raises: MailboxAway."""
    mailbox = Mailbox(account)
    try:
        yield mailbox
    finally:
        mailbox.close()


class Mailbox:
    """An open folder. `validity`: its UIDVALIDITY; `next_uid`: above all UIDs that were given, 0 if it is not told."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._step = Step.CONNECT
        self._line: _Line | None = None
        try:
            self._line = self._reached()
            self._step = Step.LOGIN
            self._line.login(account.user, account.password)
            self._step = Step.FOLDER
            self._said(self._line.select(_quoted(account.folder)))
            self.validity, self.next_uid = self._number("UIDVALIDITY"), self._number("UIDNEXT")
            if not self.validity:
                raise imaplib.IMAP4.error("no UIDVALIDITY")
        except (OSError, EOFError, imaplib.IMAP4.error) as error:
            self.close()
            raise self._away(error) from None

    def above(self, uid: int) -> list[int]:
        """The UIDs above this one, in order."""
        return [own for own in self._search(f"UID {uid + 1}:*") if own > uid]  # `*` is the last one, however low

    def since(self, day: date) -> list[int]:
        """The UIDs of what came on this day or later, by the server's own zone, in order."""
        return self._search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")

    def read(self, uid: int, *, most: int) -> Came | None:
        """The first `most` bytes of a message, which is not marked by that; None: it is not there any more."""
        found = self._asked(Step.READ, "FETCH", str(uid), f"(INTERNALDATE BODY.PEEK[]<0.{most}>)")
        whole = [part for part in found if isinstance(part, tuple)]
        if not whole:
            return None
        beside = b" ".join(part if isinstance(part, bytes) else part[0] for part in found if part)
        told = _DATE.search(beside)
        if told is None:
            raise MailboxAway(Step.READ, "a message without INTERNALDATE")
        return Came(_instant(told[1].decode("ascii", "replace")), whole[0][1])

    def has(self, folder: str) -> bool:
        """Whether the account has this folder."""
        assert self._line is not None
        self._step = Step.FOLDER
        try:
            return any(self._said(self._line.list('""', _quoted(folder))))
        except (OSError, EOFError, imaplib.IMAP4.error) as error:
            raise self._away(error) from None

    def done(self, uid: int) -> None:
        """Mark a message as seen, and move it where the account says so."""
        self._asked(Step.MARK, "STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
        if self._account.move_to:
            self._asked(Step.MOVE, "MOVE", str(uid), _quoted(self._account.move_to))

    def close(self) -> None:
        """Hang up; nothing is deleted by that."""
        if self._line is not None:
            with suppress(OSError, EOFError, imaplib.IMAP4.error):
                self._line.until = time.monotonic() + 2
                self._line.logout()

    def _reached(self) -> "_Line":
        own = self._account
        until = time.monotonic() + own.timeout.total_seconds()
        trusted = None if own.tls is Tls.NONE else ssl.create_default_context(cafile=own.ca_file)
        if own.tls is Tls.IMPLICIT:
            return _TlsLine(own.host, own.port, ssl_context=trusted, until=until)
        line = _Line(own.host, own.port, until=until)
        if own.tls is Tls.STARTTLS:
            self._step = Step.STARTTLS
            try:
                line.starttls(trusted)
            except BaseException:
                with suppress(OSError):  # the socket is gone already where the certificate did not hold
                    line.shutdown()
                raise
        return line

    def _search(self, what: str) -> list[int]:
        return sorted(int(uid) for part in self._asked(Step.READ, "SEARCH", what) if part for uid in part.split())

    def _number(self, name: str) -> int:
        assert self._line is not None
        told = self._line.response(name)[1][-1]
        return int(told) if told and told.isdigit() else 0

    def _asked(self, step: Step, *command: str) -> Sequence[Any]:
        assert self._line is not None
        self._step = step
        self._line.until = time.monotonic() + self._account.timeout.total_seconds()
        try:
            return self._said(self._line.uid(*command))
        except (OSError, EOFError, ValueError, imaplib.IMAP4.error) as error:
            raise self._away(error) from None

    def _said(self, answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
        word, told = answer
        if word != "OK":
            raise imaplib.IMAP4.error(told[-1] if told else word)
        return told

    def _away(self, error: Exception) -> MailboxAway:
        said = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error)
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return MailboxAway(self._step, scrub(text, self._account.user, self._account.password) or type(error).__name__)


class _Line(imaplib.IMAP4):
    """A connection on which each answer is whole before the monotonic clock reads `until`, or is lost."""

    def __init__(self, host: str, port: int, *, until: float, **more: Any) -> None:
        self.until = until
        self._heard: tuple[Any, io.BufferedReader] | None = None
        super().__init__(host, port, timeout=left(until), **more)

    def read(self, size: int) -> bytes:
        return self._reader().read(size)

    def readline(self) -> bytes:
        line = self._reader().readline(_LONGEST_LINE + 1)
        if len(line) > _LONGEST_LINE:
            raise self.error("an answer that does not end")
        return line

    def _reader(self) -> io.BufferedReader:
        """Reads from the socket as it is now: STARTTLS puts another in its place, and what came before is forgotten."""
        if self._heard is None or self._heard[0] is not self.sock:
            self._heard = self.sock, io.BufferedReader(Incoming(self.sock, lambda: self.until))
        return self._heard[1]


class _TlsLine(_Line, imaplib.IMAP4_SSL):
    """The same, secured from the beginning."""


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _instant(text: str) -> datetime:
    """`" 7-Feb-2024 12:30:00 +0800"` (RFC 3501, date-time), whatever the machine's language."""
    try:
        day, month, rest = text.strip().split("-", 2)
        return datetime.strptime(f"{day}-{_MONTHS.index(month.title()) + 1}-{rest}", "%d-%m-%Y %H:%M:%S %z")
    except ValueError:
        raise MailboxAway(Step.READ, "an INTERNALDATE that is none") from None
