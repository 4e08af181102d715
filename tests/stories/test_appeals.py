"""What the desk asks of province and centre: numbered once, answered once, and told in the reports that go up."""

from datetime import date

import pytest

from jobs.operator import acting, restricting
from jobs.turn import compile
from jobs.turn import levels as turn
from models.matters import numbers, submissions
from models.matters.appeals import Appeal
from reports.government import appealed
from reports.government import facts as weekly
from reports.government.figures import printed
from rules import appeals as rule
from rules.appeals import Asked, End, Ended
from rules.levels import Level
from rules.submissions import State
from services import appeals
from tests.stories.test_levels import LETTER, OWN, both, compiled

__all__ = ["both"]


def asks(desk, text, *, of=Level.PROVINCE, about="", on=date(2024, 2, 5)):
    with desk.rt.sessions.begin() as session:
        hand = acting.hand(session, desk.programme, desk.programme.desk.secretariat)
        issue = numbers.on(session, 1, about) if about else None
        return appeals.ask(session, 1, Asked(of, text, on), issue_id=issue, hand=hand, now=desk.clock.at).number


def ends(desk, number, text, end=End.ANSWERED, on=date(2024, 2, 8)):
    with desk.rt.sessions.begin() as session:
        hand = acting.hand(session, desk.programme, desk.programme.desk.secretariat)
        own = session.query(Appeal).filter_by(number=number).one()
        return appeals.end(session, own, Ended(end, text, on), hand=hand, now=desk.clock.at)


def told(desk):
    """The weekly report of the regency, compiled now."""
    desk.clock.jumps("H 18:01")
    compile.run(desk.rt, now=desk.clock.at)
    with desk.rt.sessions.begin() as session:
        return weekly.from_json(submissions.all_of(session)[-1].facts)


@pytest.fixture
def week(desk):
    desk.owes_only(OWN)
    desk.clock.jumps("H-6 10:00")
    return desk


def test_what_is_asked_and_answered_stands_in_the_report_with_its_problem(week):
    problem = week.has_a_problem("Dua desa terendam")
    asks(week, "Perahu karet", about=problem)
    asks(week, "Genset", of=Level.CENTRE)
    ends(week, 2, "Dikirim dari gudang pusat")

    facts = told(week)

    boat, power = facts.findings.appeals
    assert (boat.code, boat.of, boat.problem, boat.answered_on) == ("M-0001", Level.PROVINCE, problem, None)
    assert (power.answer, power.answered_on) == ("Dikirim dari gudang pusat", date(2024, 2, 8))
    figures = printed(facts)
    assert (figures["appeals"], figures["appeals.answered"], figures["appeals.withheld"]) == (2, 1, 0)
    said, table = appealed.chapter(facts, {}).blocks
    assert said.text == "Dimohonkan dukungan atas 2 hal: 1 telah dijawab, 1 belum dijawab."
    assert [str(cell) for cell in table.rows[0]][1:4] == [
        "Pemerintah Provinsi",
        "Perahu karet\nM-0001",
        f"{problem}\nDua desa terendam",
    ]


def test_an_answer_of_after_the_cut_off_is_not_in_the_report_yet(week):
    asks(week, "Perahu karet")
    week.clock.jumps("H 18:01")
    ends(week, 1, "Dikirim")

    assert [own.answered_on for own in told(week).findings.appeals] == [None]


def test_what_was_taken_back_or_answered_before_the_period_is_not_told(week):
    week.clock.jumps("2024-02-01 10:00")
    asks(week, "Tenda")
    ends(week, 1, "Sudah ada", on=date(2024, 2, 1))
    asks(week, "Genset")
    week.clock.jumps("H-6 10:00")
    ends(week, 2, "Keliru", End.WITHDRAWN)

    facts = told(week)

    assert facts.findings.appeals == ()
    assert appealed.chapter(facts, {}).blocks[0].text == appealed.NONE.format("pada periode ini")


def test_what_is_for_a_restricted_problem_is_counted_and_not_told(week):
    problem = week.has_a_problem("Rahasia")
    asks(week, "Perlindungan saksi", about=problem)
    restricting.restrict(week.rt, problem, True, by="kepala-kesbangpol", text="Aduan")

    facts = told(week)

    assert facts.findings.appeals == ()
    assert printed(facts)["appeals.withheld"] == 1
    assert "Perlindungan" not in weekly.to_json(facts)
    assert "1 mengenai permasalahan terbatas" in appealed.chapter(facts, {}).blocks[0].text


def test_the_same_again_is_one_appeal_and_one_answer_stands(week):
    assert asks(week, "Perahu karet") == asks(week, "Perahu karet")

    assert ends(week, 1, "Dikirim")
    assert not ends(week, 1, "Ditolak")
    assert told(week).findings.appeals[0].answer == "Dikirim"


def test_the_province_reads_what_its_regencies_ask_in_its_own_report(both):
    both.clock.jumps("H-6 10:00")
    asks(both, "Perahu karet", about=both.has_a_problem("Dua desa terendam"))
    both.clock.jumps("H 18:01")
    compile.run(both.rt, now=both.clock.at)
    with both.rt.sessions.begin() as session:
        version = submissions.last(session, both.matter(OWN).id)
        submissions.change(session, version.id, state=State.SENT)
    turn.run(both.rt, now=both.clock.at)
    both.clock.jumps("H+1 18:01")
    compile.run(both.rt, now=both.clock.at)

    facts = weekly.from_json(compiled(both, LETTER).facts)

    (own,) = facts.findings.appeals
    assert (own.code, own.district, own.problem) == ("63.04/M-0001", "63.04", "63.04/P-0001")
    _, table = appealed.chapter(facts, {}).blocks
    assert str(table.rows[0][1]) == "Pemerintah Provinsi\ndari Kabupaten Barito Kuala"


@pytest.mark.parametrize(
    ("level", "above"),
    [(Level.REGENCY, [Level.PROVINCE, Level.CENTRE]), (Level.PROVINCE, [Level.CENTRE]), (Level.CENTRE, [])],
)
def test_only_those_above_are_asked(level, above):
    assert list(rule.above(level)) == above
