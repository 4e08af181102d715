"""What a scenario expects of the messages of a rehearsal."""

from datetime import date, datetime, time

import pytest

from rules.desk import Channel
from rules.expecting import Expectation, Left, Part
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


def paid(number: int, at: str, cost: int, stage: str = "C-1", by: Channel = Channel.SMS) -> Left:
    return left(number, at, by=by)._replace(stage=stage, cost=cost)


PAID = [
    paid(1, "14T09:00", 500),
    paid(2, "14T22:00", 500, by=Channel.WHATSAPP),
    paid(3, "15T09:00", 1000, stage="C-2"),
    paid(4, "15T09:00", 0, stage="C-2", by=Channel.EMAIL),
    paid(5, "16T09:00", 500)._replace(ladders=frozenset()),
]


@pytest.mark.parametrize(
    ("own", "parts"),
    [
        pytest.param(
            Expectation(costs_at_most=0),
            [
                Part("C-1", Channel.SMS, 2, 1000),
                Part("C-2", Channel.SMS, 1, 1000),
                Part("C-1", Channel.WHATSAPP, 1, 500),
            ],
            id="all of it, an answer to who asked too",
        ),
        pytest.param(
            Expectation(costs_at_most=0, stages=frozenset({"C-2"})), [Part("C-2", Channel.SMS, 1, 1000)],
            id="of a stage",
        ),
        pytest.param(
            Expectation(costs_at_most=0, by=frozenset({Channel.WHATSAPP})), [Part("C-1", Channel.WHATSAPP, 1, 500)],
            id="by a channel",
        ),
        pytest.param(
            Expectation(costs_at_most=0, first=date(2024, 2, 15), last=date(2024, 2, 15)),
            [Part("C-2", Channel.SMS, 1, 1000)], id="of some days, both included",
        ),
        pytest.param(
            Expectation(costs_at_most=0, hours=NIGHT), [Part("C-1", Channel.WHATSAPP, 1, 500)], id="of some hours"
        ),
    ],
)  # fmt: skip
def test_what_was_spent_is_told_by_stage_and_channel_the_dearest_first(own, parts):
    assert own.spent(PAID) == parts


def test_what_limits_messages_by_day_holds_on_its_own_days_alone():
    own = Expectation(0, first=date(2024, 2, 15), last=date(2024, 2, 15))

    assert [one.id for one in own.broken(PAID)] == [3, 4]
