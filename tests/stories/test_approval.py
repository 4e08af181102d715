"""The report to the Government leaves only once the secretary and the chair have read and approved it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from models.desk.changes import Hand, Way
from models.matters import submissions
from models.messages.notices import Notice
from models.offices import offices
from reports.government import approved, facts
from rules import government
from rules.filing import NotTaken
from rules.ladder import Say
from rules.submissions import NotApproved, Outdated, State, Step, TooLong
from services.government import approving

KEY = "pemilihan/tiga-kecamatan/laporan-gubernur/63.04/2024-W06"
SECRETARIAT, SECRETARY, CHAIR = "Sekretariat Desk", "Kepala Kesbangpol", "Sekretaris Daerah"


class Weekly:
    """The desk's first weekly report and what offices do with it."""

    def __init__(self, desk):
        self.desk = desk
        desk.owes_only(KEY)
        desk.clock.reads("2024-02-06 18:10")

    def does(self, act, by, *args, session_id=412, **named):
        with self.desk.rt.sessions.begin() as session:
            own = approving.held(session, self.desk.programme, self.present(session).id)
            office = offices.by_code(session, self.desk.programme.desk.code, self.desk.office(by))
            hand = Hand(office.id, office.title, Way.SESSION, session_id)
            return act(session, self.desk.programme, own, *args, hand=hand, now=self.desk.clock.at, **named)

    def present(self, session):
        return submissions.all_of(session)[0]

    def hands_in(self, by=SECRETARIAT):
        self.does(approving.hand_in, by)

    def approves(self, by, edition=None):
        return self.does(approving.approve, by, edition=self.row.edition if edition is None else edition)

    def sends_back(self, by, reason="Tambahkan kendala sungai."):
        self.does(approving.send_back, by, reason=reason)

    def writes(self, text, by=SECRETARIAT, chapter="conclusion", seen=""):
        return self.does(approving.edit, by, chapter, text, seen=seen)

    @property
    def row(self):
        with self.desk.rt.sessions.begin() as session:
            return self.present(session)

    @property
    def words(self):
        with self.desk.rt.sessions.begin() as session:
            return approved.from_json(approving.beside(session, self.present(session)))

    @property
    def last_step(self):
        with self.desk.rt.sessions.begin() as session:
            step = submissions.events(session, self.row.id)[-1]
            return step.step, step.text

    def told(self, office, word):
        return [one for one in self.desk.mailbox(office).letters if word in one.letter.subject + one.text]


@pytest.fixture
def weekly(desk):
    return Weekly(desk)


def test_the_secretary_then_the_chair_approve_and_its_words_are_frozen(weekly):
    weekly.writes("Sungai surut.")
    weekly.hands_in()
    assert weekly.row.state is State.FOR_APPROVAL
    assert weekly.approves(SECRETARY) is False
    weekly.desk.clock.reads("2024-02-06 20:12")
    assert weekly.approves(CHAIR) is True

    row, words = weekly.row, approved.from_json(weekly.row.approved)
    assert row.state is State.APPROVED
    assert [own.text for own in words.narrative] == ["Sungai surut."]
    assert [own.office for own in words.approvals] == [SECRETARY, CHAIR]
    assert words.approvals[1].at == weekly.desk.moment("2024-02-06 20:12")
    assert (words.approvals[1].session, words.notice) == ("412", "")


def test_the_approver_reads_the_figures_in_ten_lines_with_one_link(weekly):
    weekly.hands_in()
    weekly.desk.clock.reads("2024-02-06 18:30")

    (mail,) = weekly.told(SECRETARY, "menunggu persetujuan")
    assert mail.letter.say is Say.APPROVAL
    assert "Angka dalam laporan" in mail.text
    section = mail.text.split("Angka dalam laporan")[1].split("\n\n")[0]
    assert section.count("\n- ") == 10
    assert "Laporan yang wajib: " in section
    assert weekly.told(CHAIR, "menunggu persetujuan") == []


def test_nobody_approves_out_of_turn_or_in_anothers_name(weekly):
    for by in (SECRETARY, CHAIR):
        with pytest.raises(NotApproved):
            weekly.approves(by)
    with pytest.raises(NotApproved):
        weekly.hands_in(by=CHAIR)
    weekly.hands_in()
    for by in (CHAIR, SECRETARIAT, "Camat Tamban"):
        with pytest.raises(NotApproved):
            weekly.approves(by)
    weekly.approves(SECRETARY)
    with pytest.raises(NotApproved):
        weekly.approves(SECRETARY)
    assert weekly.row.state is State.FOR_APPROVAL


def test_what_was_changed_after_it_was_read_is_not_approved_unseen(weekly):
    weekly.hands_in()
    read = weekly.row.edition
    weekly.writes("Sungai surut.", by=SECRETARY)

    with pytest.raises(Outdated):
        weekly.approves(SECRETARY, edition=read)

    assert weekly.row.state is State.FOR_APPROVAL
    with weekly.desk.rt.sessions.begin() as session:
        (changed,) = approving.since(session, weekly.row.id, read, weekly.row.edition)
    assert (changed.chapter, changed.before, changed.after) == ("conclusion", "", "Sungai surut.")


def test_a_version_that_is_no_longer_the_last_is_not_approved(weekly):
    weekly.hands_in()
    with weekly.desk.rt.sessions.begin() as session:
        first = weekly.present(session)
        kept = {"facts": first.facts, "facts_digest": first.facts_digest, "cut_off_at": first.cut_off_at}
        later = {"name": "later", "frozen_at": weekly.desk.clock.at, "version": 2}
        session.add(submissions.Submission(obligation_id=first.obligation_id, **kept, **later))

    with pytest.raises(Outdated, match=r"version 1 of R-\d+ is not the last: it is 2"):
        weekly.approves(SECRETARY)


def test_sent_back_it_is_a_draft_and_the_secretariat_is_told_to_look(weekly):
    weekly.hands_in()
    weekly.approves(SECRETARY)
    weekly.sends_back(CHAIR)
    weekly.desk.clock.reads("2024-02-06 18:30")

    assert weekly.row.state is State.DRAFT
    (mail,) = weekly.told(SECRETARIAT, "dikembalikan")
    assert "kendala sungai" not in mail.text
    assert weekly.told(CHAIR, "menunggu persetujuan") == []
    weekly.writes("Kendala: sungai surut.")
    weekly.hands_in()
    with pytest.raises(NotApproved):
        weekly.approves(CHAIR)
    weekly.approves(SECRETARY)
    weekly.approves(CHAIR)
    assert len(weekly.words.approvals) == 2


def test_it_is_not_sent_back_without_a_reason(weekly):
    weekly.hands_in()
    with pytest.raises(NotTaken):
        weekly.sends_back(SECRETARY, reason="  ")
    assert weekly.row.state is State.FOR_APPROVAL


def test_what_was_approved_can_be_taken_back_until_it_leaves(weekly):
    weekly.hands_in()
    weekly.approves(SECRETARY)
    weekly.approves(CHAIR)
    weekly.sends_back(CHAIR, reason="Keliru.")

    assert (weekly.row.state, weekly.row.approved) == (State.DRAFT, None)
    assert weekly.words.approvals == ()


def test_two_who_edit_the_same_chapter_do_not_overwrite_each_other(weekly):
    weekly.writes("Sungai surut.")
    with pytest.raises(Outdated):
        weekly.writes("Sungai pasang.")
    weekly.writes("Jalan baik.", chapter="problems")

    assert weekly.writes("Sungai surut.", seen="Sungai surut.") is False
    with weekly.desk.rt.sessions.begin() as session:
        edits = submissions.edits(session, weekly.row.id)
    assert [(own.chapter, own.after) for own in edits] == [("conclusion", "Sungai surut."), ("problems", "Jalan baik.")]


def test_more_words_than_fit_are_refused(weekly):
    with pytest.raises(TooLong, match="at most 4000 fit"):
        weekly.writes("a" * 4001)


def test_while_it_waits_for_an_approver_the_ladder_speaks_to_him_and_not_to_the_secretariat(weekly):
    weekly.desk.clock.reads("2024-02-06 18:20")
    weekly.hands_in()
    weekly.desk.clock.reads("2024-02-07 12:00")

    assert {one.letter.say for one in weekly.desk.mailbox(SECRETARIAT).letters} == set()
    told = [one.letter.say for one in weekly.desk.mailbox(SECRETARY).letters]
    assert len(told) >= 3
    assert set(told) == {Say.APPROVAL}


def test_the_chair_reads_whose_approval_is_late(weekly):
    weekly.hands_in()
    weekly.desk.clock.reads("2024-02-08 11:00")

    mail = weekly.told(CHAIR, "menunggu persetujuan")[0]
    assert "menunggu persetujuan Kepala Kesbangpol" in mail.text


def test_once_approved_the_secretariat_is_asked_to_send_it_and_chased_for_it(weekly):
    weekly.hands_in()
    weekly.approves(SECRETARY)
    weekly.approves(CHAIR)
    weekly.desk.clock.reads("2024-02-07 12:00")

    said = [one.letter.say for one in weekly.desk.mailbox(SECRETARIAT).letters]
    assert said[0] is Say.APPROVED
    assert {Say.REMINDER, Say.OVERDUE} <= {*said}
    assert weekly.told(CHAIR, "menunggu persetujuan") == []


def test_what_an_approver_was_to_be_asked_is_moot_once_he_has_approved(weekly):
    weekly.hands_in()
    weekly.approves(SECRETARY)
    weekly.desk.clock.reads("2024-02-06 18:30")

    assert weekly.told(SECRETARY, "menunggu persetujuan") == []
    with weekly.desk.rt.sessions.begin() as session:
        said = session.execute(select(Notice.say, Notice.reason).where(Notice.say == Say.APPROVAL)).all()
    assert ("approval", "a new round began") in [(str(say), reason) for say, reason in said]


def test_every_step_stands_in_the_record_with_its_session(weekly):
    weekly.hands_in()
    weekly.sends_back(SECRETARY)

    with weekly.desk.rt.sessions.begin() as session:
        steps = submissions.events(session, weekly.row.id)
    assert [(own.step, own.way, own.through) for own in steps] == [
        (Step.HANDED_IN, Way.SESSION, 412),
        (Step.SENT_BACK, Way.SESSION, 412),
    ]
    assert steps[1].text == "Tambahkan kendala sungai."


def test_filed_by_another_way_its_version_left_and_the_record_says_that_nobody_approved_it(weekly):
    weekly.hands_in()
    weekly.desk.files(KEY, by=SECRETARIAT)
    weekly.desk.clock.reads("2024-02-07 12:00")

    assert weekly.row.state is State.SENT
    assert weekly.last_step == (Step.SENT, "tanpa persetujuan")
    assert weekly.desk.matter(KEY).closed_at is not None


def test_what_was_approved_and_filed_by_another_way_is_sent(weekly):
    weekly.hands_in()
    weekly.approves(SECRETARY)
    weekly.approves(CHAIR)
    weekly.desk.files(KEY, by=SECRETARIAT)

    assert (weekly.row.state, weekly.last_step) == (State.SENT, (Step.SENT, ""))


def test_due_and_unapproved_it_waits_where_its_kind_says_nothing_else(weekly):
    weekly.hands_in()
    weekly.desk.clock.reads("2024-02-07 11:00")

    assert weekly.row.state is State.FOR_APPROVAL


def test_due_and_unapproved_it_may_leave_where_its_kind_says_so_and_its_first_page_says_that(weekly):
    kind = replace(government.PLAIN, unapproved=government.Unapproved.SEND)
    weekly.desk.rt = replace(weekly.desk.rt, kinds=lambda: {"laporan-gubernur": kind})
    with weekly.desk.rt.sessions.begin() as session:
        first = weekly.present(session)
        frozen = replace(facts.from_json(first.facts), kind=kind)
        submissions.change(session, first.id, facts=facts.to_json(frozen))
    weekly.writes("Sungai surut.")
    weekly.desk.clock.reads("2024-02-07 09:55")
    assert weekly.row.state is State.DRAFT

    weekly.desk.clock.reads("2024-02-07 10:05")

    assert weekly.row.state is State.APPROVED
    words = approved.from_json(weekly.row.approved)
    assert words.approvals == ()
    assert words.notice == "Laporan ini belum disetujui sampai batas waktunya, 7 Februari 2024 pukul 10.00 WITA."
    assert [own.text for own in words.narrative] == ["Sungai surut."]
    assert weekly.last_step == (Step.RELEASED, "")
