"""Quiet hours hold what need not wake anybody, in the zone of whoever would be woken."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from rules import quiet
from rules.quiet import Window

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
    assert quiet.release_at(at(now), "Asia/Makassar", [NIGHT, FRIDAY]) == at(expected)


def test_windows_that_touch_are_one_stretch():
    touching = [NIGHT, Window(time(7), time(8))]

    assert quiet.release_at(at("2024-02-05T23:00"), "Asia/Makassar", touching) == at("2024-02-06T08:00")


def test_the_recipients_own_zone_decides():
    at_seven_in_makassar = at("2024-02-06T07:00")

    assert quiet.release_at(at_seven_in_makassar, "Asia/Jakarta", [NIGHT]) == at("2024-02-06T08:00")
