"""The page of what is ahead: for whoever leads, of his own districts alone."""

import re

import pytest

from tests.web.test_coordinator import comes_in
from web import pages


def test_a_coordinator_reads_what_falls_due_and_where(web):
    web.desk.clock.reads("H-7 12:00")
    comes_in(web, "Asisten Pemerintahan")

    page = web.get("/ke-depan").text

    assert "Jatuh tempo dalam 24 jam" in page
    assert "Laporan harian, Kecamatan Tamban dan Kecamatan Mekarsari" in page
    assert "Tabunganen" not in page


def test_what_was_promised_until_tonight_is_named_with_its_time(web, daily):
    key = web.desk.key("harian", "Tamban", "H-7")
    web.desk.promises(key, "H-7 21:00")
    comes_in(web, "Asisten Pemerintahan")

    page = web.get("/ke-depan").text

    assert "21.00 WITA" in page
    assert f"{web.desk.code(key)}, Kecamatan Tamban" in page
    assert "waktu yang diminta pelapor berakhir" in page


def test_whom_a_problem_is_about_does_not_read_when_its_rest_ends(web):
    web.desk.owes_only()
    web.desk.clock.reads("H-7 09:00")
    code = web.desk.has_a_problem(about="Asisten Pemerintahan")
    web.desk.acknowledges(code, "H-7 15:00", by="Kepala Kesbangpol")

    comes_in(web, "Asisten Pemerintahan")
    assert code not in web.get("/ke-depan").text

    comes_in(web, "Kepala Kesbangpol")
    assert code in web.get("/ke-depan").text


def test_an_office_that_nothing_reaches_is_named_to_whoever_leads_there(web, daily):
    web.desk.loses("Kepala Dinas Kominfo")

    comes_in(web, "Asisten Pemerintahan")
    assert "Kepala Dinas Kominfo" in web.get("/ke-depan").text

    comes_in(web, "Kepala BPBD")
    assert "Semua jabatan dapat dihubungi." in web.get("/ke-depan").text


@pytest.mark.parametrize("office", ["Camat Tamban", "Kadis Kominfo"])
def test_a_team_has_no_such_page(web, daily, office):
    comes_in(web, office)

    assert web.get("/ke-depan").status_code == 403


def test_the_secretariat_reads_of_all_districts(web):
    web.desk.clock.reads("H-7 12:00")
    comes_in(web, "Sekretariat Desk")

    assert "Kecamatan Tabunganen, Kecamatan Tamban, dan Kecamatan Mekarsari" in web.get("/ke-depan").text


def test_no_page_sends_anybody_to_the_secretariat_without_its_number():
    """Whatever frame a page has, its foot or its own words give the number: `secretariat` is never said without."""
    found = [path for path in pages.TEMPLATES.rglob("*.html.j2") if path.parent.name != "aides"]  # they ask a Camat
    templates = {path: path.read_text(encoding="utf-8") for path in found}
    framed = ('extends "desk.html.j2"', "{{ secretariat }}")

    sending = {path.name for path, text in templates.items() if re.search(r"(?i)hubungi[^.{]*sekretariat", text)}
    alone = {path.name for path, text in templates.items() if not any(frame in text for frame in framed)}

    assert sending & alone == set()
    of_operators = {"health.html.j2", "keadaan.html.j2", "masuk.html.j2"}
    assert {path.name for path, text in templates.items() if 'extends "base.html.j2"' in text} & alone == of_operators
