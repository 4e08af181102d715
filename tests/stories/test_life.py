"""What becomes of a problem: put off, graded, resolved and confirmed, opened again, merged into another."""

from datetime import datetime

import pytest

from jobs.operator import problems
from jobs.operator.problems import Asked
from jobs.operator.refusals import Refusal
from models.desk import changes
from models.desk.changes import Way
from models.matters import courses, issues
from models.matters.issues import Issue, Step
from models.matters.matters import Matter
from rules import life
from rules.life import Stage
from rules.policy import Severity

COORDINATOR, SECRETARY, CAMAT, HEAD = "Asisten Pemerintahan", "Kepala Kesbangpol", "Camat Tamban", "Kadis Kominfo"


@pytest.fixture
def problem(desk):
    """A grave problem of Tamban at nine in the morning, which its Camat reported."""
    desk.owes_only()
    desk.clock.reads("H-2 09:00")
    return desk.has_a_problem()


def course(desk, code) -> tuple[Matter, Issue]:
    matter = desk.matter(code)
    with desk.rt.sessions.begin() as session:
        return matter, session.get_one(Issue, matter.id)


def stage(desk, code) -> Stage:
    matter, issue = course(desk, code)
    return life.stage(issue, matter.acknowledged_until, now=desk.clock.at)


def late(desk, code) -> bool:
    matter, issue = course(desk, code)
    return life.late(issue, matter.acknowledged_until, now=desk.clock.at)


def due(desk, code) -> datetime | None:
    return course(desk, code)[1].due_at


def steps(desk, code):
    id = desk.matter(code).id
    with desk.rt.sessions.begin() as session:
        return [(event.step, event.text) for event in issues.events(session, id)]


# -- the next step -----------------------------------------------------------------------------------------------------


def test_when_the_next_step_is_late_those_who_have_it_hear_first_and_then_it_goes_up(desk, problem):
    assert due(desk, problem) == desk.moment("H-2 09:30")

    desk.clock.reads("H-2 09:29")
    assert not late(desk, problem)
    desk.clock.reads("H-2 09:30")
    assert late(desk, problem)
    assert desk.heard(COORDINATOR) == ["sms 09:00", "email 09:15", "sms 09:30"]
    assert desk.heard(SECRETARY) == []
    desk.clock.reads("H-2 10:00")
    assert desk.heard(SECRETARY) == ["sms 10:00"]


def test_who_gets_a_problem_by_handing_on_hears_first_that_his_step_is_late(desk, problem):
    desk.clock.reads("H-2 09:20")
    problems.hand_on(desk.rt, Asked(problem, desk.office(COORDINATOR)), to=desk.office(HEAD), text="Jaringan")

    desk.clock.reads("H-2 10:10")

    assert due(desk, problem) == desk.moment("H-2 09:50")
    assert desk.heard(HEAD) == ["sms 09:20", "email 09:35", "sms 09:50"]
    assert desk.heard(SECRETARY) == []
    desk.clock.reads("H-2 10:20")
    assert desk.heard(SECRETARY) == ["sms 10:20"]


def test_who_took_it_on_and_is_late_is_reminded_and_passed_over_for_the_next_above(desk, problem):
    desk.clock.reads("H-2 09:10")
    desk.acknowledges(problem, "H-2 12:00", by=SECRETARY)

    desk.clock.reads("H-2 13:00")

    assert desk.heard(SECRETARY) == ["sms 12:00"]
    assert desk.heard("Sekda")[:1] == ["sms 12:30"]


def test_who_was_late_hears_as_before_once_another_took_it_on(desk, problem):
    desk.acknowledges(problem, "H-2 12:00", by=SECRETARY)
    desk.clock.reads("H-2 12:10")
    desk.acknowledges(problem, "H-2 14:00", by=COORDINATOR)

    desk.clock.reads("H-2 15:00")

    assert desk.heard(SECRETARY)[-1] == "sms 14:30"


def test_by_when_the_next_step_is_due_is_said_by_hand_and_then_the_owner_hears_first(desk, problem):
    desk.clock.reads("H-2 09:10")
    desk.sets_due(problem, "H-2 13:00")

    desk.clock.reads("H-2 12:59")
    assert due(desk, problem) == desk.moment("H-2 13:00")
    assert desk.heard(SECRETARY) == []

    desk.clock.reads("H-2 13:30")
    assert late(desk, problem)
    assert desk.heard(COORDINATOR)[-1] == "sms 13:00"
    assert desk.heard(SECRETARY) == ["sms 13:30"]


def test_a_postponed_problem_waits_for_its_reason_and_begins_anew_when_that_ends(desk, problem):
    desk.clock.reads("H-2 09:10")
    desk.postpones(problem, "H-1 09:00", "Jalan baru dapat dilalui besok")

    desk.clock.reads("H-1 08:59")
    assert stage(desk, problem) is Stage.POSTPONED
    assert desk.heard(SECRETARY) == []

    desk.clock.reads("H-1 09:01")
    assert stage(desk, problem) is Stage.OPEN
    assert desk.heard(COORDINATOR)[-1] == "sms 09:00"
    assert steps(desk, problem)[-1] == (Step.POSTPONED, "Jalan baru dapat dilalui besok")


def test_who_takes_on_what_was_postponed_has_it_in_hand(desk, problem):
    desk.postpones(problem, "H-1 09:00", "Menunggu air surut")

    desk.acknowledges(problem, "H-2 15:00")

    assert stage(desk, problem) is Stage.TAKEN_ON
    assert due(desk, problem) == desk.moment("H-2 15:00")


def test_a_postponement_needs_a_reason_and_a_time_that_is_ahead(desk, problem):
    with pytest.raises(Refusal, match="in words"):
        desk.postpones(problem, "H-1 09:00", " ")
    with pytest.raises(Refusal, match="still ahead"):
        desk.postpones(problem, "H-2 08:00", "Banjir")

    assert [step for step, _ in steps(desk, problem)] == [Step.OPENED]


# -- how grave ---------------------------------------------------------------------------------------------------------


def test_what_is_graver_than_it_was_said_to_be_climbs_the_steeper_ladder_at_once(desk):
    desk.owes_only()
    desk.clock.reads("H-2 09:00")
    code = desk.has_a_problem(severity=Severity.LOW)
    desk.clock.reads("H-2 09:10")

    desk.grades(code, Severity.HIGH, "Air sudah masuk gudang")
    desk.clock.reads("H-2 10:10")

    assert course(desk, code)[1].severity is Severity.HIGH
    assert desk.heard(SECRETARY) == ["sms 10:10"]
    assert steps(desk, code)[-1] == (Step.GRADED, "sangat rawan: Air sudah masuk gudang")


def test_it_is_not_graded_as_it_is_already(desk, problem):
    with pytest.raises(Refusal, match="is high already"):
        desk.grades(problem, Severity.HIGH, "Sama")


# -- resolved, confirmed, opened again ---------------------------------------------------------------------------------


def test_whoever_reported_it_is_asked_whether_it_is_over_and_confirms_it(desk, problem):
    desk.clock.reads("H-2 09:30")
    desk.resolves(problem, "Kotak suara diganti")
    desk.clock.reads("H-2 09:40")

    assert stage(desk, problem) is Stage.RESOLVED
    assert f"{problem} Kec. Tamban dinyatakan selesai. Mohon dikonfirmasi" in desk.phone(CAMAT).last

    desk.confirms(problem)
    assert stage(desk, problem) is Stage.CONFIRMED
    assert desk.matter(problem).closed_why == "confirmed"


def test_nobody_confirms_what_he_resolved_himself(desk, problem):
    desk.resolves(problem, "Kotak suara diganti")

    with pytest.raises(Refusal, match="another one confirms it"):
        desk.confirms(problem, by=COORDINATOR)

    desk.confirms(problem, by=SECRETARY)
    with pytest.raises(Refusal, match="waits for no confirmation"):
        desk.confirms(problem)


def test_who_resolves_what_he_reported_himself_is_not_asked_but_his_coordinator_is(desk, problem):
    desk.clock.reads("H-2 09:30")
    desk.resolves(problem, "Sudah ditangani", by=CAMAT)
    desk.clock.reads("H-2 09:40")

    assert "dinyatakan selesai" not in "".join(desk.phone(CAMAT).texts)
    assert "dinyatakan selesai" in desk.phone(COORDINATOR).last


def test_whom_a_problem_is_about_is_not_asked_whether_it_is_over(desk):
    desk.owes_only()
    desk.clock.reads("H-2 09:00")
    code = desk.has_a_problem(about=CAMAT, by=COORDINATOR)
    desk.resolves(code, "Sudah dibina", by=SECRETARY)

    desk.clock.reads("H-2 12:00")

    assert desk.heard(CAMAT) == []
    assert "dinyatakan selesai" in desk.phone(COORDINATOR).last


def test_a_question_whether_it_is_over_is_not_put_any_more_once_it_was_confirmed(desk, problem):
    desk.clock.reads("H-2 21:00")
    desk.resolves(problem, "Kotak suara diganti")
    desk.clock.reads("H-2 21:30")
    desk.confirms(problem, by=SECRETARY)

    desk.clock.reads("H-1 12:00")

    assert "dinyatakan selesai" not in "".join(desk.phone(CAMAT).texts)


def test_what_is_not_over_is_opened_again_and_those_who_have_it_hear_at_once(desk, problem):
    desk.clock.reads("H-2 09:30")
    desk.resolves(problem, "Kotak suara diganti")
    desk.clock.reads("H-2 10:30")
    before = desk.matter(problem).round

    desk.reopens(problem, "Kotak pengganti tidak datang")
    desk.clock.reads("H-2 11:30")

    assert stage(desk, problem) is Stage.OPEN
    assert desk.matter(problem).round == before + 1
    assert "sms 10:30" in desk.heard(COORDINATOR)
    assert desk.heard(SECRETARY) == ["sms 11:30"]
    assert course(desk, problem)[1].outcome == ""
    assert (Step.RESOLVED, "Kotak suara diganti") in steps(desk, problem)


def test_what_was_confirmed_can_still_be_opened_again_and_what_is_open_cannot(desk, problem):
    with pytest.raises(Refusal, match="is open"):
        desk.reopens(problem, "Coba")
    desk.resolves(problem, "Selesai")
    desk.confirms(problem)

    desk.reopens(problem, "Terulang")

    assert stage(desk, problem) is Stage.OPEN


# -- two that are one --------------------------------------------------------------------------------------------------


def test_a_duplicate_ends_its_climb_stays_readable_and_the_other_goes_on(desk, problem):
    twin = desk.has_a_problem("Kotak suara belum datang", by=CAMAT)
    desk.clock.reads("H-2 09:10")

    desk.merges(twin, problem, "Kotak yang sama")
    desk.clock.reads("H-2 10:30")

    assert stage(desk, twin) is Stage.MERGED
    assert desk.matter(twin).closed_why == "merged"
    assert problem in desk.phone(SECRETARY).last
    assert twin not in "".join(desk.phone(SECRETARY).texts)
    assert steps(desk, twin)[-1] == (Step.MERGED, f"{problem}: Kotak yang sama")
    assert (Step.JOINED, f"{twin}: Kotak yang sama") in steps(desk, problem)
    id = desk.matter(problem).id
    with desk.rt.sessions.begin() as session:
        assert [own.code for own in courses.merged(session, id)] == [twin]


def test_a_chain_of_mergers_has_one_end_and_never_comes_back(desk, problem):
    second, third = desk.has_a_problem("Dua"), desk.has_a_problem("Tiga")
    desk.merges(problem, second, "Sama")
    desk.merges(second, third, "Sama")

    with pytest.raises(Refusal, match="one already"):
        desk.merges(third, problem, "Sama")
    with pytest.raises(Refusal, match="one already"):
        desk.merges(problem, third, "Sama")
    with pytest.raises(Refusal, match=f"was merged into {third} already"):
        desk.resolves(second, "Selesai")
    first, last = desk.matter(problem).id, desk.matter(third).id
    with desk.rt.sessions.begin() as session:
        assert courses.root(session, session.get_one(Issue, first))[0].code == third
        assert [own.code for own in courses.merged(session, last)] == [problem, second]


def test_a_merger_hides_no_gravity(desk, problem):
    slight = desk.has_a_problem("Kotak", severity=Severity.LOW)

    desk.merges(problem, slight, "Sama")

    assert course(desk, slight)[1].severity is Severity.HIGH
    assert Step.ESCALATED in [step for step, _ in steps(desk, slight)]


def test_what_was_merged_by_mistake_is_opened_again_by_itself(desk, problem):
    twin = desk.has_a_problem("Kotak suara belum datang")
    desk.merges(twin, problem, "Sama")

    desk.reopens(twin, "TPS lain", by=COORDINATOR)

    assert stage(desk, twin) is Stage.OPEN
    assert steps(desk, problem)[-1] == (Step.PARTED, f"{twin}: TPS lain")


def test_whoever_reported_the_duplicate_is_told_that_it_is_over_too(desk, problem):
    twin = desk.has_a_problem("Kotak suara belum datang", by=HEAD)
    desk.merges(twin, problem, "Sama")
    desk.clock.reads("H-2 09:20")

    desk.resolves(problem, "Kotak suara diganti")
    desk.clock.reads("H-2 09:25")

    for office in (CAMAT, HEAD):
        assert f"{problem} Kec. Tamban dinyatakan selesai" in desk.phone(office).last
    desk.confirms(problem, by=HEAD)
    assert stage(desk, problem) is Stage.CONFIRMED


@pytest.mark.parametrize("into", ["P-0099", "", "bukan nomor"])
def test_it_cannot_be_merged_into_what_is_none(desk, problem, into):
    with pytest.raises(Refusal, match="no such problem"):
        desk.merges(problem, into, "Sama")


# -- who, when, by which way -------------------------------------------------------------------------------------------


def test_every_step_says_by_whom_when_and_by_which_way(desk, problem):
    office = desk.office(COORDINATOR)
    desk.clock.reads("H-2 09:30")
    problems.advise(desk.rt, Asked(problem, office, phone=True), Step.FOLLOWED_UP, text="Kotak dipinjam")

    id = desk.matter(problem).id
    with desk.rt.sessions.begin() as session:
        *_, step = issues.events(session, id)
        *_, change = changes.about(session, id)

    assert (step.way, step.at) == (Way.PHONE, desk.moment("H-2 09:30"))
    assert (change.what, change.way, change.title) == ("followed_up", Way.PHONE, COORDINATOR)


def test_an_operator_who_has_not_seen_the_last_step_is_asked_to_look_again(desk, problem):
    office = desk.office(COORDINATOR)
    desk.follows_up(problem, "Kotak dipinjam")

    with pytest.raises(Refusal, match="2 steps, and you know of 1"):
        problems.resolve(desk.rt, Asked(problem, office, seen=1), outcome="Selesai")

    problems.resolve(desk.rt, Asked(problem, office, seen=2), outcome="Selesai")
    assert stage(desk, problem) is Stage.RESOLVED
