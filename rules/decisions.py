"""What may be decided about a report that is owed or was received, and until when.

    owed --waive--> waived            owed --extend, in time--> owed, its chase begins again from the new time
    owed --acknowledge--> owed, nobody above hears until then; so does an extension that comes after the due time
    waived, or extended --revoke--> owed by its due time again, or by a time that is still ahead
    received --return--> received, to be improved: the chase begins again --a new version, or accept--> received

`due_at` and the time a report came in never move. docs/adr/0014-extensions-and-returns.md says why.
"""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rules.filing import NotOwed, NotTaken, Standing, judged_by

SOON = (2, 4, 8)
LOCAL = (time(9), time(15))
DAYS = 7
REASON = 300
"""Characters of a reason at most; it stands in lists."""


class NoReason(NotTaken):
    """A decision without a reason; others must understand it later."""


class BadUntil(NotTaken):
    """A time that is past, or after which nobody waits any more."""


def reason(text: str) -> str:
    """A reason as it is kept, in one line. Raises: NoReason: there is none, or it is a story."""
    words = " ".join(text.split())
    if not words:
        raise NoReason("this needs a reason: say why in a few words")
    if len(words) > REASON:
        raise NoReason(f"the reason has {len(words)} characters, at most {REASON} fit")
    return words


def open_for_decision(standing: Standing, *, returned: bool) -> None:
    """Whether anybody still waits for it. Raises: NotOwed."""
    if standing is not Standing.OWED and not returned:
        raise NotOwed(f"this report is {standing}: nobody waits for it")


def pause(until: datetime, *, closes_after: datetime | None, now: datetime) -> None:
    """Whether a chase may rest until then. Raises: BadUntil."""
    if until <= now:
        raise BadUntil(f"{until.isoformat()} is past: name a time that is still ahead")
    if closes_after is not None and until > closes_after:
        raise BadUntil(f"{until.isoformat()} is after {closes_after.isoformat()}, when nobody waits any more")


def extends_in_time(
    standing: Standing,
    *,
    due_at: datetime,
    extended_until: datetime | None,
    closes_after: datetime | None,
    until: datetime,
    now: datetime,
) -> bool:
    """Whether an extension granted now makes a report on time until then; else it only lets the chase rest.

    What was late stays late: an extension after the time in force cannot make a report punctual.

    Raises:
        NotOwed: it is not owed.
        BadUntil: no later than the time in force, or after the closing time.
    """
    open_for_decision(standing, returned=False)
    pause(until, closes_after=closes_after, now=now)
    in_force = judged_by(due_at, extended_until)
    if now <= in_force and until <= in_force:
        raise BadUntil(f"{until.isoformat()} is no later than {in_force.isoformat()}, the time in force")
    return now <= in_force


def _granted(
    due_at: datetime, extended_until: datetime | None, rests_until: datetime | None, now: datetime
) -> datetime | None:
    """Until when a report is waited for by an extension; None: none is running."""
    until = extended_until if now <= judged_by(due_at, extended_until) else rests_until
    return until if until is not None and until > now else None


def revocable(
    standing: Standing,
    *,
    due_at: datetime,
    extended_until: datetime | None,
    rests_until: datetime | None,
    closes_after: datetime | None,
    now: datetime,
) -> bool:
    """Whether there is a waiver or an extension to revoke; see `revokes`."""
    if closes_after is not None and closes_after <= now:
        return False
    running = _granted(due_at, extended_until, rests_until, now) is not None
    return standing is Standing.WAIVED or (standing is Standing.OWED and running)


class Revoked(NamedTuple):
    """How a report is owed once a waiver or an extension is revoked.

    `in_time`: it is on time until `until` (None: its due time); else it is late, and the chase rests until then.
    """

    in_time: bool
    until: datetime | None


def revokes(
    standing: Standing,
    *,
    due_at: datetime,
    extended_until: datetime | None,
    rests_until: datetime | None,
    waived_at: datetime | None,
    closes_after: datetime | None,
    until: datetime | None,
    now: datetime,
) -> Revoked:
    """Revoke a waiver or an extension. It makes nobody late: if the due time is past, a later time must be named.

    Args:
        rests_until: until when the chase of a late report rests; None: it does not.
        until: the time from now on; None: what it was before.

    Raises:
        NotOwed: nothing was granted.
        BadUntil: it would be late by this, or nobody waits until then.
    """
    if closes_after is not None and closes_after <= now:
        raise BadUntil(f"nobody waits for it since {closes_after.isoformat()}")
    if until is not None:
        pause(until, closes_after=closes_after, now=now)
    in_force = judged_by(due_at, extended_until)
    if standing is Standing.WAIVED:
        on_time = (waived_at or now) <= in_force
    else:
        open_for_decision(standing, returned=False)
        on_time = now <= in_force
        granted = _granted(due_at, extended_until, rests_until, now)
        if granted is None:
            raise NotOwed("no extension is running and it is not waived: there is nothing to revoke")
        if until is not None and until >= granted:
            raise BadUntil(f"{until.isoformat()} is no earlier than {granted.isoformat()}: that would extend it")
    if not on_time:
        return Revoked(False, until)
    before = in_force if standing is Standing.WAIVED else due_at
    in_force_again = judged_by(before, until)
    if in_force_again <= now:
        raise BadUntil(f"its due time, {before.isoformat()}, is past: name until when it is waited for")
    return Revoked(True, in_force_again if in_force_again > due_at else None)


def offers(zone: str, *, after: datetime, before: datetime | None, now: datetime) -> list[datetime]:
    """Times to choose from for a decision, rising: soon, and on the next days at the hours when people are at work.

    None is before `after`, none after `before`.
    """
    local = now.astimezone(ZoneInfo(zone))
    whole = local.replace(minute=0, second=0, microsecond=0)
    soon = [whole + timedelta(hours=hours) for hours in SOON]
    days = [local.date() + timedelta(days=n) for n in range(1, DAYS + 1)]
    later = [datetime.combine(day, clock, local.tzinfo) for day in days for clock in LOCAL]
    times = sorted({at.astimezone(UTC) for at in (*soon, *later)})
    return [at for at in times if max(after, now) < at and (before is None or at <= before)]


def returnable(standing: Standing) -> None:
    """Whether there is a report to improve. Raises: NotOwed."""
    if standing is not Standing.RECEIVED:
        raise NotOwed(f"this report is {standing}: only what was received can be returned")


def closes_after_return(due_at: datetime, closes_after: datetime | None, until: datetime) -> datetime | None:
    """A returned report is waited for as long after its new time as it was after its due time."""
    return closes_after and max(closes_after, until + (closes_after - due_at))
