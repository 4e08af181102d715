"""What people type is taken as it was meant, or refused: never as something else."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import typed
from rules.typed import Fault, Mistyped


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("1.245", 1245, id="the dot groups thousands"),
        pytest.param("1.234.567", 1234567, id="twice"),
        pytest.param(" 7 ", 7, id="blanks around it are nothing"),
        pytest.param("007", 7, id="leading zeros"),
        pytest.param("٢٤٥", 245, id="Arabic-Indic digits"),
        pytest.param("１２３", 123, id="fullwidth digits"),
        pytest.param("", None, id="nothing typed is not zero"),
        pytest.param("0", 0, id="zero is zero"),
    ],
)
def test_a_count_is_read_as_indonesia_writes_it(text, meant):
    assert typed.number(text) == meant


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1,245", Fault.COMMA),
        ("1.245,5", Fault.COMMA),
        ("-5", Fault.BELOW_ZERO),
        ("−5", Fault.BELOW_ZERO),
        ("NaN", Fault.NO_NUMBER),
        ("0x10", Fault.NO_NUMBER),
        ("24S", Fault.NO_NUMBER),
        ("1.5", Fault.NO_NUMBER),
        ("12.34", Fault.NO_NUMBER),
        ("0.245", Fault.NO_NUMBER),
        ("1e5", Fault.NO_NUMBER),
        ("½", Fault.NO_NUMBER),
        ("99999999999999999999", Fault.TOO_LARGE),
    ],
)
def test_what_may_mean_something_else_is_refused(text, fault):
    with pytest.raises(Mistyped) as refused:
        typed.number(text)

    assert refused.value.fault is fault


@given(st.integers(0, 999_999_999))
def test_a_number_written_with_dots_is_that_number(count):
    assert typed.number(f"{count:,}".replace(",", ".")) == count


@given(st.text())
def test_whatever_is_typed_is_a_number_or_a_fault(text):
    try:
        count = typed.number(text)
    except Mistyped:
        return
    assert count is None or 0 <= count < 10**typed.DIGITS


@given(st.text(max_size=600))
def test_a_text_read_twice_is_the_same_and_holds_no_machine_signs(text):
    try:
        once = typed.words(text, 500)
    except Mistyped:
        return

    assert typed.words(once, 500) == once
    assert "\0" not in once
    assert "\r" not in once


def test_a_text_that_is_too_long_is_not_cut():
    with pytest.raises(Mistyped):
        typed.words("x" * 501, 500)


def test_digits_are_the_same_everywhere():
    assert typed.words("kotak １２３ dan ٢", 100) == "kotak 123 dan 2"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-02-14", date(2024, 2, 14)),
        ("14 Februari 2024", date(2024, 2, 14)),
        (" 1  agu 2024 ", date(2024, 8, 1)),
        ("29 Februari 2028", date(2028, 2, 29)),
        ("", None),
    ],
)
def test_a_day_is_read_where_it_can_mean_only_one(text, meant):
    assert typed.day(text) == meant


@pytest.mark.parametrize(
    "text",
    ["14/02/24", "02/14/24", "14-02-2024", "2024-02-30", "14 Brumaire 2024", "2024", "0024-02-14", "2024-02-14 8"],
)
def test_a_day_that_may_mean_two_is_refused(text):
    with pytest.raises(Mistyped) as refused:
        typed.day(text)

    assert refused.value.fault is Fault.NO_DAY


@pytest.mark.parametrize(
    "text", ["2024-02-14 15.00", "2024-02-14T15:00", "14 Februari 2024 pukul 15.00", "14 Feb 2024 jam 15:00"]
)
def test_a_moment_is_local(text):
    assert typed.moment(text, "Asia/Makassar") == datetime(2024, 2, 14, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2024-02-14", "2024-02-14 25.00", "2024-02-14 3 sore"])
def test_a_moment_without_its_time_is_none(text):
    with pytest.raises(Mistyped) as refused:
        typed.moment(text, "Asia/Makassar")

    assert refused.value.fault is Fault.NO_TIME


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("14 Nopember 2024", date(2024, 11, 14)),
        ("14 nop 2024", date(2024, 11, 14)),
        ("9 Pebruari 2024", date(2024, 2, 9)),
        ("9 PEB 2024", date(2024, 2, 9)),
        ("17 Agt 2024", date(2024, 8, 17)),
        ("1 Sept 2024", date(2024, 9, 1)),
    ],
)
def test_months_are_read_as_many_offices_write_them(written, day):
    assert typed.day(written) == day
