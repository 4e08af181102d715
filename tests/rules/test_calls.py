"""Whom to phone first: grave problems, then what has been late the longest; each office once."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from rules import calls
from rules.calls import Reason, Why

NOW = datetime(2024, 2, 14, 5, 45, tzinfo=UTC)


def late(hours, matter=1):
    return Reason(Why.REPORT, matter, NOW - timedelta(hours=hours))


def grave(hours, matter=9):
    return Reason(Why.PROBLEM, matter, NOW - timedelta(hours=hours))


def test_each_office_is_phoned_once_the_gravest_first():
    asked = [("tamban", late(1)), ("tamban", grave(2)), ("alalak", late(5)), ("kuripan", grave(3)), ("alalak", late(7))]

    for some in permutations(asked):
        sheet = calls.sheet(some)
        assert [call.office for call in sheet] == ["kuripan", "tamban", "alalak"]
        assert sheet[1].reasons == (grave(2), late(1))
        assert sheet[2].reasons == (late(7), late(5))


def test_nobody_is_phoned_for_nothing():
    assert calls.sheet([]) == []
