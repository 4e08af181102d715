"""What stands first on the board, and how a report stands there."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from rules import board
from rules.board import Open, Stand, Told
from rules.filing import Content, Standing
from rules.forms import Condition
from rules.policy import Severity
from rules.situation import Cell, Shown, Spoken, Version

NOW = datetime(2024, 2, 14, 5, 45, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(standing=Standing.RECEIVED, content=Content.FILLED, *, troubled=False, came=-1.0, due=0.0, extended=None):
    """A report due at `due` hours from now, that came at `came`."""
    return board.told(
        standing,
        content,
        troubled=troubled,
        due_at=NOW + due * HOUR,
        received_at=NOW + came * HOUR if standing is Standing.RECEIVED else None,
        extended_until=NOW + extended * HOUR if extended else None,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (told(), "tepat waktu"),
        (told(due=-2), "terlambat"),
        (told(due=-2, extended=1), "tepat waktu"),
        (told(content=Content.NIL), "tepat waktu, nihil"),
        (told(troubled=True, due=-2), "terlambat, bermasalah"),
        (told(Standing.OWED, None, due=-1), "belum masuk"),
        (told(Standing.OWED, None, due=1), "belum waktunya"),
        (told(Standing.WAIVED, None, due=-1), "dibebaskan"),
        (told(Standing.OWED, Content.NIL, troubled=True, due=1), "belum waktunya"),
    ],
)
def test_a_report_is_one_word_and_what_it_says(one, words):
    assert one.words == words


def test_what_was_cancelled_is_not_counted():
    tolds = [Told(Stand.MISSING), Told(Stand.MISSING), Told(Stand.CANCELLED), Told(Stand.LATE, nil=True)]

    assert board.counted(tolds) == {Stand.MISSING: 2, Stand.LATE: 1}


def test_the_grave_come_first_then_a_step_that_is_late_then_what_nobody_took_on_then_the_oldest():
    in_order = [
        Open(Severity.HIGH, NOW - HOUR, due_at=NOW - HOUR, rests_until=NOW + HOUR),
        Open(Severity.HIGH, NOW - 3 * HOUR),
        Open(Severity.HIGH, NOW - 2 * HOUR, rests_until=NOW - HOUR),
        Open(Severity.HIGH, NOW - 5 * HOUR, rests_until=NOW + HOUR),
        Open(Severity.MEDIUM, NOW - 9 * HOUR),
        Open(Severity.LOW, NOW - 99 * HOUR, due_at=NOW - HOUR),
    ]

    for some in permutations(in_order):
        assert sorted(some, key=lambda problem: board.gravity(problem, now=NOW)) == in_order


def test_a_tile_is_the_worst_that_is_known_and_what_is_not_known_hides_nothing():
    def cell(condition=None, *, stale=False):
        groups = {"g": Spoken(condition)} if condition else {}
        said = Version("r", 1, "1", Content.FILLED, groups, "Camat", NOW, NOW) if condition else None
        return Cell("1", "g", said=said, stale=stale)

    safe, wrong, unseen = cell(Condition.SAFE), cell(Condition.TROUBLED), cell()

    assert board.tile([unseen, safe, safe]) == (Shown.SAFE, 2)
    assert board.tile([unseen, safe, wrong]) == (Shown.TROUBLED, 2)
    assert board.tile([cell(Condition.SAFE, stale=True), unseen]) == (Shown.STALE, 0)
    assert board.tile([unseen]) == (Shown.UNSEEN, 0)
