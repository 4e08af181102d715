"""Who has a problem opens it, says what was done, hands it on, and ends it; nobody else of another place does."""

import re

import pytest

from models.matters import issues
from models.matters.issues import Step
from tests.web.test_coordinator import comes_in, decides, place

HEAD, OTHER = "Kadis Kominfo", "Kepala BPBD"


@pytest.fixture
def problem(web):
    """A problem of Tamban that its coordinator handed on to a head of unit."""
    desk = web.desk
    desk.owes_only()
    desk.clock.reads("H-2 09:00")
    code = desk.has_a_problem()
    desk.clock.reads("H-2 09:05")
    comes_in(web, "Asisten Pemerintahan")
    page = decides(web, code, "hand_on", to=desk.office(HEAD), text="Jaringan di luar kewenangan kami")
    assert page.status_code == 303
    return code


def owner(web):
    """How the page names who has it."""
    code = web.desk.office(HEAD)
    return f"Penanggung jawab: {web.desk.programme.desk.office(code).title}."


def steps(web, code):
    with web.desk.rt.sessions() as session:
        return [event.step for event in issues.events(session, web.desk.matter(code).id)]


def test_whom_a_problem_is_handed_to_is_told_at_once_and_finds_it_on_his_first_page(web, problem):
    web.desk.turn()
    assert problem in web.desk.phone(HEAD).last

    comes_in(web, HEAD)
    assert f'href="{place(web, problem)}"' in web.get("/beranda").text
    assert owner(web) in web.get(place(web, problem)).text


def test_he_says_what_was_done_and_ends_it(web, problem):
    comes_in(web, HEAD)

    decides(web, problem, "follow_up", text="Genset dipasang")
    decides(web, problem, "resolve", text="Jaringan pulih")

    assert steps(web, problem)[-2:] == [Step.FOLLOWED_UP, Step.RESOLVED]
    assert problem not in web.get("/beranda").text


def test_an_office_of_another_place_neither_finds_nor_opens_it(web, problem):
    comes_in(web, OTHER)

    assert problem not in web.get("/beranda").text
    assert web.get(place(web, problem)).status_code == 403


def test_it_cannot_be_handed_to_an_office_that_is_none_and_needs_a_reason(web, problem):
    comes_in(web, HEAD)
    before = steps(web, problem)

    assert decides(web, problem, "hand_on", to="nobody", text="Coba").status_code == 400
    assert decides(web, problem, "hand_on", to=web.desk.office(OTHER), text="").status_code == 422
    assert steps(web, problem) == before


def test_the_coordinator_still_sees_it_and_who_has_it(web, problem):
    comes_in(web, "Asisten Pemerintahan")

    page = web.get(place(web, problem)).text

    assert owner(web) in page
    assert re.search("Diteruskan ke kantor lain.*Jaringan di luar kewenangan kami", page, re.DOTALL)


def test_his_text_asks_him_to_act_and_the_coordinators_asks_for_directions(web, problem):
    web.desk.turn()

    assert "Mohon ditangani" in web.desk.phone(HEAD).last
    assert "Mohon arahan" in web.desk.phone("Asisten Pemerintahan").last


@pytest.fixture
def about_its_coordinator(web):
    """A grave problem about the very office that coordinates its district."""
    desk = web.desk
    desk.owes_only()
    desk.clock.reads("H-2 09:00")
    code = desk.has_a_problem(about="Asisten Pemerintahan")
    desk.clock.reads("H-2 12:00")
    return code


def test_whom_a_problem_is_about_neither_hears_nor_reads_of_it(web, about_its_coordinator):
    assert web.desk.heard("Asisten Pemerintahan") == []
    assert web.desk.heard("Kepala Kesbangpol") != []

    comes_in(web, "Asisten Pemerintahan")
    assert about_its_coordinator not in web.get("/koordinasi").text
    assert about_its_coordinator not in web.get("/beranda").text
    assert web.get(place(web, about_its_coordinator)).status_code == 403


def test_no_mail_names_him_as_the_one_who_hears_next(web, about_its_coordinator):
    letters = [sent.text for sent in web.desk.wire.accepted if about_its_coordinator in sent.text]

    assert letters
    assert not any("Asisten" in text for text in letters)


def test_a_problem_is_never_handed_to_whom_it_is_about(web, about_its_coordinator):
    comes_in(web, "Kepala Kesbangpol")

    page = decides(web, about_its_coordinator, "hand_on", to=web.desk.office("Asisten Pemerintahan"), text="Coba")

    assert page.status_code >= 400
    assert Step.HANDED_ON not in steps(web, about_its_coordinator)


def follows(web, page):
    """Where a button led, as a browser shows it."""
    assert page.status_code == 303, page.text
    return web.get(page.headers["location"])


def test_who_hands_on_what_he_has_is_not_told_that_he_may_not(web, problem):
    comes_in(web, HEAD)

    page = follows(web, decides(web, problem, "hand_on", to=web.desk.office(OTHER), text="Perlu perahu"))

    assert page.status_code == 200
    assert problem not in page.text


def test_every_way_on_from_his_problem_is_open_to_him(web, problem):
    comes_in(web, HEAD)

    ways = re.findall(r'href="(/[a-z][^"]*)"', web.get(place(web, problem)).text)

    assert ways
    assert [way for way in ways if web.get(way).status_code != 200] == []


def test_a_coordinator_finds_what_he_was_handed_from_elsewhere_where_he_comes_in(web, problem):
    comes_in(web, HEAD)
    decides(web, problem, "hand_on", to=web.desk.office(OTHER), text="Perlu perahu")

    comes_in(web, OTHER)

    page = web.get("/koordinasi").text
    assert f'href="{place(web, problem)}"' in page
    assert "1 permasalahan terbuka" in page


def test_the_office_that_a_problem_is_about_is_not_offered_for_it(web, about_its_coordinator):
    comes_in(web, "Kepala Kesbangpol")

    offered = re.findall(r'<option value="([a-z-]+)"', web.get(place(web, about_its_coordinator)).text)

    assert web.desk.office(OTHER) in offered
    assert web.desk.office("Asisten Pemerintahan") not in offered


def test_who_has_many_problems_reads_them_a_page_at_a_time_and_what_each_is(web, problem):
    desk = web.desk
    web.books.lines = 4
    comes_in(web, "Asisten Pemerintahan")
    own = [desk.has_a_problem(f"Kapal {n}") for n in range(9)]
    for code in own:
        decides(web, code, "hand_on", to=desk.office(HEAD), text="Mohon dibantu")
    comes_in(web, HEAD)

    pages = [web.get(f"/beranda?hal={n}").text for n in (1, 2, 3)]

    shown = [re.findall(r">(P-\d+), Logistik", page) for page in pages]
    assert [len(codes) for codes in shown] == [4, 4, 2]
    assert sorted(code for codes in shown for code in codes) == sorted([problem, *own])
    assert all("dari 10." in page for page in pages)
