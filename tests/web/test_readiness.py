"""The page of readiness: for whoever oversees, of what serves his districts; and the one tap that fills it."""

import pytest

from rules.filing import Content
from tests.stories import prepared
from tests.stories.desk import Desk
from tests.web.conftest import URL
from tests.web.test_coordinator import comes_in


@pytest.fixture
def desk(sessions, tmp_path):
    desk = Desk(sessions, prepared.files(tmp_path), starts="2024-01-05 08:00")
    desk.rt.public_url = URL
    desk.owes_only(*(o.key for o in desk.programme.obligations() if desk.programme.policy.duty(o.duty).support))
    return desk


def key(desk, duty: str, area: str = "") -> str:
    return next(o.key for o in desk.programme.obligations() if o.duty == duty and area in o.area)


def test_everything_ready_is_said_by_one_tap(web):
    boats = key(web.desk, "angkutan")
    web.desk.clock.reads("H-15 09:00")
    token = web.given("Kepala BPBD")
    assert "Semua siap" in web.get(f"/l/{token}").text

    page = web.post(f"/l/{token}/{web.desk.code(boats)}", {"answer": "ready", "seen": "0"})

    assert page.status_code == 200
    assert "Siap: 4" in page.text
    (report,) = web.desk.reports(boats)
    assert report.content is Content.FILLED
    assert {own["condition"] for own in report.body["indicators"].values()} == {"ready"}


def test_a_checklist_asks_whether_each_line_is_ready(web):
    boats = key(web.desk, "angkutan")
    web.desk.clock.reads("H-15 09:00")

    page = web.get(f"/l/{web.given('Kepala BPBD')}/{web.desk.code(boats)}").text

    assert "Bukan bagian kami" in page
    assert "Belum dipantau" not in page
    assert "Prediksi" not in page


def test_a_report_of_what_is_seen_is_not_said_to_be_ready(web):
    weekly = web.desk.key("harian", "Tamban", "H-7")
    web.desk.clock.reads("H-15 09:00")

    page = web.answers(web.given("Camat Tamban"), weekly, answer="ready", seen="0")

    assert page.status_code >= 400
    assert not web.desk.reports(weekly)


def test_whoever_oversees_reads_what_is_ready_and_what_holds_up_what(web):
    web.desk.clock.reads("H-15 09:00")
    comes_in(web, "Kepala Kesbangpol")

    page = web.get("/kesiapan").text

    assert "Belum siap: 6 dari 6" in page
    assert "Yang menahan dukungan lain" in page
    assert "Penyaluran hibah, Sekretaris Daerah</a><br>Belum dijawab. 3 dukungan menunggu" in page
    assert "<strong>Tamban</strong>: siap 0 dari 2 (0%), belum siap 2, terlambat dijawab 1" in page


def test_a_coordinator_reads_of_what_serves_his_districts_and_opens_only_those(web):
    web.desk.clock.reads("H-15 09:00")
    comes_in(web, "Asisten Pemerintahan")

    page = web.get("/kesiapan").text

    assert "Angkutan kotak" not in page
    assert "Kecamatan Tabunganen" not in page
    (programme,) = web.desk.rt.programmes
    assert f"/koordinasi/{programme}/{web.desk.code(key(web.desk, 'gudang', '63.04.02'))}" in page
    assert f"/koordinasi/{programme}/{web.desk.code(key(web.desk, 'hibah'))}" not in page


def test_the_secretary_opens_an_offices_item(web):
    hibah = key(web.desk, "angkutan")
    web.desk.clock.reads("H-13 09:00")
    comes_in(web, "Kepala Kesbangpol")
    (programme,) = web.desk.rt.programmes

    page = web.get(f"/koordinasi/{programme}/{web.desk.code(hibah)}")

    assert page.status_code == 200
    assert "Angkutan kotak" in page.text
    assert "Kepala BPBD" in page.text


@pytest.mark.parametrize("office", ["Camat Tamban", "Kepala Dinas Kominfo"])
def test_a_team_has_no_such_page(web, office):
    web.desk.clock.reads("H-15 09:00")
    comes_in(web, office)

    assert web.get("/kesiapan").status_code == 403


def test_an_office_that_has_something_ready_files_from_its_own_page(web):
    web.desk.clock.reads("H-15 09:00")
    comes_in(web, "Kepala Dinas Kominfo")

    page = web.get("/beranda").text

    assert "/beranda/laporan" in page


def test_the_board_says_how_ready_what_is_ahead_is_and_no_more_once_it_began(web):
    web.desk.clock.reads("H-15 09:00")
    comes_in(web, "Sekretaris Daerah")

    page = web.get("/papan").text

    assert ">Pergeseran logistik</a>: siap 0 dari 6 (0%), belum siap 6, terlambat dijawab 1" in page
    web.desk.clock.jumps("H-2 09:00")
    comes_in(web, "Sekretaris Daerah")
    page = web.get("/papan").text
    assert "Pergeseran logistik" not in page
    assert ">Rekapitulasi kabupaten</a>: siap 0 dari 3" in page


def test_a_coordinators_board_counts_what_serves_his_districts(web):
    web.desk.clock.reads("H-15 09:00")
    comes_in(web, "Asisten Pemerintahan")

    assert ">Pergeseran logistik</a>: siap 0 dari 3 (0%)" in web.get("/papan").text


def test_a_team_reads_of_its_reports_alone(web):
    web.desk.clock.reads("H-15 09:00")
    comes_in(web, "Camat Tamban")

    assert "Pergeseran logistik" not in web.get("/papan").text


def test_who_may_not_read_a_restricted_problem_reads_no_line_that_it_may_be_about(web):
    boats = key(web.desk, "gudang", "63.04.02")
    web.desk.clock.reads("H-13 09:00")
    form = web.desk.rt.form("dukungan-gudang")
    first = form.indicators[0]
    body = {"form": form.code, "form_digest": form.digest, "indicators": {first.code: {"condition": "not_ready"}}}
    web.desk.files(boats, body)
    comes_in(web, "Sekretariat Desk")
    assert first.name in web.get("/kesiapan").text

    web.desk.has_a_problem("Aduan tentang gudang", district="63.04.02", restricted=True)

    assert first.name not in web.get("/kesiapan").text
    comes_in(web, "Kepala Kesbangpol")
    assert first.name in web.get("/kesiapan").text
