"""Lengths, times and days are read one way only."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from config import words
from config.shapes import days
from rules.calendar import VOTING_DAY, Anchor


@given(
    st.timedeltas(-timedelta(days=400), timedelta(days=400)).map(lambda t: timedelta(seconds=t // timedelta(seconds=1)))
)
def test_a_length_written_is_the_length_read(span):
    assert words.length(words.iso(span)) == span


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "-P", "1H", "PT1.5H", "P1Y", "P1M", "PT1S2H", "pt1h", "P1DT", "PT-16H", "P401D"]
)
def test_what_is_no_length_is_refused(text):
    with pytest.raises(PydanticCustomError):
        words.length(text)


@pytest.mark.parametrize("text", ["07.30", "07:30"])
def test_a_time_is_written_with_a_dot_or_a_colon(text):
    assert words.clock(text) == time(7, 30)


@pytest.mark.parametrize("text", ["7.30", "24.00", "07.60", "0730", "07.30 WITA", "٠٧.٣٠", "07.30\n"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(PydanticCustomError):
        words.clock(text)


@pytest.mark.parametrize(
    "text", ["14/02/24", "02/14/24", "14-02-2024", "2024-2-4", "20240214", "2024-02-30", "2024-02-14\n"]
)
def test_only_iso_dates_are_dates(text):
    with pytest.raises(PydanticCustomError):
        words.day(text)


@pytest.mark.parametrize(
    ("text", "first", "last"), [("H", 0, 0), ("H-7..H-1", -7, -1), ("H+1..H+7", 1, 7), ("H-1 .. H+1", -1, 1)]
)
def test_days_around_voting_day(text, first, last):
    assert days.h_days(text) == (Anchor(VOTING_DAY, days=first), Anchor(VOTING_DAY, days=last))


@pytest.mark.parametrize("text", ["h-1", "H-0", "H--1", "H-1..", "..H", "H-7...H-1", "H+1000", "D-1"])
def test_what_is_no_day_of_the_count_is_refused(text):
    with pytest.raises(PydanticCustomError):
        days.h_days(text)


def test_the_programme_may_be_counted_from_its_start():
    assert days.any_day("start") == Anchor(None)
    assert days.any_day("start+7") == Anchor(None, days=7)
