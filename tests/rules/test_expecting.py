"""What a scenario expects of the messages of a rehearsal."""

from datetime import datetime, time

import pytest

from rules.desk import Channel
from rules.expecting import Expectation, Left
from rules.quiet import Window

NIGHT = Window(time(20), time(7))


def left(number: int, at: str, *ladders: str, office: str = "sekda", by: Channel = Channel.SMS) -> Left:
    return Left(number, office, by, datetime.fromisoformat(f"2024-02-{at}+08:00"), frozenset(ladders or ("urgent",)))


@pytest.mark.parametrize(
    ("own", "messages", "broken"),
    [
        pytest.param(Expectation(0, NIGHT), [left(1, "14T20:00"), left(2, "15T06:59")], [1, 2], id="none at night"),
        pytest.param(Expectation(0, NIGHT), [left(1, "14T19:59"), left(2, "15T07:00")], [], id="the edges are free"),
        pytest.param(
            Expectation(1, NIGHT), [left(1, "14T22:00"), left(2, "15T02:00"), left(3, "15T22:00")], [2],
            id="a night is one, also after midnight",
        ),
        pytest.param(
            Expectation(1), [left(1, "14T22:00"), left(2, "15T02:00"), left(3, "15T22:00")], [3],
            id="a day ends at midnight",
        ),
        pytest.param(Expectation(1), [left(2, "14T09:00"), left(1, "14T09:30")], [1], id="the later are too many"),
        pytest.param(
            Expectation(1), [left(1, "14T09:00"), left(2, "14T09:00", office="asisten")], [],
            id="each office has its own",
        ),
        pytest.param(
            Expectation(0, offices=frozenset({"sekda"}), by=frozenset({Channel.SMS})),
            [left(1, "14T09:00", office="asisten"), left(2, "14T09:00", by=Channel.EMAIL), left(3, "14T09:00")], [3],
            id="of one office by one channel",
        ),
        pytest.param(
            Expectation(0, but=frozenset({"problem-high"})),
            [left(1, "14T09:00", "problem-high", "urgent"), left(2, "14T09:00")], [2], id="not what a ladder says",
        ),
    ],
)  # fmt: skip
def test_messages_that_are_too_many_are_named(own, messages, broken):
    assert [one.id for one in own.broken(messages)] == broken


def test_an_answer_to_somebody_who_asked_is_expected_by_him():
    asked = Left(1, "sekda", Channel.SMS, datetime.fromisoformat("2024-02-14T22:00+08:00"), frozenset())

    assert Expectation(0, NIGHT).broken([asked]) == []
