"""What a link's list shows of much: how much there is in all, and that nothing of it is out of reach."""

import re

import pytest
from sqlalchemy import update

from models.matters.matters import Matter

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
