"""What delivery reports make of an attempt, whatever their order, and what they may do to a message and a contact."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from rules import delivery_reports
from rules.delivery import State
from rules.delivery_reports import Fate, Truth, truth

NOW = datetime(2024, 2, 13, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([], None, id="nothing was said"),
        pytest.param(["queued"], "queued", id="what was said last"),
        pytest.param(["delivered", "sent", "queued"], "delivered", id="a final word stays, whatever comes late"),
        pytest.param(["undelivered", "sent", "sending"], "undelivered", id="a bad one too"),
        pytest.param(["failed", "accepted"], "failed", id="failed at the provider"),
        pytest.param(["delayed", "delivered"], "delivered", id="a delay is not an end"),
        pytest.param(["delivered", "undelivered"], "delivered", id="who has it has it"),
        pytest.param(["read", "delivered", "sent"], "read", id="read is more than delivered"),
    ],
)
def test_where_an_attempt_stands_in_every_order(said, expected):
    for order in permutations(said):
        assert delivery_reports.end(map(Fate, order)) == expected


@pytest.mark.parametrize(
    ("state", "doubts", "known", "expected"),
    [
        pytest.param(State.IN_DOUBT, 1, False, True, id="in doubt: the provider has it"),
        pytest.param(State.PENDING, 1, False, True, id="about to be tried once more: no need"),
        pytest.param(State.PENDING, 0, False, False, id="only waiting for its turn: not about this"),
        pytest.param(State.SENDING, 1, False, False, id="being sent just now: nobody knows which try it is"),
        pytest.param(State.IN_DOUBT, 2, True, False, id="about an earlier try, whose end is known"),
        pytest.param(State.FAILED, 1, False, False, id="what is over stays over"),
        pytest.param(State.CANCELLED, 1, False, False, id="what is cancelled too"),
        pytest.param(State.SENT, 1, False, False, id="what was handed over needs no settling"),
    ],
)
def test_when_a_receipt_ends_a_doubt(state, doubts, known, expected):
    assert delivery_reports.settles(state, doubts=doubts, known=known) is expected


@pytest.mark.parametrize(
    ("dead", "age", "expected"),
    [
        pytest.param(True, timedelta(days=9), True, id="the address it went to is dead"),
        pytest.param(True, timedelta(0), True, id="written down at the same moment"),
        pytest.param(True, -timedelta(minutes=1), False, id="mended since: the news is about the old address"),
        pytest.param(False, timedelta(days=9), False, id="not delivered, for another reason"),
    ],
)
def test_when_a_contact_is_given_up(dead, age, expected):
    assert delivery_reports.kills(dead=dead, address_since=NOW - age, sent_at=NOW) is expected


@pytest.mark.parametrize(
    ("lost", "seen", "expected"),
    [
        pytest.param(9, 9, False, id="too few to say"),
        pytest.param(10, 1, False, id="seldom wrong"),
        pytest.param(10, 2, True, id="every fifth that it called lost was answered"),
        pytest.param(0, 0, False, id="it says nothing"),
    ],
)
def test_a_carrier_errs_often_when_what_it_calls_lost_is_answered(lost, seen, expected):
    said = [(Fate.UNDELIVERED, n < seen) for n in range(lost)]

    assert truth(said).errs is expected


def test_each_text_counts_once_by_where_it_stands():
    told = [(Fate.DELIVERED, True), (Fate.READ, False), (Fate.FAILED, True), (Fate.SENT, False), (None, True)]

    assert truth(told) == Truth(2, 1, 1, 1, 2, 1)
