"""A problem that is restricted after a report named it stands in nothing that leaves from then on."""

import pytest

from jobs.operator import restricting
from models.desk.changes import Hand, Way
from models.matters import submissions
from models.offices import offices
from reports.government import facts
from rules.decisions import NoReason
from rules.sending import NotSent
from rules.submissions import NotApproved, State, Step
from services.government import again, approving
from tests.stories.test_sending import addressed, hands_out, letters_to, mails
from tests.stories.test_sending import desk as addressed_desk
from tests.stories.test_sending import names_what_was_restricted_since as names_it

__all__ = ["addressed", "addressed_desk"]

SECRETARIAT, SECRETARY, CHAIR = "sekretariat-desk", "kepala-kesbangpol", "sekda"
KEY = "pemilihan/tiga-kecamatan/laporan-gubernur/63.04/2024-W06"


@pytest.fixture
def desk(desk):
    """The first weekly report is compiled, and names one problem."""
    desk.owes_only(KEY)
    desk.clock.reads("2024-02-01 09:00")
    desk.has_a_problem("Ancaman kepada petugas")
    desk.clock.reads("2024-02-06 18:10")
    return desk


def versions(desk):
    with desk.rt.sessions() as session:
        return submissions.all_of(session)


def confides(desk, code="P-0001"):
    restricting.restrict(desk.rt, code, True, by=SECRETARY, text="Menyangkut pejabat")


def does(desk, act, by=SECRETARIAT, **named):
    with desk.rt.sessions.begin() as session:
        own = approving.held(session, desk.programme, submissions.all_of(session)[-1].id)
        office = offices.by_code(session, desk.programme.desk.code, by)
        hand = Hand(office.id, office.title, Way.SESSION, 7)
        return act(session, desk.programme, own=own, hand=hand, now=desk.clock.at, **named)


def gathers(desk, reason="Permasalahan dijadikan terbatas.", by=SECRETARIAT):
    does(desk, again.gather_again, by, forms=desk.rt.forms(), reason=reason, public_url="")


def approves(desk):
    does(desk, approving.hand_in)
    for by in (SECRETARY, CHAIR):
        does(desk, approving.approve, by, edition=versions(desk)[-1].edition)


def test_a_draft_that_names_it_is_neither_handed_in_nor_approved(desk):
    does(desk, approving.hand_in)
    confides(desk)

    with pytest.raises(NotSent, match="Susun ulang"):
        does(desk, approving.approve, SECRETARY, edition=0)
    does(desk, approving.send_back, SECRETARY, reason="Susun ulang")
    with pytest.raises(NotSent, match="Susun ulang"):
        does(desk, approving.hand_in)


@pytest.mark.parametrize("state", [State.DRAFT, State.FOR_APPROVAL, State.APPROVED])
def test_gathered_again_it_is_a_draft_of_the_same_days_without_the_problem_and_with_the_words(desk, state):
    does(desk, approving.edit, chapter="conclusion", text="Sungai surut.", seen="")
    if state is State.FOR_APPROVAL:
        does(desk, approving.hand_in)
    elif state is State.APPROVED:
        approves(desk)
    confides(desk)
    desk.clock.jumps("2024-02-06 19:00")
    gathers(desk)

    before, new = versions(desk)
    old, fresh = facts.from_json(before.facts), facts.from_json(new.facts)
    assert (before.state, new.state, new.version, new.correction) == (State.DROPPED, State.DRAFT, 2, 0)
    assert (old.header.period_start, old.header.period_end) == (fresh.header.period_start, fresh.header.period_end)
    assert (fresh.header.cut_off, fresh.header.version, fresh.header.ralat) == (desk.clock.at, 2, 0)
    assert ([own.code for own in old.problems], fresh.problems, fresh.restricted) == (["P-0001"], (), 1)
    assert "Ancaman" not in new.facts
    with desk.rt.sessions() as session:
        assert approving.narrative(session, new.id) == {"conclusion": "Sungai surut."}
        steps = [(own.step, own.text) for one in (before, new) for own in submissions.events(session, one.id)][-2:]
    assert steps == [(step, "Permasalahan dijadikan terbatas.") for step in (Step.REPLACED, Step.GATHERED)]
    approves(desk)
    assert versions(desk)[-1].state is State.APPROVED


def test_it_is_gathered_again_with_a_reason_by_who_keeps_the_books_and_only_where_it_must_be(desk):
    with pytest.raises(NotApproved):
        gathers(desk)
    confides(desk)
    with pytest.raises(NoReason):
        gathers(desk, " ")
    with pytest.raises(NotApproved):
        gathers(desk, by=CHAIR)
    assert len(versions(desk)) == 1


def test_approved_it_is_neither_mailed_nor_handed_out(addressed_desk):
    desk = addressed_desk
    names_it(desk)

    with pytest.raises(NotSent, match="Susun ulang"):
        mails(desk)
    with pytest.raises(NotSent, match="Susun ulang"):
        hands_out(desk)
    assert letters_to(desk, "kesbangpol@kalsel.example") == []


def test_a_mail_that_waits_when_it_is_restricted_does_not_leave(addressed_desk):
    desk = addressed_desk
    desk.bell.deaf = True
    mails(desk)
    names_it(desk)
    desk.bell.deaf = False
    desk.clock.reads("2024-02-06 20:00")

    assert letters_to(desk, "kesbangpol@kalsel.example") == []
    assert versions(desk)[0].state is State.APPROVED


def test_what_left_before_is_not_sent_once_more_and_is_corrected(addressed_desk):
    desk = addressed_desk
    mails(desk)
    names_it(desk)

    with pytest.raises(NotSent, match="Buat ralat"):
        mails(desk)
    assert len(letters_to(desk, "kesbangpol@kalsel.example")) == 1
