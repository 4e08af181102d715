"""Lapor kejadian by whoever signed in: a coordinator for his districts, the secretariat for whoever phoned."""

import re

import pytest

from jobs.operator import problems as operator
from jobs.operator.refusals import Refusal
from models.matters import issues
from models.matters.issues import Described
from models.offices.offices import Office
from rules.issues import Category, Circumstances
from rules.policy import Severity
from tests.web.signing import signs_in
from tests.web.test_incidents import FLOOD, MEKARSARI, TAMBAN, issue, night, problems

__all__ = ["night"]

COORDINATOR, SECRETARIAT = "Asisten Pemerintahan", "Sekretariat Desk"


def title(web, id):
    with web.desk.rt.sessions() as session:
        return session.get(Office, id).title


def test_a_coordinator_records_an_incident_of_his_districts_and_reads_it_at_once(night):
    somebody = signs_in(night, COORDINATOR)

    answer = somebody.post("/kejadian", **FLOOD)

    (matter,) = problems(night)
    assert answer.headers["location"] == f"/koordinasi/1/{matter.code}"
    page = somebody.get(answer.headers["location"]).text
    for text in ("Desa Koanda, Kecamatan Tamban", "TPS 3", "1.200", "Selasa, 13 Februari 2024 pukul 01.40 WITA"):
        assert text in page
    assert title(night, matter.giver_id) == "Asisten Pemerintahan"


def test_what_he_sends_twice_is_one_problem(night):
    somebody = signs_in(night, COORDINATOR)

    assert len({somebody.post("/kejadian", **FLOOD).headers["location"] for _ in range(2)}) == 1


def test_of_a_district_that_he_does_not_coordinate_he_records_nothing(night):
    page = signs_in(night, COORDINATOR).post("/kejadian", **FLOOD | {"district": "63.04.01", "village": ""})

    assert page.status_code == 422
    assert problems(night) == []


def test_the_secretariat_records_for_whoever_phoned_and_it_stands_on_that_offices_list(night):
    somebody = signs_in(night, SECRETARIAT)

    somebody.post("/kejadian", **FLOOD, by=night.desk.office("Camat Tamban"), via="phone")

    (matter,) = problems(night)
    assert title(night, matter.giver_id) == "Camat Tamban"
    with night.desk.rt.sessions() as session:
        (opened,) = issues.events(session, matter.id)
    desk = night.desk.programme.desk
    by = desk.office(desk.secretariat).title
    assert opened.text == f"Air pasang masuk TPS (disampaikan lewat telepon, dicatat oleh {by})"
    assert matter.code in night.get(f"/l/{night.given('Camat Tamban')}").text


@pytest.mark.parametrize(
    ("office", "wrong", "field"),
    [
        (SECRETARIAT, {"by": "camat-tamban"}, "via"),
        (SECRETARIAT, {"by": "nobody", "via": "phone"}, "by"),
        (SECRETARIAT, {"about": "nobody"}, "about"),
        (COORDINATOR, {"by": "camat-tamban", "via": "phone"}, "by"),
    ],
)
def test_from_whom_by_which_way_and_about_whom_must_be_known(night, office, wrong, field):
    page = signs_in(night, office).post("/kejadian", **FLOOD | wrong)

    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert "Air setinggi lutut" in page.text
    assert problems(night) == []


def test_whom_it_is_about_neither_has_it_nor_reads_it(night):
    somebody = signs_in(night, SECRETARIAT)
    answer = somebody.post("/kejadian", **FLOOD, about=night.desk.office(COORDINATOR), restricted="1")

    page = signs_in(night, COORDINATOR).get(answer.headers["location"])

    (matter,) = problems(night)
    assert page.status_code == 403
    assert title(night, matter.owner_id) != title(night, matter.subject_id)
    assert issue(night, matter.code).restricted


def test_a_restricted_one_that_the_secretariat_recorded_for_another_office_is_confirmed_by_its_number_alone(night):
    somebody = signs_in(night, SECRETARIAT)

    answer = somebody.post("/kejadian", **FLOOD, by=night.desk.office("Camat Tamban"), via="phone", restricted="1")

    (matter,) = problems(night)
    assert answer.headers["location"] == f"/kejadian?dicatat={matter.code}"
    page = somebody.get(answer.headers["location"]).text
    assert f"{matter.code} dicatat" in page
    assert "Air pasang" not in page
    assert somebody.get(f"/koordinasi/1/{matter.code}").status_code == 403


def test_an_office_that_only_reports_is_led_to_its_link(night):
    page = signs_in(night, "Camat Tamban").get("/kejadian")

    assert page.status_code == 403


def test_nobody_reads_or_sends_the_form_without_signing_in(night):
    night.client.cookies.clear()

    assert night.get("/kejadian").status_code == 403
    assert night.post("/kejadian", FLOOD).status_code == 403
    assert problems(night) == []


def test_at_the_command_line_it_gets_the_same_and_a_village_of_elsewhere_is_refused(night):
    desk = night.desk
    known = Circumstances("63.04.02.2011", "3", 40, desk.moment("H-1 01:00"))
    described = Described(TAMBAN, Category.LOGISTICS, Severity.HIGH, "Kotak basah", circumstances=known)

    code = operator.open_(desk.rt, desk.programme.code, described, by=desk.office("Camat Tamban"))
    assert issue(night, code).village == "63.04.02.2011"

    with pytest.raises(Refusal, match=re.escape(f"no such village of {MEKARSARI}")):
        operator.open_(desk.rt, desk.programme.code, described._replace(area=MEKARSARI), by=desk.office("Camat Tamban"))
    later = described._replace(circumstances=known._replace(observed_at=desk.moment("H-1 03:00")))
    with pytest.raises(Refusal, match="is ahead"):
        operator.open_(desk.rt, desk.programme.code, later, by=desk.office("Camat Tamban"))
