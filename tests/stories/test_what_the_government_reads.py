"""What the report to the Government says was so at its cut-off, whatever became of it until it was compiled."""

from models.matters import submissions
from reports.government import facts as weekly
from reports.government.facts import Status
from reports.government.figures import printed
from rules.policy import Severity

CUT_OFF = "H 18:00"


def compiled(desk):
    with desk.rt.sessions.begin() as session:
        every = [weekly.from_json(own.facts) for own in submissions.all_of(session)]
    return [facts for facts in every if facts.kind.code == "laporan-gubernur"][-1]


def told(facts):
    return {own.code: own for own in (*facts.problems, *facts.since.problems)}


def test_what_came_after_the_period_is_told_apart(desk):
    """The period ends on Sunday, 11 February; the cut-off is on Wednesday, 14 February, at 18.00."""
    desk.clock.reads("H-3 23:30")
    desk.has_a_problem("Pada hari Minggu")
    desk.clock.reads("H-2 00:30")
    desk.has_a_problem("Pada hari Senin")
    desk.has_a_problem("Terbatas", restricted=True)
    desk.clock.reads(CUT_OFF)

    facts = compiled(desk)

    assert [own.title for own in facts.problems] == ["Pada hari Minggu"]
    assert [own.title for own in facts.since.problems] == ["Pada hari Senin"]
    assert (facts.restricted, facts.since.restricted) == (0, 1)
    due = {desk.moment("H-2 00:00") <= report.due_at for report in facts.reports}
    due_since = {desk.moment("H-2 00:00") <= report.due_at for report in facts.since.reports}
    assert (due, due_since) == ({False}, {True})


def test_what_was_over_before_the_period_is_not_in_it(desk):
    desk.clock.reads("H-11 10:00")
    over = desk.has_a_problem("Selesai sebelum periode")
    desk.has_a_problem("Masih terbuka")
    desk.resolves(over, "Selesai")
    desk.clock.reads(CUT_OFF)

    assert [own.title for own in compiled(desk).problems] == ["Masih terbuka"]


def test_who_took_it_on_has_it_in_hand_only_as_long_as_he_said(desk):
    desk.clock.reads("H-5 10:00")
    lapsed, held, put_off, done = (desk.has_a_problem(title) for title in ("Satu", "Dua", "Tiga", "Empat"))
    desk.has_a_problem("Lima")
    desk.acknowledges(lapsed, "H-4 10:00")
    desk.acknowledges(held, "H+1 12:00")
    desk.postpones(put_off, "H+2 12:00", "Menunggu air surut")
    desk.acknowledges(done, "H-4 10:00")
    desk.follows_up(done, "Perahu dikirim")
    desk.clock.reads(CUT_OFF)

    facts = compiled(desk)

    assert [own.status for own in facts.problems] == [
        *(Status.OPEN, Status.ACKNOWLEDGED, Status.POSTPONED, Status.FOLLOWED_UP, Status.OPEN),
    ]
    figures = printed(facts)
    assert [figures[f"problems.{status}"] for status in Status] == [2, 1, 1, 1, 0]
    assert figures["problems.unresolved"] == 5
    assert "sampai dengan 10 Februari 2024 pukul 10.00 WITA" in facts.problems[0].follow_ups[0].text


def test_compiled_late_a_problem_is_as_grave_and_with_whom_it_was_at_the_cut_off(desk):
    desk.clock.reads("H-5 10:00")
    code = desk.has_a_problem("Gudang bocor", severity=Severity.LOW)
    desk.clock.reads("H 17:00")
    desk.clock.jumps("H 21:00")
    desk.grades(code, Severity.HIGH, "Air naik")
    desk.hands_on(code, "Kepala BPBD", "Banjir")
    desk.clock.jumps("H+1 03:00")
    desk.turn()

    own = told(compiled(desk))[code]

    assert (own.severity, own.office) == (Severity.LOW, "Asisten Pemerintahan")


def test_graded_and_handed_on_in_time_it_is_told_so(desk):
    desk.clock.reads("H-5 10:00")
    code = desk.has_a_problem("Gudang bocor", severity=Severity.LOW)
    desk.grades(code, Severity.HIGH, "Air naik")
    desk.hands_on(code, "Kepala BPBD", "Banjir")
    desk.clock.reads(CUT_OFF)

    own = told(compiled(desk))[code]

    assert (own.severity, own.office) == (Severity.HIGH, "Kepala BPBD")


def test_compiled_late_what_was_merged_after_the_cut_off_still_stands_by_itself(desk):
    desk.clock.reads("H-5 10:00")
    one, other = desk.has_a_problem("Satu"), desk.has_a_problem("Dua")
    desk.clock.reads("H 17:00")
    desk.clock.jumps("H 21:00")
    desk.merges(one, other, "Sama")
    desk.clock.jumps("H+1 03:00")
    desk.turn()

    assert set(told(compiled(desk))) == {one, other}
