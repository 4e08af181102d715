"""Problems climb as reports do, pause while somebody has taken them on, and end when they are resolved."""

import pytest

from jobs.operator.refusals import Refusal
from models.matters import issues
from rules.policy import Severity


@pytest.fixture
def nothing_owed(desk):
    desk.owes_only()
    desk.clock.reads("H-2 09:00")


def test_a_grave_problem_reaches_the_coordinator_then_the_secretary_and_by_all_ways_the_chair(desk, nothing_owed):
    desk.has_a_problem()

    desk.clock.reads("H-2 12:00")

    assert desk.heard("Asisten Pemerintahan") == ["sms 09:00", "email 09:15", "sms 09:30"]
    assert desk.heard("Kepala Kesbangpol") == ["sms 10:00", "email 11:00"]
    assert sorted(desk.heard("Sekda")) == ["email 12:00", "sms 12:00"]


def test_a_problem_does_not_wait_for_the_signal_that_a_report_of_its_district_is_given_time_for(desk, nothing_owed):
    desk.has_a_problem(district="63.04.01", by="Camat Tabunganen")

    desk.clock.reads("H-2 09:01")

    assert desk.heard("Kepala BPBD") == ["sms 09:00"]


def test_a_text_about_a_problem_never_tells_its_detail(desk, nothing_owed):
    desk.has_a_problem("Kepala desa memihak calon")

    desk.clock.reads("H-2 12:00")

    assert all("memihak" not in sent.text for sent in desk.wire.accepted)


def test_a_grave_problem_wakes_the_coordinator_and_a_slight_one_does_not(desk, nothing_owed):
    desk.clock.reads("H-2 22:00")
    desk.has_a_problem(severity=Severity.LOW)
    desk.clock.reads("H-2 23:00")
    assert desk.heard("Asisten Pemerintahan") == []

    desk.has_a_problem(severity=Severity.HIGH)
    desk.clock.reads("H-2 23:01")
    assert desk.heard("Asisten Pemerintahan") == ["sms 23:00"]


def test_an_acknowledged_problem_pauses_and_comes_back_in_a_new_round_when_that_runs_out(desk, nothing_owed):
    code = desk.has_a_problem()
    desk.clock.reads("H-2 09:20")
    desk.acknowledges(code, "H-2 14:00")

    desk.clock.reads("H-2 13:59")
    assert desk.heard("Asisten Pemerintahan") == ["sms 09:00", "email 09:15"]
    assert desk.heard("Kepala Kesbangpol") == []

    desk.clock.reads("H-2 15:00")
    assert desk.heard("Asisten Pemerintahan") == ["sms 09:00", "email 09:15", "sms 14:00"]
    assert desk.heard("Kepala Kesbangpol") == ["sms 14:30"]
    assert [n.round for n in desk.notices(code, "Asisten Pemerintahan")] == [0, 0, 1]


def test_a_word_held_for_the_night_is_not_said_when_the_problem_was_acknowledged_meanwhile(desk, nothing_owed):
    desk.clock.reads("H-2 22:00")
    code = desk.has_a_problem(severity=Severity.MEDIUM)
    desk.clock.reads("H-2 22:30")
    desk.acknowledges(code, "H-1 12:00")

    desk.clock.reads("H-1 11:59")
    assert desk.heard("Asisten Pemerintahan") == []

    desk.clock.reads("H-1 12:00")
    assert desk.heard("Asisten Pemerintahan") == ["email 12:00"]


def test_a_resolved_problem_is_told_to_nobody_any_more(desk, nothing_owed):
    code = desk.has_a_problem()
    desk.clock.reads("H-2 09:30")
    desk.resolves(code, "Kotak suara diganti")

    desk.clock.reads("H-1 12:00")

    assert desk.heard("Kepala Kesbangpol") == []
    assert desk.matter(code).closed_why == "resolved"


def test_advice_is_noted_and_the_ladder_goes_on(desk, nothing_owed):
    code = desk.has_a_problem()
    desk.advises(code, "Pinjam kotak dari kecamatan tetangga")

    desk.clock.reads("H-2 10:00")

    with desk.rt.sessions.begin() as session:
        steps = [event.step for event in issues.events(session, desk.matter(code).id)]
    assert steps == [issues.Step.OPENED, issues.Step.RECOMMENDED]
    assert desk.heard("Kepala Kesbangpol") == ["sms 10:00"]


def test_problems_are_numbered_in_order(desk, nothing_owed):
    assert [desk.has_a_problem(title) for title in ("Satu", "Dua")] == ["P-0001", "P-0002"]


def test_what_cannot_be_said_of_a_problem_is_refused(desk, nothing_owed):
    code = desk.has_a_problem()

    with pytest.raises(Refusal, match="needs a title"):
        desk.has_a_problem("  ")
    with pytest.raises(Refusal, match="no such district"):
        desk.has_a_problem(district="63.04.99")
    with pytest.raises(Refusal, match="with an outcome"):
        desk.resolves(code, "")
    with pytest.raises(Refusal, match="still ahead"):
        desk.acknowledges(code, "H-2 09:00")
    with pytest.raises(Refusal, match="no such problem"):
        desk.resolves("P-0099", "Selesai")
    desk.resolves(code, "Selesai")
    with pytest.raises(Refusal, match="resolved already"):
        desk.acknowledges(code, "H-2 12:00")


def test_a_message_says_when_a_problem_was_recorded_also_after_its_chase_began_anew(desk, nothing_owed):
    code = desk.has_a_problem(severity=Severity.MEDIUM)
    desk.clock.reads("H-2 10:00")
    desk.acknowledges(code, "H-2 12:00")

    desk.clock.reads("H-2 12:05")

    assert desk.mailbox("Asisten Pemerintahan").clocks == ["09:00", "12:00"]
    assert "Dicatat Senin, 12 Februari 2024 pukul 09.00 WITA" in desk.mailbox("Asisten Pemerintahan").last
