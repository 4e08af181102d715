"""Stages, in the versions that regulations gave them, and the days that are counted from them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import calendar
from rules.calendar import VOTING_DAY, Anchor, Edge, Election, Stage, Version

H = date(2024, 2, 14)


def day(n: int) -> date:
    return H + timedelta(days=n)


def version(start: date | None, end: date | None, known: date = date(2022, 6, 9)) -> Version:
    return Version(known, "PKPU", start, end)


OLD, NEW = version(day(1), day(35)), version(day(1), day(20), known=day(1))
RECAP = Stage("R", "Rekapitulasi", (OLD, NEW), role="recap")
VOTE = Stage("V", "Pemungutan", (version(H, H),), role=VOTING_DAY)
COUNT = Stage("C", "Penghitungan", (version(H, day(1)),))
REVOTE = Stage("U", "Ulang", (version(day(3), day(10)),), role="revote", active=False)
OPEN = Stage("O", "Sengketa", (version(day(-1), None),))
VILLAGE = Stage("P", "Lanjutan", (version(day(-5), day(5)),), areas=("63.04.02.2001",))
ELECTION = Election("pemilu", "Pemilu", day(-600), (VOTE, COUNT, RECAP, REVOTE, OPEN, VILLAGE))


@pytest.mark.parametrize(
    ("known_at", "expected"),
    [
        pytest.param(None, NEW, id="the newest"),
        pytest.param(day(1), NEW, id="known from that day on"),
        pytest.param(day(0), OLD, id="the day before"),
        pytest.param(date(2022, 6, 8), None, id="before anybody knew"),
    ],
)
def test_the_version_in_force(known_at, expected):
    assert RECAP.version(known_at) == expected


@pytest.mark.parametrize(
    ("area", "other", "expected"),
    [
        pytest.param("63.04.02", "63.04.02", True, id="itself"),
        pytest.param("63.04.02.2001", "63.04.02", True, id="a village in its district"),
        pytest.param("63.04.02", "63.04.02.2001", False, id="not the other way round"),
        pytest.param("63.04.021", "63.04.02", False, id="a longer number is another place"),
        pytest.param("63.04", "63.05", False, id="a neighbour"),
    ],
)
def test_within(area, other, expected):
    assert calendar.within(area, other) is expected


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        pytest.param("63.04.02.2001", True, id="the village itself"),
        pytest.param("63.04.02", True, id="the district around it"),
        pytest.param("63.04", True, id="the regency around it"),
        pytest.param("63.04.02.2002", False, id="the village beside it"),
        pytest.param("63.04.03", False, id="another district"),
    ],
)
def test_what_a_stage_of_one_village_covers(area, expected):
    assert VILLAGE.covers(area) is expected


def test_a_stage_without_areas_is_everywhere():
    assert VOTE.covers("11.01.01")


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        pytest.param(Anchor(VOTING_DAY, days=-7), day(-7), id="H-7"),
        pytest.param(Anchor("recap", Edge.END), day(20), id="the end as last moved"),
        pytest.param(Anchor("recap", Edge.END, 14), day(34), id="a fortnight later"),
        pytest.param(Anchor(None), day(-600), id="the start of the programme"),
        pytest.param(Anchor("revote"), None, id="an inactive stage has no day"),
        pytest.param(Anchor("unheard-of"), None, id="nor has one that is not there"),
    ],
)
def test_a_day_counted_from_the_calendar(anchor, expected):
    assert anchor.on(ELECTION) == expected


def test_an_open_end_has_no_day():
    election = Election("e", "e", H, (Stage("O", "o", (version(H, None),), role="open"),))

    assert Anchor("open", Edge.START).on(election) == H
    assert Anchor("open", Edge.END).on(election) is None


@pytest.mark.parametrize(
    ("on", "area", "expected"),
    [
        pytest.param(H, "63.04.03", ["O", "C", "V"], id="of two begun together the shorter is the last"),
        pytest.param(day(1), "63.04.03", ["O", "C", "R"], id="what began last is the last"),
        pytest.param(day(4), "63.04.03", ["O", "R"], id="the inactive one never runs"),
        pytest.param(day(-1), "63.04.02", ["P", "O"], id="the village's own stage counts in its district"),
        pytest.param(day(21), "63.04.03", ["O"], id="an open end runs on"),
        pytest.param(day(-6), "63.04.03", [], id="nothing yet"),
    ],
)
def test_what_runs(on, area, expected):
    assert [stage.code for stage in calendar.running(ELECTION, on, area)] == expected


def test_who_knows_less_sees_another_end():
    assert [s.code for s in calendar.running(ELECTION, day(30), "63.04.03", known_at=H)] == ["O", "R"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(date(2024, 2, 7), date(2024, 2, 7), id="a working day stays"),
        pytest.param(date(2024, 2, 8), date(2024, 2, 12), id="8 to 11 February 2024: four closed days"),
        pytest.param(date(2024, 2, 10), date(2024, 2, 12), id="a Saturday"),
        pytest.param(date(2024, 2, 14), date(2024, 2, 15), id="voting day"),
    ],
)
def test_the_next_working_day(given, expected):
    closed = iter([date(2024, 2, 8), date(2024, 2, 9), date(2024, 2, 14)])

    assert calendar.working_day(given, closed) == expected


@pytest.mark.parametrize(
    ("code", "sms_name", "said"),
    [
        ("pemilu-2024", "", "Pemilu 2024"),
        ("pilkada-2024", "Pilbup 2024", "Pilbup 2024"),
        ("pemilihan-kepala-daerah", "", "Pemilihan"),
        ("pemilihankepaladaerah", "", "Pemilihankepala"),
    ],
)
def test_an_election_has_a_name_that_fits_a_text(code, sms_name, said):
    assert Election(code, "x", date(2024, 1, 1), (), sms_name).short == said


EASTER, LEAVE = date(2024, 3, 29), date(2024, 4, 1)


@pytest.mark.parametrize(
    ("start", "many", "expected"),
    [
        pytest.param(date(2024, 3, 27), 1, date(2024, 3, 28), id="the next day"),
        pytest.param(date(2024, 3, 27), 2, date(2024, 4, 2), id="over a holiday, a weekend and a day of leave"),
        pytest.param(date(2024, 3, 30), 1, date(2024, 4, 2), id="from a closed day"),
        pytest.param(date(2024, 4, 2), -1, date(2024, 3, 28), id="before it"),
        pytest.param(date(2024, 3, 30), -2, date(2024, 3, 27), id="before a closed day"),
        pytest.param(date(2024, 3, 30), 0, date(2024, 3, 30), id="none at all: the day itself"),
    ],
)
def test_working_days_are_counted(start, many, expected):
    assert calendar.counted(start, many, {EASTER, LEAVE}) == expected


closed = st.frozensets(st.dates(date(2024, 1, 1), date(2024, 4, 30)), max_size=60)
weekends = st.frozensets(st.integers(0, 6), max_size=6)
starts = st.dates(date(2024, 2, 1), date(2024, 3, 31))
counts = st.integers(-25, 25).filter(bool)


@given(starts, counts, closed, weekends)
def test_just_so_many_working_days_lie_between_and_the_last_is_one(start, many, closed, weekend):
    found = calendar.counted(start, many, closed, weekend)

    first, last = (start + timedelta(1), found) if many > 0 else (found, start - timedelta(1))
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    open_days = [own for own in days if own.weekday() not in weekend and own not in closed]
    assert len(open_days) == abs(many)
    assert found in open_days


@given(starts, counts, closed, weekends, closed)
def test_more_holidays_only_move_a_day_away_from_what_it_counts_from(start, many, closed, weekend, more):
    before, after = (calendar.counted(start, many, days, weekend) for days in (closed, closed | more))

    assert abs((after - start).days) >= abs((before - start).days) >= abs(many)


def test_working_days_of_an_instant_are_those_of_its_zone_and_keep_its_hour():
    days = calendar.WorkingDays("Asia/Jayapura", {EASTER})
    since = datetime(2024, 3, 27, 16, 30, tzinfo=UTC)  # Thursday, 28 March, 01.30 in Jayapura

    assert days.after(since, 1) == datetime(2024, 3, 31, 16, 30, tzinfo=UTC)  # Monday, 01.30


def test_an_anchor_counts_its_working_days_from_the_edge_of_its_stage():
    anchor = Anchor(VOTING_DAY, working=-3)

    assert anchor.on(ELECTION) == date(2024, 2, 9)
    assert anchor.on(ELECTION, holidays={date(2024, 2, 8), date(2024, 2, 9)}) == date(2024, 2, 7)
    assert Anchor("revote", working=3).on(ELECTION) is None
