"""What a later version of a report does: it counts, it answers a return, and it speaks of the same problems."""

import pytest
from sqlalchemy import select, update

from models.matters import issues
from models.matters.issues import Issue, Step
from rules.filing import Standing, Via
from rules.policy import Severity
from rules.tasks import Why

ASISTEN, SECRETARY = "Asisten Pemerintahan", "Kepala Kesbangpol"


@pytest.fixture
def daily(desk):
    """Tamban's report of a week before voting day, the only thing owed; it is nine in the morning."""
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    desk.clock.reads("H-7 09:00")
    return key


def told(note="Dua TPS diserang massa.", condition="troubled", *, code="keamanan", tick=True, facts="Satu."):
    own = {"condition": condition, "note": note} | ({"problem": True} if tick else {})
    return {"form": "harian", "indicators": {code: own}, "facts": facts}


def problem(desk):
    """The one problem there is."""
    with desk.rt.sessions.begin() as session:
        return session.scalars(select(Issue)).one()


def steps(desk, code="P-0001"):
    with desk.rt.sessions.begin() as session:
        return [(event.step, event.text) for event in issues.events(session, desk.matter(code).id)]


# -- which version counts ----------------------------------------------------------------------------------------------


def test_a_correction_that_goes_back_to_the_first_is_the_third_and_counts(desk, daily):
    first, second = desk.files(daily, "Aman."), desk.files(daily, "Ralat: banjir.")

    third = desk.files(daily, "Aman.")

    assert (first.version, second.version, third.version, third.again) == (1, 2, 3, False)
    assert [r.body["note"] for r in desk.reports(daily)] == ["Aman.", "Ralat: banjir.", "Aman."]
    assert desk.files(daily, "Aman.").number == third.number


def test_a_returned_report_sent_again_unchanged_is_an_answer_and_is_chased_no_more(desk, daily):
    first = desk.files(daily, "Aman.")
    desk.clock.reads("H-7 14:00")
    desk.returns(daily, "H-7 16:00")
    desk.clock.reads("H-7 14:30")
    before = len(desk.wire.accepted)

    answer = desk.files(daily, "Aman.")
    desk.clock.reads("H-6 12:00")

    assert (answer.version, answer.number != first.number) == (2, True)
    assert desk.obligation(daily).returned_at is None
    assert len(desk.wire.accepted) == before
    assert desk.files(daily, "Aman.").number == answer.number


def test_what_came_in_before_the_return_is_no_answer_to_it(desk, daily):
    first = desk.files(daily, "Aman.", via=Via.PHONE)
    desk.clock.reads("H-7 14:00")
    desk.returns(daily, "H-7 16:00")

    again = desk.files(daily, "Aman.", via=Via.PHONE, at="H-7 09:00")

    assert (again.number, again.again) == (first.number, True)
    assert desk.obligation(daily).returned_at is not None


# -- problems ----------------------------------------------------------------------------------------------------------


def test_a_report_recorded_by_command_opens_the_problem_that_it_asks_for(desk, daily):
    receipt = desk.files(daily, told(), via=Via.PHONE)
    desk.clock.reads("H-7 09:05")

    assert receipt.problems == ["P-0001"]
    assert (problem(desk).title, problem(desk).detail) == (
        "Keamanan (kamtibmas): bermasalah",
        "Dua TPS diserang massa.",
    )
    assert desk.heard(ASISTEN) == ["sms 09:00"]


def test_a_typo_correction_speaks_of_the_same_problem_and_wakes_nobody_again(desk, daily):
    desk.files(daily, told())
    desk.clock.reads("H-7 09:05")

    receipts = [desk.files(daily, told(facts=facts)) for facts in ("Dua.", "Tiga.", "Satu.")]
    desk.clock.reads("H-7 09:12")

    assert [r.problems for r in receipts] == [["P-0001"]] * 3
    assert desk.heard(ASISTEN) == ["sms 09:00"]
    assert steps(desk) == [(Step.OPENED, "Keamanan (kamtibmas): bermasalah")]


def test_new_words_are_added_to_the_problem_and_the_first_ones_stay(desk, daily):
    desk.files(daily, told())

    receipt = desk.files(daily, told("Tiga TPS diserang massa.", tick=False))

    assert problem(desk).detail == "Dua TPS diserang massa."
    assert steps(desk)[1:] == [
        (Step.REPORTED, f"Bermasalah ({desk.code(daily)}, {receipt.number}). Tiga TPS diserang massa.")
    ]
    assert receipt.problems == ["P-0001"]


@pytest.mark.parametrize("correction", [told("", "safe", tick=False), {"note": "Aman."}])
def test_a_version_that_takes_a_problem_back_is_shown_on_it_and_only_people_close_it(desk, daily, correction):
    desk.files(daily, told())

    receipt = desk.files(daily, correction)
    desk.clock.reads("H-7 10:00")

    assert receipt.problems == []
    assert [step for step, _ in steps(desk)] == [Step.OPENED, Step.WITHDRAWN]
    assert desk.matter("P-0001").closed_at is None
    assert desk.heard(SECRETARY) == ["sms 10:00"]


def test_a_problem_that_is_spoken_of_once_more_is_the_same_one(desk, daily):
    desk.files(daily, told())
    desk.files(daily, {"note": "Aman."})

    receipt = desk.files(daily, told())

    assert receipt.problems == ["P-0001"]
    assert [step for step, _ in steps(desk)] == [Step.OPENED, Step.WITHDRAWN, Step.REPORTED]


def test_what_got_worse_begins_anew_though_somebody_had_taken_it_on(desk, daily):
    desk.files(daily, told("Massa berkumpul.", "attention"))
    desk.clock.reads("H-7 09:10")
    desk.acknowledges("P-0001", "H-6 12:00")

    desk.files(daily, told("Massa menyerang.", "troubled"))
    desk.clock.reads("H-7 09:15")

    assert desk.heard(ASISTEN) == ["sms 09:00", "sms 09:10"]
    assert [step for step, _ in steps(desk)][-2:] == [Step.REPORTED, Step.ESCALATED]
    desk.files(daily, told("Mereda.", "attention"))
    desk.files(daily, told("Massa menyerang.", "troubled"))
    desk.clock.reads("H-7 09:20")
    assert desk.heard(ASISTEN) == ["sms 09:00", "sms 09:10"]


def test_a_graver_problem_climbs_the_ladder_of_the_graver(desk, daily):
    desk.files(daily, told())
    with desk.rt.sessions.begin() as session:
        session.execute(update(Issue).values(severity=Severity.LOW))

    desk.files(daily, told("Tiga TPS diserang massa."))

    assert problem(desk).severity is Severity.HIGH
    assert desk.matter("P-0001").ladder == desk.programme.policy.problems[Severity.HIGH]


KNOWN = {"severity": "medium", "village": "63.04.02.2011", "station": "3", "affected": 40}


def with_details(note="Basah.", **details):
    body = told(note, code="logistik")
    body["indicators"]["logistik"] |= details
    return body


def test_what_a_report_says_of_a_problem_is_kept_with_it_and_a_correction_changes_what_it_names(desk, daily):
    desk.files(daily, with_details(**KNOWN))
    own = problem(desk)
    assert (own.severity, own.village, own.station, own.affected) == ("medium", "63.04.02.2011", "3", 40)

    desk.files(daily, with_details(severity="high", station="4"))

    own = problem(desk)
    assert (own.severity, own.village, own.station, own.affected) == ("high", "63.04.02.2011", "4", 40)
    assert desk.matter("P-0001").ladder == desk.programme.policy.problems[Severity.HIGH]


def test_a_correction_that_says_less_grave_lowers_nothing(desk, daily):
    desk.files(daily, with_details(severity="high"))

    desk.files(daily, with_details("Hanya satu kotak.", severity="low"))
    desk.files(daily, with_details("Sudah diganti."))

    assert problem(desk).severity is Severity.HIGH


def test_a_slight_problem_is_as_slight_as_its_reporter_says_and_stays_so_when_he_says_no_more(desk, daily):
    desk.files(daily, with_details(severity="low"))
    desk.files(daily, with_details("Sudah diganti."))

    assert problem(desk).severity is Severity.LOW


def test_a_problem_that_is_over_stays_over_and_news_of_it_are_somebodys_to_look_at(desk, daily):
    desk.files(daily, told())
    desk.clock.reads("H-7 09:10")
    desk.resolves("P-0001", "Massa bubar.")

    desk.files(daily, told(facts="Salah ketik."))
    assert desk.tasks() == []
    desk.files(daily, told("Massa kembali."))
    desk.clock.reads("H-7 09:20")

    assert desk.matter("P-0001").closed_at is not None
    assert desk.heard(ASISTEN) == ["sms 09:00"]
    assert [(task.why, "P-0001" in task.text) for task in desk.tasks()] == [(Why.TROUBLED_AGAIN, True)]


def test_the_same_trouble_in_another_report_is_a_problem_of_its_own(desk):
    days = [desk.key("harian", "Tamban", day) for day in ("H-7", "H-6")]
    desk.owes_only(*days)
    desk.clock.reads("H-6 09:00")

    assert [desk.files(day, told()).problems for day in days] == [["P-0001"], ["P-0002"]]


def test_each_indicator_is_a_problem_of_its_own(desk, daily):
    both = {"indicators": told()["indicators"] | told("Basah.", code="logistik")["indicators"]}

    assert desk.files(daily, both).problems == ["P-0001", "P-0002"]
    assert desk.obligation(daily).standing is Standing.RECEIVED
