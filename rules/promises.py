"""Promises (minta waktu): a time by which an office says its report will come. The due time never moves."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.filing import NotOwed, NotTaken, Standing

SOON = (timedelta(hours=1), timedelta(hours=3))
LOCAL = (time(8), time(12), time(17))
DAYS_AHEAD = 2


class Promised(NotTaken):
    """This report was promised before; a second promise would be worth nothing."""


class BadTime(NotTaken):
    """A promise must end in the future, and before nobody waits any more."""


def check(
    standing: Standing,
    *,
    until: datetime,
    closes_after: datetime | None,
    promised: datetime | None,
    now: datetime,
) -> None:
    """Whether such a promise is taken. All instants are aware.

    Raises:
        NotOwed: there is nothing left to promise.
        Promised: it was promised before, whoever did.
        BadTime: past, or after the closing time.
    """
    if standing is not Standing.OWED or (closes_after is not None and closes_after <= now):
        raise NotOwed(f"this report is {standing}: there is nothing to promise")
    if promised is not None:
        raise Promised(f"it was promised until {promised.isoformat()}")
    if until <= now or (closes_after is not None and until > closes_after):
        raise BadTime(f"{until.isoformat()} is past, or after the closing time")


def offers(closes_after: datetime, zone: str, *, now: datetime) -> list[datetime]:
    """Times to choose from, rising, whole half hours, none after the closing time; empty when that is too near."""
    local = now.astimezone(ZoneInfo(zone))
    half = timedelta(minutes=30)
    whole = local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0)
    soon = [whole + half + ahead for ahead in SOON]
    days = [local.date() + timedelta(days=n) for n in range(DAYS_AHEAD + 1)]
    later = [at for day in days for clock in LOCAL if (at := datetime.combine(day, clock, local.tzinfo)) > soon[-1]]
    times = sorted({at.astimezone(UTC) for at in (*soon, *later)})
    return [at for at in times if at <= closes_after][:6]
