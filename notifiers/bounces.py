"""Mails that come back: the envelope sender that names a message, and what a delivery report to it says (RFC 3464).

Only the sealed address tells which message a report is about, and only the books tell where that message went. A report
that names another recipient says nothing about ours: it may be forged, or be about a forwarding address.
"""

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from typing import NamedTuple, Protocol

from notifiers import mail_codes, references
from notifiers.seals import SHORT, holds, seal
from rules.delivery_reports import Fate, Heard

LARGEST = 256 * 1024
"""How much of a mail is read; reports come first in it."""

_SEALED = re.compile(rf"\+([0-9]{{1,9}})-([0-9a-f]{{{SHORT}}})@", re.IGNORECASE)
_DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_STATUS = re.compile(r"(?<![\w.])([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![\w.]*[0-9])")
_FATES = {"failed": Fate.UNDELIVERED, "delayed": Fate.DELAYED, "delivered": Fate.DELIVERED, "relayed": Fate.SENT}

_RECIPIENTS = ("Final-Recipient", "Original-Recipient")


class Ignored(Exception):
    """A mail that says nothing about a message of ours, and why."""


class Sent(Protocol):
    """What the books have of a message: the random part of its row, and where it went."""

    @property
    def nonce(self) -> str: ...

    @property
    def address(self) -> str: ...


class _Said(NamedTuple):
    """What a report says about one recipient; `dead`: nothing will ever reach it."""

    fate: Fate
    code: str
    dead: bool


def address(collecting: str, key: bytes, message_id: int, nonce: str = "") -> str:
    """The envelope sender of a message: bounces to it come to `collecting`, and name the message beyond doubt."""
    local, _, domain = collecting.rpartition("@")
    return f"{local}+{message_id}-{seal(key, _purpose(message_id, nonce))[:SHORT]}@{domain}"


def _purpose(message_id: int, nonce: str) -> str:
    return f"bounce:{references.write(message_id, nonce)}"


def read(mail: bytes, key: bytes, sent: Callable[[int], Sent | None]) -> Heard:
    """What a bounced mail says about one message.

    Args:
        sent: what the books have of a message with this number; None: there is none.

    Raises:
        Ignored: it is addressed to no message of ours, names another recipient, or is no delivery report.
    """
    try:
        message = message_from_bytes(mail[:LARGEST])
        message_id, to = _message(message, key, sent)
        groups = list(_groups(message))
    except RecursionError:
        raise Ignored("it is nested too deeply") from None
    reports = [said for fields in groups if _names(fields, to) and (said := _said(fields))]
    if not reports and any(map(_said, groups)):
        raise Ignored("it names another recipient")
    if not reports:
        automatic = str(message.get("Auto-Submitted", "no")).strip().lower() != "no"
        raise Ignored("an automatic reply" if automatic else "no delivery report")
    fate, code, dead = max(reports, key=lambda said: (said.fate.lost, said.code))
    return Heard(message_id=message_id, fate=fate, code=code, dead=dead, raw=f"{fate} {code}")


def addressed(mail: bytes, key: bytes, sent: Callable[[int], Sent | None]) -> bool:
    """Whether a mail came to the envelope sender of a message of ours, so that `read` is for it."""
    try:
        _message(message_from_bytes(mail[:LARGEST]), key, sent)
    except (Ignored, RecursionError):
        return False
    return True


def _message(mail: Message, key: bytes, sent: Callable[[int], Sent | None]) -> tuple[int, str]:
    """The message that the mail came back for, and where that went."""
    for header in _DELIVERED_TO:
        for value in mail.get_all(header, []):
            for number, shown in _SEALED.findall(str(value)):
                known = sent(int(number))
                if known and holds(key, _purpose(int(number), known.nonce), shown.lower(), signs=SHORT):
                    return int(number), known.address
    raise Ignored("addressed to no message of ours")


def _groups(mail: Message) -> Iterator[Message]:
    """The groups of fields in its reports (RFC 3464, 2.1), one for each recipient."""
    for part in mail.walk():
        groups = part.get_payload() if part.get_content_type() == "message/delivery-status" else []
        yield from (group for group in groups if isinstance(group, Message))


def _names(fields: Message, to: str) -> bool:
    """Whether a group is about the address our message went to: it names that one, or none at all."""
    named = [str(value) for name in _RECIPIENTS for value in fields.get_all(name, [])]
    plain = {value.rpartition(";")[2].strip().strip("<>").casefold() for value in named}
    return not plain or to.casefold() in plain


def _said(fields: Message) -> _Said | None:
    """What became of a recipient, and its status code (RFC 3464, 2.3); None: nothing that we know."""
    fate = _FATES.get(str(fields.get("Action", "")).strip().lower())
    status = _STATUS.search(str(fields.get("Status", "")))
    if not fate or not status:
        return None
    answered = _STATUS.search(str(fields.get("Diagnostic-Code", "")))
    code = answered[0] if status[0].endswith(".0.0") and answered and answered[1] == status[1] else status[0]
    contradicted = answered is not None and answered[0] not in mail_codes.DEAD
    return _Said(fate, code, fate.lost and code in mail_codes.DEAD and not contradicted)
