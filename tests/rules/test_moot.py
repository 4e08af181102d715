"""What is no longer to be said: the same answer when a message is made and when it is claimed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from rules import moot
from rules.filing import Content
from rules.ladder import Say
from rules.moot import Latest

NOON = datetime(2024, 2, 13, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=2)


@dataclass(frozen=True)
class Word:
    say: Say = Say.OVERDUE
    since: datetime = NOON - timedelta(hours=1)
    closed_at: datetime | None = None
    closed_why: str = ""
    superseded: bool = False
    outspoken: bool = False
    acknowledged_until: datetime | None = None


@pytest.mark.parametrize(
    ("word", "why"),
    [
        pytest.param(Word(), "", id="still owed"),
        pytest.param(Word(closed_at=NOON), "no longer owed: ", id="closed, though nobody wrote why"),
        pytest.param(
            Word(outspoken=True, acknowledged_until=LATER),
            "a later word about it was said",
            id="a later word, and somebody took it on: the word came first",
        ),
        pytest.param(
            Word(Say.REMINDER, outspoken=True),
            "a later word about it was said",
            id="a late reminder after a later word",
        ),
        pytest.param(
            Word(Say.REVOKED, outspoken=True, acknowledged_until=LATER),
            "a later word about it was said",
            id="a decision that a later word overtook, though the report rests",
        ),
        pytest.param(
            Word(Say.EXTENDED, acknowledged_until=LATER), "", id="more time for a late report, though its due time came"
        ),
        pytest.param(Word(Say.RECEIVED, closed_at=NOON, superseded=True), "", id="what was done stays done"),
    ],
)
def test_a_word_is_moot_for_the_same_reason_wherever_it_is_asked(word, why):
    assert moot.why(word, now=NOON) == why


@pytest.mark.parametrize(
    ("say", "latest", "version", "why"),
    [
        pytest.param(Say.RECEIVED, Latest(Content.FILLED, 1), None, "", id="a receipt"),
        pytest.param(Say.RECEIVED, Latest(Content.WITHDRAWN, 2), None, "taken back", id="a nil taken back"),
        pytest.param(Say.DECLARED, Latest(Content.NIL, 1), 1, "", id="what another office declared"),
        pytest.param(Say.DECLARED, Latest(Content.NIL, 2), 1, "a later version came", id="declared, then corrected"),
        pytest.param(Say.DECLARED, None, 1, "a later version came", id="declared, and nothing is kept of it"),
        pytest.param(Say.DECLARED, None, None, "", id="another office asked for time"),
    ],
)
def test_what_was_done_is_told_until_something_else_was_done(say, latest, version, why):
    assert moot.overtaken(say, latest, version=version) == why
