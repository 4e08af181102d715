"""Guidance: per district what came and how good it was, in the file's order; a word on each team after a stage."""

import re

import pytest

from models.matters import guiding
from tests.stories.test_advice import confirms, gives
from tests.web.signing import signs_in

DAYS = "dari=2024-02-07&sampai=2024-02-08"
STAGE = "/pembinaan/1/C-1"


@pytest.fixture
def guided(web):
    """Tamban filed after a promise, Mekarsari filed late and was asked to improve it, Tabunganen is silent."""
    web.desk.lives(_guided)
    return web


def _guided(desk):
    keys = {name: desk.key("harian", name, "H-7") for name in ("Tamban", "Mekarsari", "Tabunganen")}
    desk.owes_only(*keys.values())
    desk.clock.reads("H-7 09:00")
    gives(desk, "Camat Tamban", due="H-6 12:00")
    desk.clock.reads("H-7 10:00")
    confirms(desk, "A-0001")
    desk.clock.reads("H-7 14:00")
    desk.files(keys["Tamban"])
    desk.clock.reads("H-7 18:00")
    desk.files(keys["Mekarsari"], by="Camat Mekarsari")
    desk.returns(keys["Mekarsari"], "H-6 18:00", "Jumlah TPS belum ada")
    desk.clock.reads("H-6 09:00")


def card(page, name):
    found = re.search(rf"<section[^>]*>\s*<h2[^>]*>{name}</h2>(.*?)</section>", page.text, re.DOTALL)
    assert found, page.text
    return found[1]


def test_a_coordinator_reads_what_came_of_each_of_his_districts(guided):
    page = signs_in(guided, "Asisten Pemerintahan").get(f"/pembinaan?{DAYS}")

    assert "1 tepat waktu" in card(page, "Kecamatan Tamban")
    assert "Saran dan arahan dijawab: 1 dari 1." in card(page, "Kecamatan Tamban")
    assert "1 dikembalikan untuk diperbaiki" in card(page, "Kecamatan Mekarsari")
    assert "Jumlah TPS belum ada" in card(page, "Kecamatan Mekarsari")
    assert "Tabunganen" not in page.text


def test_the_secretary_reads_all_in_the_files_order(guided):
    page = signs_in(guided, "Kepala Kesbangpol").get(f"/pembinaan?{DAYS}").text

    assert page.index("Kecamatan Tabunganen") < page.index("Kecamatan Tamban") < page.index("Kecamatan Mekarsari")
    assert "1 belum masuk" in card(
        signs_in(guided, "Kepala Kesbangpol").get(f"/pembinaan?{DAYS}"), "Kecamatan Tabunganen"
    )


def test_a_team_reads_none_of_it(guided):
    assert signs_in(guided, "Camat Tamban").get("/pembinaan").status_code == 403


@pytest.fixture
def over(guided):
    """The stage that ended on the tenth is over."""
    guided.desk.clock.reads("H-2 09:00")
    return signs_in(guided, "Kepala Kesbangpol")


def test_a_stage_that_is_not_over_is_not_evaluated(guided):
    secretary = signs_in(guided, "Kepala Kesbangpol")

    assert STAGE not in secretary.get("/pembinaan").text
    assert secretary.get(STAGE).status_code == 403


def test_each_team_has_a_draft_of_two_sentences_from_the_books(over):
    page = over.get(STAGE).text

    assert "Dari 2 laporan Tim DESK VIII yang jatuh tempo pada tahapan ini" in page
    assert "Dari 1 laporan Tim DESK III yang jatuh tempo pada tahapan ini" in page


def test_what_is_written_is_kept_in_versions_with_who_and_when(over):
    assert over.post(STAGE, team="VIII", seen="0", text="Baik, dengan catatan.").status_code == 303
    assert over.post(STAGE, team="VIII", seen="1", text="Baik.").status_code == 303

    page = over.get(STAGE).text
    assert "Kepala Kesbangpol: Baik, dengan catatan." in page
    with over.web.desk.rt.sessions() as session:
        assert [one.text for one in guiding.evaluations(session, 1, "C-1")["VIII"]] == [
            "Baik.",
            "Baik, dengan catatan.",
        ]


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(over):
    over.post(STAGE, team="VIII", seen="0", text="Baik.")

    assert over.post(STAGE, team="VIII", seen="0", text="Lain.").status_code == 409


@pytest.mark.parametrize("text", ["", " ", "x" * 1501])
def test_nothing_or_too_much_is_refused_and_stays(over, text):
    page = over.post(STAGE, team="VIII", seen="0", text=text)

    assert page.status_code == 422
    assert text in page.text


def test_a_coordinator_writes_of_his_own_teams_alone(over):
    coordinator = signs_in(over.web, "Asisten Pemerintahan")

    assert "Tim DESK III" not in coordinator.get(STAGE).text
    assert coordinator.post(STAGE, team="III", seen="0", text="Baik.").status_code == 403
