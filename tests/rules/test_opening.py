"""What the system opens by itself, decided from facts alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import opening
from rules.filing import Content

NOW = datetime(2024, 2, 14, 8, 0, tzinfo=UTC)
WITA = ZoneInfo("Asia/Makassar")
RIVER = {"a": "b", "b": "ac", "c": "bd", "d": "c"}


@pytest.mark.parametrize(
    ("nil", "incidents", "least", "stands_out"),
    [
        pytest.param("b", "ac", 2, True, id="incidents on both sides of a nil"),
        pytest.param("b", "a", 2, False, id="one neighbour alone"),
        pytest.param("b", "abc", 2, False, id="it reported an incident itself, apart from the nil"),
        pytest.param("b", "d", 1, False, id="incidents that are not next door"),
        pytest.param("b", "ac", 0, False, id="the policy lets it be"),
        pytest.param("x", "ac", 1, False, id="a district whose neighbours nobody named"),
    ],
)
def test_a_nil_beside_incidents(nil, incidents, least, stands_out):
    assert opening.stands_out(nil, incidents, RIVER, least=least) is stands_out


@given(st.lists(st.integers(-50, 50)))
def test_each_moment_is_looked_at_once_and_then_no_more(hours):
    moments, at, looked = [NOW + timedelta(hours=n) for n in hours], NOW, []

    while (at := opening.next_look(moments, after=at)) is not None:
        looked.append(at)

    assert looked == sorted({moment for moment in moments if moment > NOW})


N, F = Content.NIL, Content.FILLED


@pytest.mark.parametrize(
    ("contents", "times", "asks"),
    [
        pytest.param([N, N, N, N], 4, True, id="the fourth in a row"),
        pytest.param([F, N, N, N], 4, False, id="the third in a row"),
        pytest.param([N, None, N, N], 3, False, id="a gap breaks the row"),
        pytest.param([N] * 5, 4, False, id="asked already"),
        pytest.param([N] * 8, 4, True, id="the eighth, again"),
        pytest.param([N, N, F], 2, False, id="the last has something in it"),
        pytest.param([N, N], 0, False, id="the policy lets it be"),
        pytest.param([], 1, False, id="nothing at all"),
    ],
)
def test_nil_upon_nil_is_asked_about_at_every_full_row(contents, times, asks):
    assert opening.asks(contents, times) is asks


DAY = datetime(2024, 2, 14, tzinfo=WITA)


@pytest.mark.parametrize(
    ("came", "now", "again"),
    [
        pytest.param(9, 9, 12, id="at the next full three hours"),
        pytest.param(10.5, 10.5, 12, id="together with the other nils of that morning"),
        pytest.param(9, 12, 15, id="and again after that"),
        pytest.param(9, 21, None, id="until its day is over"),
        pytest.param(9, 30, None, id="not on the day after"),
    ],
)
def test_a_nil_is_looked_at_again_on_its_day(came, now, again):
    came, now = (DAY + timedelta(hours=hours) for hours in (came, now))

    assert opening.nil_again(came, WITA, now=now) == (again and DAY + timedelta(hours=again))
