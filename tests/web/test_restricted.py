"""A restricted problem on the pages: those who may read it find its number and open it; to others there is none."""

import re

import pytest

from models.desk import changes
from tests.web.test_coordinator import comes_in, decides, place

CAMAT, ASISTEN, BPBD, SECRETARY, CHAIR, SECRETARIAT = (
    "Camat Tamban",
    "Asisten Pemerintahan",
    "Kepala BPBD",
    "Kepala Kesbangpol",
    "Sekretaris Daerah",
    "Sekretariat Desk",
)
TITLE = "Perahu disembunyikan"
LISTS = ("/beranda", "/koordinasi", "/papan", "/keadaan", "/sekretariat", "/sekretariat/tugas", "/sekretariat/grup")


@pytest.fixture
def problem(web):
    desk = web.desk
    desk.owes_only()
    desk.clock.reads("H-2 09:00")
    code = desk.has_a_problem(TITLE, restricted=True)
    desk.clock.reads("H-2 09:05")
    return code


def readings(web, code):
    with web.desk.rt.sessions() as session:
        return [(r.title, r.times) for r in changes.readings(session, web.desk.matter(code).id)]


@pytest.mark.parametrize("office", [ASISTEN, SECRETARY, CHAIR])
def test_who_coordinates_its_place_opens_it_and_that_is_recorded(web, problem, office):
    comes_in(web, office)

    page = web.get(place(web, problem)).text

    assert TITLE in page
    assert "Terbatas." in page
    assert readings(web, problem) == [(office, 1)]


@pytest.mark.parametrize("office", [BPBD, SECRETARIAT])
def test_others_neither_find_nor_open_it_and_nothing_is_recorded(web, problem, office):
    comes_in(web, office)

    assert [path for path in LISTS if problem in web.get(path).text] == []
    assert web.get(place(web, problem)).status_code == 403
    assert decides(web, problem, "resolve", text="Selesai").status_code == 403
    assert readings(web, problem) == []


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("office", [ASISTEN, SECRETARY])
def test_a_list_gives_those_who_may_read_it_no_more_than_its_number(web, problem, office, path):
    comes_in(web, office)

    text = web.get(path).text

    assert TITLE not in text
    assert not re.search(rf"{problem}[^<]*(Logistik|Tamban|sangat rawan)", text)


def test_the_secretariat_opens_what_it_recorded_itself(web):
    web.desk.owes_only()
    code = web.desk.has_a_problem(TITLE, by=SECRETARIAT, restricted=True)
    comes_in(web, SECRETARIAT)

    assert TITLE in web.get(place(web, code)).text


def test_whom_it_is_about_finds_nothing_though_he_coordinates_the_place(web):
    web.desk.owes_only()
    code = web.desk.has_a_problem(TITLE, about=ASISTEN, restricted=True)
    comes_in(web, ASISTEN)

    assert [path for path in LISTS if code in web.get(path).text] == []
    assert web.get(place(web, code)).status_code == 403


def test_the_secretary_and_the_chair_see_who_read_it_and_the_coordinator_does_not(web, problem):
    comes_in(web, ASISTEN)
    assert "Yang membacanya" not in web.get(place(web, problem)).text

    comes_in(web, CHAIR)

    assert f"{ASISTEN}, halaman desk: 1 kali" in web.get(place(web, problem)).text


def test_a_coordinator_restricts_and_opens_it_again_with_a_reason(web):
    web.desk.owes_only()
    code = web.desk.has_a_problem(TITLE)
    comes_in(web, ASISTEN)

    assert decides(web, code, "restrict", text=" ").status_code == 422
    assert decides(web, code, "restrict", text="Menyangkut nama baik").status_code == 303
    comes_in(web, SECRETARIAT)
    assert web.get(place(web, code)).status_code == 403
    comes_in(web, ASISTEN)
    assert "Menyangkut nama baik" in web.get(place(web, code)).text
    assert decides(web, code, "unrestrict", text="Sudah jelas").status_code == 303
    comes_in(web, SECRETARIAT)
    assert TITLE in web.get(place(web, code)).text


def test_its_owner_reads_it_and_may_not_open_it_to_others(web, problem):
    comes_in(web, ASISTEN)
    decides(web, problem, "hand_on", to=web.desk.office("Kadis Kominfo"), text="Mohon dibantu")
    comes_in(web, "Kadis Kominfo")

    page = web.get(place(web, problem)).text

    assert TITLE in page
    assert 'value="unrestrict"' not in page
    assert decides(web, problem, "unrestrict", text="Sudah jelas").status_code == 403
    assert TITLE not in web.get("/beranda").text


def test_every_page_counts_the_same_open_problems_and_says_of_a_restricted_one_only_that_it_is(web, problem):
    web.desk.has_a_problem("Genset rusak")
    over = web.desk.has_a_problem("Sudah selesai")
    web.desk.resolves(over, "Selesai")
    comes_in(web, CHAIR)

    board, listed = web.get("/papan").text, web.get("/permasalahan?keadaan=terbuka").text

    assert "Permasalahan terbuka: 2" in board
    assert "Sangat rawan: 1" in board
    assert "1 di antaranya terbatas, tidak dirinci." in board
    assert ">2 belum ada yang menangani" in board
    assert "Menampilkan 1 sampai 2 dari 2 yang sesuai" in listed
    assert 'value="terbuka" selected' in listed
    assert "2 permasalahan terbuka, 1 di antaranya sangat rawan, 1 terbatas." in web.get("/koordinasi").text
    assert ">1 permasalahan sangat rawan, 1 terbatas<" in board


def test_a_board_with_nothing_but_a_restricted_problem_does_not_say_that_none_is_open(web, problem):
    comes_in(web, CHAIR)

    page = web.get("/papan").text

    assert "Permasalahan terbuka: 1" in page
    assert "Tidak ada permasalahan yang terbuka" not in page
