"""The page on which the desk asks province and centre for support, and records their answers."""

import pytest
from sqlalchemy import select

from jobs.operator import restricting
from models.desk.changes import Change
from models.matters.appeals import Appeal
from rules.appeals import End
from tests.stories.test_approval import CHAIR, SECRETARIAT, SECRETARY
from tests.web.signing import signs_in

PAGE = "/permohonan"
BOAT = {"of": "province", "text": "Perahu karet untuk dua desa", "on": "2024-01-28"}


@pytest.fixture
def keeper(web):
    return signs_in(web, SECRETARIAT)


def rows(web):
    with web.desk.rt.sessions() as session:
        return list(session.scalars(select(Appeal).order_by(Appeal.id)))


def test_what_is_asked_is_shown_with_its_day_and_recorded(keeper):
    assert keeper.post(PAGE, **BOAT).status_code == 303

    page = keeper.get(f"{PAGE}?selesai=appeal.asked").text
    assert "Permohonan sudah dicatat." in page
    assert "M-0001 kepada Pemerintah Provinsi</strong>, sejak 28 Januari 2024" in page
    assert "Perahu karet untuk dua desa" in page
    with keeper.web.desk.rt.sessions() as session:
        assert session.scalars(select(Change.subject).where(Change.what == "appeal made")).all() == ["M-0001"]


def test_a_problem_leads_there_with_its_number_and_shows_what_was_asked(keeper):
    problem = keeper.web.desk.has_a_problem("Dua desa terendam")
    place = f"/koordinasi/1/{problem}"
    assert f"{PAGE}?perihal={problem}&amp;programme=1" in keeper.get(place).text
    assert f'value="{problem}"' in keeper.get(f"{PAGE}?perihal={problem}&programme=1").text

    assert keeper.post(PAGE, problem=problem.lower(), programme="1", **BOAT).status_code == 303

    assert "M-0001 kepada Pemerintah Provinsi, sejak 28 Januari 2024: belum dijawab." in keeper.get(place).text
    assert f'href="{place}"' in keeper.get(PAGE).text


def test_an_answer_is_recorded_with_its_day_and_words(keeper):
    keeper.post(PAGE, **BOAT)
    (own,) = rows(keeper.web)

    answered = {"appeal": str(own.id), "act": "answered", "answer": "Dua perahu dikirim", "ended": "2024-01-29"}
    assert keeper.post(PAGE, **answered).status_code == 303
    assert keeper.post(PAGE, **answered).status_code == 303
    assert keeper.post(PAGE, **answered | {"answer": "Ditolak"}).status_code == 409

    (own,) = rows(keeper.web)
    assert (own.end, own.answer, own.ended_on.isoformat()) == (End.ANSWERED, "Dua perahu dikirim", "2024-01-29")
    page = keeper.get(PAGE).text
    assert "Tidak ada permohonan yang belum dijawab." in page
    assert "Dijawab 29 januari 2024" not in page
    assert "Dijawab 29 Januari 2024: " in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"of": ""}, "Mohon dipilih salah satu."),
        ({"text": ""}, "Mohon diisi."),
        ({"text": "x" * 1001}, "Terlalu panjang"),
        ({"on": "2024-01-30"}, "tidak dapat berada di depan"),
        ({"on": "30/1/24"}, "Yang dimohonkan"),
        ({"problem": "P-0999"}, "Tidak ada permasalahan dengan nomor ini"),
        ({"problem": "R-0001"}, "Tidak ada permasalahan dengan nomor ini"),
    ],
)
def test_what_cannot_be_taken_says_why_and_keeps_what_was_typed(keeper, change, said):
    answer = keeper.post(PAGE, **BOAT | {"of": "centre"} | change)

    assert answer.status_code == 422
    assert said in answer.text
    assert "Perahu karet" in answer.text or "text" in change
    assert rows(keeper.web) == []


def test_an_answer_of_before_the_question_is_refused_and_kept_on_the_page(keeper):
    keeper.post(PAGE, **BOAT)

    answer = keeper.post(PAGE, appeal="1", act="answered", answer="Dua perahu", ended="2024-01-27")

    assert answer.status_code == 422
    assert "Tidak dapat lebih awal daripada permohonannya." in answer.text
    assert "Dua perahu" in answer.text
    assert rows(keeper.web)[0].end is None


def test_the_chair_reads_and_only_those_who_keep_the_books_ask(keeper):
    web = keeper.web
    keeper.post(PAGE, **BOAT)
    assert signs_in(web, SECRETARY).post(PAGE, **BOAT | {"text": "Genset"}).status_code == 303

    chair = signs_in(web, CHAIR)

    page = chair.get(PAGE).text
    assert "Perahu karet" in page
    assert "Permohonan baru" not in page
    assert chair.post(PAGE, **BOAT).status_code == 403
    assert signs_in(web, "Camat Tamban").get(PAGE).status_code == 403


def test_words_for_a_restricted_problem_stand_on_its_own_page_alone(keeper):
    web = keeper.web
    problem = web.desk.has_a_problem("Aduan")
    keeper.post(PAGE, problem=problem, **BOAT)
    restricting.restrict(web.desk.rt, problem, True, by="kepala-kesbangpol", text="Aduan")

    assert "Perahu karet" not in keeper.get(PAGE).text
    assert keeper.post(PAGE, problem=problem, **BOAT).status_code == 422
    secretary = signs_in(web, SECRETARY)
    assert "Perahu karet" not in secretary.get(PAGE).text
    assert "Perahu karet" in secretary.get(f"/koordinasi/1/{problem}").text
