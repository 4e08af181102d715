"""Duties and what they make: every report owed (obligation), with its due time, fixed when it is made."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules import calendar
from rules.calendar import VOTING_DAY, Anchor, Election
from rules.desk import Desk

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Per(StrEnum):
    """Who owes: each district, each team, or the desk itself (its report to the Government)."""

    DISTRICT = "district"
    TEAM = "team"
    DESK = "desk"


class OnHoliday(StrEnum):
    """What a closed day does to a due time. The obligation itself always stays."""

    KEEP = "keep"
    NEXT_WORKING_DAY = "next_working_day"


@dataclass(frozen=True, slots=True)
class Days:
    """The days on which a duty falls: from one anchor through another, every day or on one weekday.

    `weekday` counts from Monday = 0; None means every day. `once_more` adds the next such weekday after
    the end: the closing report.
    """

    first: Anchor
    last: Anchor
    weekday: int | None = None
    once_more: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """A kind of report owed. `at` holds local times, ascending; `opens` and `closes` count from the due time."""

    code: str
    name: str
    form: str
    per: Per
    days: Days
    at: tuple[time, ...]
    ladder: str
    nil: bool
    on_holiday: OnHoliday
    opens: timedelta
    closes: timedelta


@dataclass(frozen=True, slots=True)
class Obligation:
    """One report owed. Instants are UTC; `zone` and `rule` say how they came about, for whoever asks later."""

    key: str
    duty: str
    stage: str
    area: str
    team: str | None
    slot: str
    period_start: date
    period_end: date
    opens_at: datetime
    due_at: datetime
    closes_after: datetime
    zone: str
    rule: str
    ladder: str


def obligations(
    election: Election,
    desk: Desk,
    duties: tuple[Duty, ...],
    holidays: Set[date],
    *,
    known_at: date | None = None,
) -> list[Obligation]:
    """Every report owed under this calendar, in order of due time, then area, then duty.

    The same arguments give the same list. Dates the calendar leaves blank make nothing.

    Args:
        holidays: closed days besides Saturday and Sunday.
        known_at: plan as somebody who knows only what was published until then; None: the newest.
    """
    made = [
        _obligation(election, desk, duty, area, day, at, holidays, known_at)
        for duty in duties
        for day in occurrences(duty.days, election, known_at)
        for at in duty.at
        for area in _owing(desk, duty, election)
    ]
    return sorted(made, key=lambda o: (o.due_at, o.area, o.duty))


def occurrences(days: Days, election: Election, known_at: date | None = None) -> Iterator[date]:
    """The nominal local days of a duty, ascending, before holidays move anything."""
    first, last = days.first.on(election, known_at), days.last.on(election, known_at)
    if first is None or last is None:
        return
    day = first
    while day <= last:
        if days.weekday in (None, day.weekday()):
            yield day
        day += timedelta(days=1)
    if days.once_more:
        while days.weekday not in (None, day.weekday()):
            day += timedelta(days=1)
        yield day


def slot(duty: Duty, day: date, at: time, election: Election) -> str:
    """The last part of the natural key: `H-3`, `H@07.30` or an ISO week; a plain date far from voting day."""
    name = f"{day:%G-W%V}" if duty.days.weekday is not None else _day_name(duty, day, election)
    return f"{name}@{at:%H.%M}" if len(duty.at) > 1 else name


def instant(day: date, at: time, zone: str) -> datetime:
    """A local wall time as an instant in UTC.

    A time that a clock change skips becomes the same offset later (02.30 that does not exist is 03.30);
    one that happens twice is the first (PEP 495, fold=0).
    """
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def _owing(desk: Desk, duty: Duty, election: Election) -> tuple[str, ...]:
    """Areas that owe this duty: all of its kind, or those that the stage it hangs on covers."""
    stage = election.stage(duty.days.first.role) if duty.days.first.role else None
    if duty.per is Per.DESK:
        return (desk.regency_code,)
    if duty.per is Per.DISTRICT:
        return tuple(d.code for d in desk.districts if stage is None or stage.covers(d.code))
    return tuple(t.code for t in desk.teams if stage is None or any(map(stage.covers, t.districts)))


def _obligation(
    election: Election,
    desk: Desk,
    duty: Duty,
    area: str,
    day: date,
    at: time,
    holidays: Set[date],
    known_at: date | None,
) -> Obligation:
    moves = duty.on_holiday is OnHoliday.NEXT_WORKING_DAY
    due_day = calendar.working_day(day, holidays) if moves else day
    zone = desk.zone_of(area)
    due_at = instant(due_day, at, zone)
    name = slot(duty, day, at, election)
    start, end = _period(duty, day, election)
    return Obligation(
        key=f"{election.code}/{desk.code}/{duty.code}/{area}/{name}",
        duty=duty.code,
        stage=_stage(election, duty, desk, area, day, known_at),
        area=area,
        team=_team(desk, duty.per, area),
        slot=name,
        period_start=start,
        period_end=end,
        opens_at=due_at + duty.opens,
        due_at=due_at,
        closes_after=due_at + duty.closes,
        zone=zone,
        rule=_rule(duty, day, at, due_day),
        ladder=duty.ladder,
    )


def _team(desk: Desk, per: Per, area: str) -> str | None:
    if per is Per.DESK:
        return None
    return area if per is Per.TEAM else desk.team_of(area).code


def _day_name(duty: Duty, day: date, election: Election) -> str:
    voting_day = Anchor(VOTING_DAY).on(election)
    if voting_day is None or duty.days.first.role != VOTING_DAY:
        return day.isoformat()
    distance = (day - voting_day).days
    return f"H{distance:+d}" if distance else "H"


def _period(duty: Duty, day: date, election: Election) -> tuple[date, date]:
    """What the report is about: the week (Monday to Sunday) before for a weekly, all so far for a single one,
    else the day itself.
    """
    if duty.days.weekday is not None:
        monday = day - timedelta(days=day.weekday())
        first = max(monday - timedelta(days=7), election.starts)
        return first, max(monday - timedelta(days=1), first)
    single = duty.days.first == duty.days.last and len(duty.at) == 1
    return (election.starts, day) if single and duty.days.first.role != VOTING_DAY else (day, day)


def _stage(election: Election, duty: Duty, desk: Desk, area: str, day: date, known_at: date | None) -> str:
    """The stage the anchor names, when it names one other than voting day; else the running one begun last."""
    anchored = duty.days.first.role
    if anchored not in (None, VOTING_DAY) and duty.days.first == duty.days.last:
        named = election.stage(anchored)
        return named.code if named else ""
    place = area if duty.per is Per.DISTRICT else desk.regency_code
    found = calendar.running(election, day, place, known_at)
    return found[-1].code if found else ""


def _rule(duty: Duty, day: date, at: time, due_day: date) -> str:
    days = duty.days
    when = f"every {WEEKDAYS[days.weekday]}" if days.weekday is not None else f"on {day}"
    moved = f", moved from {day} (closed day)" if due_day != day else ""
    return f"{duty.code}: {when} at {at:%H.%M}{moved}"
