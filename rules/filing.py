"""What a filed report does to an obligation: standing, content and timeliness, and which versions count."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from rules.attachments import Attached
from rules.duties import Duty


class Standing(StrEnum):
    OWED = "owed"
    RECEIVED = "received"
    WAIVED = "waived"
    CANCELLED = "cancelled"


class Content(StrEnum):
    """What a version holds. WITHDRAWN: the one before it was taken back, and the report is owed again."""

    FILLED = "filled"
    NIL = "nil"
    PARTIAL = "partial"
    WITHDRAWN = "withdrawn"


class Timeliness(StrEnum):
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


class Via(StrEnum):
    """The way a report reached the desk. DESK: from the desk of the level below, as it was sent there."""

    LINK = "link"
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    PAPER = "paper"
    MEETING = "meeting"
    EMAIL = "email"
    SMS = "sms"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A report as somebody sends it in, before anything is checked.

    Args:
        by: code of the office it comes from.
        at: when the news reached the desk, if not now.
        reason: why it is recorded later than that day.
        seen: how many versions there were when the sender last looked; None: whoever sends knows what he replaces.
        files: what came with it, kept already; `body` names them by what was sent.
    """

    content: Content
    body: Mapping[str, Any]
    via: Via
    by: str
    at: datetime | None = None
    observed_at: datetime | None = None
    reason: str = ""
    seen: int | None = None
    files: Sequence[Attached] = ()


BY_HAND = tuple(via for via in Via if via not in (Via.LINK, Via.DESK))
"""Ways in that somebody has to write down. The others write themselves down."""

SHOWN_AT_ONCE = frozenset({Via.LINK})
"""Ways in that show the receipt themselves. By any other way it is sent as a message, if the policy says how."""


class NotTaken(ValueError):
    """Something filed, waived or promised cannot be taken; the message says why and how to mend it."""


class NotOwed(NotTaken):
    """Nobody owes this report: it does not exist, or was waived, cancelled or received meanwhile."""


class NilRefused(NotTaken):
    """The duty asks for what was seen; "nothing to report" is no answer to it."""


class RefusedTime(NotTaken):
    """A report is said to have come in at a time that is still ahead."""


class Unexplained(RefusedTime):
    """A report is said to have come in on an earlier day, without a reason why it is recorded only now."""


class TooLate(NotTaken):
    """A nil declared a while ago, or corrected since, cannot be taken back by one tap; a correction can replace it."""


class Overtaken(NotTaken):
    """Another report came in after the sender last looked; his would replace it unseen."""


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
        RefusedTime: the stated time is in the future; Unexplained: on an earlier local day without a reason.
    """
    if stated is None:
        return now
    if stated > now:
        raise RefusedTime(f"the stated time {stated.isoformat()} is in the future: state when it was received")
    local = ZoneInfo(zone)
    if stated.astimezone(local).date() < now.astimezone(local).date() and not reason.strip():
        raise Unexplained(f"{stated.isoformat()} is an earlier day: give a reason")
    return stated


def observed_at(stated: str) -> datetime | None:
    """When a form was filled in, as the phone says (ISO 8601 with an offset); None if it says nothing usable.

    A phone's clock may be years off: its time is shown, but nothing is judged by it.
    """
    try:
        moment = datetime.fromisoformat(stated) if len(stated) <= 40 else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def digest(content: Content, body: Mapping[str, object]) -> str:
    """Names exactly this content: the same again is the same report, whoever sends it."""
    canonical = json.dumps([content.value, body], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def same(digests: Sequence[str], digest: str, *, seen: int | None, answers_return: bool) -> int | None:
    """The version, counted from 1, that this report repeats; None: it is a new one.

    A report that says the same as one that came in after the sender last looked is his own, sent twice. Otherwise only
    the last version counts: whoever goes back to an earlier one corrects the last. Whoever was asked to improve a
    report and sends it unchanged has answered.

    Args:
        digests: of all versions, the first first.
        seen: how many of them the sender knew of; None: nobody says.
        answers_return: it was returned, and this came after that.
    """
    own = (n for n, known in enumerate(digests, 1) if known == digest and seen is not None and n > seen)
    last = len(digests) if digests and digests[-1] == digest and not answers_return else None
    return next(own, last)


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


TAKEN_BACK_WITHIN = timedelta(minutes=10)
"""How long a nil declared by a tap may be taken back by another tap."""


def take_back_until(
    contents: Sequence[Content], via: Via, recorded_at: datetime, closes_after: datetime | None
) -> datetime | None:
    """Until when the last version may be taken back; None: it is no nil by link, or it replaced another report.

    Args:
        contents: of all versions, the first first.
        closes_after: until when it is waited for: what nobody waits for any more is corrected, never owed again.
    """
    alone = len(contents) == 1 or contents[-2:-1] == [Content.WITHDRAWN]
    nil = bool(contents) and contents[-1] is Content.NIL and via is Via.LINK
    until = recorded_at + TAKEN_BACK_WITHIN
    return min(until, closes_after or until) if nil and alone else None


def since_withdrawal(contents: Sequence[Content], digests: Sequence[str]) -> list[str]:
    """The digests of versions, empty for those taken back: a withdrawn report does not count as sent before."""
    last = max((n for n, content in enumerate(contents) if content is Content.WITHDRAWN), default=-1)
    return ["" if n <= last else digest for n, digest in enumerate(digests)]
