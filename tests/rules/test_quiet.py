"""Quiet hours hold what need not wake anybody, in the zone of whoever would be woken."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.calendar import VOTING_DAY, Anchor, Edge, Election, Stage, Version
from rules.quiet import ClosedDays, Peace, Window, read, spelt, too_long, within

WITA = ZoneInfo("Asia/Makassar")
NIGHT = Window(time(20), time(7))
FRIDAY = Window(time(11, 30), time(13, 30), frozenset({4}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2024-02-05T19:59", "2024-02-05T19:59", id="a minute before, free"),
        pytest.param("2024-02-05T20:00", "2024-02-06T07:00", id="from the first minute, held"),
        pytest.param("2024-02-06T06:59", "2024-02-06T07:00", id="after midnight, until morning"),
        pytest.param("2024-02-06T07:00", "2024-02-06T07:00", id="the end is free"),
        pytest.param("2024-02-09T12:00", "2024-02-09T13:30", id="Friday prayer"),
        pytest.param("2024-02-08T12:00", "2024-02-08T12:00", id="not on a Thursday"),
    ],
)
def test_when_it_may_go(now, expected):
    assert Peace([NIGHT, FRIDAY]).release_at(at(now), "Asia/Makassar") == at(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2024-02-05T19:59", "2024-02-05T20:00", id="in a minute"),
        pytest.param("2024-02-05T07:00", "2024-02-05T20:00", id="in the evening"),
        pytest.param("2024-02-05T20:00", "2024-02-06T20:00", id="it has begun: the next"),
        pytest.param("2024-02-06T03:00", "2024-02-06T20:00", id="in the night: the next"),
        pytest.param("2024-02-09T11:00", "2024-02-09T11:30", id="Friday prayer comes first"),
        pytest.param("2024-02-08T11:00", "2024-02-08T20:00", id="not on a Thursday"),
    ],
)
def test_when_quiet_begins(now, expected):
    assert Peace([NIGHT, FRIDAY]).begins_at(at(now), "Asia/Makassar") == at(expected)


def test_quiet_begins_by_the_recipients_own_zone_and_never_without_windows():
    at_seven = at("2024-02-05T19:00")

    assert Peace([NIGHT]).begins_at(at_seven, "Asia/Jayapura") == at("2024-02-06T19:00")
    assert Peace([NIGHT]).begins_at(at_seven, "Asia/Jakarta") == at("2024-02-05T21:00")
    assert Peace([]).begins_at(at_seven, "Asia/Makassar") is None


def test_windows_that_touch_are_one_stretch():
    touching = [NIGHT, Window(time(7), time(8))]

    assert Peace(touching).release_at(at("2024-02-05T23:00"), "Asia/Makassar") == at("2024-02-06T08:00")


def test_the_recipients_own_zone_decides():
    at_seven_in_makassar = at("2024-02-06T07:00")

    assert Peace([NIGHT]).release_at(at_seven_in_makassar, "Asia/Jakarta") == at("2024-02-06T08:00")


VOTING = date(2024, 2, 14)
ELECTION = Election(
    "pemilu", "Pemilu", date(2022, 6, 14), (Stage("V", "V", (Version(VOTING, "PKPU", VOTING, VOTING),), VOTING_DAY),)
)
ISRA_MIRAJ, NEW_YEAR = date(2024, 2, 8), date(2024, 2, 9)
IDUL_FITRI = [date(2024, 4, day) for day in (8, 9, 10, 11, 12, 15)]
OFFICES = Peace(
    [NIGHT],
    ClosedDays(frozenset({"routine"}), (Anchor(VOTING_DAY, Edge.START, -7), Anchor(VOTING_DAY, Edge.START, 7))),
    ELECTION,
    frozenset([ISRA_MIRAJ, NEW_YEAR, *IDUL_FITRI]),
)


@pytest.mark.parametrize(
    ("now", "ladder", "expected"),
    [
        pytest.param("2024-04-10T08:00", "routine", "2024-04-16T07:00", id="Idul Fitri, until work begins again"),
        pytest.param("2024-04-05T21:00", "routine", "2024-04-16T07:00", id="the night before runs into it"),
        pytest.param("2024-04-05T19:59", "routine", "2024-04-05T19:59", id="the last working hour is free"),
        pytest.param("2024-04-16T07:00", "routine", "2024-04-16T07:00", id="the first morning is free"),
        pytest.param("2024-03-02T10:00", "routine", "2024-03-04T07:00", id="a weekend is closed too"),
        pytest.param("2024-04-10T08:00", "daily", "2024-04-10T08:00", id="another ladder knows no closed day"),
        pytest.param("2024-04-10T08:00", "", "2024-04-10T08:00", id="an answer knows none"),
        pytest.param("2024-02-08T08:00", "routine", "2024-02-08T08:00", id="in the week of voting no day is closed"),
        pytest.param("2024-02-21T23:00", "routine", "2024-02-22T07:00", id="only its nights are quiet"),
        pytest.param("2024-02-24T08:00", "routine", "2024-02-26T07:00", id="after it weekends are closed again"),
        pytest.param("2024-02-03T08:00", "routine", "2024-02-05T07:00", id="before it as well"),
    ],
)
def test_what_may_wait_goes_on_the_next_working_day(now, ladder, expected):
    assert OFFICES.release_at(at(now), "Asia/Makassar", ladder) == at(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2024-03-02T10:00", "2024-03-02T10:00", id="Saturday is a working day"),
        pytest.param("2024-03-03T10:00", "2024-03-04T07:00", id="Sunday is not"),
        pytest.param("2024-04-10T08:00", "2024-04-13T07:00", id="Idul Fitri ends on a Saturday"),
    ],
)
def test_where_people_work_six_days_only_sunday_is_closed(now, expected):
    closed = replace(OFFICES.closed_days, weekdays=frozenset({6}))
    six = replace(OFFICES, closed_days=closed)

    assert six.release_at(at(now), "Asia/Makassar", "routine") == at(expected)


def test_without_a_voting_day_every_closed_day_is_closed():
    nameless = Peace([NIGHT], OFFICES.closed_days, Election("x", "X", VOTING, ()), OFFICES.holidays)

    assert nameless.release_at(at("2024-02-08T08:00"), "Asia/Makassar", "routine") == at("2024-02-12T07:00")


def test_a_closed_day_begins_at_midnight_for_what_may_wait():
    open_nights = Peace([], OFFICES.closed_days, OFFICES.election, OFFICES.holidays)

    assert open_nights.begins_at(at("2024-04-05T18:00"), "Asia/Makassar", "routine") == at("2024-04-06T00:00")
    assert open_nights.begins_at(at("2024-04-05T18:00"), "Asia/Makassar", "urgent") is None


A_FRIDAY, A_SATURDAY = date(2024, 2, 9), date(2024, 2, 10)
PRAYER = Window(time(11, 30), time(13, 30), frozenset({4}))


@pytest.mark.parametrize(
    ("day", "at", "window", "expected"),
    [
        pytest.param(A_FRIDAY, time(20), Window(time(20), time(7)), True, id="from the start on"),
        pytest.param(A_FRIDAY, time(7), Window(time(20), time(7)), False, id="at the end no more"),
        pytest.param(A_FRIDAY, time(6, 59), Window(time(20), time(7)), True, id="past midnight"),
        pytest.param(A_FRIDAY, time(12), PRAYER, True, id="on its weekday"),
        pytest.param(A_SATURDAY, time(12), PRAYER, False, id="no other"),
        pytest.param(A_SATURDAY, time(6), Window(time(20), time(7), frozenset({4})), True, id="past its midnight"),
        pytest.param(A_FRIDAY, time(6), Window(time(20), time(7), frozenset({4})), False, id="and not to its morning"),
    ],
)  # fmt: skip
def test_whether_a_moment_lies_in_a_window(day, at, window, expected):
    assert within(datetime.combine(day, at, UTC), [window]) is expected


@pytest.mark.parametrize(
    ("now", "released"),
    [
        pytest.param("2024-02-05T15:00", "2024-02-05T15:00", id="outside of both"),
        pytest.param("2024-02-05T19:00", "2024-02-06T07:00", id="its own begin earlier and run into everybody's"),
        pytest.param("2024-02-06T06:30", "2024-02-06T07:00", id="everybody's end later"),
    ],
)
def test_an_office_may_have_quiet_hours_of_its_own_besides(now, released):
    own = Peace([NIGHT]).besides("18:30-06:00", "")

    assert own.release_at(at(now), "Asia/Makassar") == at(released)
    assert own.begins_at(at("2024-02-05T15:00"), "Asia/Makassar") == at("2024-02-05T18:30")
    assert own.everybodys == Peace([NIGHT])
    assert Peace([NIGHT]).besides("", "") == Peace([NIGHT])


times = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(st.datetimes(datetime(2024, 2, 5), datetime(2024, 2, 12)), st.lists(st.tuples(times, times), max_size=2))
def test_quiet_hours_of_ones_own_only_make_it_quieter(now, asked):
    own = [Window(*edges) for edges in asked]
    assume(not too_long(own, [NIGHT, FRIDAY]))
    now, peace = now.replace(tzinfo=WITA), Peace([NIGHT, FRIDAY])

    alone, besides = (one.release_at(now, "Asia/Makassar") for one in (peace, peace.besides(*map(spelt, own))))

    assert besides >= alone >= now
    assert not within(besides.astimezone(WITA), [NIGHT, FRIDAY, *own])
    assert besides - now <= timedelta(hours=20)
    assert [read(spelt(window)) for window in own] == own


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param(["21:00-06:00"], False, id="a night"),
        pytest.param(["19:00-08:00"], True, id="more than twelve hours"),
        pytest.param(["08:00-18:00"], True, id="hardly an hour of the day is left"),
        pytest.param(["07:00-12:00", "12:00-17:00"], True, id="two of them, that leave as little"),
        pytest.param(["06:00-06:00"], True, id="all day"),
    ],
)
def test_own_quiet_hours_leave_some_of_every_day(own, expected):
    assert too_long(map(read, own), [NIGHT, FRIDAY]) is expected


def test_what_nobody_can_read_holds_nothing():
    assert read("21.00-06.00") is None
    assert read("") is None
    assert Peace([NIGHT]).besides("nonsense") == Peace([NIGHT])
