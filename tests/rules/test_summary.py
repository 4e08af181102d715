"""When the summary of a day is due."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from rules import summary
from rules.calendar import Anchor
from rules.summary import Evening, Summaries

ZONE = "Asia/Makassar"


class Calendar:
    """Voting day is 14 February 2024."""

    starts = date(2022, 6, 14)

    def dated(self, *_):
        return date(2024, 2, 14)


class Undated(Calendar):
    def dated(self, *_):
        return None


def days(first, last):
    return Anchor("voting_day", days=first), Anchor("voting_day", days=last)


EVENINGS = Summaries("summary", (Evening(time(22, 45), days(0, 0)), Evening(time(18, 30), days(-2, 1))))


def at(day, hour, minute=0):
    return datetime(2024, 2, day, hour, minute, tzinfo=ZoneInfo(ZONE))


@pytest.mark.parametrize(
    ("after", "due"),
    [
        pytest.param(at(1, 8), at(12, 18, 30), id="long before, it waits for the first day"),
        pytest.param(at(12, 18, 30), at(13, 18, 30), id="after one comes the next"),
        pytest.param(at(14, 18, 30), at(14, 22, 45), id="on voting day it is late"),
        pytest.param(at(14, 22, 45), at(15, 18, 30), id="the day after it is early again"),
        pytest.param(at(15, 18, 30), None, id="after the last day there is none"),
        pytest.param(datetime(2024, 2, 12, 16, 1, tzinfo=UTC), at(13, 18, 30), id="days are the desk's, not ours"),
    ],
)
def test_a_summary_is_due_on_the_evenings_of_the_policy(after, due):
    assert summary.next_at(EVENINGS, Calendar(), ZONE, after=after) == due


def test_without_a_voting_day_there_is_no_summary():
    assert summary.next_at(EVENINGS, Undated(), ZONE, after=at(1, 8)) is None
