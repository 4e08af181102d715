"""A whole regency on a phone: what is long is folded, and what is folded says in a line what is in it."""

import re

import pytest

from models.base import Sessions
from tests.stories.desk import ELECTION, POLICY, ROOT, Desk
from tests.web.conftest import URL
from tests.web.test_coordinator import comes_in


@pytest.fixture
def desk(sessions: Sessions) -> Desk:
    """The desk of seventeen districts, on the morning of voting day: one report came."""
    desk = Desk(sessions, (ELECTION, ROOT / "config/desks/barito-kuala.yaml", POLICY))
    desk.rt.public_url = URL
    names = [district.name for district in desk.programme.desk.districts]
    own = [desk.key("hari-h", name, f"H@{at}") for name in names for at in ("07.30", "10.00")]
    desk.owes_only(*own)
    desk.clock.jumps("H 07:20")
    desk.files(own[0], by="Camat Tabunganen")
    desk.has_a_problem(district="63.04.02")
    desk.clock.jumps("H 08:00")
    return desk


def summaries(page: str) -> list[str]:
    found = re.findall(r"<details><summary>(.*?)</summary>|<details>\s*<summary>(.*?)</summary>", page, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", "".join(own))).strip() for own in found]


def test_whoever_leads_many_districts_reads_each_in_two_numbers(web):
    comes_in(web, "Sekretaris Daerah")

    folded = summaries(web.get("/koordinasi").text)

    late, grave = "1 laporan masih ditunggu lewat batas waktu", "1 permasalahan terbuka, 1 di antaranya sangat rawan"
    assert f"Kecamatan Tamban {late}; {grave}" in folded
    assert f"Kecamatan Alalak {late}" in folded
    assert "Kecamatan Tabunganen" in folded


def test_whoever_leads_few_districts_finds_them_open(web):
    web.desk.owes_only()
    comes_in(web, "Sekretaris Daerah")

    assert [own for own in summaries(web.get("/koordinasi").text) if "Kecamatan" in own] == []


def test_the_secretariat_reads_how_much_of_each_district_came_and_opens_what_it_wants(web):
    comes_in(web, "Sekretariat Tim DESK Pemilu")

    folded = summaries(web.get("/sekretariat").text)

    assert "Kecamatan Tabunganen 1 dari 2 laporan diterima." in folded
    assert "Kecamatan Tamban 0 dari 2 laporan diterima." in folded


def test_of_many_places_that_are_late_the_secretariat_reads_the_sums_first_and_each_code_without_opening(web):
    web.desk.clock.jumps("H 10:30")
    comes_in(web, "Sekretariat Tim DESK Pemilu")

    page = web.get("/sekretariat").text

    late = page.partition("Lewat batas waktu, belum kami terima")[2]
    assert re.sub(r"\s*<[^>]+>\s*", "|", late.partition("<details>")[0]).strip("|") == (
        "33 laporan.|Laporan pukul 07.30: pembukaan TPS: 16|Laporan pukul 10.00: jalannya pemungutan suara: 17"
    )
    codes = [web.desk.code(web.desk.key("hari-h", "Tamban", f"H@{at}")) for at in ("07.30", "10.00")]
    assert f"Kecamatan Tamban {', '.join(codes)}" in summaries(late)


def test_places_of_which_nothing_is_to_come_are_named_in_one_line(web):
    web.desk.owes_only(web.desk.key("hari-h", "Tamban", "H@07.30"))
    web.desk.clock.jumps("H+1 08:00")
    comes_in(web, "Sekretariat Tim DESK Pemilu")

    page = web.get("/sekretariat").text

    assert page.count("Hari ini tidak ada laporan dari Kecamatan Tabunganen, ") == 1
    assert "0 dari 0" not in page
