"""A meeting as a calendar takes it (RFC 5545): published, moved, or cancelled (RFC 5546, 3.2.1 and 3.2.5).

It is published, not requested: a calendar that is asked would answer by mail, which nobody reads. Answers come by the
desk's pages. Times are in UTC, so every calendar shows them in its own zone.
"""

import re
from datetime import UTC, datetime
from typing import NamedTuple

PUBLISH, CANCEL = "PUBLISH", "CANCEL"
_LINE = 75
"""Octets of a line without its break (RFC 5545, 3.1)."""
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class Calendar(NamedTuple):
    """One calendar file. `method` also stands in the header of the mail's part (RFC 5545, 3.7.2)."""

    method: str
    text: str


class Meeting(NamedTuple):
    """What is told of a meeting. Its number stays the same, and `sequence` rises when it is moved or cancelled.

    `programme`: the code, which makes the number unique. `agenda`: empty where it stays on the desk's pages. `giver`:
    who invites, as people read it; `contact`: how he is reached, as a URI.
    """

    programme: str
    number: int
    sequence: int
    agenda: str
    place: str
    starts_at: datetime
    ends_at: datetime
    giver: str
    contact: str
    cancelled: bool = False


def calendar(meeting: Meeting, *, now: datetime) -> Calendar:
    """The file for one meeting; lines end with CRLF."""
    method = CANCEL if meeting.cancelled else PUBLISH
    code = f"A-{meeting.number:04d}"
    uid = f"{code}.{meeting.programme.replace('/', '.')}@desk-pemilu"
    agenda = f"Agenda: {meeting.agenda}" if meeting.agenda else "Agendanya ada pada halaman desk."
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//desk-pemilu//ID",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{_text(uid)}",
        f"DTSTAMP:{_utc(now)}",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTART:{_utc(meeting.starts_at)}",
        f"DTEND:{_utc(meeting.ends_at)}",
        f"SUMMARY:Rapat koordinasi ({code})",
        f"LOCATION:{_text(meeting.place)}",
        f"DESCRIPTION:{_text(agenda)}",
        f'ORGANIZER;CN="{_parameter(meeting.giver)}":{meeting.contact}',
        f"STATUS:{'CANCELLED' if meeting.cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return Calendar(method, "".join(map(_folded, lines)))


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    plain = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _parameter(value: str) -> str:
    """A quoted parameter: it may hold neither quotes nor line breaks (RFC 5545, 3.2)."""
    return _CONTROL.sub("", value).replace("\n", " ").replace('"', "'")


def _folded(line: str) -> str:
    """A line broken so that no part is too long, and no character is cut in two."""
    parts, size = [""], 0
    for sign in line:
        octets = len(sign.encode("utf-8", "replace"))
        if size + octets > _LINE:
            parts.append(" ")
            size = 1
        parts[-1] += sign
        size += octets
    return "\r\n".join(parts) + "\r\n"
