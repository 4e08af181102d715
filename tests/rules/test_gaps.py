"""A gap in the books: whether they are an older copy, and which numbers and times follow."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import gaps
from rules.gaps import Seen

NOW = datetime(2024, 2, 14, 8, tzinfo=UTC)
SEEN = Seen("a", NOW, 120, 800)


@pytest.mark.parametrize(
    ("books", "behind"),
    [
        (SEEN, False),
        (SEEN._replace(swept_at=NOW + timedelta(seconds=20), receipts=121), False),
        (SEEN._replace(swept_at=NOW - timedelta(hours=4)), True),
        (SEEN._replace(receipts=119), True),
        (SEEN._replace(messages=799), True),
        (Seen("another", NOW - timedelta(days=9), 0, 0), False),
    ],
)
def test_books_are_older_when_anything_in_them_went_back(books, behind):
    assert gaps.behind(SEEN, books) is behind


@pytest.mark.parametrize(("highest", "first"), [(0, 1001), (30, 1001), (499, 1001), (500, 2001), (1999, 3001)])
def test_no_number_that_may_have_been_lost_is_given_again(highest, first):
    assert gaps.floor(highest, step=1000) == first
    assert first - highest > 500


def test_a_report_is_waited_for_but_never_past_its_closing_time():
    due = NOW - timedelta(hours=1)
    assert gaps.waited_until(due, None, None, now=NOW) == NOW + gaps.RESEND
    assert gaps.waited_until(due, None, NOW + timedelta(hours=2), now=NOW) == NOW + timedelta(hours=2)
    assert gaps.waited_until(due, None, NOW, now=NOW) is None
    assert gaps.waited_until(NOW + timedelta(days=1), None, None, now=NOW) is None
