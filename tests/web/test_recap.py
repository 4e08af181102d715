"""The recap: counted alike for all, each figure with its rows, each row with its reasons, of nobody else's places."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from config import loader
from jobs.operator import amend
from rules.desk import Channel
from tests.stories.desk import POLICY, uncalled
from tests.web.test_coordinator import ASISTEN, BPBD, SECRETARY, SEKDA, comes_in

DAY = "dari=2024-02-07&sampai=2024-02-07"


@pytest.fixture
def late(web, daily):
    """Tamban's report of H-7 is late by an hour; two more are owed by others, one of them told to nobody."""
    web.desk.lives_until("H-7 16:00")
    web.desk.files(daily)
    return daily


def program(web):
    (id,) = web.desk.rt.programmes
    return id


def figures(page: str) -> set[str]:
    """Every figure that leads somewhere, in words."""
    return set(re.findall(r'aria-label="([^"]+: \d+)"', page))


def test_a_late_report_is_counted_with_its_cause(web, late):
    comes_in(web, ASISTEN)

    page = web.get(f"/rekap?{DAY}").text

    assert {"Tamban, terlambat: 1", "Jumlah, jatuh tempo: 1"} <= figures(page)
    assert "Tamban, di pihak tim: 1" in figures(page)


def test_every_figure_leads_to_as_many_rows_as_it_says(web, late):
    comes_in(web, SECRETARY)
    page = web.get(f"/rekap?{DAY}").text
    links = re.findall(r'href="(/rekap/[^"]+)" aria-label="[^"]+: (\d+)"', page)

    assert links
    for path, count in links:
        rows = web.get(path.replace("&amp;", "&")).text
        assert len(re.findall(r'href="/mengapa/', rows)) == int(count)


def test_the_reasons_are_read_by_as_many_statements_however_much_was_told(web, daily):
    web.desk.clock.reads("H-7 15:10")
    comes_in(web, "Camat Tamban")
    path = f"/mengapa/{program(web)}/{web.desk.code(daily)}"
    few, told = web.statements(path), len(web.desk.notices(daily))

    web.desk.clock.reads("H-7 18:10")
    comes_in(web, "Camat Tamban")

    assert len(web.desk.notices(daily)) > told + 2
    assert web.statements(path) == few


def test_a_row_leads_to_who_was_told_when_and_by_which_way(web, late):
    comes_in(web, "Camat Tamban")

    page = web.get(f"/mengapa/{program(web)}/{web.desk.code(late)}").text

    assert "Pengingat kepada Camat Tamban, surel" in page
    assert "dikirim Rabu 7/2, 12.00 WITA" in page
    assert "terlambat, terisi (di pihak tim)." in page


def test_what_did_not_arrive_is_said_to_be_ours(web, desk):
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    desk.loses("Camat Tamban", Channel.EMAIL, Channel.SMS)
    desk.clock.reads("H-7 15:30")
    comes_in(web, SECRETARY)

    page = web.get(f"/mengapa/{program(web)}/{desk.code(key)}").text

    assert "Belum masuk (pemberitahuan tidak sampai)." in page
    assert "tidak ada kontak yang dapat dipakai" in page


def test_what_money_held_back_says_so_and_is_said_to_be_ours(web, desk, tmp_path):
    costs = "\ncosts:\n  prices: {sms: {each: 500}}\n  budget: 100\n"
    (tmp_path / "berbayar.yaml").write_text(uncalled(POLICY.read_text(encoding="utf-8")) + costs, encoding="utf-8")
    amend.amend(desk.rt, [loader.read(tmp_path / "berbayar.yaml")])
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    desk.loses("Camat Tamban", Channel.EMAIL)
    desk.clock.reads("H-7 15:30")
    comes_in(web, SECRETARY)

    page = web.get(f"/mengapa/{program(web)}/{desk.code(key)}").text

    assert "Belum masuk (anggaran pesan terpakai)." in page
    assert "tidak dikirim karena anggaran pesan terpakai" in page
    assert "tidak ada kontak" not in page


def test_a_stop_of_ours_stands_among_what_happened(web, desk):
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    desk.is_down("H-7 11:00", "H-6 17:00")
    desk.turn()
    comes_in(web, SECRETARY)

    page = web.get(f"/mengapa/{program(web)}/{desk.code(key)}").text

    assert "Belum masuk (sistem Tim DESK terhenti)." in page
    assert "sampai Kamis 8/2, 17.00 WITA" in page


@pytest.mark.parametrize(
    ("office", "sees"),
    [
        pytest.param(SECRETARY, {"Tabunganen", "Tamban", "Mekarsari"}, id="the secretary"),
        pytest.param(SEKDA, {"Tabunganen", "Tamban", "Mekarsari"}, id="the chair"),
        pytest.param("Sekretariat Desk", {"Tabunganen", "Tamban", "Mekarsari"}, id="the secretariat"),
        pytest.param(ASISTEN, {"Tamban", "Mekarsari"}, id="a coordinator"),
        pytest.param(BPBD, {"Tabunganen"}, id="another coordinator"),
        pytest.param("Camat Tamban", {"Tamban", "Mekarsari"}, id="a member of a team"),
    ],
)
def test_each_office_sees_its_own_places_alone(web, late, office, sees):
    comes_in(web, office)
    own = "Tamban" in sees

    page = web.get(f"/rekap?{DAY}").text

    assert {name for name in ("Tabunganen", "Tamban", "Mekarsari") if f">{name}<" in page} == sees
    assert web.get(f"/mengapa/{program(web)}/{web.desk.code(late)}").status_code == (200 if own else 403)
    rows = web.get(f"/rekap/{program(web)}/baris?{DAY}&menurut=kecamatan&bagian=63.04.02&angka=late").text
    assert (web.desk.code(late) in rows) == own
    assert ("Tamban;1" in web.get(f"/rekap/{program(web)}/rekap.csv?{DAY}").text) == own


def test_nobody_sees_it_without_signing_in(web, late):
    for path in ("/rekap", f"/rekap/{program(web)}/rekap.csv", f"/mengapa/{program(web)}/{web.desk.code(late)}"):
        assert "Tamban" not in web.get(path).text


@pytest.mark.parametrize(
    "path", ["/rekap?program=999", "/rekap/999/rekap.csv", "/rekap/999/baris", "/mengapa/1/P-0001"]
)
def test_an_address_of_another_election_or_of_no_report_is_refused(web, late, path):
    comes_in(web, SECRETARY)

    assert web.get(path).status_code == 403


@pytest.mark.parametrize("by", ["kecamatan", "tim", "jenis", "tingkat", "", "x"])
def test_it_is_split_by_district_team_duty_or_level(web, late, by):
    comes_in(web, SECRETARY)

    page = web.get(f"/rekap?{DAY}&menurut={by}").text

    names = {"tim": "Tim DESK VIII", "jenis": "Laporan harian", "tingkat": "Kecamatan"}
    assert f"{names.get(by, 'Tamban')}, terlambat: 1" in figures(page)
    assert "Jumlah, terlambat: 1" in figures(page)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        pytest.param("dari=2024-02-08&sampai=2024-02-07", "mendahului hari pertama", id="backwards"),
        pytest.param("dari=14/02/24", "dapat berarti dua hal", id="a day that may be two"),
    ],
)
def test_days_that_make_no_period_are_said_and_shown_again(web, late, typed, answer):
    comes_in(web, SECRETARY)

    page = web.get(f"/rekap?{typed}")

    assert page.status_code == 422
    assert answer in page.text
    assert typed.split("=")[1].split("&")[0] in page.text


def test_one_day_alone_is_a_period(web, late):
    comes_in(web, SECRETARY)

    assert "Jumlah, terlambat: 1" in figures(web.get("/rekap?dari=7 Februari 2024").text)


def test_the_sheet_says_what_the_page_says(web, late):
    comes_in(web, SECRETARY)

    saved = web.get(f"/rekap/{program(web)}/rekap.xlsx?{DAY}")
    rows = list(load_workbook(BytesIO(saved.content)).active.values)

    named = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    tamban = next(row for row in named if row["Kecamatan"] == "Tamban")
    assert (tamban["Jatuh tempo"], tamban["Terlambat"], tamban["Di pihak tim"]) == ("1", "1", "1")
    assert named[-1]["Kecamatan"] == "Jumlah"
    assert "rekap-kecamatan-2024-02-07-2024-02-07.xlsx" in saved.headers["content-disposition"]


def test_lists_tell_what_is_late_for_a_reason_of_ours(web, desk):
    """Both reports are late; of one its reporter could not know."""
    keys = [desk.key("harian", district, "H-7") for district in ("Tamban", "Mekarsari")]
    desk.owes_only(*keys)
    desk.loses("Camat Tamban", Channel.EMAIL, Channel.SMS)
    desk.clock.reads("H-7 15:30")

    comes_in(web, ASISTEN)
    listed = web.get("/koordinasi").text
    comes_in(web, "Sekretariat Desk")
    today = web.get("/sekretariat").text

    assert "2 laporan masih ditunggu lewat batas waktu, 1 di antaranya bukan karena tim" in listed
    assert f"{desk.code(keys[0])}, Laporan harian</a> (pemberitahuan tidak sampai)" in today
    assert f"{desk.code(keys[1])}, Laporan harian</a> (" not in today
