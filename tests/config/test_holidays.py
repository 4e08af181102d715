"""Closed days are those of the decrees, and only as far as they are known."""

import csv
from datetime import date
from pathlib import Path

import pytest

from config import holidays
from config.errors import ConfigError

FACTS = Path(__file__).parent / "facts" / "holidays_2023_2024.csv"


def test_closed_days_of_two_years_are_those_of_the_decrees():
    with FACTS.open(encoding="utf-8", newline="") as file:
        expected = {date.fromisoformat(row["date"]) for row in csv.DictReader(file)}

    days, _ = holidays.closed_days()

    assert {day for day in days if day.year in (2023, 2024)} == expected
    assert len(expected) == 56


def test_nothing_is_known_after_the_last_known_day():
    days, until = holidays.closed_days()

    assert until == date(2027, 12, 31)
    assert max(days) <= until
    assert {day.year for day in days} == set(range(2020, 2028))


def test_a_decree_adds_and_takes_back(tmp_path):
    file = tmp_path / "table.yaml"
    file.write_text(
        "holidays: Indonesia\nknown_from: 2024-01-01\nknown_until: 2024-12-31\n"
        "add:\n  - {day: 2024-04-16, name: Libur tambahan, decree: SKB 1}\n"
        "remove:\n  - {day: 2024-02-09, name: Cuti bersama, decree: SKB 1}\n"
    )

    days, _ = holidays.closed_days(file)

    assert date(2024, 4, 16) in days
    assert date(2024, 2, 9) not in days
    assert date(2023, 12, 25) not in days


def test_a_broken_table_is_told_with_its_line(tmp_path):
    file = tmp_path / "table.yaml"
    file.write_text("holidays: Indonesia\nknown_from: 2024-01-01\nknown_until: 31/12/2024\n")

    with pytest.raises(ConfigError, match=r"table\.yaml:3: known_until: '31/12/2024' is no date"):
        holidays.closed_days(file)
