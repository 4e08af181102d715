"""What is owed when. A second, naive computation over another calendar must agree exactly."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules import calendar, duties
from rules.calendar import VOTING_DAY, Anchor, Edge, Election, Stage, Version
from rules.desk import Desk, District, Office, Team
from rules.duties import Days, Duty, Each, OnHoliday, Per

START, H = date(2024, 9, 1), date(2024, 11, 27)
RECAP_END = date(2024, 12, 6)
HOLIDAYS = frozenset({date(2024, 9, 16), date(2024, 9, 17), date(2024, 11, 27), date(2024, 12, 2)})


def stage(code: str, start: date | None, end: date | None, **more) -> Stage:
    return Stage(code, code, (Version(START, "decree", start, end),), **more)


ELECTION = Election(
    "pilkada-2024",
    "Pilkada 2024",
    START,
    (
        stage("P-CAMPAIGN", date(2024, 9, 25), date(2024, 11, 23)),
        stage("P-H", H, H, role=VOTING_DAY),
        stage("P-RECAP", date(2024, 11, 29), RECAP_END, role="recapitulation_regency"),
        stage("P-BLANK", None, None, role="inauguration"),
        stage("P-REVOTE", date(2024, 12, 7), date(2024, 12, 7), role="revote", areas=("91.03.02",), active=False),
    ),
)
DESK = Desk(
    code="jayapura",
    name="Desk",
    brand="Desk",
    zone="Asia/Jayapura",
    regency_code="91.03",
    regency="Kabupaten Jayapura",
    province="Papua",
    seat="Sentani",
    signatory="BUPATI",
    districts=(
        District("91.03.01", "Satu", "Asia/Jayapura"),
        District("91.03.02", "Dua", "Asia/Makassar"),
        District("91.03.03", "Tiga", "Asia/Jayapura"),
    ),
    offices=tuple(Office(c, c, c, "Asia/Jayapura") for c in ("a", "b", "c", "k", "s")),
    teams=(
        Team("I", "Tim I", ("a", "b"), {"91.03.01": "a", "91.03.02": "b"}),
        Team("II", "Tim II", ("c",), {"91.03.03": "c"}),
    ),
    coordinators={"91.03.01": "k", "91.03.02": "k", "91.03.03": "k"},
    secretary="s",
    chair="s",
    secretariat="s",
    addressees={},
    polling={},
)


def duty(code: str, days: Days, at: tuple[str, ...] = ("15:00",), **more) -> Duty:
    facts = {"per": Per.DISTRICT, "on_holiday": OnHoliday.KEEP} | more
    return Duty(
        code=code,
        name=code,
        form="form",
        days=days,
        at=tuple(time.fromisoformat(t) for t in at),
        ladder="routine",
        nil=True,
        opens=-timedelta(days=1),
        closes=timedelta(days=6),
        **facts,
    )


def h(days: int) -> Anchor:
    return Anchor(VOTING_DAY, Edge.START, days)


RECAP = Anchor("recapitulation_regency", Edge.END)
DUTIES = (
    duty("weekly", Days(Anchor(None), h(-8), weekday=0), on_holiday=OnHoliday.NEXT_WORKING_DAY),
    duty("daily", Days(h(-7), h(-1))),
    duty("voting-day", Days(h(0), h(0)), ("07:30", "10:00", "13:30", "18:00", "22:00")),
    duty("after", Days(h(1), h(7))),
    duty("recap", Days(h(8), RECAP, weekday=0, once_more=True), on_holiday=OnHoliday.NEXT_WORKING_DAY),
    duty("final", Days(Anchor("recapitulation_regency", Edge.END, 14), Anchor("recapitulation_regency", Edge.END, 14))),
)


def naive() -> set[tuple[str, str, str, datetime]]:
    """The same calendar, day by day, with plain arithmetic: (duty, area, slot, due in UTC)."""
    hours = {"91.03.01": 9, "91.03.02": 8, "91.03.03": 9}
    found = set()

    def owe(code: str, slot: str, day: date, clock: str) -> None:
        for area, offset in hours.items():
            hour, minute = map(int, clock.split("."))
            due = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=offset)
            found.add((code, area, slot, due))

    def open_day(day: date) -> date:
        while day.isoweekday() in (6, 7) or day in HOLIDAYS:
            day += timedelta(days=1)
        return day

    day = START
    while day < date(2025, 2, 1):
        week = "{}-W{:02}".format(*day.isocalendar()[:2])
        n = (day - H).days
        if day.isoweekday() == 1 and n <= -8:
            owe("weekly", week, open_day(day), "15.00")
        if -7 <= n <= -1:
            owe("daily", f"H-{-n}", day, "15.00")
        if n == 0:
            for clock in ("07.30", "10.00", "13.30", "18.00", "22.00"):
                owe("voting-day", f"H@{clock}", day, clock)
        if 1 <= n <= 7:
            owe("after", f"H+{n}", day, "15.00")
        closing = day.isoweekday() == 1 and day > RECAP_END and day - timedelta(days=7) <= RECAP_END
        if day.isoweekday() == 1 and n >= 8 and (day <= RECAP_END or closing):
            owe("recap", week, open_day(day), "15.00")
        if day == RECAP_END + timedelta(days=14):
            owe("final", day.isoformat(), day, "15.00")
        day += timedelta(days=1)
    return found


def test_a_naive_computation_agrees_exactly():
    made = duties.obligations(ELECTION, DESK, DUTIES, HOLIDAYS)

    assert {(o.duty, o.area, o.slot, o.due_at) for o in made} == naive()
    assert len({o.key for o in made}) == len(made)


def test_the_order_is_by_due_time_and_the_same_every_time():
    made = duties.obligations(ELECTION, DESK, DUTIES, HOLIDAYS)

    assert made == sorted(made, key=lambda o: (o.due_at, o.area, o.duty))
    assert made == duties.obligations(ELECTION, DESK, DUTIES, HOLIDAYS)


def test_a_holiday_moves_the_due_time_and_neither_the_slot_nor_the_period():
    moved = next(o for o in duties.obligations(ELECTION, DESK, DUTIES, HOLIDAYS) if o.slot == "2024-W38")

    assert moved.due_at.astimezone(ZoneInfo("Asia/Jayapura")).date() == date(2024, 9, 18)
    assert (moved.period_start, moved.period_end) == (date(2024, 9, 9), date(2024, 9, 15))
    assert "moved from 2024-09-16" in moved.rule


@pytest.mark.parametrize("role", ["inauguration", "revote", "unheard-of"])
def test_what_the_calendar_leaves_open_makes_nothing(role):
    hung_on = duty("hung", Days(Anchor(role), Anchor(role)))

    assert duties.obligations(ELECTION, DESK, (hung_on,), HOLIDAYS) == []


def test_a_stage_of_one_area_concerns_that_area_alone():
    stages = [
        s
        if s.role != "revote"
        else stage("P-REVOTE", date(2024, 12, 7), date(2024, 12, 7), role="revote", areas=("91.03.02.2001",))
        for s in ELECTION.stages
    ]
    election = Election(ELECTION.code, ELECTION.name, START, tuple(stages))
    revote = Days(Anchor("revote"), Anchor("revote"))

    made = duties.obligations(election, DESK, (duty("d", revote), duty("t", revote, per=Per.TEAM)), HOLIDAYS)

    assert {(o.duty, o.area, o.stage) for o in made} == {("d", "91.03.02", "P-REVOTE"), ("t", "I", "P-REVOTE")}


def test_a_vote_put_off_in_one_area_moves_what_is_owed_there_and_nothing_else():
    """B175."""
    put_off = Version(date(2024, 12, 5), "decree", date(2024, 12, 14), date(2024, 12, 14))
    first = Version(START, "decree", date(2024, 12, 7), date(2024, 12, 7))
    later = Stage("P-LATER", "later", (first, put_off), role="revote", areas=("91.03.02",))
    election = Election(ELECTION.code, ELECTION.name, START, (*ELECTION.stages[:-1], later))
    around = Days(Anchor("revote", days=-1), Anchor("revote"))
    owed = (*DUTIES, duty("later", around))

    before, after = (
        {(o.duty, o.area, o.slot): o.due_at for o in duties.obligations(election, DESK, owed, HOLIDAYS, known_at=at)}
        for at in (date(2024, 12, 4), date(2024, 12, 5))
    )

    moved = before.items() ^ after.items()
    assert {(code, area) for (code, area, _), _ in moved} == {("later", "91.03.02")}
    assert sorted(at.date() for (code, *_), at in after.items() if code == "later") == [
        date(2024, 12, 13),
        date(2024, 12, 14),
    ]


def test_somebody_who_knows_less_plans_by_the_older_version():
    older = Version(START, "first decree", date(2024, 11, 29), date(2024, 12, 16))
    newer = Version(date(2024, 11, 20), "second decree", date(2024, 11, 29), RECAP_END)
    recap = Stage("P-RECAP", "recap", (older, newer), role="recapitulation_regency")
    election = Election(ELECTION.code, ELECTION.name, START, (*ELECTION.stages[:2], recap))

    before = duties.obligations(election, DESK, DUTIES[-1:], HOLIDAYS, known_at=date(2024, 11, 19))
    after = duties.obligations(election, DESK, DUTIES[-1:], HOLIDAYS)

    assert {o.slot for o in before} == {"2024-12-30"}
    assert {o.slot for o in after} == {"2024-12-20"}


def test_a_local_time_that_a_clock_change_skips_is_the_same_offset_later():
    """B160."""
    skipped = duties.instant(date(2027, 3, 28), time(2, 30), "Europe/Amsterdam")

    assert skipped.astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%H.%M") == "03.30"


def test_the_twenty_ninth_of_february_is_a_day_like_others_and_nothing_is_owed_by_the_year():
    """B173: days are counted one by one, so a leap day is owed once; `every: year` is no word of a policy."""
    polls = date(2028, 3, 3)
    election = Election("e", "E", date(2028, 2, 1), (stage("P-H", polls, polls, role=VOTING_DAY),))

    made = duties.obligations(election, DESK, (duty("daily", Days(h(-7), h(-1))),), frozenset())

    days = [o.due_at.astimezone(ZoneInfo("Asia/Jayapura")).date() for o in made if o.area == "91.03.01"]
    assert days == [date(2028, 2, 25) + timedelta(days=n) for n in range(7)]
    assert date(2028, 2, 29) in days


def test_a_vote_that_is_held_later_in_one_region_moves_nothing_elsewhere():
    """B175: it is a stage of its own, of the areas it concerns."""
    later = stage("P-LATER", date(2024, 12, 10), date(2024, 12, 10), role="revote", areas=("91.03.02",))
    election = Election(ELECTION.code, ELECTION.name, START, (*ELECTION.stages[:-1], later))
    again = duty("again", Days(Anchor("revote", Edge.START, -1), Anchor("revote")))

    before = duties.obligations(ELECTION, DESK, (*DUTIES, again), HOLIDAYS)
    after = duties.obligations(election, DESK, (*DUTIES, again), HOLIDAYS)

    assert {o.area for o in after if o not in before} == {"91.03.02"}
    assert [o for o in before if o not in after] == []


@pytest.mark.parametrize("key", ["e/d/hari-h/1/H@22.00", "H@22.00", "e/d/hari-h/1/H@22.00~2"])
def test_a_report_keeps_its_own_name_when_an_amendment_gave_it_another_day(key):
    own = replace(DUTIES[0], each=(Each(time(22), "Laporan pukul 22.00: kotak suara", "kotak"),))

    assert (own.of(key).name, own.of(key).form) == ("Laporan pukul 22.00: kotak suara", "kotak")
    assert own.of("e/d/hari-h/1/H@07.30") == own


COUNTED = duty("counted", Days(replace(RECAP, working=5), replace(RECAP, working=5)))
BEFORE = duty("before", Days(Anchor(VOTING_DAY, working=-3), Anchor(VOTING_DAY, working=-3)), ("09:00", "15:00"))


def test_a_report_due_after_working_days_keeps_its_key_when_the_holidays_change():
    spring = frozenset({RECAP_END + timedelta(days=3)})
    made = [duties.obligations(ELECTION, DESK, (COUNTED, BEFORE), days) for days in (frozenset(), spring)]

    first, second = ({own.key: own for own in found} for found in made)
    assert first.keys() == second.keys()
    moved = {own.duty for key, own in first.items() if own.due_at != second[key].due_at}
    assert moved == {"counted"}
    assert {own.slot for own in made[0]} == {f"{RECAP_END}+5k", "H-3k@09.00", "H-3k@15.00"}
    assert all(len(own.slot) <= 20 for own in made[0])


def test_what_made_such_a_due_time_is_said():
    own = next(o for o in duties.obligations(ELECTION, DESK, (COUNTED,), HOLIDAYS) if o.area == "91.03.01")

    day = calendar.counted(RECAP_END, 5, HOLIDAYS)
    assert own.rule == f"counted: on {day}, 5 working days after {RECAP_END} at 15.00"
    assert (own.period_start, own.period_end) == (START, day)


def test_a_rhythm_may_begin_and_end_on_a_working_day():
    daily = duty("daily", Days(Anchor(VOTING_DAY, working=-2), Anchor(VOTING_DAY, working=2)))

    found = {o.due_at.date() for o in duties.obligations(ELECTION, DESK, (daily,), HOLIDAYS)}

    first, last = calendar.counted(H, -2, HOLIDAYS), calendar.counted(H, 2, HOLIDAYS)
    assert (min(found), max(found)) == (first, last)
