"""Duties and what they make: every report owed (obligation), with its due time, fixed when it is made."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules import calendar
from rules.calendar import VOTING_DAY, Anchor, Election
from rules.desk import Desk
from rules.indonesian import local_date
from rules.support import Support

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Per(StrEnum):
    """Who owes: each district, each team, named offices, or the desk itself (its report to the Government)."""

    DISTRICT = "district"
    TEAM = "team"
    OFFICE = "office"
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
class Each:
    """What the report of one time of day is called, and which form it is."""

    at: time
    name: str
    form: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A kind of report owed. `at` holds local times, ascending; `opens` and `closes` count from the due time.

    `days` None: it falls on no set day; somebody asks for it, about one problem, and it opens then.
    `each`: reports of one time of day that have their own name and form; all others use `name` and `form`.
    `takes`: the kind of report of the level below that fulfils it (`rules.levels`); empty: people file it.
    `offices`: those that owe it, where it is per office. `support`: it says what an office has ready; None: it reports.
    """

    code: str
    name: str
    form: str
    per: Per
    days: Days | None
    at: tuple[time, ...]
    ladder: str
    nil: bool
    on_holiday: OnHoliday
    opens: timedelta
    closes: timedelta
    each: tuple[Each, ...] = ()
    takes: str = ""
    offices: tuple[str, ...] = ()
    support: Support | None = None

    def of(self, key: str) -> "Duty":
        """This duty with the name and the form of the report with this natural key or slot."""
        clock = key.rpartition("@")[2].partition("~")[0]
        own = next((each for each in self.each if f"{each.at:%H.%M}" == clock), None)
        return replace(self, name=own.name, form=own.form) if own else self


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
    weekend: Set[int] = calendar.WEEKEND,
    *,
    known_at: date | None = None,
) -> list[Obligation]:
    """Every report owed under this calendar, in order of due time, then area, then duty.

    The same arguments give the same list. Dates the calendar leaves blank make nothing.

    Args:
        holidays: closed days besides the weekend.
        weekend: the days of the week (Monday = 0) that are closed.
        known_at: plan as somebody who knows only what was published until then; None: the newest.
    """
    made = [
        _obligation(election, desk, duty, area, day, at, _due_day(duty, day, holidays, weekend), known_at)
        for duty in duties
        if duty.days is not None
        for day in occurrences(duty.days, election, known_at, holidays, weekend)
        for at in duty.at
        for area in _owing(desk, duty, election)
    ]
    return sorted(made, key=lambda o: (o.due_at, o.area, o.duty))


def many(election: Election, desk: Desk, duty: Duty, holidays: Set[date], weekend: Set[int] = calendar.WEEKEND) -> int:
    """How many reports a duty makes, without making them."""
    if duty.days is None:
        return 0
    days = sum(1 for _ in occurrences(duty.days, election, None, holidays, weekend))
    return days * len(duty.at) * len(_owing(desk, duty, election))


def asked_for(
    desk: Desk, election: Election, duty: Duty, problem: str, nth: int, since: date, *, now: datetime
) -> Obligation:
    """The report about one problem that is asked for now: it is compiled at once, and due as the duty says.

    Args:
        problem: its number.
        nth: the how many-th about it, from 1.
        since: the local day on which the problem was opened.
    """
    zone, day = desk.zone, local_date(now, desk.zone)
    name = problem if nth == 1 else f"{problem}~{nth}"
    begun = calendar.running(election, day, desk.regency_code)
    return Obligation(
        key=f"{election.code}/{desk.code}/{duty.code}/{desk.regency_code}/{name}",
        duty=duty.code,
        stage=begun[-1].code if begun else "",
        area=desk.regency_code,
        team=None,
        slot=name,
        period_start=since,
        period_end=day,
        opens_at=now,
        due_at=now - duty.opens,
        closes_after=now - duty.opens + duty.closes,
        zone=zone,
        rule=f"asked for about {problem}",
        ladder=duty.ladder,
    )


def occurrences(
    days: Days,
    election: Election,
    known_at: date | None = None,
    holidays: Set[date] = frozenset(),
    weekend: Set[int] = calendar.WEEKEND,
) -> Iterator[date]:
    """The nominal local days of a duty, ascending, before holidays move anything; working days are counted by them."""
    first, last = (anchor.on(election, known_at, holidays, weekend) for anchor in (days.first, days.last))
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


def slot(duty: Duty, day: date, at: time, election: Election, known_at: date | None = None) -> str:
    """The last part of the natural key: `H-3`, `H@07.30` or an ISO week; a plain date far from voting day.

    A day counted in working days (`2024-03-20+5k`) keeps its name when other days become holidays.
    """
    name = f"{day:%G-W%V}" if _days(duty).weekday is not None else _day_name(duty, day, election, known_at)
    return f"{name}@{at:%H.%M}" if len(duty.at) > 1 else name


def level(desk: Desk, area: str) -> Per:
    """What kind of place owes there."""
    if area == desk.regency_code:
        return Per.DESK
    return Per.TEAM if desk.is_team(area) else Per.OFFICE if desk.is_office(area) else Per.DISTRICT


def instant(day: date, at: time, zone: str) -> datetime:
    """A local wall time as an instant in UTC.

    A time that a clock change skips becomes the same offset later (02.30 that does not exist is 03.30);
    one that happens twice is the first (PEP 495, fold=0).
    """
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def _days(duty: Duty) -> Days:
    assert duty.days is not None
    return duty.days


def _owing(desk: Desk, duty: Duty, election: Election) -> tuple[str, ...]:
    """Areas that owe this duty: all of its kind, or those that the stage it hangs on covers."""
    role = _days(duty).first.role
    stage = election.stage(role) if role else None
    if duty.per is Per.DESK:
        return (desk.regency_code,)
    if duty.per is Per.OFFICE:
        return duty.offices
    if duty.per is Per.DISTRICT:
        served = (d.code for d in desk.districts if duty.support is None or duty.support.serves(d.code))
        return tuple(code for code in served if stage is None or stage.covers(code))
    return tuple(t.code for t in desk.teams if stage is None or any(map(stage.covers, t.districts)))


def _due_day(duty: Duty, day: date, holidays: Set[date], weekend: Set[int]) -> date:
    moves = duty.on_holiday is OnHoliday.NEXT_WORKING_DAY
    return calendar.working_day(day, holidays, weekend) if moves else day


def _obligation(
    election: Election,
    desk: Desk,
    duty: Duty,
    area: str,
    day: date,
    at: time,
    due_day: date,
    known_at: date | None,
) -> Obligation:
    zone, days = desk.zone_of(area), _days(duty)
    due_at = instant(due_day, at, zone)
    name = slot(duty, day, at, election, known_at)
    start, end = _period(duty, day, election, known_at)
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
        rule=_rule(duty, day, at, due_day, days.first.base(election, known_at)),
        ladder=duty.ladder,
    )


def _team(desk: Desk, per: Per, area: str) -> str | None:
    if per is Per.DESK:
        return None
    return area if per in (Per.TEAM, Per.OFFICE) else desk.team_of(area).code


def _by_working_days(days: Days) -> bool:
    """Whether it falls on one day, which is counted in working days."""
    return days.first == days.last and days.first.working != 0


def _day_name(duty: Duty, day: date, election: Election, known_at: date | None) -> str:
    first = _days(duty).first
    if _by_working_days(_days(duty)):
        base = first.base(election, known_at)
        return f"{'H' if first.role == VOTING_DAY else base}{first.working:+d}k"
    voting_day = Anchor(VOTING_DAY).on(election)
    if voting_day is None or _days(duty).first.role != VOTING_DAY:
        return day.isoformat()
    distance = (day - voting_day).days
    return f"H{distance:+d}" if distance else "H"


def _period(duty: Duty, day: date, election: Election, known_at: date | None) -> tuple[date, date]:
    """The days a report is about: the week before (Monday to Sunday) for a weekly one, everything so far for a
    single one, else the day itself: also what an office has ready is asked for as it stands on that day. One that is
    counted in working days is about all days between: it stays the same report when some of them become holidays.
    """
    days = _days(duty)
    if days.weekday is not None:
        monday = day - timedelta(days=day.weekday())
        first = max(monday - timedelta(days=7), election.starts)
        return first, max(monday - timedelta(days=1), first)
    single = days.first == days.last and len(duty.at) == 1
    so_far = single and days.first.role != VOTING_DAY and duty.support is None
    if so_far:
        return election.starts, day
    base = days.first.base(election, known_at) if _by_working_days(days) else None
    return (min(base, day), max(base, day)) if base else (day, day)


def _stage(election: Election, duty: Duty, desk: Desk, area: str, day: date, known_at: date | None) -> str:
    """The stage the anchor names if it is not voting day; else the running stage that began last."""
    days = _days(duty)
    anchored = days.first.role
    if anchored not in (None, VOTING_DAY) and days.first == days.last:
        named = election.stage(anchored)
        return named.code if named else ""
    place = area if duty.per is Per.DISTRICT else desk.regency_code
    begun = calendar.running(election, day, place, known_at)
    return begun[-1].code if begun else ""


def _rule(duty: Duty, day: date, at: time, due_day: date, base: date | None) -> str:
    days = _days(duty)
    when = f"every {WEEKDAYS[days.weekday]}" if days.weekday is not None else f"on {day}"
    if _by_working_days(days):
        many = days.first.working
        when += f", {abs(many)} working days {'after' if many > 0 else 'before'} {base}"
    moved = f", moved from {day} (closed day)" if due_day != day else ""
    return f"{duty.code}: {when} at {at:%H.%M}{moved}"
