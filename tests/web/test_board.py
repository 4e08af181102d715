"""The board: what is grave, how today's reports stand and what they say, each figure as on the pages behind it."""

import re

import pytest

from models.machine.stops import Stop
from rules.filing import Content
from rules.policy import Severity
from tests.web.test_coordinator import comes_in

SLOT = "H@07.30"


def says(web, district, office, **indicators):
    web.desk.files(web.desk.key("hari-h", district, SLOT), {"indicators": indicators}, by=office)


@pytest.fixture
def morning(web):
    """Voting day at 07.45: Tamban reports trouble, Mekarsari nil, Tabunganen nothing."""
    desk = web.desk
    desk.owes_only(*(desk.key("hari-h", district, SLOT) for district in ("Tabunganen", "Tamban", "Mekarsari")))
    desk.clock.jumps("H 07:00")
    says(web, "Tamban", "Camat Tamban", **{"tps-buka": {"condition": "troubled", "note": "Dua TPS belum dibuka"}})
    desk.files(desk.key("hari-h", "Mekarsari", SLOT), by="Camat Mekarsari", content=Content.NIL)
    desk.clock.jumps("H 07:30")
    return web


def shown(web, office="Sekretaris Daerah", path="/papan"):
    comes_in(web, office)
    return re.sub(r"\s+", " ", web.get(path).text)


def test_the_chair_sees_how_todays_reports_stand_in_every_district(morning):
    page = shown(morning)

    assert "2 dari 3 laporan masuk; 1 belum masuk." in page
    assert 'aria-label="Tamban: tepat waktu, bermasalah"' in page
    assert 'aria-label="Mekarsari: tepat waktu, nihil"' in page
    assert 'aria-label="Tabunganen: belum masuk"' in page


def test_each_cell_opens_its_report(morning):
    page = shown(morning)
    code = morning.desk.code(morning.desk.key("hari-h", "Tamban", SLOT))

    assert morning.get(re.search(rf'href="(/koordinasi/\d+/{code})"', page)[1]).status_code == 200


def test_what_the_reports_call_wrong_is_named_with_its_place(morning):
    page = shown(morning)

    assert "<strong>Pembukaan TPS</strong>: 1 dari 3 kecamatan bermasalah, 1 belum dipantau." in page
    assert "Belum pernah dilaporkan:" in page


def test_the_gravest_problems_come_first_and_the_rest_is_counted(morning):
    desk = morning.desk
    for number in range(12):
        desk.has_a_problem(f"Ringan {number}", severity=Severity.LOW)
    desk.has_a_problem("Perahu logistik karam", severity=Severity.HIGH)

    page = shown(morning)

    assert "Permasalahan terbuka: 13" in page
    assert page.index("Perahu logistik karam") < page.index("Ringan 0")
    assert "Ringan 8" in page
    assert "Ringan 9" not in page
    assert "Lihat semua permasalahan yang terbuka" in page


def test_a_coordinator_sees_his_own_districts_alone(morning):
    morning.desk.has_a_problem("Perahu logistik karam")

    page = shown(morning, "Kepala BPBD")

    assert "Tabunganen" in page
    assert "Tamban" not in page.replace("Camat Tamban", "")
    assert "karam" not in page


def test_a_team_sees_its_own_districts_and_nothing_of_the_machine(morning):
    page = shown(morning, "Camat Tabunganen")

    assert 'aria-label="Tabunganen: belum masuk"' in page
    assert "Mekarsari" not in page
    assert "Pesan" not in page


def test_whatever_a_member_of_a_team_finds_on_the_board_opens(morning):
    morning.desk.has_a_problem("Perahu logistik karam", district="63.04.01")
    page = shown(morning, "Camat Tabunganen")

    assert "Perahu logistik karam" in page
    ways = set(re.findall(r'href="(/(?:koordinasi|keadaan)/[^"]*)"', page))
    assert [way for way in ways if morning.get(way).status_code != 200] == []


def test_whom_a_problem_is_about_does_not_see_it_there(morning):
    morning.desk.has_a_problem("Aduan tentang kantor", about="Asisten Pemerintahan")

    assert "Aduan tentang kantor" not in shown(morning, "Asisten Pemerintahan")


def test_on_the_wall_it_asks_for_itself_again_and_at_a_desk_it_stands_still(morning):
    comes_in(morning, "Sekretaris Daerah")

    assert morning.get("/papan?layar=ya").headers["Refresh"] == "60"
    assert "Refresh" not in morning.get("/papan").headers


def test_reports_of_earlier_days_that_are_still_owed_are_counted(web):
    desk = web.desk
    desk.owes_only(desk.key("harian", "Tamban", "H-2"), desk.key("harian", "Tamban", "H-1"))
    desk.clock.jumps("H-1 08:00")

    page = shown(web)

    assert "0 dari 1 laporan masuk; 1 belum waktunya." in page
    assert "1 laporan hari sebelumnya masih ditunggu." in page


def test_it_says_what_goes_out_next_and_that_sending_is_held(morning):
    morning.desk.holds("Gangguan")

    assert "Pengiriman sedang ditahan." in shown(morning)


def test_the_map_has_a_tile_for_every_district_that_has_a_place(morning):
    page = shown(morning)

    assert re.findall(r'<a href="/keadaan/\d+/([\d.]+)" aria-label="([^"]+)"', page) == [
        ("63.04.01", "Tabunganen: belum dipantau"),
        ("63.04.02", "Tamban: bermasalah"),
        ("63.04.13", "Mekarsari: nihil, 6 bidang"),
    ]
    assert re.findall(r'<rect class="f-\w+" x="(\d+)" y="(\d+)"', page) == [("0", "58"), ("132", "0"), ("0", "0")]


def test_nobody_sees_it_without_signing_in(morning):
    morning.client.cookies.clear()

    assert morning.get("/papan").status_code in (303, 401, 403)


def test_what_is_missing_because_of_us_is_said_to_be_so(morning):
    with morning.desk.rt.sessions.begin() as session:
        session.add(Stop(began_at=morning.desk.moment("H 04:00"), ended_at=morning.desk.moment("H 07:29")))
        session.add(Stop(began_at=morning.desk.moment("H 07:29"), ended_at=morning.desk.moment("H 07:31")))

    page = shown(morning)

    assert "2 dari 3 laporan masuk; 1 belum masuk; 1 keterlambatan bukan karena tim." in page
    assert 'aria-label="Tabunganen: belum masuk, sistem Tim DESK terhenti"' in page


def test_the_chair_sees_how_much_waits_for_him_and_what_nobody_has_taken_on(morning):
    morning.desk.has_a_problem("Perahu logistik karam")
    morning.desk.has_a_problem("Surat suara kurang")
    morning.desk.acknowledges("P-0002", "H 12:00")

    page = shown(morning)

    assert "1 belum ada yang menangani" in page
    assert "menunggu keputusan" not in page  # nothing has climbed to him yet

    morning.desk.clock.reads("H 11:30")
    assert "hal menunggu keputusan Bapak/Ibu" in shown(morning)


def test_one_team_alone_is_an_address_that_the_wall_keeps_too(morning):
    desk = morning.desk.programme.desk
    team = desk.team_of("63.04.01")
    page = shown(morning, path=f"/papan?tim={team.code}")

    assert 'aria-label="Tabunganen: belum masuk"' in page
    assert 'aria-label="Mekarsari' not in page
    assert f'<option value="{team.code}" selected>' in page
    assert f"/papan?layar=ya&amp;tim={team.code}" in page
    assert 'aria-label="Mekarsari' in shown(morning, path="/papan?tim=tidak-ada%22%3E")
