"""The page of teams: a change with its day, taken back or done; and the desk's file to save."""

import pytest
from sqlalchemy import select

from config import loader
from models.desk.changes import Change
from models.desk.rearrangements import Rearrangement
from tests.web.signing import signs_in

PAGE = "/sekretariat/susunan"
NEW = {"what": "reports", "place": "63.04.02", "office": "kadis-kominfo", "since": "2024-02-10"}


@pytest.fixture
def keeper(web):
    web.desk.owes_only()
    web.desk.clock.reads("H-8 09:00")
    return signs_in(web, "Sekretariat Desk")


def rows(keeper):
    with keeper.web.desk.rt.sessions() as session:
        return list(session.scalars(select(Rearrangement)))


def test_the_page_says_who_reports_and_coordinates(keeper):
    page = keeper.get(PAGE).text

    assert "Kecamatan Tamban: pelapor Camat Tamban, koordinator Asisten Pemerintahan" in page
    assert "Anggota: Kepala Dinas Kominfo; Camat Tamban; Camat Mekarsari" in page


def test_a_change_is_planned_shown_and_done_on_its_day(keeper):
    assert keeper.post(PAGE, **NEW).status_code == 303
    planned = "Pelapor Tamban: Kepala Dinas Kominfo, sejak 10 Februari 2024"
    assert planned in keeper.get(PAGE).text

    keeper.web.desk.clock.reads("H-4 09:00")
    page = signs_in(keeper.web, "Sekretariat Desk").get(PAGE).text

    assert "Kecamatan Tamban: pelapor Kepala Dinas Kominfo" in page
    assert f"<li>{planned}</li>" in page


def test_what_is_planned_can_be_taken_back(keeper):
    keeper.post(PAGE, **NEW)
    (row,) = rows(keeper)

    keeper.post(PAGE, back=str(row.id))

    assert "dibatalkan" in keeper.get(PAGE).text
    assert [own.ended for own in rows(keeper)] == ["taken back"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param({"since": "2024-02-01"}, "Tanggal ini sudah lewat", id="a day that is past"),
        pytest.param({"place": "VIII"}, "Mohon dipilih salah satu", id="a team where a district is meant"),
        pytest.param({"office": "camat-tamban"}, "Sudah demikian", id="nothing would change"),
        pytest.param({"what": "leaves", "place": "VIII", "office": "camat-tamban"}, "masih pelapor", id="he reports"),
        pytest.param({"office": ""}, "Mohon dipilih salah satu", id="no office"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(keeper, wrong, said):
    page = keeper.post(PAGE, **(NEW | wrong))

    assert page.status_code == 422
    assert said in page.text
    assert rows(keeper) == []


def test_the_file_is_what_is_in_force_and_whoever_takes_it_is_written_down(keeper):
    keeper.post(PAGE, **(NEW | {"since": ""}))
    keeper.web.desk.turn()

    file = keeper.get(f"{PAGE}/tiga-kecamatan.yaml")

    desk = loader.parse(file.text, "desk.yaml").value
    assert desk.team_of("63.04.02").reporters["63.04.02"] == "kadis-kominfo"
    with keeper.web.desk.rt.sessions() as session:
        assert "desk file taken" in set(session.scalars(select(Change.what)))
    assert keeper.get(f"{PAGE}/lain.yaml").status_code == 404


@pytest.mark.parametrize("office", ["Camat Tamban", "Asisten Pemerintahan", "Sekretaris Daerah"])
def test_nobody_else_opens_it(keeper, office):
    other = signs_in(keeper.web, office)

    assert other.get(PAGE).status_code == 403
    assert other.get(f"{PAGE}/tiga-kecamatan.yaml").status_code == 403
