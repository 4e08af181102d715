"""Two elections at one desk: whatever link an office has, it sees and answers all that it is asked for."""

import pytest
from sqlalchemy import text

from config import loader
from rules.filing import Standing
from tests.stories.desk import ELECTION
from tests.stories.test_two_elections import FIRST, SECOND, another, report
from tests.web.test_coordinator import comes_in
from tests.web.test_incidents import FLOOD, problems
from tests.web.writing import writer


@pytest.fixture
def both(web):
    web.desk.load([another(), *web.desk.documents[1:]])
    web.desk.owes_only(report(FIRST), report(SECOND))
    web.desk.clock.reads("H-7 12:00")
    return web


def test_the_list_behind_a_link_has_the_reports_of_both_elections_by_name(both):
    page = both.get(f"/l/{both.given('Camat Tamban')}").text

    assert "2 laporan kami nantikan" in page
    for programme, name in ((FIRST, "Pemilihan Contoh"), (SECOND, "Pemilihan Kedua")):
        code = both.desk.code(report(programme))
        assert f'{name}<br><span id="k-{code}">{code}</span>' in page


@pytest.mark.parametrize(("programme", "name"), [(FIRST, "Pemilihan Contoh"), (SECOND, "Pemilihan Kedua")])
def test_a_report_of_either_is_filed_by_the_same_link(both, programme, name):
    token, key = both.given("Camat Tamban"), report(programme)

    assert name in both.get(f"/l/{token}/{both.desk.code(key)}").text
    assert both.get(f"/l/{token}/{both.desk.code(key)}/lain").status_code == 200
    answered = both.answers(token, key, answer="nil", seen="0")

    assert answered.status_code == 200
    assert both.desk.obligation(key).standing is Standing.RECEIVED
    assert both.desk.code(key) in both.get(f"/l/{token}").text.partition("Sudah kami terima")[2]


def test_where_there_is_one_election_it_is_not_named(web, daily):
    token = web.given("Camat Tamban")

    assert "Pemilihan Contoh" not in web.get(f"/l/{token}").text
    assert "Pemilihan Contoh" not in web.get(f"/l/{token}/{web.desk.code(daily)}").text


def test_what_was_passed_on_is_under_the_name_of_its_election(both):
    both.desk.clock.reads("H-7 19:00")
    comes_in(both, "Asisten Pemerintahan")

    page = both.get("/koordinasi").text

    for name in ("Pemilihan Contoh", "Pemilihan Kedua"):
        assert f"Diteruskan kepada Bapak/Ibu, {name}</h2>" in page


def test_an_incident_belongs_to_the_election_that_was_chosen(both):
    first, second = sorted(both.desk.rt.programmes)
    token = both.given("Camat Tamban")
    page = both.get(f"/l/{token}/kejadian").text
    assert f'<option value="{second}">Pemilihan Kedua</option>' in page

    both.post(f"/l/{token}/kejadian", FLOOD | {"programme": str(second), "at": ""})

    (matter,) = problems(both)
    assert matter.programme_id == second != first
    assert "Pemilihan Kedua: <a" in both.get(f"/l/{token}").text


def test_an_incident_that_could_not_be_kept_is_shown_again_with_all_that_was_typed(both):
    token = both.given("Camat Tamban")
    second = max(both.desk.rt.programmes)
    with both.desk.rt.sessions.begin() as session:
        session.execute(text("ALTER TABLE issue_event RENAME TO lost"))

    page = both.post(f"/l/{token}/kejadian", FLOOD | {"programme": str(second), "at": ""})

    with both.desk.rt.sessions.begin() as session:
        session.execute(text("ALTER TABLE lost RENAME TO issue_event"))
    assert page.status_code == 503
    assert "Air setinggi lutut" in page.text
    assert f'<option value="{second}" selected>' in page.text
    assert problems(both) == []


@pytest.fixture
def later(web):
    """Another election was loaded since, with its voting day in November; it is the voting day of the first."""
    told = ELECTION.read_text(encoding="utf-8").replace("election: pemilihan", "election: pemilihan-dua")
    told = told.replace("Pemilihan Contoh", "Pemilihan Kedua").replace("2024-02-14", "2024-11-27")
    told = told.replace("start: 2024-02-15, end: 2024-03-05", "start: 2024-11-29, end: 2024-12-06")
    web.desk.load([loader.parse(told, "pemilihan-dua.yaml"), *web.desk.documents[1:]])
    web.desk.owes_only()
    web.desk.clock.reads("H 11:00")
    return web


def test_what_is_written_on_a_voting_day_is_about_that_day(later):
    writer(later, "Camat Tamban").sms("ada bentrok di TPS 3, butuh bantuan segera")

    (matter,) = problems(later)
    assert later.desk.rt.programmes[matter.programme_id].election.code == "pemilihan"


def test_an_incident_is_asked_about_the_election_of_the_day_first(later):
    first = next(id for id, own in later.desk.rt.programmes.items() if own.election.code == "pemilihan")

    assert f'<option value="{first}" selected>' in later.get(f"/l/{later.given('Camat Tamban')}/kejadian").text
    comes_in(later, "Asisten Pemerintahan")
    assert f'<option value="{first}" selected>' in later.get("/kejadian").text
