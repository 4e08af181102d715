"""What a link's list shows of much: how much there is in all, and that nothing of it is out of reach."""

import re

import pytest
from sqlalchemy import update

from models.machine import clock
from models.matters.matters import Matter
from services import restoring
from tests.web.signing import signs_in

TAMBAN, MEKARSARI, KOMINFO = "Camat Tamban", "Camat Mekarsari", "Kepala Dinas Kominfo"


@pytest.fixture
def late(web):
    """Seven reports of a week are owed by each of a team's two districts, and none is closed."""
    desk = web.desk
    keys = [desk.key("harian", place, f"H-{n}") for place in ("Tamban", "Mekarsari") for n in range(7, 0, -1)]
    desk.owes_only(*keys)
    with desk.rt.sessions.begin() as session:
        session.execute(update(Matter).where(Matter.key.in_(keys)).values(closes_after=None))
    desk.clock.jumps("H-1 12:00")
    return keys


@pytest.mark.parametrize("office", [TAMBAN, KOMINFO])
def test_a_list_longer_than_a_page_says_how_long_it_is_and_goes_on(web, late, office):
    token = web.given(office)

    first = web.get(f"/l/{token}").text
    (more,) = re.findall(r'href="([?]hal=2)"', first)
    second = web.get(f"/l/{token}{more}").text

    assert "Ditampilkan 1 sampai 12 dari 14." in first
    assert "Ditampilkan 13 sampai 14 dari 14." in second
    assert all(f'id="j-{web.desk.code(key)}"' in first + second for key in late)
    assert f"(pelapor: {MEKARSARI}): 7 laporan" in first
    assert f"(pelapor: {MEKARSARI}): 7 laporan" in second


def test_a_long_list_says_how_many_reports_one_owes_and_not_how_many_are_shown(web, late):
    assert "7 laporan kami nantikan" in web.get(f"/l/{web.given(TAMBAN)}?hal=2").text


def test_a_head_of_unit_is_told_that_he_does_not_report_but_may_help(web, late):
    page = web.get(f"/l/{web.given(KOMINFO)}").text

    assert f"{KOMINFO} tidak bertugas melapor. 14 laporan dari kecamatan dalam tim kami nantikan" in page


def test_a_report_of_the_morning_can_be_corrected_in_the_evening_however_much_came_since(web):
    desk = web.desk
    keys = [desk.key("hari-h", p, f"H@{at}") for at in ("07.30", "10.00", "13.30") for p in ("Tamban", "Mekarsari")]
    desk.owes_only(*keys)
    desk.clock.reads("H 13:20")
    for key in keys:
        desk.files(key, by=TAMBAN if ".02/" in key else MEKARSARI)

    page = web.get(f"/l/{web.given(TAMBAN)}").text

    assert all(f'/{desk.code(key)}">ralat</a>' in page for key in keys if ".02/" in key)
    assert "ditampilkan di sini" not in page
    assert "Yang lebih dahulu, dalam tujuh hari: 1 laporan" in page


@pytest.fixture
def put_back(web, daily):
    """An older copy of the books was put back: nothing is known from noon to three."""
    web.desk.clock.jumps("H-7 15:00")
    with web.desk.rt.sessions.begin() as session:
        restoring.opened(session, web.desk.moment("H-7 12:00"), ordered=True, now=web.desk.clock.at)
    return web


def test_whoever_reports_reads_of_which_hours_the_books_were_lost(put_back):
    page = put_back.get(f"/l/{put_back.given('Camat Tamban')}").text

    assert "pukul 12.00 WITA s.d. 7 Februari 2024 pukul 15.00 WITA hilang" in page
    assert "mohon dikirim lagi: laporan, kejadian" in page


@pytest.mark.parametrize(
    ("office", "path"),
    [
        ("Asisten Pemerintahan", "/koordinasi"),
        ("Sekretariat Desk", "/sekretariat"),
        ("Sekda", "/papan"),
        ("Sekda", "/pimpinan"),
    ],
)
def test_whoever_looks_reads_of_which_hours_the_books_were_lost(put_back, office, path):
    with put_back.desk.rt.sessions.begin() as session:
        clock.mark(session, clock.HOLD, None)
    signs_in(put_back, office)

    assert "7 Februari 2024 pukul 15.00 WITA hilang" in put_back.get(path).text


def test_on_a_small_screen_a_report_of_voting_day_comes_before_what_is_older(web):
    day = web.desk.key("hari-h", "Tamban", "H@07.30")
    eve = web.desk.key("harian", "Tamban", "H-1")
    web.desk.owes_only(day, eve)
    web.desk.clock.reads("H 07:00")

    page = web.get(f"/l/{web.given('Camat Tamban')}").text

    assert page.index(web.desk.code(day)) < page.index(web.desk.code(eve))


def test_one_decision_about_many_reports_is_told_once(web):
    keys = [web.desk.key("harian", place, "H-7") for place in ("Tamban", "Mekarsari")]
    web.desk.owes_only(*keys)
    web.desk.clock.reads("H-7 12:00")
    for key in keys:
        web.desk.extends(key, "H-7 19:00", "Banjir besar.")

    page = web.get(f"/l/{web.given(TAMBAN)}").text

    assert page.count("Banjir besar.") == 1
    assert all(f"{web.desk.code(key)}, Kecamatan" in page for key in keys)
