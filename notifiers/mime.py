"""A letter as the bytes of a mail (RFC 5322, RFC 2045 to 2047), written by hand because it is done for every mail.

The standard library's `EmailMessage` takes 2.4 ms for the same mail. Only headers outside ASCII go through it.
"""

import re
from base64 import encodebytes
from binascii import b2a_qp
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache

from notifiers.base import Attached, Letter
from rules.delivery import Unwritable

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@)(?=.{{3,254}}\Z){_ATEXT}+(?:\.{_ATEXT}+)*@{_LABEL}(?:\.{_LABEL})*")
_ID = re.compile(r"<[^\s<>@\"(),:;\\]+@[^\s<>@\"(),:;\\]+>")
_ATOM = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_MEDIA = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}")
_HEADER = 78


@lru_cache(maxsize=1000)  # a mail asks four times, of two addresses
def usable(address: str) -> bool:
    """Whether `address` is exactly one plain ASCII address (RFC 5321, 4.1.2, without quoted names and literals)."""
    return _ADDRESS.fullmatch(address) is not None


def compose(letter: Letter, sender: str) -> bytes:
    """The whole mail with CRLF; lines of its parts have at most 76 characters; the sender stuffs dots.

    The same letter gives the same bytes on every try.

    Raises:
        Unwritable: a header is wrong: a control character, a second address, no Message-ID. The error names the
        header, never its value.
    """
    head = (
        _from(letter.sender_name, sender)
        + _reply_to(letter.reply_to)
        + f"To: {_address('To', letter.to)}\r\n"
        + _words("Subject", letter.subject)
        + f"Date: {_date(letter.at)}\r\nMessage-ID: {_rfc_id(letter.rfc_id)}\r\n"
        + "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
    )
    body = _with_files(letter) if letter.calendars or letter.documents else _words_of(letter)
    return head.encode("ascii") + body


def _with_files(letter: Letter) -> bytes:
    """The words, each meeting as a file for calendars (RFC 5545, 8.1), and each document."""
    boundary = f"=_k{letter.message_id}"
    line = f"--{boundary}".encode("ascii")
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode("ascii")
    meetings = [_part(f"calendar; method={own.method}", own.text, _ATTACHED) for own in letter.calendars]
    parts = [_words_of(letter), *meetings, *map(_document, letter.documents)]
    return head + b"".join(line + b"\r\n" + part for part in parts) + line + b"--\r\n"


def _document(own: Attached) -> bytes:
    """A document byte for byte (RFC 2045, 6.8); `=_` of a boundary cannot occur in it."""
    if not (_NAME.fullmatch(own.name) and _MEDIA.fullmatch(own.media)):
        raise Unwritable("Content-Disposition: not the plain name of a document")
    head = (
        f"Content-Type: {own.media}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{own.name}"\r\n\r\n'
    )
    return head.encode("ascii") + encodebytes(own.content).replace(b"\n", b"\r\n")


_ATTACHED = 'Content-Disposition: attachment; filename="undangan.ics"\r\n'


def _words_of(letter: Letter) -> bytes:
    """What is read: as plain text, and as HTML if there is any."""
    if letter.html is None:
        return _part("plain", letter.text)
    # `=_` cannot occur in a quoted-printable part (RFC 2045, 6.7), so this line ends nothing by accident.
    boundary = f"=_{letter.message_id}"
    head = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
    line = f"--{boundary}".encode("ascii")
    plain, html = _part("plain", letter.text), _part("html", letter.html)
    return b"".join((head.encode("ascii"), line, b"\r\n", plain, line, b"\r\n", html, line, b"--\r\n"))


def _part(kind: str, text: str, more: str = "") -> bytes:
    """One text part with further headers, and the line break that belongs to what follows (RFC 2046, 5.1.1)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n{more}\r\n"
    return head.encode("ascii") + b"".join(map(_quoted, lines))


@lru_cache(maxsize=2000)
def _quoted(line: str) -> bytes:
    """One line, quoted-printable: most lines of a mail are those of the mail before.

    `b2a_qp` breaks long lines the way it finds the line broken, so it must see the break.
    """
    return b2a_qp(f"{line}\r\n".encode("utf-8", "replace"), istext=True)


def _from(name: str, sender: str) -> str:
    address = _address("From", sender)
    if not name:
        return f"From: {address}\r\n"
    shown = _safe("From", name)
    if not (shown.isascii() and len(shown) < _HEADER - 8 and "=?" not in shown):
        return f"From: {_encoded('From', shown)}\r\n <{address}>\r\n"
    if not _ATOM.fullmatch(shown):
        shown = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    fold = "" if len(shown) + len(address) < _HEADER - 9 else "\r\n"
    return f"From: {shown}{fold} <{address}>\r\n"


def _reply_to(address: str | None) -> str:
    """An unusable one is left out: the recipient needs the mail, not this header."""
    return f"Reply-To: {address}\r\n" if address and usable(address) else ""


def _words(header: str, value: str) -> str:
    """A header of free words. Long ones are encoded too, because folding would lose runs of blanks."""
    shown = _safe(header, value)
    if shown.isascii() and len(header) + 2 + len(shown) <= _HEADER and "=?" not in shown:
        return f"{header}: {shown}\r\n"
    return f"{header}: {_encoded(header, shown)}\r\n"


def _safe(header: str, value: str) -> str:
    if _UNSAFE.search(value):
        raise Unwritable(f"{header}: control characters are not allowed in a header")
    return value.strip()


def _encoded(header: str, value: str) -> str:
    return Header(value, "utf-8", header_name=header).encode(linesep="\r\n")


def _address(header: str, value: str) -> str:
    if not usable(value):
        raise Unwritable(f"{header}: not one plain address")
    return value


def _rfc_id(value: str) -> str:
    if not (value.isascii() and value.isprintable() and len(value) < 900 and _ID.fullmatch(value)):
        raise Unwritable("Message-ID: not of the form <left@right>")
    return value


@lru_cache(maxsize=100)  # a group of mails is sent at one time
def _date(at: datetime) -> str:
    if at.tzinfo is None:
        raise Unwritable("Date: the time has no zone")
    return format_datetime(at)
