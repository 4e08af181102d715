"""Dates and times as letters in Indonesia write them."""

from datetime import UTC, date, datetime

import pytest

from notifiers import indonesian

AT = datetime(2024, 2, 8, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "short", "full"),
    [
        ("Asia/Jakarta", "8/2 23.05 WIB", "Kamis, 8 Februari 2024 pukul 23.05 WIB"),
        ("Asia/Pontianak", "8/2 23.05 WIB", "Kamis, 8 Februari 2024 pukul 23.05 WIB"),
        ("Asia/Makassar", "9/2 00.05 WITA", "Jumat, 9 Februari 2024 pukul 00.05 WITA"),
        ("Asia/Jayapura", "9/2 01.05 WIT", "Jumat, 9 Februari 2024 pukul 01.05 WIT"),
        ("Asia/Dili", "9/2 01.05 UTC+9", "Jumat, 9 Februari 2024 pukul 01.05 UTC+9"),
        ("Asia/Kolkata", "8/2 21.35 UTC+5.30", "Kamis, 8 Februari 2024 pukul 21.35 UTC+5.30"),
    ],
)
def test_an_instant_is_said_in_the_readers_zone(zone: str, short: str, full: str):
    assert indonesian.singkat(AT, zone) == short
    assert indonesian.lengkap(AT, zone) == full
    assert short.endswith(indonesian.pukul(AT, zone))
    assert indonesian.hari_tanggal(AT, zone) in full
    assert indonesian.tanggal(AT, zone) in full


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2024, 2, 5), date(2024, 2, 5), "5 Februari 2024"),
        (date(2024, 2, 5), date(2024, 2, 11), "5 s.d. 11 Februari 2024"),
        (date(2024, 1, 29), date(2024, 2, 4), "29 Januari s.d. 4 Februari 2024"),
        (date(2023, 12, 28), date(2024, 1, 3), "28 Desember 2023 s.d. 3 Januari 2024"),
    ],
)
def test_a_period_says_month_and_year_where_they_change(first: date, last: date, said: str):
    assert indonesian.periode(first, last) == said


def test_a_date_needs_no_zone_and_an_instant_does():
    assert indonesian.hari_tanggal(date(2024, 2, 9)) == "Jumat, 9 Februari 2024"
    with pytest.raises(ValueError):
        indonesian.tanggal(AT)


def test_lists_are_joined_as_people_say_them():
    assert [indonesian.daftar(list("abc")[:n]) for n in (1, 2, 3)] == ["a", "a dan b", "a, b, dan c"]
