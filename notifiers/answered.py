"""Mails that people write in answer to ours: the address that names the message, and what stands in the mail.

Every mail of ours has a Reply-To of its own, sealed like the envelope sender (`notifiers.bounces`). So it does not
matter what is quoted or what the subject became. Without that seal a mail proves nothing: anybody can write any From.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import NamedTuple

from notifiers import references
from notifiers.bounces import Sent
from notifiers.seals import SHORT, holds, seal

LARGEST = 12_000_000
"""Bytes of a mail that are read: a photo of today's phones fits."""

MOST_FILES = 10
_SEALED = re.compile(rf"\+([0-9]{{1,9}})-([0-9a-f]{{{SHORT}}})@", re.IGNORECASE)
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_KEPT = (
    "Auto-Submitted",
    "Precedence",
    "List-Id",
    "Return-Path",
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress",
)
"""What tells whether a person wrote (RFC 3834); of a Return-Path only that it is empty."""


class File(NamedTuple):
    """What came with a mail."""

    name: str
    media: str
    data: bytes


class Mail(NamedTuple):
    """A mail that somebody wrote. `answers`: the message of ours that it proves to answer; None: none."""

    key: str
    by: str
    subject: str
    text: bytes
    html: bytes
    headers: dict[str, str]
    files: list[File]
    answers: int | None


def address(collecting: str, key: bytes, message_id: int, nonce: str = "") -> str:
    """Where the answer to a message goes."""
    local, _, domain = collecting.rpartition("@")
    return f"{local}+{message_id}-{seal(key, _purpose(message_id, nonce))[:SHORT]}@{domain}"


def _purpose(message_id: int, nonce: str) -> str:
    return f"answer:{references.write(message_id, nonce)}"


def read(mail: bytes, key: bytes, sent: Callable[[int], Sent | None]) -> Mail:
    """What stands in a mail, whatever it is. `sent`: what the books have of a message with this number."""
    message = message_from_bytes(mail[:LARGEST], policy=policy.compat32)
    try:
        parts = list(_parts(message))
    except RecursionError:
        parts = []
    texts = [own for own in parts if own.get_content_type() == "text/plain" and not _named(own)]
    pages = [own for own in parts if own.get_content_type() == "text/html" and not _named(own)]
    files = [own for own in parts if own not in texts and own not in pages]
    found = str(message.get("Message-ID", "")).strip()
    named = hashlib.sha256(found.encode("utf-8", "replace") or mail).hexdigest()
    return Mail(
        f"mail:{named}",
        parseaddr(_words(message.get("From", "")))[1].lower()[:254],
        _words(message.get("Subject", ""))[:300],
        b"\n".join(map(_text, texts)),
        b"\n".join(map(_text, pages)),
        _headers(message),
        [_file(own) for own in files[:MOST_FILES]],
        _answers(message, key, sent),
    )


def _parts(message: Message) -> Iterator[Message]:
    """Its leaves, in order. A mail within the mail is one of them: what it says, somebody else said."""
    payload = message.get_payload()
    if message.get_content_type() == "message/rfc822" or not isinstance(payload, list):
        yield message
        return
    for part in payload:
        if isinstance(part, Message):
            yield from _parts(part)


def _named(part: Message) -> bool:
    return bool(part.get_filename()) or part.get_content_disposition() == "attachment"


def _text(part: Message) -> bytes:
    """The words of a part in UTF-8; an unknown charset is read as the one that knows every byte."""
    data = part.get_payload(decode=True)
    data = data if isinstance(data, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    try:
        return data.decode(charset, "replace").encode("utf-8", "replace")
    except (LookupError, ValueError):
        return data.decode("latin-1").encode("utf-8")


def _file(part: Message) -> File:
    data = part.get_payload(decode=True)
    name = _words(part.get_filename() or "")[:100]
    return File(name, part.get_content_type()[:100], data if isinstance(data, bytes) else b"")


def _words(value: object) -> str:
    """A header in words, on one line; one that is written wrongly as it stands."""
    text = str(value)
    with suppress(LookupError, ValueError):
        text = str(make_header(decode_header(text)))
    return " ".join(text.split())


def _headers(message: Message) -> dict[str, str]:
    kept = {name: _words(message[name])[:200] for name in _KEPT if message[name] is not None}
    if "Return-Path" in kept and kept["Return-Path"] != "<>":
        del kept["Return-Path"]
    kind = message.get_content_type()
    return kept | ({"Content-Type": kind} if kind == "multipart/report" else {})


def _answers(message: Message, key: bytes, sent: Callable[[int], Sent | None]) -> int | None:
    for header in _TO:
        for value in message.get_all(header, []):
            for number, shown in _SEALED.findall(str(value)):
                known = sent(int(number))
                if known and holds(key, _purpose(int(number), known.nonce), shown.lower(), signs=SHORT):
                    return int(number)
    return None
