"""How fast a channel is used: the whole rate is reached by a clock that turns every few seconds, and never passed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import pace

NOW = datetime(2024, 2, 14, 9, 0, tzinfo=UTC)


def test_a_group_grows_only_while_hundreds_wait():
    assert [pace.group(10, 50, waiting) for waiting in (1, pace.BURST - 1, pace.BURST)] == [10, 10, 50]
    assert pace.group(10, 5, pace.BURST) == 10, "a burst never makes it smaller"


def seconds(count):
    return timedelta(seconds=count)


@pytest.mark.parametrize(
    ("free_in", "per_minute", "expected"),
    [
        pytest.param(None, 60, 6, id="at first what five seconds hold, and one"),
        pytest.param(-3600, 60, 6, id="an hour of silence saves nothing up"),
        pytest.param(6, 60, 0, id="all used up"),
        pytest.param(5, 60, 1, id="a second later one is free"),
        pytest.param(None, 1, 1, id="one a minute: one now"),
        pytest.param(30, 1, 0, id="and none half a minute later"),
        pytest.param(None, 6000, 501, id="a hundred a second"),
    ],
)
def test_how_many_may_go(free_in, per_minute, expected):
    free_at = None if free_in is None else NOW + seconds(free_in)

    assert pace.allowed(free_at, per_minute, now=NOW) == expected


@pytest.mark.parametrize("per_minute", [1, 60, 1200])
@pytest.mark.parametrize("free_in", [None, -60, 3, 90])
def test_a_channel_that_rests_lets_nobody_go_before_and_somebody_then(free_in, per_minute):
    until = NOW + seconds(30)
    free_at = pace.rested(None if free_in is None else NOW + seconds(free_in), until)
    then = max(until, free_at - pace.AHEAD)

    for at, may in ((then - seconds(1), False), (then, True)):
        assert pace.closed(free_at, now=at) is not may
        assert bool(pace.allowed(free_at, per_minute, now=at)) is may


@given(
    per_minute=st.integers(1, 1200),
    turns=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 500)), min_size=1, max_size=60),
)
def test_no_minute_holds_more_than_the_rate_and_what_a_turn_may_use_ahead(per_minute, turns):
    now, free_at, went = NOW, None, []
    for wait, wanted in turns:
        now += seconds(wait)
        count = min(wanted, pace.allowed(free_at, per_minute, now=now))
        free_at = pace.spent(free_at, per_minute, count, now=now) if count else free_at
        went.append((now, count))

    ahead = pace.AHEAD // (pace.MINUTE / per_minute) + 1
    for start, _ in went:
        assert sum(count for at, count in went if start <= at < start + pace.MINUTE) <= per_minute + ahead


def test_when_the_last_of_many_goes():
    assert pace.last_at(None, 1000, now=NOW) == NOW
    assert pace.last_at(60, 6, now=NOW) == NOW
    assert pace.last_at(60, 66, now=NOW) == NOW + seconds(60)


@pytest.mark.parametrize(
    ("seconds", "tried", "left", "size"),
    [
        pytest.param(0.9, 1, 49, 0, id="nobody knows yet how fast it is"),
        pytest.param(1, 20, 49, 0, id="one thread is soon through"),
        pytest.param(2, 1, 49, 2, id="a gateway of two seconds"),
        pytest.param(2, 1, 8, 1, id="few are left, and each has a thread"),
        pytest.param(30, 1, 49, 1, id="so slow that each goes by itself"),
        pytest.param(30, 1, 1, 0, id="the last is nobody else's"),
        pytest.param(30, 0, 49, 0, id="nothing was tried"),
    ],
)
def test_a_bell_is_as_large_as_the_channel_is_fast(seconds, tried, left, size):
    assert pace.bell(timedelta(seconds=seconds), tried, left) == size
