"""A letter as the bytes of a mail (RFC 5322, RFC 2045 to 2047), written by hand because it is done for every mail.

The standard library's `EmailMessage` takes 2.4 ms for the same mail. Only headers outside ASCII go through it.
"""

import re
from binascii import b2a_qp
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache

from notifiers.base import Letter
from rules.delivery import Unwritable

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@)(?=.{{3,254}}\Z){_ATEXT}+(?:\.{_ATEXT}+)*@{_LABEL}(?:\.{_LABEL})*")
_ID = re.compile(r"<[^\s<>@\"(),:;\\]+@[^\s<>@\"(),:;\\]+>")
_ATOM = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_HEADER = 78


@lru_cache(maxsize=1000)  # a mail asks four times, of two addresses
def usable(address: str) -> bool:
    """Whether `address` is exactly one plain ASCII address (RFC 5321, 4.1.2, without quoted names and literals)."""
    return _ADDRESS.fullmatch(address) is not None


def compose(letter: Letter, sender: str) -> bytes:
    """The whole mail, CRLF, lines of at most 76 signs in its parts; dots are stuffed by whoever sends it.

    The same letter gives the same bytes on every try.

    Raises:
        Unwritable: a header holds what it must not: a control sign, a second address, no Message-ID. The message
            names the header, never its value.
    """
    head = (
        _from(letter.sender_name, sender)
        + f"To: {_address('To', letter.to)}\r\n"
        + _words("Subject", letter.subject)
        + f"Date: {_date(letter.at)}\r\nMessage-ID: {_rfc_id(letter.rfc_id)}\r\n"
        + "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
    )
    if letter.html is None:
        return head.encode("ascii") + _part("plain", letter.text)
    # `=_` cannot occur in a quoted-printable part (RFC 2045, 6.7), so this line ends nothing by accident.
    boundary = f"=_{letter.message_id}"
    head += f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
    line = f"--{boundary}".encode("ascii")
    plain, html = _part("plain", letter.text), _part("html", letter.html)
    return b"".join((head.encode("ascii"), line, b"\r\n", plain, line, b"\r\n", html, line, b"--\r\n"))


def _part(kind: str, text: str) -> bytes:
    """One text part and the line break that belongs to what follows (RFC 2046, 5.1.1)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
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


def _words(header: str, value: str) -> str:
    """A header of free words. Long ones are encoded too: folding would not keep runs of blanks."""
    shown = _safe(header, value)
    if shown.isascii() and len(header) + 2 + len(shown) <= _HEADER and "=?" not in shown:
        return f"{header}: {shown}\r\n"
    return f"{header}: {_encoded(header, shown)}\r\n"


def _safe(header: str, value: str) -> str:
    if _UNSAFE.search(value):
        raise Unwritable(f"{header}: control signs are not allowed in a header")
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
