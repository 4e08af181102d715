"""Closed days are those of the decrees, and only as far as they are known."""

import csv
from datetime import date
from pathlib import Path

import pytest
from holidays import country_holidays

from config import holidays
from config.errors import ConfigError

FACTS = Path(__file__).parent / "facts" / "holidays_2023_2024.csv"


def test_closed_days_of_two_years_are_those_of_the_decrees():
    with FACTS.open(encoding="utf-8", newline="") as file:
        expected = {date.fromisoformat(row["date"]) for row in csv.DictReader(file)}

    days = holidays.closed_days().days

    assert {day for day in days if day.year in (2023, 2024)} == expected
    assert len(expected) == 56


def test_nothing_is_known_after_the_last_known_day():
    days, _, until, _ = holidays.closed_days()

    assert until == date(2027, 12, 31)
    assert max(days) <= until
    assert {day.year for day in days} == set(range(2020, 2028))


def test_the_table_is_what_the_library_knows_of_the_decrees():
    """A decree that it learns of, and we missed, shows here."""
    days, _, until, _ = holidays.closed_days()

    years = range(min(days).year, until.year + 1)
    theirs = country_holidays("ID", years=years, categories=("government", "public"))
    assert {day for day in theirs if day <= until} == days


def test_what_lies_outside_the_years_that_are_known_is_not_used_yet(tmp_path):
    file = tmp_path / "table.yaml"
    file.write_text(
        "holidays: Indonesia\nknown_from: 2024-01-01\nknown_until: 2024-12-31\n"
        "days:\n  2024-04-16: Libur tambahan\n  2025-01-01: Tahun Baru\n"
    )

    assert holidays.closed_days(file)[:3] == ({date(2024, 4, 16)}, date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("  16/04/2024: Libur", "'16/04/2024' is not a date"),
        ("  2024-04-17: ''", "is empty"),
        ("  2024-04-16: Libur lagi", "2024-04-16"),
    ],
)
def test_a_day_that_is_none_or_stands_there_twice_is_told_with_its_line(tmp_path, line, words):
    file = tmp_path / "table.yaml"
    file.write_text(
        "holidays: Indonesia\nknown_from: 2024-01-01\nknown_until: 2024-12-31\ndays:\n  2024-04-16: Libur\n" + line
    )

    with pytest.raises(ConfigError, match=rf"table\.yaml:6: .*{words}"):
        holidays.closed_days(file)


def test_a_broken_table_is_told_with_its_line(tmp_path):
    file = tmp_path / "table.yaml"
    file.write_text("holidays: Indonesia\nknown_from: 2024-01-01\nknown_until: 31/12/2024\n")

    with pytest.raises(ConfigError, match=r"table\.yaml:3: known_until: '31/12/2024' is not a date"):
        holidays.closed_days(file)
