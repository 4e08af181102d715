"""Whether the clock can be believed."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import timekeeping

BEFORE = datetime(2024, 2, 13, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("moved", "elapsed", "expected"),
    [
        pytest.param(MINUTE, MINUTE, None, id="in step"),
        pytest.param(600 * MINUTE, 600 * MINUTE, None, id="after a night asleep, in step"),
        pytest.param(11 * MINUTE, MINUTE, None, id="ten minutes astray is believed"),
        pytest.param(12 * MINUTE, MINUTE, 11 * MINUTE, id="eleven forward is not"),
        pytest.param(-9 * MINUTE, MINUTE, None, id="ten backward is believed"),
        pytest.param(-60 * MINUTE, MINUTE, -61 * MINUTE, id="an hour backward is not"),
        pytest.param(timedelta(0), 60 * MINUTE, -60 * MINUTE, id="a clock that stood still"),
    ],
)
def test_by_how_much_it_jumped(moved, elapsed, expected):
    assert timekeeping.jumped(BEFORE, BEFORE + moved, elapsed) == expected
