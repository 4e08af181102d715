"""What a try and a delivery report say about their channel, in whatever order they come."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import channels
from rules.channels import Sign
from rules.delivery_reports import Fate

NOW = datetime(2024, 2, 13, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("outcome", "by_delivery_report", "expected"),
    [
        pytest.param("accepted", False, Sign.WORKS, id="taken"),
        pytest.param("refused", False, Sign.WORKS, id="a wrong number, told by a channel that works"),
        pytest.param("temporary", False, Sign.NOTHING, id="busy"),
        pytest.param("unwritable", False, Sign.NOTHING, id="nobody was called"),
        pytest.param("channel_down", False, Sign.DOWN, id="our fault"),
        pytest.param("accepted", True, Sign.TAKEN, id="taken, as was what failed later"),
        pytest.param("refused", True, Sign.NOTHING, id="a wrong number shows nothing then"),
        pytest.param("channel_down", True, Sign.DOWN, id="not even taken any more"),
    ],
)
def test_what_the_end_of_a_try_says(outcome, by_delivery_report, expected):
    assert channels.sign(outcome, by_delivery_report=by_delivery_report) is expected


UP = {"down_since": None, "by_delivery_report": False}
DOWN = {"down_since": NOW - HOUR, "by_delivery_report": True}
DOWN_BY_A_TRY = {"down_since": NOW - HOUR, "by_delivery_report": False}


@pytest.mark.parametrize(
    ("fate", "ours", "known", "expected"),
    [
        pytest.param(Fate.FAILED, True, UP, Sign.DOWN, id="the account is suspended"),
        pytest.param(Fate.UNDELIVERED, True, UP, Sign.DOWN, id="the sender is blocked"),
        pytest.param(Fate.FAILED, True, DOWN, Sign.DOWN, id="a probe failed too"),
        pytest.param(Fate.FAILED, False, UP, Sign.NOTHING, id="a number that is dead"),
        pytest.param(Fate.SENT, True, UP, Sign.NOTHING, id="a code beside a message that is on its way"),
        pytest.param(
            Fate.FAILED, True, UP | {"up_since": NOW + HOUR}, Sign.NOTHING, id="of before it was mended, or twice"
        ),
        pytest.param(Fate.FAILED, True, UP | {"up_since": NOW - HOUR}, Sign.DOWN, id="of after it was mended: again"),
        pytest.param(Fate.DELIVERED, False, DOWN, Sign.WORKS, id="a probe arrived"),
        pytest.param(Fate.SENT, False, DOWN, Sign.NOTHING, id="a probe handed on: it may fail yet"),
        pytest.param(
            Fate.DELIVERED, False, DOWN | {"down_since": NOW + HOUR}, Sign.NOTHING, id="what went before arrived"
        ),
        pytest.param(Fate.DELIVERED, False, DOWN_BY_A_TRY, Sign.NOTHING, id="answers stopped it, and answers count"),
        pytest.param(Fate.DELIVERED, False, UP, Sign.NOTHING, id="a message arrived, as ever"),
    ],
)
def test_what_a_receipt_says(fate, ours, known, expected):
    facts = {"tried_at": NOW, "up_since": None} | known

    assert channels.heard(fate, ours=ours, **facts) is expected


@pytest.mark.parametrize(
    ("failed", "seconds", "expected"),
    [
        pytest.param(1, 3600, False, id="one opening, however long ago the first"),
        pytest.param(2, 120, False, id="two"),
        pytest.param(3, 120, True, id="three, a minute apart: one message, tried again and again"),
        pytest.param(40, 5, False, id="many at one moment: forty workers, one hiccup"),
        pytest.param(41, 30, True, id="and half a minute later it is still not there"),
    ],
)
def test_how_many_openings_that_failed_are_a_channel_that_is_down(failed, seconds, expected):
    assert channels.out_of_reach(failed, NOW - timedelta(seconds=seconds), now=NOW) is expected
