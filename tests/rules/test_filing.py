"""What a filed report does: on time or late, the same or another, taken or refused."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from rules import filing
from rules.calendar import Anchor
from rules.duties import Days, Duty, OnHoliday, Per
from rules.filing import Content, NilRefused, NotOwed, RefusedTime, Standing, Timeliness

DUE = datetime(2024, 2, 13, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NOW = datetime(2024, 2, 14, 1, 0, tzinfo=UTC)  # nine in the morning in Makassar


def duty(*, nil: bool) -> Duty:
    days = Days(Anchor(None), Anchor(None))
    times = {"opens": -timedelta(days=1), "closes": timedelta(days=1)}
    kind = {"per": Per.DISTRICT, "on_holiday": OnHoliday.KEEP}
    return Duty(code="d", name="d", form="f", days=days, at=(time(15),), ladder="l", nil=nil, **times, **kind)


@pytest.mark.parametrize(
    ("standing", "received", "now", "expected"),
    [
        pytest.param(Standing.RECEIVED, DUE, NOW, Timeliness.ON_TIME, id="exactly at the due time"),
        pytest.param(Standing.RECEIVED, DUE + SECOND, NOW, Timeliness.LATE, id="a second after"),
        pytest.param(Standing.OWED, None, DUE, None, id="not yet to be judged at the due time"),
        pytest.param(Standing.OWED, None, DUE + SECOND, Timeliness.MISSING, id="missing a second after"),
        pytest.param(Standing.WAIVED, None, NOW, None, id="a waived one is not judged"),
        pytest.param(Standing.CANCELLED, None, NOW, None, id="nor a cancelled one"),
    ],
)
def test_timeliness(standing, received, now, expected):
    assert filing.timeliness(standing, DUE, received, now=now) == expected


@pytest.mark.parametrize(
    ("stated", "reason", "refusal"),
    [
        pytest.param(NOW, "", None, id="now"),
        pytest.param(NOW + SECOND, "late clock", "in the future", id="the future, whatever the reason"),
        pytest.param(NOW - timedelta(hours=9), "", None, id="midnight of this local day"),
        pytest.param(NOW - timedelta(hours=9) - SECOND, "", "earlier day", id="a second before it"),
        pytest.param(NOW - timedelta(hours=10), "  ", "earlier day", id="blanks are no reason"),
        pytest.param(NOW - timedelta(hours=10), "by courier", None, id="an earlier day with a reason"),
    ],
)
def test_a_stated_time_of_receipt(stated, reason, refusal):
    if refusal:
        with pytest.raises(RefusedTime, match=refusal):
            filing.received_at(stated, reason=reason, zone="Asia/Makassar", now=NOW)
    else:
        assert filing.received_at(stated, reason=reason, zone="Asia/Makassar", now=NOW) == stated


def test_without_a_stated_time_it_is_received_now():
    assert filing.received_at(None, reason="", zone="Asia/Makassar", now=NOW) == NOW


@pytest.mark.parametrize(
    ("body", "same"),
    [
        pytest.param({"b": 1, "a": "Aman é"}, True, id="the order of fields is no content"),
        pytest.param({"a": "Aman é", "b": 2}, False, id="another figure"),
        pytest.param({"a": "Aman é", "b": "1"}, False, id="a word is not a figure"),
        pytest.param({"a": "Aman é"}, False, id="a field less"),
    ],
)
def test_the_digest_names_exactly_the_content(body, same):
    first = filing.digest(Content.FILLED, {"a": "Aman é", "b": 1})

    assert (filing.digest(Content.FILLED, body) == first) is same


def test_nil_and_filled_are_not_the_same_content():
    assert filing.digest(Content.NIL, {}) != filing.digest(Content.FILLED, {})


@pytest.mark.parametrize(
    ("standing", "content", "nil", "error"),
    [
        pytest.param(Standing.OWED, Content.NIL, True, None, id="nil where it is allowed"),
        pytest.param(Standing.OWED, Content.NIL, False, NilRefused, id="nil where it is not"),
        pytest.param(Standing.OWED, Content.FILLED, False, None, id="what was seen"),
        pytest.param(Standing.RECEIVED, Content.FILLED, False, None, id="a correction"),
        pytest.param(Standing.WAIVED, Content.FILLED, True, NotOwed, id="waived"),
        pytest.param(Standing.CANCELLED, Content.FILLED, True, NotOwed, id="cancelled"),
    ],
)
def test_what_is_taken(standing, content, nil, error):
    if error:
        with pytest.raises(error):
            filing.check(standing, content, duty=duty(nil=nil))
    else:
        filing.check(standing, content, duty=duty(nil=nil))


def test_the_local_day_is_that_of_the_district():
    """Half past midnight in Makassar is still the day before in Jakarta."""
    now = datetime(2024, 2, 13, 16, 30, tzinfo=UTC)
    stated = now - timedelta(hours=1)

    assert now.date() == date(2024, 2, 13)
    assert filing.received_at(stated, reason="", zone="Asia/Jakarta", now=now) == stated
    with pytest.raises(RefusedTime):
        filing.received_at(stated, reason="", zone="Asia/Makassar", now=now)


@pytest.mark.parametrize(
    ("versions", "sent", "seen", "returned", "expected"),
    [
        pytest.param("", "A", 0, False, None, id="the first is new"),
        pytest.param("A", "A", 0, False, 1, id="a second tap is the same"),
        pytest.param("A", "A", 1, False, 1, id="a correction that changes nothing is the same"),
        pytest.param("A", "A", None, False, 1, id="recorded once more is the same"),
        pytest.param("AB", "A", 2, False, None, id="going back to the first is a third"),
        pytest.param("AB", "A", None, False, None, id="also by a row or by command"),
        pytest.param("ABA", "A", 2, False, 3, id="and its second tap is that third"),
        pytest.param("AB", "A", 0, False, 1, id="what a phone sends again late is what it was"),
        pytest.param("A", "A", 1, True, None, id="returned and sent unchanged is an answer"),
        pytest.param("A", "A", None, True, None, id="by whatever way"),
        pytest.param("A", "A", 0, True, 1, id="but what was sent before the return is none"),
        pytest.param("AA", "A", 1, False, 2, id="a second tap of the answer is the answer"),
    ],
)
def test_which_version_a_report_is_sent_again_of(versions, sent, seen, returned, expected):
    assert filing.same(list(versions), sent, seen=seen, answers_return=returned) == expected
