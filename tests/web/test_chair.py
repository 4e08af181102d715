"""The page of chair and secretary: what waits for them, with the buttons; what they decided, and what became of it."""

import re

import pytest

from jobs.operator import advising
from rules.policy import Severity
from tests.stories.test_advice import gives
from tests.web.test_coordinator import comes_in

CHAIR, SECRETARY = "Sekda", "Kepala Kesbangpol"


@pytest.fixture
def climbed(web):
    """A grave problem that climbed to the chair."""
    web.desk.owes_only()
    web.desk.clock.reads("H-2 09:00")
    code = web.desk.has_a_problem("Perahu bocor")
    web.desk.clock.reads("H-2 12:01")
    return code


def presses(web, code, act, **fields):
    page = web.get("/pimpinan").text
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'value="{act}"' in f and code in f)
    hidden = dict(re.findall(r'name="(word|round|seen)" value="([^"]*)"', form))
    times = re.findall(r'option value="([^"]*)"', form)
    offered = {"until": times[0]} if times else {}
    return web.post(re.search(r'action="([^"]*)"', form)[1], hidden | offered | {"act": act} | fields)


@pytest.mark.parametrize("office", [CHAIR, SECRETARY])
def test_what_climbed_to_him_stands_first_where_he_comes_in_and_he_takes_it_on_in_place(web, climbed, office):
    comes_in(web, office)
    page = web.get("/pimpinan").text
    assert "1 hal menunggu keputusan Bapak/Ibu" in page
    assert climbed in page
    assert "Perahu bocor" not in page

    assert presses(web, climbed, "acknowledge").status_code == 303

    page = web.get("/pimpinan").text
    assert "Tidak ada yang menunggu keputusan Bapak/Ibu" in page
    assert "Ditindaklanjuti sampai" in page
    assert "Belum selesai." in page
    web.desk.resolves(climbed, "Perahu diganti", by=office)
    assert "Selesai." in web.get("/pimpinan").text


def test_the_gravest_comes_first(web, climbed):
    web.desk.has_a_problem("Lain", severity=Severity.LOW)
    web.desk.clock.reads("H+7 09:00")
    comes_in(web, CHAIR)

    codes = re.findall(r'id="p-(P-\d+)"', web.get("/pimpinan").text)

    assert codes == [climbed, "P-0002"]


def test_what_was_done_is_closed_in_place(web, climbed):
    (code,) = gives(web.desk, "Camat Tamban", due="H-1 12:00")
    advising.done(web.desk.rt, code, by="camat-tamban", text="Dua perahu siap.")
    comes_in(web, CHAIR)
    assert "Dua perahu siap." in web.get("/pimpinan").text

    assert presses(web, code, "close").status_code == 303

    assert "menunggu penutupan" not in web.get("/pimpinan").text
    assert "Ditutup" in web.get("/pimpinan").text


@pytest.mark.parametrize("office", ["Asisten Pemerintahan", "Camat Tamban", "Sekretariat Desk"])
def test_it_is_nobody_elses(web, climbed, office):
    comes_in(web, office)

    assert web.get("/pimpinan").status_code == 403
    assert "/pimpinan" not in web.get("/beranda").text


def test_a_problem_about_him_is_not_on_his_page(web):
    web.desk.owes_only()
    web.desk.clock.reads("H-2 09:00")
    web.desk.has_a_problem(about=SECRETARY)
    web.desk.clock.reads("H-2 12:01")
    comes_in(web, SECRETARY)

    assert "Tidak ada yang menunggu" in web.get("/pimpinan").text


def test_whatever_he_did_about_a_problem_is_told_in_his_language(web):
    web.desk.owes_only()
    web.desk.clock.reads("H-2 09:00")
    code, other = web.desk.has_a_problem(), web.desk.has_a_problem("Hal yang sama")
    deeds = {
        "Langkah berikut ditentukan": lambda: web.desk.sets_due(code, "H-2 15:00", by=CHAIR),
        "Ditunda": lambda: web.desk.postpones(code, "H-2 15:00", "Menunggu air surut.", by=CHAIR),
        "Tingkat kerawanan diubah": lambda: web.desk.grades(code, Severity.LOW, "Sudah reda.", by=CHAIR),
        "Diteruskan ke kantor lain": lambda: web.desk.hands_on(code, "Kepala BPBD", "Mohon perahu.", by=CHAIR),
        "Selesai": lambda: web.desk.resolves(code, "Sudah tiba.", by="Kepala BPBD"),
        "Dikonfirmasi selesai": lambda: web.desk.confirms(code, by=CHAIR),
        "Dibuka kembali": lambda: web.desk.reopens(code, "Belum tiba.", by=CHAIR),
        "Digabung ke permasalahan lain": lambda: web.desk.merges(other, code, "Sama.", by=CHAIR),
    }
    comes_in(web, CHAIR)

    for told, does in deeds.items():
        does()
        if "Selesai" not in told:
            assert f": {told}" in web.get("/pimpinan").text


def test_of_a_restricted_problem_his_decision_names_no_place_and_reading_it_is_none(web):
    web.desk.owes_only()
    web.desk.clock.reads("H-2 09:00")
    code = web.desk.has_a_problem(restricted=True)
    (programme,) = web.desk.rt.programmes
    comes_in(web, CHAIR)
    assert "Tamban" in web.get(f"/koordinasi/{programme}/{code}").text
    assert code not in web.get("/pimpinan").text

    web.desk.acknowledges(code, "H-2 15:00", by=CHAIR)

    page = web.get("/pimpinan").text
    assert code in page
    assert "Tamban" not in page


def test_a_report_that_climbed_to_him_is_there_until_it_comes(web, daily):
    web.desk.clock.reads("H-6 12:00")
    comes_in(web, CHAIR)
    assert web.desk.code(daily) in web.get("/pimpinan").text

    web.desk.files(daily)

    assert web.desk.code(daily) not in web.get("/pimpinan").text
