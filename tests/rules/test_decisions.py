"""What may be decided about a report, until when, and what it does to being on time."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import decisions, filing
from rules.decisions import BadUntil, NoReason
from rules.filing import NotOwed, Standing, Timeliness

DUE = datetime(2024, 2, 7, 7, 0, tzinfo=UTC)
CLOSES = DUE + timedelta(days=1)


def at(hours):
    return DUE + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("extended", "now", "until", "expected"),
    [
        pytest.param(None, -3, 5, True, id="granted before the due time it counts"),
        pytest.param(None, 0, 5, True, id="exactly at the due time it counts"),
        pytest.param(None, 1, 5, False, id="granted after it, the chase only rests"),
        pytest.param(5, 4, 8, True, id="granted again before the extended time it counts"),
        pytest.param(5, 6, 8, False, id="after the extended time it is too late to be punctual"),
        pytest.param(None, -3, 24, True, id="up to the closing time"),
        pytest.param(None, -3, 0, BadUntil, id="no later than the due time"),
        pytest.param(5, 4, 5, BadUntil, id="no later than the time in force"),
        pytest.param(None, 3, 2, BadUntil, id="a time that is past"),
        pytest.param(None, 1, 25, BadUntil, id="after the closing time"),
    ],
)
def test_an_extension(extended, now, until, expected):
    def granted():
        return decisions.extends_in_time(
            Standing.OWED,
            due_at=DUE,
            extended_until=extended and at(extended),
            closes_after=CLOSES,
            until=at(until),
            now=at(now),
        )

    if expected is BadUntil:
        with pytest.raises(BadUntil):
            granted()
    else:
        assert granted() is expected


@pytest.mark.parametrize("standing", [s for s in Standing if s is not Standing.OWED])
def test_only_what_is_owed_is_extended(standing):
    with pytest.raises(NotOwed):
        decisions.extends_in_time(standing, due_at=DUE, extended_until=None, closes_after=None, until=at(5), now=at(-1))


@pytest.mark.parametrize(
    ("standing", "extended", "received", "now", "expected"),
    [
        pytest.param(Standing.RECEIVED, 5, 5, 9, Timeliness.ON_TIME, id="exactly at the extended time is on time"),
        pytest.param(Standing.RECEIVED, 5, 6, 9, Timeliness.LATE, id="after it is late"),
        pytest.param(Standing.RECEIVED, None, 1, 9, Timeliness.LATE, id="without an extension the due time counts"),
        pytest.param(Standing.OWED, 5, None, 4, None, id="not missing before the extended time"),
        pytest.param(Standing.OWED, 5, None, 6, Timeliness.MISSING, id="missing after it"),
        pytest.param(Standing.RECEIVED, -5, -1, 9, Timeliness.ON_TIME, id="an extension never makes anybody late"),
    ],
)
def test_timeliness_with_an_extension(standing, extended, received, now, expected):
    extended_until = None if extended is None else at(extended)
    received_at = None if received is None else at(received)

    judged = filing.timeliness(standing, DUE, received_at, extended_until=extended_until, now=at(now))

    assert judged == expected


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 301])
def test_a_reason_is_said_in_a_few_words(text):
    with pytest.raises(NoReason):
        decisions.reason(text)


def test_a_reason_is_kept_in_one_line():
    assert decisions.reason(" Banjir \n di  Kuala Lupak ") == "Banjir di Kuala Lupak"


def test_only_what_came_is_returned_and_waited_for_as_long_again():
    for standing in (Standing.OWED, Standing.WAIVED, Standing.CANCELLED):
        with pytest.raises(NotOwed):
            decisions.returnable(standing)
    decisions.returnable(Standing.RECEIVED)
    assert decisions.closes_after_return(DUE, CLOSES, at(48)) == at(72)
    assert decisions.closes_after_return(DUE, CLOSES, at(-2)) == CLOSES
    assert decisions.closes_after_return(DUE, None, at(48)) is None


@pytest.mark.parametrize(
    ("standing", "extended", "rests", "waived", "now", "until", "expected"),
    [
        pytest.param(Standing.OWED, 5, None, None, -1, None, (True, None), id="an extension, its due time ahead"),
        pytest.param(Standing.OWED, 5, None, None, 1, None, BadUntil, id="nobody becomes late by it"),
        pytest.param(Standing.OWED, 5, None, None, 1, 3, (True, 3), id="an earlier time that is ahead"),
        pytest.param(Standing.OWED, 5, None, None, 1, 6, BadUntil, id="a later time would be an extension"),
        pytest.param(Standing.OWED, 5, None, None, -3, -1, (True, None), id="never before the due time itself"),
        pytest.param(Standing.OWED, None, 5, None, 1, None, (False, None), id="a late one is chased again"),
        pytest.param(Standing.OWED, None, 5, None, 1, 3, (False, 3), id="or waited for less long"),
        pytest.param(Standing.OWED, None, None, None, -1, None, NotOwed, id="nothing was granted"),
        pytest.param(Standing.OWED, 5, None, None, 6, None, NotOwed, id="an extension that ran out"),
        pytest.param(Standing.WAIVED, None, None, -2, -1, None, (True, None), id="a waiver, the due time ahead"),
        pytest.param(Standing.WAIVED, None, None, -2, 1, None, BadUntil, id="a waiver that outlasted the due time"),
        pytest.param(Standing.WAIVED, None, None, -2, 1, 4, (True, 4), id="is on time until then"),
        pytest.param(Standing.WAIVED, None, None, 2, 3, 4, (False, 4), id="what was late before stays late"),
        pytest.param(Standing.WAIVED, None, None, -2, 25, 26, BadUntil, id="nobody waits any more"),
        pytest.param(Standing.RECEIVED, None, None, None, 1, 4, NotOwed, id="what came is not owed"),
    ],
)
def test_what_is_so_once_a_waiver_or_an_extension_is_revoked(standing, extended, rests, waived, now, until, expected):
    def revoked():
        times = {"extended_until": extended, "rests_until": rests, "waived_at": waived, "until": until}
        return decisions.revokes(
            standing,
            due_at=DUE,
            closes_after=CLOSES,
            now=at(now),
            **{name: None if hours is None else at(hours) for name, hours in times.items()},
        )

    if isinstance(expected, tuple):
        in_time, hours = expected
        assert revoked() == (in_time, None if hours is None else at(hours))
    else:
        with pytest.raises(expected):
            revoked()


@pytest.mark.parametrize(
    ("standing", "extended", "rests", "now", "expected"),
    [
        pytest.param(Standing.OWED, 5, None, 1, True, id="an extension is running"),
        pytest.param(Standing.OWED, 5, None, 6, False, id="it ran out"),
        pytest.param(Standing.OWED, None, 5, 1, True, id="a late one was given time"),
        pytest.param(Standing.OWED, None, 5, -1, False, id="one that is not late rests for another reason"),
        pytest.param(Standing.OWED, None, None, -1, False, id="nothing was granted"),
        pytest.param(Standing.WAIVED, None, None, 1, True, id="a waiver"),
        pytest.param(Standing.WAIVED, None, None, 25, False, id="nobody waits any more"),
        pytest.param(Standing.RECEIVED, 5, None, 1, False, id="what came is not owed"),
    ],
)
def test_revoking_is_offered_only_where_there_is_something_to_revoke(standing, extended, rests, now, expected):
    offered = decisions.revocable(
        standing,
        due_at=DUE,
        extended_until=None if extended is None else at(extended),
        rests_until=None if rests is None else at(rests),
        closes_after=CLOSES,
        now=at(now),
    )

    assert offered is expected
