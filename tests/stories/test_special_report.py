"""A special report about one problem: asked for, owed by the desk, compiled at once, and about nothing else."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from config import loader
from jobs.operator import amend, problems, restricting
from jobs.operator.refusals import Refusal
from models.desk.changes import Change
from models.matters import specials, submissions
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from reports.government import facts, letter, sipantau, tracing, words
from rules.desk import Channel
from rules.filing import Standing
from rules.government import Covers
from tests.stories.desk import POLICY, uncalled

WHY = "Dua belas TPS terdampak"


@pytest.fixture
def grave(desk):
    """Two problems two days before voting; a special report about the first is asked for in the afternoon."""
    desk.owes_only()
    desk.clock.reads("H-2 09:00")
    first = desk.has_a_problem("Perahu logistik tenggelam")
    desk.has_a_problem("Genset rusak")
    desk.clock.reads("H-2 14:00")
    return first


def changed(old, new):
    text = uncalled(POLICY.read_text())
    assert old in text
    return loader.parse(text.replace(old, new), POLICY.name)


def asked(desk, key, by="sekretariat-desk"):
    return problems.special(desk.rt, key, by=by, text=WHY)


def told(desk, key):
    with desk.rt.sessions() as session:
        return specials.about(session, 1, "laporan-khusus", key)


def compiled(desk, number):
    with desk.rt.sessions() as session:
        id = session.scalar(select(Matter.id).where(Matter.code == number))
        (own,) = [own for own in submissions.all_of(session) if own.obligation_id == id]
        return facts.from_json(own.facts)


def test_it_is_compiled_at_the_next_turn_and_due_four_hours_later(desk, grave):
    number = asked(desk, grave)
    desk.turn()

    (special,) = told(desk, grave)
    assert special.matter.code == number
    assert special.owed.due_at == desk.moment("H-2 18:00")
    assert compiled(desk, number).header.cut_off == desk.moment("H-2 14:00")


def test_it_is_about_the_one_problem_alone(desk, grave):
    number = asked(desk, grave)
    desk.turn()

    frozen = compiled(desk, number)
    assert frozen.kind.covers is Covers.PROBLEM
    assert [problem.code for problem in frozen.problems] == [grave]
    assert "Genset" not in facts.to_json(frozen)
    assert {own.problem for own in frozen.findings.advice} <= {grave}
    assert frozen.findings.chased == frozen.findings.judged == frozen.findings.photos == ()
    assert frozen.header.subject == f"Laporan Khusus {grave}: Perahu logistik tenggelam"
    assert [own.code for own in letter.document(frozen).chapters[:2]] == ["asked", "problems"]


def test_its_letter_says_who_asked_for_it_when_and_why(desk, grave):
    number = asked(desk, grave)
    desk.turn()

    (told,) = letter.document(compiled(desk, number)).chapters[0].blocks
    assert told.text == (
        "Laporan khusus ini diminta oleh Sekretariat Desk pada 12 Februari 2024 pukul 14.00 WITA."
        " Alasan: Dua belas TPS terdampak."
    )


def test_its_rows_are_of_that_problem_and_its_place_alone(desk, grave):
    number = asked(desk, grave)
    desk.turn()

    frozen = compiled(desk, number)
    assert [own.code for own in frozen.districts] == [frozen.problems[0].district]
    assert (frozen.reports, frozen.since, frozen.polling) == ((), None, None)
    tables = {table.name: table for table in letter.document(frozen).data}
    assert set(tables) == {"Permasalahan", "Angka"}
    assert all(str(name).startswith(("problems", "advice", "meeting", "risks")) for name, _ in tables["Angka"].rows)
    assert len(sipantau.table(frozen).rows) == 1
    rows = json.loads(tracing.to_json(frozen))
    assert {row for figure in rows["figures"] for row in figure["rows"]} <= {grave}


def test_the_secretariat_is_chased_for_it_and_then_the_secretary(desk, grave):
    number = asked(desk, grave)
    for code in (grave, "P-0002"):  # one text about all would not name the report
        desk.acknowledges(code, "H 12:00")
    desk.clock.reads("H-1 12:00")

    to = {sent.letter.to for sent in desk.wire.accepted if number in sent.text}
    every = {
        office: {desk.address(office, way) for way in (Channel.EMAIL, Channel.SMS)}
        for office in ("Sekretariat Desk", "Kepala Kesbangpol", "Sekretaris Daerah")
    }
    assert to & every["Sekretariat Desk"]
    assert to & every["Kepala Kesbangpol"]
    assert to <= set().union(*every.values())


def test_a_second_one_about_the_same_problem_is_asked_for_when_the_first_has_ended(desk, grave):
    number = asked(desk, grave)
    with pytest.raises(Refusal, match=f"{number} is about {grave}, and is still owed"):
        asked(desk, grave)

    desk.files(number, by="Sekretariat Desk")
    second = asked(desk, grave)

    assert [own.matter.code for own in told(desk, grave)] == [number, second]
    assert told(desk, grave)[1].owed.slot == f"{grave}~2"


def test_it_is_recorded_who_asked_and_why(desk, grave):
    number = asked(desk, grave, by="kepala-kesbangpol")

    with desk.rt.sessions() as session:
        change = session.scalars(select(Change).where(Change.what == "asked for")).one()
    assert (change.subject, change.title, change.text) == (number, "Kepala Kesbangpol", WHY)


def test_only_those_who_keep_the_books_ask_for_one(desk, grave):
    for office in ("camat-tamban", "asisten-pemerintahan", "sekda"):
        with pytest.raises(Refusal, match="only the secretariat and the secretary"):
            asked(desk, grave, by=office)


def test_none_is_about_a_restricted_problem(desk, grave):
    key = desk.has_a_problem("Oknum", restricted=True)

    with pytest.raises(Refusal, match="is restricted: no letter tells of it"):
        asked(desk, key)


def test_one_whose_problem_is_restricted_before_it_is_compiled_tells_nothing_of_it(desk, grave):
    number = asked(desk, grave)
    restricting.restrict(desk.rt, grave, True, by="kepala-kesbangpol", text="Menyangkut pejabat")
    desk.turn()

    frozen = compiled(desk, number)
    assert (frozen.problems, frozen.restricted, frozen.districts, frozen.asked) == ((), 1, (), None)
    assert "Perahu" not in facts.to_json(frozen)
    assert WHY not in facts.to_json(frozen)


def test_one_whose_problem_was_resolved_before_it_is_compiled_says_how_it_ended(desk, grave):
    number = asked(desk, grave)
    desk.resolves(grave, "Perahu diangkat")
    desk.turn()

    (own,) = compiled(desk, number).problems
    assert (own.code, own.status, own.outcome) == (grave, facts.Status.RESOLVED, "Perahu diangkat")


def test_one_whose_problem_ended_before_its_first_day_still_tells_of_it(desk, grave):
    desk.resolves(grave, "Perahu diangkat")
    desk.clock.reads("H-1 09:00")
    number = asked(desk, grave)
    with desk.rt.sessions.begin() as session:
        today = desk.clock.local.date()
        session.execute(update(Obligation).where(Obligation.slot == grave).values(period_start=today))
    desk.turn()

    frozen = compiled(desk, number)
    assert [(own.code, own.outcome) for own in frozen.problems] == [(grave, "Perahu diangkat")]
    assert "terbatas" not in frozen.header.subject


def test_one_whose_problem_was_merged_tells_of_it_as_the_other_one_stands(desk, grave):
    desk.follows_up("P-0002", "Genset cadangan dikirim")
    number = asked(desk, grave)
    desk.merges(grave, "P-0002", "Kejadian yang sama")
    desk.turn()

    frozen = compiled(desk, number)
    (own,) = frozen.problems
    assert (own.code, own.title, own.status) == (grave, "Perahu logistik tenggelam", facts.Status.FOLLOWED_UP)
    assert [done.text for done in own.follow_ups] == [
        "Digabung dengan P-0002: Kejadian yang sama",
        "Genset cadangan dikirim",
    ]
    assert frozen.header.subject == f"Laporan Khusus {grave}: Perahu logistik tenggelam"


def test_one_whose_problem_was_merged_into_one_that_is_restricted_now_tells_nothing_of_it(desk, grave):
    number = asked(desk, grave)
    desk.merges(grave, "P-0002", "Kejadian yang sama")
    restricting.restrict(desk.rt, "P-0002", True, by="kepala-kesbangpol", text="Menyangkut pejabat")
    desk.turn()

    frozen = compiled(desk, number)
    assert (frozen.problems, frozen.restricted) == ((), 1)
    assert frozen.header.subject == "Laporan Khusus terbatas: permasalahan terbatas"


def test_an_old_one_without_its_problem_is_not_called_restricted(desk, grave):
    number = asked(desk, grave)
    desk.turn()
    frozen = replace(compiled(desk, number), problems=())

    assert "terbatas" not in words.kind(frozen).opening + words.kind(frozen).subject


def test_an_amendment_leaves_what_was_asked_for_alone(desk, grave):
    number = asked(desk, grave)

    amend.amend(desk.rt, [changed("sms: 4", "sms: 5")])

    (special,) = told(desk, grave)
    assert (special.matter.code, special.owed.standing) == (number, Standing.OWED)


def test_a_policy_without_such_a_duty_says_so(desk, grave):
    text = uncalled(POLICY.read_text())
    duty = text[text.index("  - code: laporan-khusus") : text.index("# `tell: reporter` is")]
    amend.amend(desk.rt, [changed(duty, "")])

    with pytest.raises(Refusal, match="has no duty with `asked: true`"):
        asked(desk, grave)
