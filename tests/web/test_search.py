"""One field finds problems, reports, receipts and advice, of what the reader may see and of nothing else."""

import re

import pytest

from models.matters import issues, submissions
from rules import proofs
from tests.stories.test_approval import KEY, SECRETARIAT
from tests.web.signing import signs_in
from tests.web.test_coordinator import comes_in


@pytest.fixture
def desk_of_a_morning(web, daily):
    """Tamban reported an elephant; a problem and a restricted complaint of Tamban are open."""
    web.desk.files(daily, {"indicators": {"keamanan": {"condition": "troubled", "note": "Gajah di jembatan 100%"}}})
    web.desk.has_a_problem("Perahu logistik karam")
    complaint = web.desk.has_a_problem("Aduan karam terhadap petugas")
    with web.desk.rt.sessions.begin() as session:
        issues.change(session, issues.locked(session, complaint).id, restricted=True)
    return web


def found(web, words, office="Asisten Pemerintahan"):
    comes_in(web, office)
    return re.sub(r"\s+", " ", web.get(f"/cari?cari={words}").text)


def test_a_report_is_found_by_what_it_says_its_number_and_its_receipt(desk_of_a_morning):
    web, code = desk_of_a_morning, desk_of_a_morning.desk.code(desk_of_a_morning.desk.key("harian", "Tamban", "H-7"))
    comes_in(web, "Asisten Pemerintahan")

    for words in ("gajah+jembatan", code, code.lower(), "TT-000001", "100%25"):
        page = web.get(f"/cari?cari={words}").text
        assert f"/{code}" in page, words
        assert web.get(re.search(rf'href="(/koordinasi/\d+/{code})"', page)[1]).status_code == 200


def test_a_problem_is_found_and_a_restricted_one_only_by_its_number(desk_of_a_morning):
    page = found(desk_of_a_morning, "karam")

    assert "Perahu logistik karam" in page
    assert "Aduan" not in page
    assert "P-0002" not in page
    assert "P-0002" in desk_of_a_morning.get("/cari?cari=P-0002").text
    assert "Aduan" not in desk_of_a_morning.get("/cari?cari=P-0002").text


def test_a_coordinator_of_other_districts_finds_nothing(desk_of_a_morning):
    for words in ("gajah", "karam", "TT-000001", "P-0001"):
        page = found(desk_of_a_morning, words, "Kepala BPBD")
        assert "Tidak ada yang sesuai" in page, words


def test_a_team_finds_its_own_report_and_the_page_that_explains_it(desk_of_a_morning):
    page = found(desk_of_a_morning, "gajah", "Camat Tamban")

    assert desk_of_a_morning.get(re.search(r'href="(/mengapa/\d+/R-\d+)"', page)[1]).status_code == 200


@pytest.mark.parametrize("words", ["a", "gajah+a", "%25", "_"])
def test_too_little_to_look_for_is_said_to_be_so(desk_of_a_morning, words):
    assert "paling sedikit tiga huruf" in found(desk_of_a_morning, words)


@pytest.mark.parametrize("words", ["TT-99999999999999", "TT-x", "R-", "'%3B+drop+table", "%00abc", "___", "///"])
def test_hostile_words_find_nothing_and_break_nothing(desk_of_a_morning, words):
    comes_in(desk_of_a_morning, "Kepala Kesbangpol")

    assert desk_of_a_morning.get(f"/cari?cari={words}").status_code in (200, 404)


def test_a_letter_to_the_government_is_found_by_its_code_and_by_what_was_written_in_it(web):
    web.desk.owes_only(KEY)
    web.desk.clock.reads("2024-02-06 18:10")
    with web.desk.rt.sessions.begin() as session:
        (own,) = submissions.all_of(session)
        id, code = own.id, proofs.code(own.facts_digest)
    page = f"/laporan-pemerintah/{id}"
    signs_in(web, SECRETARIAT).post(page, act="edit", chapter="condition", seen="", text="Air pasang di muara.")

    for words in (code, code.lower().replace("-", ""), "pasang+muara", web.desk.code(KEY)):
        assert f'href="{page}"' in found(web, words, "Sekretariat Desk"), words
        assert page not in found(web, words, "Asisten Pemerintahan"), words
    assert page not in found(web, "kekeringan", "Sekretariat Desk")
