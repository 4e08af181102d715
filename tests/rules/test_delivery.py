"""The four bad ends of a try, and what each makes of the message."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.delivery import (
    ChannelDown,
    Refused,
    State,
    Temporary,
    Unknown,
    Unwritable,
    judge,
    judge_answer,
    judge_lost,
    judge_silence,
    possibly_doubled,
)
from rules.desk import Channel
from rules.policy import Delivery

NOW = datetime(2024, 2, 13, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DELIVERY = Delivery(
    retry_after=(MINUTE, 5 * MINUTE, 30 * MINUTE),
    lease=2 * MINUTE,
    doubt=10 * MINUTE,
    merge_within=2 * MINUTE,
    settle_every={},
)


@pytest.mark.parametrize(
    ("error", "tries", "state", "wait", "spent"),
    [
        pytest.param(None, 1, State.SENT, None, 1, id="accepted"),
        pytest.param(None, 9, State.SENT, None, 1, id="accepted, however late"),
        pytest.param(Refused("no"), 1, State.FAILED, None, 1, id="refused is over at once"),
        pytest.param(Temporary("busy"), 1, State.PENDING, MINUTE, 1, id="busy, first: a minute"),
        pytest.param(Temporary("busy"), 2, State.PENDING, 5 * MINUTE, 1, id="busy, second: five"),
        pytest.param(Temporary("busy"), 3, State.PENDING, 30 * MINUTE, 1, id="busy, third: thirty"),
        pytest.param(Temporary("busy"), 4, State.FAILED, None, 1, id="busy, fourth: given up"),
        pytest.param(Unwritable("no zone"), 1, State.PENDING, MINUTE, 1, id="no text could be made, first: a minute"),
        pytest.param(Unwritable("no zone"), 2, State.PENDING, 5 * MINUTE, 1, id="no text, second: five"),
        pytest.param(Unwritable("no zone"), 3, State.FAILED, None, 1, id="no text, third: set aside"),
        pytest.param(Unwritable("no zone"), 4, State.FAILED, None, 1, id="an operator asked: set aside again"),
        pytest.param(Temporary("nobody", reached=False), 1, State.PENDING, MINUTE, 0, id="not reached: no try"),
        pytest.param(Temporary("nobody", reached=False), 9, State.PENDING, MINUTE, 0, id="not reached, however often"),
        pytest.param(Unknown("cut"), 1, State.IN_DOUBT, 10 * MINUTE, 1, id="the answer was lost"),
        pytest.param(Unknown("cut"), 9, State.IN_DOUBT, 10 * MINUTE, 1, id="lost, however often"),
        pytest.param(ChannelDown("535"), 1, State.PENDING, 0 * MINUTE, 0, id="our own fault burns no try"),
        pytest.param(ChannelDown("535"), 99, State.PENDING, 0 * MINUTE, 0, id="and never gives up"),
    ],
)
def test_how_a_try_ends(error, tries, state, wait, spent):
    verdict = judge(error, tries=tries, delivery=DELIVERY, now=NOW)

    assert (verdict.state, verdict.due_at, verdict.tries_spent) == (
        state,
        None if wait is None else NOW + wait,
        spent,
    )


@pytest.mark.parametrize(
    ("asked", "tries", "due", "rest"),
    [
        pytest.param(0, 1, 1, None, id="not asked to wait: the policy's wait"),
        pytest.param(3, 1, 3, 3, id="asked for longer than that: not before"),
        pytest.param(3, 2, 5, 3, id="asked for less: the policy's wait, and nobody else before it is over"),
        pytest.param(20, 1, 20, 5, id="asked for long: one of the others finds out before"),
        pytest.param(10**6, 1, 30, 5, id="asked for years: no longer than the policy would ever wait"),
        pytest.param(-3, 1, 1, None, id="asked for less than nothing: not asked"),
        pytest.param(3, 4, None, 3, id="given up, and the others are not tried before"),
    ],
)
def test_a_provider_that_asks_to_be_left_alone_is(asked, tries, due, rest):
    verdict = judge(Temporary("too fast", wait=asked * MINUTE), tries=tries, delivery=DELIVERY, now=NOW)

    assert (verdict.due_at, verdict.rest_until) == tuple(None if m is None else NOW + m * MINUTE for m in (due, rest))
    assert verdict.tries_spent == 1


@pytest.mark.parametrize(
    ("state", "channel", "doubts", "expected", "due"),
    [
        pytest.param(State.SENDING, Channel.EMAIL, 0, State.IN_DOUBT, NOW + 10 * MINUTE, id="a silent worker: doubt"),
        pytest.param(State.IN_DOUBT, Channel.EMAIL, 1, State.PENDING, NOW, id="a mail is tried once more"),
        pytest.param(State.IN_DOUBT, Channel.EMAIL, 2, State.IN_DOUBT, None, id="but not twice"),
        pytest.param(State.IN_DOUBT, Channel.SMS, 1, State.IN_DOUBT, None, id="a text is left in doubt"),
        pytest.param(State.IN_DOUBT, Channel.WHATSAPP, 1, State.IN_DOUBT, None, id="so is a chat message"),
    ],
)
def test_what_becomes_of_the_lost(state, channel, doubts, expected, due):
    verdict = judge_lost(state, channel=channel, doubts=doubts, delivery=DELIVERY, now=NOW)

    assert (verdict.state, verdict.due_at) == (expected, due)


@pytest.mark.parametrize(
    ("state", "doubts", "repeated", "expected"),
    [
        pytest.param(State.SENT, 1, True, True, id="the second was accepted"),
        pytest.param(State.SENDING, 1, True, True, id="the second is leaving"),
        pytest.param(State.IN_DOUBT, 2, True, True, id="nobody knows of either"),
        pytest.param(State.PENDING, 1, True, False, id="the second waits"),
        pytest.param(State.FAILED, 1, True, False, id="the second was refused"),
        pytest.param(State.CANCELLED, 1, True, False, id="the second was not needed any more"),
        pytest.param(State.FAILED, 2, True, True, id="a third was refused, after two of unknown end"),
        pytest.param(State.PENDING, 2, True, True, id="a third waits, after two of unknown end"),
        pytest.param(State.SENT, 1, False, False, id="the provider had the first"),
        pytest.param(State.IN_DOUBT, 1, False, False, id="there was one"),
    ],
)
def test_what_may_have_arrived_twice(state, doubts, repeated, expected):
    assert possibly_doubled(state, doubts=doubts, repeated=repeated) is expected


@pytest.mark.parametrize(
    ("fits", "repeated", "expected", "due"),
    [
        pytest.param(1, False, State.SENT, None, id="the provider has it"),
        pytest.param(1, True, State.SENT, None, id="it has the second"),
        pytest.param(2, False, State.IN_DOUBT, None, id="it has several that fit: no guess, and no more"),
        pytest.param(0, False, State.PENDING, NOW, id="it knows of none: once more"),
        pytest.param(0, True, State.IN_DOUBT, None, id="but never a third"),
    ],
)
def test_what_the_providers_answer_makes_of_a_doubt(fits, repeated, expected, due):
    verdict = judge_answer(fits=fits, repeated=repeated, now=NOW)

    assert (verdict.state, verdict.due_at) == (expected, due)


@pytest.mark.parametrize(
    ("ago", "due"),
    [
        pytest.param(10 * MINUTE, NOW + 10 * MINUTE, id="asked in vain once: again"),
        pytest.param(69 * MINUTE, NOW + 10 * MINUTE, id="and for an hour"),
        pytest.param(70 * MINUTE, None, id="then it is left in doubt"),
    ],
)
def test_a_provider_that_does_not_answer_is_asked_for_a_while(ago, due):
    verdict = judge_silence(Temporary("busy"), ended_at=NOW - ago, delivery=DELIVERY, now=NOW)

    assert (verdict.state, verdict.due_at) == (State.IN_DOUBT, due)


def test_the_providers_own_code_is_told_with_the_reason():
    assert str(Refused("no such user", code="550")) == "no such user (550)"
    assert judge(Refused("no", code="550"), tries=1, delivery=DELIVERY, now=NOW).why == "refused: no (550)"
