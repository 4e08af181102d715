"""Which of several live elections something belongs to of which nobody said it."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from rules import programme
from rules.calendar import VOTING_DAY, Election, Stage, Version


def election(code, day):
    version = Version(day, "Peraturan Contoh", day, day)
    stages = (Stage("H", "Pemungutan suara", (version,), role=VOTING_DAY),) if day else ()
    return SimpleNamespace(
        election=Election(code, code, datetime(2024, 1, 1).date(), stages), desk=SimpleNamespace(zone="Asia/Makassar")
    )


BOTH = {1: election("pemilu", datetime(2024, 2, 14).date()), 2: election("pilkada", datetime(2024, 11, 27).date())}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(datetime(2024, 2, 14, 3, tzinfo=UTC), 1, id="on its voting day, though another was loaded since"),
        pytest.param(datetime(2024, 3, 1, tzinfo=UTC), 1, id="while its recapitulation goes on"),
        pytest.param(datetime(2024, 11, 1, tzinfo=UTC), 2, id="the other, when that is near"),
    ],
)
def test_the_election_whose_voting_day_is_nearest_goes_first(at, expected):
    assert programme.foremost(BOTH, now=at) == expected


def test_of_two_on_one_day_the_first_that_is_named():
    day = datetime(2024, 11, 27).date()

    assert programme.foremost({2: election("b", day), 1: election("a", day)}, now=datetime(2024, 5, 1, tzinfo=UTC)) == 2


def test_one_without_a_voting_day_comes_last_and_none_is_none():
    undated = {3: election("c", None)}

    assert programme.foremost(BOTH | undated, now=datetime(2024, 2, 14, tzinfo=UTC)) == 1
    assert programme.foremost(undated, now=datetime(2024, 2, 14, tzinfo=UTC)) == 3
    assert programme.foremost({}, now=datetime(2024, 2, 14, tzinfo=UTC)) is None
