"""The page of the situation: the same words for all, and of nobody else's districts."""

import pytest

from config import loader
from jobs.operator import amend
from tests.web.test_coordinator import comes_in


def tells(web, district="Tamban", office="Camat Tamban", **indicators):
    web.desk.files(web.desk.key("harian", district, "H-7"), {"indicators": indicators}, by=office)


@pytest.fixture
def told(web, daily):
    tells(
        web,
        logistik={"condition": "troubled", "note": "Kapal <b>karam</b>", "numbers": {"desa-logistik": 7}},
        keamanan={"condition": "safe"},
    )
    return web


def district_page(web, district="Tamban"):
    (programme,) = web.desk.rt.programmes
    code = next(own.code for own in web.desk.programme.desk.districts if own.name == district)
    return web.get(f"/keadaan/{programme}/{code}")


def test_the_secretary_sees_the_worst_of_every_group_and_what_is_not_known(told):
    comes_in(told, "Kepala Kesbangpol")

    page = told.get("/keadaan").text

    assert "1 dari 3 kecamatan bermasalah, 2 belum dipantau" in page
    assert "7 (dari 1 kecamatan yang melaporkan)" in page
    assert "Kapal &lt;b&gt;karam&lt;/b&gt;" in page


def test_a_coordinator_sees_his_own_districts_alone(told):
    comes_in(told, "Kepala BPBD")

    assert "karam" not in told.get("/keadaan").text
    assert district_page(told).status_code == 403


def test_a_camat_sees_the_districts_of_his_team(told):
    comes_in(told, "Camat Tamban")

    assert "karam" in district_page(told).text
    assert "Tabunganen" not in told.get("/keadaan").text


def test_a_district_shows_each_group_with_its_age_and_by_whom(told):
    comes_in(told, "Asisten Pemerintahan")

    page = district_page(told).text

    assert "Rabu 7/2, 12.00 WITA, Camat Tamban" in page
    assert "Desa sudah menerima" in page


def test_nobody_sees_it_without_signing_in(told):
    assert told.get("/keadaan").status_code in (303, 401, 403)
    assert "karam" not in district_page(told).text


def test_an_address_that_names_no_district_is_answered_like_one_of_others(told):
    comes_in(told, "Kepala Kesbangpol")
    (programme,) = told.desk.rt.programmes

    for path in (f"/keadaan/{programme}/x", "/keadaan/999/63.04.05", f"/keadaan/{programme}/63.04"):
        assert told.get(path).status_code == 403


POLLING = """
polling:
  pemilihan:
    source: made up for this story
    by_district:
      "63.04.02": {stations: 198}
"""


@pytest.fixture
def opened(web):
    """Half past seven on voting day: Tamban says how many of its stations opened, the others have not written yet."""
    known = loader.parse(web.desk.documents[1].text + POLLING, "tiga-kecamatan.yaml")
    amend.amend(web.desk.rt, [known])
    key = web.desk.key("hari-h", "Tamban", "H@07.30")
    web.desk.owes_only(key)
    web.desk.clock.reads("H 07:20")
    web.desk.files(key, {"indicators": {"tps-buka": {"condition": "safe", "numbers": {"tps-buka": 187}}}})
    return web


def test_how_many_stations_opened_is_told_of_every_district_also_of_those_that_did_not_say(opened):
    comes_in(opened, "Kepala Kesbangpol")

    page = opened.get("/keadaan").text

    assert "TPS sudah dibuka: 187 (dari 1 kecamatan yang melaporkan)" in page
    assert "Kecamatan Tamban</a>: 187 dari 198 TPS sudah dibuka pukul 07.20 WITA" in page
    assert "Kecamatan Mekarsari</a>: belum dilaporkan" in page
    assert "187 dari 198 TPS sudah dibuka pukul 07.20 WITA" in district_page(opened).text


def test_before_voting_day_no_milestone_is_shown(told):
    comes_in(told, "Kepala Kesbangpol")

    assert "Perkembangan hari pemungutan suara" not in told.get("/keadaan").text
