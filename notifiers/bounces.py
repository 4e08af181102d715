"""Mails that come back: the envelope sender that names a message, and what a delivery report to it says (RFC 3464).

Only the sealed address tells which message a report is about. What the report itself says of recipients is not read:
anybody can write that.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from notifiers.seals import holds, seal
from rules.receipts import Fate, Heard

LARGEST = 256 * 1024
"""So much of a mail is read; reports come first in it."""

LONGEST_LOCAL = 30
"""Signs before the @ of the address that bounces are collected at: with number and seal there may be 64."""

_SEAL = 20
_SEALED = re.compile(rf"\+([0-9]{{1,9}})-([0-9a-f]{{{_SEAL}}})@", re.IGNORECASE)
_DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_STATUS = re.compile(r"\b([245])\.([0-9]{1,3})\.([0-9]{1,3})\b")
_FATES = {"failed": Fate.UNDELIVERED, "delayed": Fate.DELAYED, "delivered": Fate.DELIVERED, "relayed": Fate.SENT}

_NOT_ITS_ADDRESS = frozenset({"3", "6", "7"})
"""RFC 3463, 3: X.3 the mail system, X.6 the content, X.7 a policy. Such a mail is lost, and its address may be good."""

_PASSES = frozenset({"5.2.2", "5.2.3", "5.2.4"})
"""RFC 3463, 3.3: the mailbox is full, the mail too large for it, a list does not expand."""


class Ignored(Exception):
    """A mail that tells nothing of a message of ours, and why."""


def address(collecting: str, key: bytes, message_id: int) -> str:
    """The envelope sender of a message: bounces to it come to `collecting`, and name the message beyond doubt."""
    local, _, domain = collecting.rpartition("@")
    return f"{local}+{message_id}-{seal(key, _purpose(message_id))[:_SEAL]}@{domain}"


def _purpose(message_id: int) -> str:
    return f"bounce:{message_id}"


def read(mail: bytes, key: bytes) -> Heard:
    """What a mail that came back says of one message.

    Raises:
        Ignored: it is addressed to no message of ours, an automatic reply, or no delivery report.
    """
    try:
        found = message_from_bytes(mail[:LARGEST])
        message_id = _message_id(found, key)
        reports = list(_reports(found))
    except RecursionError:
        raise Ignored("it is nested too deeply") from None
    if not reports:
        automatic = str(found.get("Auto-Submitted", "no")).strip().lower() != "no"
        raise Ignored("an automatic reply" if automatic else "no delivery report")
    fate, code = max(reports, key=lambda report: (report[0].lost, report[1]))
    return Heard(message_id=message_id, fate=fate, code=code, dead=fate.lost and _dead(code), raw=f"{fate} {code}")


def _message_id(mail: Message, key: bytes) -> int:
    for header in _DELIVERED_TO:
        for value in mail.get_all(header, []):
            for number, shown in _SEALED.findall(str(value)):
                if _holds(key, int(number), shown.lower()):
                    return int(number)
    raise Ignored("addressed to no message of ours")


def _holds(key: bytes, message_id: int, shown: str) -> bool:
    whole = seal(key, _purpose(message_id))
    return holds(key, _purpose(message_id), shown + whole[_SEAL:])


def _reports(mail: Message) -> Iterator[tuple[Fate, str]]:
    """What each group of recipient fields says (RFC 3464, 2.3): what became of it, and its status code."""
    for part in mail.walk():
        groups = part.get_payload() if part.get_content_type() == "message/delivery-status" else []
        for fields in [group for group in groups if isinstance(group, Message)]:
            fate = _FATES.get(str(fields.get("Action", "")).strip().lower())
            status = _STATUS.search(str(fields.get("Status", "")))
            if fate and status:
                yield fate, _most_exact(status[0], str(fields.get("Diagnostic-Code", "")))


def _most_exact(status: str, diagnostic: str) -> str:
    """The status, or what the server itself answered where the status only says that there was something."""
    said = _STATUS.search(diagnostic)
    return said[0] if status.endswith(".0.0") and said and said[1] == status[0] else status


def _dead(code: str) -> bool:
    kind, subject, _ = code.split(".")
    return kind == "5" and subject not in _NOT_ITS_ADDRESS and code not in _PASSES
