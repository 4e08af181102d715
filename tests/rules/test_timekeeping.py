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


@pytest.mark.parametrize(
    ("swept", "expected"),
    [
        pytest.param(None, None, id="the first turn of all"),
        pytest.param(-MINUTE, None, id="a minute ago"),
        pytest.param(-2 * MINUTE, None, id="it may still be alive"),
        pytest.param(-3 * MINUTE, -3 * MINUTE, id="three minutes are a stop"),
        pytest.param(-1800 * MINUTE, -1800 * MINUTE, id="so are thirty hours"),
        pytest.param(5 * MINUTE, None, id="the clock was set back"),
    ],
)
def test_since_when_the_desk_stood_still(swept, expected):
    found = timekeeping.stopped(None if swept is None else BEFORE + swept, now=BEFORE)

    assert found == (None if expected is None else BEFORE + expected)


@pytest.mark.parametrize(
    ("seconds", "said"), [(10_800, "3 h 0 min 0 s"), (-125, "-2 min 5 s"), (7.4, "7 s"), (0, "0 s")]
)
def test_a_span_is_said_in_words_that_no_mask_takes_for_a_number(seconds, said):
    assert timekeeping.words(timedelta(seconds=seconds)) == said
