"""Who may do what with a report to the Government, and what follows what."""

from dataclasses import replace
from pathlib import Path

import pytest

from config import loader
from rules import government, submissions
from rules.desk import Audience
from rules.submissions import State, Step, TooLong

ROOT = Path(__file__).parents[2] / "config"
FILES = ("elections/pemilu-2024.yaml", "desks/barito-kuala.yaml", "policies/default.yaml")
DESK = loader.programme(*(loader.read(ROOT / name) for name in FILES)).desk
KIND = government.PLAIN
SECRETARIAT, SECRETARY, CHAIR = DESK.secretariat, DESK.secretary, DESK.chair
CAMAT = next(own.code for own in DESK.offices if own.code not in (SECRETARIAT, SECRETARY, CHAIR))
IN, AGREED, BACK = Step.HANDED_IN, Step.AGREED, Step.SENT_BACK


def test_a_kind_names_who_approves_and_nobody_is_asked_twice():
    assert submissions.approvers(DESK, KIND) == (SECRETARY, CHAIR)
    twice = replace(KIND, approve=(Audience.CHAIR, Audience.SECRETARY, Audience.CHAIR))
    assert submissions.approvers(DESK, twice) == (CHAIR, SECRETARY)


@pytest.mark.parametrize(
    ("steps", "agreed"),
    [
        pytest.param([], [], id="nothing was done"),
        pytest.param([(IN, SECRETARIAT)], [], id="only handed in"),
        pytest.param([(IN, SECRETARIAT), (AGREED, SECRETARY)], [SECRETARY], id="one agreed"),
        pytest.param([(IN, SECRETARIAT), (AGREED, SECRETARY), (BACK, CHAIR)], [], id="sent back, all begins anew"),
        pytest.param(
            [(IN, SECRETARIAT), (AGREED, SECRETARY), (BACK, CHAIR), (IN, SECRETARIAT)], [], id="handed in once more"
        ),
    ],
)
def test_an_agreement_counts_until_it_is_sent_back(steps, agreed):
    assert submissions.agreed(steps) == agreed


def test_it_is_the_turn_of_the_first_who_has_not_agreed():
    order = (SECRETARY, CHAIR)

    assert [submissions.turn(order, agreed) for agreed in ([], [SECRETARY], [SECRETARY, CHAIR])] == [
        *(SECRETARY, CHAIR, None),
    ]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("office", [SECRETARIAT, SECRETARY, CHAIR, CAMAT])
def test_words_are_changed_in_a_draft_by_who_keeps_the_books_and_then_by_whose_turn_it_is(state, office):
    turn = CHAIR if state is State.FOR_APPROVAL else None
    expected = {
        State.DRAFT: office in (SECRETARIAT, SECRETARY),
        State.FOR_APPROVAL: office == CHAIR,
    }

    assert submissions.edits(DESK, office, state, turn) is expected.get(state, False)


@pytest.mark.parametrize("state", State)
def test_what_left_is_not_sent_back(state):
    may = submissions.sends_back(CHAIR, state, CHAIR, (SECRETARY, CHAIR))

    assert may is (state in (State.FOR_APPROVAL, State.APPROVED))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  a  b \r\n c ", "a b c", id="one paragraph"),
        pytest.param("a\r\n\r\n\r\nb\n\n", "a\n\nb", id="two paragraphs"),
        pytest.param(" \n\n ", "", id="nothing"),
        pytest.param("x" * submissions.WORDS, "x" * submissions.WORDS, id="just as long as fits"),
    ],
)
def test_words_are_kept_in_paragraphs(typed, kept):
    assert submissions.narrative(typed) == kept


def test_more_words_than_fit_are_refused():
    with pytest.raises(TooLong):
        submissions.narrative("x" * (submissions.WORDS + 1))


@pytest.mark.parametrize("state", State)
def test_what_somebody_outside_may_have_is_corrected_and_nothing_else(state):
    outside = state in (State.HANDED_OUT, State.SENT, State.RECEIVED)

    assert submissions.corrects(DESK, SECRETARIAT, state) is outside
    assert submissions.gathers_again(DESK, SECRETARIAT, state) is (
        state in (State.DRAFT, State.FOR_APPROVAL, State.APPROVED)
    )
    assert not submissions.corrects(DESK, CAMAT, state)


@pytest.mark.parametrize("state", State)
def test_a_correction_is_dropped_until_it_is_approved_and_a_report_that_is_owed_never(state):
    assert submissions.drops(DESK, SECRETARIAT, state, 1) is (state in (State.DRAFT, State.FOR_APPROVAL))
    assert not submissions.drops(DESK, SECRETARIAT, state, 0)
    assert not submissions.drops(DESK, CHAIR, state, 1)
