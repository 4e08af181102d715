"""Whose fault it is that a report is late, and that ours is never called theirs."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import fairness
from rules.fairness import Asked, Cause, Stop, Word

DUE = datetime(2024, 2, 12, 7, 0, tzinfo=UTC)
OPENS = DUE - timedelta(hours=9)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def word(asked=-3.0, left=-3.0, *, lost=False):
    """Asked for and left so many hours from the due time; `left` None: it never did."""
    return Word(DUE + asked * HOUR, None if left is None else DUE + left * HOUR, lost)


DEAR = Word(DUE - 3 * HOUR, None, lost=True, too_dear=True)


def stop(began, ended):
    return Stop(DUE + began * HOUR, DUE + ended * HOUR)


@pytest.mark.parametrize(
    ("words", "stops", "expected"),
    [
        pytest.param([word()], [], Cause.TEAM, id="told three hours before"),
        pytest.param([], [], Cause.TEAM, id="a ladder that says nothing beforehand: they know the calendar"),
        pytest.param([word()], [stop(-1, 29)], Cause.STOPPED, id="thirty hours of ours over the due time"),
        pytest.param([word()], [stop(0, 1)], Cause.STOPPED, id="we stopped at the very minute"),
        pytest.param([word()], [stop(-2, 0)], Cause.TEAM, id="we were back when it was due"),
        pytest.param([word(left=-0.1)], [stop(-10, 0)], Cause.STOPPED, id="down from before it could be filed"),
        pytest.param([word()], [stop(1, 30)], Cause.TEAM, id="we stopped when it was late already"),
        pytest.param([word(left=0.5)], [], Cause.TOLD_LATE, id="the word left after the due time"),
        pytest.param([word(left=-0.5)], [], Cause.TOLD_LATE, id="half an hour before, asked for three before"),
        pytest.param([word(left=-2.9)], [], Cause.TEAM, id="a few minutes later than asked"),
        pytest.param([word(left=-1.5)], [], Cause.TEAM, id="later than asked, and early enough"),
        pytest.param([word(-0.5, -0.5)], [], Cause.TEAM, id="told when the ladder says, however short"),
        pytest.param([word(left=None)], [], Cause.NOT_REACHED, id="it never left"),
        pytest.param([DEAR], [], Cause.TOO_DEAR, id="money held back all of it"),
        pytest.param([DEAR, word(0, lost=True)], [], Cause.TOO_DEAR, id="money held back one, the next was lost"),
        pytest.param([DEAR, word(-2, -2)], [], Cause.TEAM, id="money held back one, the next arrived"),
        pytest.param([word(lost=True), word(0, 0, lost=True)], [], Cause.NOT_REACHED, id="none arrived"),
        pytest.param([word(lost=True), word(-2, -2)], [], Cause.TEAM, id="the second did"),
        pytest.param([word(left=None), word(0, 0)], [], Cause.TOLD_LATE, id="only the word at the due time arrived"),
    ],
)
def test_why_it_was_not_there(words, stops, expected):
    found = fairness.cause(words, stops, Asked(OPENS, DUE))

    assert found is expected


@pytest.mark.parametrize(
    ("gap", "closes", "came", "expected"),
    [
        pytest.param(stop(2, 5), 6, False, Cause.TEAM, id="asked for again an hour before it closed"),
        pytest.param(stop(2, 5), 5.5, False, Cause.LOST, id="asked for again half an hour before it closed"),
        pytest.param(stop(2, 5), 4, False, Cause.LOST, id="closed in what was lost"),
        pytest.param(stop(2, 5), 2, False, Cause.TEAM, id="closed before: nothing of it can be among what was lost"),
        pytest.param(stop(2, 5), 4, True, Cause.TEAM, id="it is there, and was late before anything was lost"),
        pytest.param(stop(2, 5), None, False, Cause.TEAM, id="never closed"),
    ],
)
def test_a_report_that_may_be_among_what_was_lost_blames_nobody(gap, closes, came, expected):
    asked = Asked(OPENS, DUE, DUE + closes * HOUR if closes is not None else None, came)

    assert fairness.cause([word()], [], asked, lost=[gap]) is expected


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        pytest.param(stop(-1, 3), Cause.LOST, id="it went on, and its books of that time were lost"),
        pytest.param(stop(1, 3), Cause.STOPPED, id="it stood still before anything was lost"),
    ],
)
def test_a_desk_whose_books_were_lost_did_not_stand_still(gap, expected):
    assert fairness.cause([word()], [stop(-1, 3)], Asked(OPENS, DUE), lost=[gap]) is expected


def test_what_the_desk_itself_owes_is_on_no_team():
    assert fairness.cause([word()], [], Asked(OPENS, DUE, own=True)) is Cause.OWN
    assert Cause.OWN.ours


def test_of_what_the_desk_itself_owes_a_stop_is_still_named():
    assert fairness.cause([word()], [stop(0, 1)], Asked(OPENS, DUE, own=True)) is Cause.STOPPED


def test_every_cause_has_words_for_people():
    assert set(fairness.CAUSES) == set(Cause)
