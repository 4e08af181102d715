"""Every due obligation has an outcome: the first in the written order that holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rules import audit
from rules.audit import Evidence, Outcome
from rules.filing import Standing

NOW = datetime(2024, 2, 13, 9, 0, tzinfo=UTC)
SLACK = timedelta(seconds=60)
AHEAD, PAST = NOW + timedelta(hours=1), NOW - timedelta(hours=1)

CHASED = Evidence(
    standing=Standing.OWED,
    closed_at=None,
    next_at=AHEAD,
    reached=1,
    last_rung=False,
    promised_until=None,
    acknowledged_until=None,
    notices_held=0,
    messages_waiting=0,
    messages_in_doubt=0,
    on_hold=False,
)

PROBLEM = {"standing": None, "next_at": None}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param({}, Outcome.CHASED, id="told, and the next look is ahead"),
        pytest.param({"standing": Standing.RECEIVED, "next_at": None}, Outcome.RECEIVED, id="received"),
        pytest.param({"standing": Standing.WAIVED, "next_at": None}, Outcome.WAIVED, id="waived"),
        pytest.param({"standing": Standing.CANCELLED, "next_at": None}, Outcome.CANCELLED, id="cancelled"),
        pytest.param({"closed_at": PAST, "next_at": None}, Outcome.CLOSED, id="past its closing time"),
        pytest.param({"on_hold": True, "next_at": PAST}, Outcome.ON_HOLD, id="held, however late the look"),
        pytest.param({"promised_until": AHEAD}, Outcome.PROMISED, id="promised"),
        pytest.param({"promised_until": NOW}, Outcome.CHASED, id="promised until now"),
        pytest.param({"acknowledged_until": AHEAD}, Outcome.ACKNOWLEDGED, id="acknowledged"),
        pytest.param({"notices_held": 1}, Outcome.HELD, id="a word waits"),
        pytest.param({"messages_waiting": 1}, Outcome.ON_ITS_WAY, id="a message is on its way"),
        pytest.param({"messages_in_doubt": 1}, Outcome.IN_DOUBT, id="in doubt"),
        pytest.param({"last_rung": True}, Outcome.EXHAUSTED, id="the last rung was told"),
        pytest.param({"next_at": NOW - SLACK}, Outcome.CHASED, id="a minute late is not broken"),
        pytest.param({"next_at": NOW - SLACK - SLACK}, Outcome.BROKEN, id="two minutes late is"),
        pytest.param({"next_at": None}, Outcome.BROKEN, id="open and never looked at again"),
        pytest.param(
            {**PROBLEM, "last_rung": True}, Outcome.EXHAUSTED, id="a problem told to all waits for its outcome"
        ),
        pytest.param(PROBLEM, Outcome.BROKEN, id="a problem that nobody will be told of"),
        pytest.param({**PROBLEM, "next_at": AHEAD}, Outcome.CHASED, id="a problem that climbs"),
        pytest.param({**PROBLEM, "closed_at": PAST}, Outcome.CLOSED, id="a problem that is resolved"),
        pytest.param({"next_at": None, "last_rung": True}, Outcome.BROKEN, id="a report is looked at until it closes"),
        pytest.param({"next_at": PAST, "promised_until": AHEAD}, Outcome.BROKEN, id="a promise excuses no dead clock"),
        pytest.param({"next_at": PAST, "messages_waiting": 3}, Outcome.BROKEN, id="nor a full queue"),
    ],
)
def test_what_is_said_of_a_due_report(found, expected):
    assert audit.outcome(replace(CHASED, **found), slack=SLACK, now=NOW) is expected


def test_the_first_that_holds_is_said():
    everything = replace(
        CHASED, promised_until=AHEAD, acknowledged_until=AHEAD, notices_held=1, messages_waiting=1, messages_in_doubt=1
    )

    said = []
    for name, nothing in (
        ("promised_until", None),
        ("acknowledged_until", None),
        ("notices_held", 0),
        ("messages_waiting", 0),
        ("messages_in_doubt", 0),
    ):
        said.append(audit.outcome(everything, slack=SLACK, now=NOW))
        everything = replace(everything, **{name: nothing})

    assert said == [Outcome.PROMISED, Outcome.ACKNOWLEDGED, Outcome.HELD, Outcome.ON_ITS_WAY, Outcome.IN_DOUBT]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param({}, "", id="all is well"),
        pytest.param({"unordered": "storm: 9"}, "sending is on hold by itself: storm: 9", id="nobody can be told"),
        pytest.param({"cut_off": True}, "no channel that reaches the secretariat works", id="nor by any channel"),
        pytest.param({"broken": 2}, "without an outcome: 2", id="broken promises, by their number"),
        pytest.param(
            {"broken": 1, "unordered": "storm: 9"},
            "sending is on hold by itself: storm: 9; without an outcome: 1",
            id="all that is wrong",
        ),
    ],
)
def test_what_whoever_listens_outside_must_hear(found, expected):
    assert audit.failure(**{"broken": 0, "unordered": "", "cut_off": False} | found) == expected
