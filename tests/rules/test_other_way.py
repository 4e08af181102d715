"""When the same is told by another channel, and when it never is."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import other_way
from rules.delivery import State
from rules.desk import Channel
from rules.other_way import LOOK_AGAIN, Told, Turn

NOW = datetime(2024, 2, 13, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
AGO = NOW - HOUR
EMAIL, SMS, WHATSAPP = Channel.EMAIL, Channel.SMS, Channel.WHATSAPP


def told(state=State.SENT, **facts):
    known = {
        "current": True,
        "doubts": 0,
        "settled_at": AGO if state in (State.SENT, State.FAILED, State.CANCELLED) else None,
        "lost": False,
        "sign": False,
        "passed_over": False,
        "free_at": AGO,
    }
    return Told(state=state, **(known | facts))


@pytest.mark.parametrize(
    ("stands", "after", "turn", "again_in"),
    [
        pytest.param(told(), HOUR, Turn.TELL, None, id="no sign by the time"),
        pytest.param(told(), 2 * HOUR, Turn.WAIT, HOUR, id="the time has not come"),
        pytest.param(told(), None, Turn.NEVER, None, id="the policy waits for no sign: accepted is enough"),
        pytest.param(told(sign=True), HOUR, Turn.NEVER, None, id="somebody looked"),
        pytest.param(told(current=False), HOUR, Turn.NEVER, None, id="filed, promised, or a later word was said"),
        pytest.param(told(State.FAILED), None, Turn.TELL, None, id="refused: at once, whatever the policy waits for"),
        pytest.param(told(State.FAILED, current=False), HOUR, Turn.NEVER, None, id="refused, and nobody need know"),
        pytest.param(told(lost=True), None, Turn.TELL, None, id="it did not arrive, says the provider"),
        pytest.param(told(None, lost=True), None, Turn.TELL, None, id="the address is gone"),
        pytest.param(told(State.CANCELLED), HOUR, Turn.NEVER, None, id="dropped"),
        pytest.param(told(State.SENDING), HOUR, Turn.WAIT, LOOK_AGAIN, id="being sent just now"),
        pytest.param(told(State.SENDING, passed_over=True), HOUR, Turn.WAIT, LOOK_AGAIN, id="even on a dead channel"),
        pytest.param(told(State.IN_DOUBT), HOUR, Turn.WAIT, LOOK_AGAIN, id="in doubt: it may have arrived"),
        pytest.param(
            told(State.IN_DOUBT, passed_over=True), HOUR, Turn.WAIT, LOOK_AGAIN, id="in doubt, on a dead channel"
        ),
        pytest.param(told(State.IN_DOUBT, settled_at=AGO), HOUR, Turn.TELL, None, id="left in doubt, and no sign"),
        pytest.param(told(State.PENDING), HOUR, Turn.WAIT, LOOK_AGAIN, id="waits for its turn"),
        pytest.param(told(State.PENDING, passed_over=True), None, Turn.WITHDRAW, None, id="its channel is long down"),
        pytest.param(
            told(State.PENDING, doubts=1, passed_over=True), None, Turn.WAIT, LOOK_AGAIN, id="once in doubt: left alone"
        ),
        pytest.param(told(None, passed_over=True), None, Turn.WITHDRAW, None, id="not yet made into a message"),
        pytest.param(told(None, free_at=NOW + HOUR), HOUR, Turn.WAIT, HOUR, id="held until the morning"),
    ],
)
def test_what_to_do(stands, after, turn, again_in):
    assert other_way.decide(stands, after, now=NOW) == (turn, again_in and NOW + again_in)


@pytest.mark.parametrize(
    ("reaching", "used", "down", "expected"),
    [
        pytest.param([EMAIL, SMS], {"sms"}, [], EMAIL, id="the next that reaches"),
        pytest.param([EMAIL, SMS, WHATSAPP], {"sms"}, [], WHATSAPP, id="in the order of the rung"),
        pytest.param([SMS], {"sms"}, [], None, id="nothing else reaches"),
        pytest.param([EMAIL, SMS], {"sms", "email"}, [], None, id="all were used"),
        pytest.param([EMAIL, SMS], {"sms"}, [EMAIL], None, id="the other is down too"),
        pytest.param([EMAIL, SMS], {"none"}, [], SMS, id="nothing was used"),
    ],
)
def test_which_channel(reaching, used, down, expected):
    assert other_way.next_channel((SMS, WHATSAPP, EMAIL), reaching, used, down) == expected
