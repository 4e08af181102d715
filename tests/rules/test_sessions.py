"""How long a link and a session are good."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import sessions
from rules.ladder import Say

NOW = datetime(2024, 2, 7, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened", "seen", "over"),
    [
        pytest.param("7h59m", "1m", False, id="just before eight hours"),
        pytest.param("8h", "1m", True, id="eight hours, however busy"),
        pytest.param("2h", "59m", False, id="just before an hour of silence"),
        pytest.param("2h", "1h", True, id="an hour of silence"),
    ],
)
def test_when_a_session_is_over(opened, seen, over):
    assert sessions.over(NOW - ago(opened), NOW - ago(seen), now=NOW) is over


def test_a_link_that_was_asked_for_is_short_lived_and_one_that_came_waits_for_its_reader():
    assert sessions.lasts(Say.SIGN_IN) == timedelta(minutes=30)
    assert sessions.lasts(Say.ESCALATION) == timedelta(days=3)
    assert not sessions.stale(NOW - timedelta(minutes=29), now=NOW)
    assert sessions.stale(NOW - timedelta(minutes=30), now=NOW)


def ago(words):
    hours, _, rest = words.rpartition("h")
    return timedelta(hours=int(hours or 0), minutes=int(rest.removesuffix("m") or 0))
