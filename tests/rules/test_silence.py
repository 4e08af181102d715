"""Which silent districts hang together, and when silence proves nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import silence

NOW = datetime(2024, 2, 14, 8, 0, tzinfo=UTC)
RIVER = {"a": "b", "b": "ac", "c": "bd", "d": "c"}


@pytest.mark.parametrize(
    ("silent", "least", "groups"),
    [
        pytest.param("abc", 3, [("a", "b", "c")], id="three along the river are a silence"),
        pytest.param("ab", 3, [], id="two of three are none"),
        pytest.param("abd", 2, [("a", "b")], id="who borders on nobody silent stands alone"),
        pytest.param("ba", 2, [("b", "a")], id="they are named in the order given"),
        pytest.param("xyz", 2, [], id="without neighbours there is no silence"),
    ],
)
def test_silent_neighbours_hang_together(silent, least, groups):
    assert silence.groups(tuple(silent), RIVER, least=least) == groups


@st.composite
def maps(draw):
    places = [f"{n:02}" for n in range(draw(st.integers(1, 9)))]
    pairs = draw(st.sets(st.tuples(st.sampled_from(places), st.sampled_from(places))))
    borders = {
        p: {b for a, b in pairs if a == p and b != p} | {a for a, b in pairs if b == p and a != p} for p in places
    }
    return places, borders


@given(maps(), st.data(), st.integers(1, 4))
def test_every_group_is_large_enough_whole_and_apart_from_the_others(map_, data, least):
    places, borders = map_
    silent = data.draw(st.lists(st.sampled_from(places), unique=True))

    groups = silence.groups(silent, borders, least=least)

    named = [area for group in groups for area in group]
    assert len(named) == len(set(named))
    assert set(named) <= set(silent)
    for group in groups:
        assert len(group) >= least
        beside = {code for area in group for code in borders[area]}.intersection(silent)
        assert beside <= set(group)


@pytest.mark.parametrize(
    ("late", "hindered", "excused"),
    [
        pytest.param(timedelta(0), False, False, id="looked in time"),
        pytest.param(timedelta(hours=2), False, True, id="we stood still ourselves"),
        pytest.param(timedelta(0), True, True, id="they could not be told"),
    ],
)
def test_silence_is_no_proof_after_a_failure_of_ours(late, hindered, excused):
    assert silence.excused(NOW - late, hindered=hindered, now=NOW) is excused
