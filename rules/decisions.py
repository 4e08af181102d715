"""What may be decided about a report that is owed or was received, and until when.

    owed --waive--> waived            owed --extend, in time--> owed, its chase begins again from the new time
    owed --acknowledge--> owed, nobody above hears until then; so does an extension that comes after the due time
    received --return--> received, to be improved: the chase begins again --a new version, or accept--> received

`due_at` and the time of receipt never move. docs/adr/0014-extensions-and-returns.md says why.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.filing import NotOwed, NotTaken, Standing, judged_by

SOON = (2, 4, 8)
LOCAL = (time(9), time(15))
DAYS = 7
REASON = 300
"""Signs of a reason; it stands in lists."""


class NoReason(NotTaken):
    """Something that others must understand later was decided without a word why."""


class BadUntil(NotTaken):
    """A time that is past, or after which nobody waits any more."""


def reason(text: str) -> str:
    """A reason as it is kept, in one line. Raises: NoReason: there is none, or it is a story."""
    found = " ".join(text.split())
    if not found:
        raise NoReason("this needs a reason: say why in a few words")
    if len(found) > REASON:
        raise NoReason(f"the reason has {len(found)} signs, at most {REASON} fit")
    return found


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

    What was late stays late: who comes after the time in force cannot be made punctual.

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


def offers(zone: str, *, after: datetime, before: datetime | None, now: datetime) -> list[datetime]:
    """Times to choose from for a decision, rising: soon, and on the next days at the hours when people are at work.

    None is before `after`, none after `before`.
    """
    local = now.astimezone(ZoneInfo(zone))
    whole = local.replace(minute=0, second=0, microsecond=0)
    soon = [whole + timedelta(hours=hours) for hours in SOON]
    days = [local.date() + timedelta(days=n) for n in range(1, DAYS + 1)]
    later = [datetime.combine(day, clock, local.tzinfo) for day in days for clock in LOCAL]
    found = sorted({at.astimezone(UTC) for at in (*soon, *later)})
    return [at for at in found if max(after, now) < at and (before is None or at <= before)]


def returnable(standing: Standing) -> None:
    """Whether there is a report to improve. Raises: NotOwed."""
    if standing is not Standing.RECEIVED:
        raise NotOwed(f"this report is {standing}: only what was received can be returned")


def closes_after_return(due_at: datetime, closes_after: datetime | None, until: datetime) -> datetime | None:
    """A returned report is waited for as long after its new time as it was after its due time."""
    return closes_after and max(closes_after, until + (closes_after - due_at))
