"""The answers to one form side by side: the newest of each place, of nobody else's, and nothing that computes."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from rules.filing import Content
from tests.web.test_coordinator import ASISTEN, BPBD, SECRETARY, comes_in


def tells(web, district, office, **indicators):
    web.desk.files(web.desk.key("harian", district, "H-7"), {"indicators": indicators}, by=office)


@pytest.fixture
def told(web):
    web.desk.lives_until("H-7 12:00")
    tells(web, "Tamban", "Camat Tamban", logistik={"condition": "safe"})
    noted = {"condition": "troubled", "note": "=1+1 karam", "numbers": {"desa-logistik": 1245}}
    tells(web, "Tamban", "Camat Tamban", logistik=noted)
    web.desk.files(web.desk.key("harian", "Mekarsari", "H-7"), content=Content.NIL, by="Camat Mekarsari")
    return web


def place(web, name="", form="harian"):
    (id,) = web.desk.rt.programmes
    return f"/jawaban/{id}{name}?formulir={form}"


def test_the_newest_version_of_each_place_stands_in_one_table(told):
    comes_in(told, SECRETARY)

    page = told.get(place(told)).text

    assert "=1+1 karam" in page
    assert "Desa sudah menerima: 1.245" in page
    assert "nihil" in page
    assert "belum ada laporan" in page


def test_a_coordinator_reads_his_own_places_alone(told):
    comes_in(told, BPBD)

    assert "karam" not in told.get(place(told)).text
    assert "karam" not in told.get(place(told, "/jawaban.csv")).text


def test_a_member_of_the_team_reads_those_of_his_team(told):
    comes_in(told, "Camat Tamban")

    page = told.get(place(told)).text

    assert "karam" in page
    assert "Tabunganen" not in page


def test_the_sheet_has_a_column_for_every_number_and_computes_nothing(told):
    comes_in(told, ASISTEN)

    rows = list(load_workbook(BytesIO(told.get(place(told, "/jawaban.xlsx")).content)).active.values)
    named = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}

    tamban = named["Kecamatan Tamban"]
    assert (tamban["Logistik"], tamban["Logistik: Desa sudah menerima"]) == ("Bermasalah", "1.245")
    assert tamban["Logistik: keterangan"] == "=1+1 karam"
    assert named["Kecamatan Mekarsari"]["Logistik"] == "nihil"
    assert "'=1+1 karam" in told.get(place(told, "/jawaban.csv")).text


@pytest.mark.parametrize("form", ["tidak-ada", "../x"])
def test_a_form_that_nobody_asks_by_is_not_found(told, form):
    comes_in(told, SECRETARY)

    assert told.get(place(told, form=form)).status_code == 404


def test_nobody_reads_them_without_signing_in(told):
    assert "karam" not in told.get(place(told)).text
