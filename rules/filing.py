"""What a filed report does to an obligation: standing, content and timeliness, and which versions count."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.duties import Duty


class Standing(StrEnum):
    OWED = "owed"
    RECEIVED = "received"
    WAIVED = "waived"
    CANCELLED = "cancelled"


class Content(StrEnum):
    FILLED = "filled"
    NIL = "nil"
    PARTIAL = "partial"


class Timeliness(StrEnum):
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


class Via(StrEnum):
    """The way a report reached the desk."""

    LINK = "link"
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    PAPER = "paper"
    MEETING = "meeting"
    EMAIL = "email"


SHOWN_AT_ONCE = frozenset({Via.LINK})
"""Ways in that show the receipt themselves; by any other, it is sent as a message if the policy says how."""


class NotTaken(ValueError):
    """What somebody files, waives or promises cannot be taken; the message says why and how to mend it."""


class NotOwed(NotTaken):
    """Nobody owes this report: it does not exist, or was waived, cancelled or received meanwhile."""


class NilRefused(NotTaken):
    """The duty asks for what was seen; "nothing to report" is no answer to it."""


class RefusedTime(NotTaken):
    """A time of receipt that cannot be taken as stated: it is ahead."""


class NoReason(RefusedTime):
    """A time of receipt on an earlier day, and nobody says why it is recorded only now."""


class Overtaken(NotTaken):
    """Another report came in after the sender had last looked: sending blindly would replace it."""


def judged_by(due_at: datetime, extended_until: datetime | None) -> datetime:
    """Until when a report is on time: an extension that was granted in time counts."""
    return due_at if extended_until is None else max(due_at, extended_until)


def timeliness(
    standing: Standing,
    due_at: datetime,
    received_at: datetime | None,
    *,
    extended_until: datetime | None = None,
    now: datetime,
) -> Timeliness | None:
    """On time up to and including the instant in force. None: nothing to judge (not yet due, waived, cancelled)."""
    by = judged_by(due_at, extended_until)
    if standing is Standing.RECEIVED and received_at is not None:
        return Timeliness.ON_TIME if received_at <= by else Timeliness.LATE
    return Timeliness.MISSING if standing is Standing.OWED and by < now else None


def received_at(stated: datetime | None, *, reason: str, zone: str, now: datetime) -> datetime:
    """When the news reached the desk: the server's time, or the time the secretariat states.

    Raises:
        RefusedTime: the stated time is in the future; NoReason: on an earlier local day without a reason.
    """
    if stated is None:
        return now
    if stated > now:
        raise RefusedTime(f"the stated time {stated.isoformat()} is in the future: state when it was received")
    local = ZoneInfo(zone)
    if stated.astimezone(local).date() < now.astimezone(local).date() and not reason.strip():
        raise NoReason(f"{stated.isoformat()} is an earlier day: give a reason")
    return stated


def observed_at(stated: str) -> datetime | None:
    """What a phone says of when a form was filled in (ISO 8601 with an offset); None where it says nothing usable.

    A phone's clock may be years away: whatever it says is shown, and nothing is judged by it.
    """
    try:
        found = datetime.fromisoformat(stated) if len(stated) <= 40 else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def digest(content: Content, body: Mapping[str, object]) -> str:
    """Names exactly this content: the same again is the same report, whoever sends it."""
    canonical = json.dumps([content.value, body], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def check(standing: Standing, content: Content, *, duty: Duty) -> None:
    """Whether an obligation that stands so takes such a report.

    Raises:
        NotOwed: waived or cancelled.
        NilRefused: nil where nil is no answer.
    """
    if standing in (Standing.WAIVED, Standing.CANCELLED):
        raise NotOwed(f"this report is {standing}: it is not owed any more")
    if content is Content.NIL and not duty.nil:
        raise NilRefused(f"{duty.code} does not take a nil report: file what was seen")
