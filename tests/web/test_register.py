"""The register of problems: each reads of his own places, the gravest first, on the page and in what is saved."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from models.matters import register
from models.matters.issues import Issue
from models.matters.matters import Matter
from models.matters.register import Scope, Wanted
from rules import life
from rules.life import Stage
from rules.policy import Severity
from tests.web.test_coordinator import ASISTEN, BPBD, SECRETARY, comes_in, decides, place

CAMAT, KOMINFO, SECRETARIAT = "Camat Tamban", "Kadis Kominfo", "Sekretariat Desk"
TAMBAN, MEKARSARI = "63.04.02", "63.04.03"


@pytest.fixture
def desk(desk):
    desk.owes_only()
    desk.clock.reads("H-2 09:00")
    return desk


def rows(page: str) -> list[str]:
    """The numbers on the page, in its order."""
    return re.findall(r'<li class="row">(?:<a [^>]*>)?(P-\d+)', page)


def shows(web, query="") -> list[str]:
    answer = web.get(f"/permasalahan{query}")
    assert answer.status_code == 200, answer.text
    return rows(answer.text)


def test_open_ones_come_first_then_the_gravest_then_the_oldest(web):
    low, high = web.desk.has_a_problem("Satu", severity=Severity.LOW), web.desk.has_a_problem("Dua")
    web.desk.clock.at += timedelta(hours=1)
    later, over = web.desk.has_a_problem("Tiga"), web.desk.has_a_problem("Empat")
    comes_in(web, ASISTEN)
    decides(web, over, "resolve", text="Selesai")

    assert shows(web) == [high, later, low, over]


@pytest.mark.parametrize(
    ("office", "sees"),
    [(ASISTEN, True), (SECRETARY, True), (SECRETARIAT, True), (CAMAT, True), (KOMINFO, True), (BPBD, False)],
)
def test_each_reads_of_his_own_places_and_of_what_he_has(web, office, sees):
    code = web.desk.has_a_problem("Genset rusak")
    comes_in(web, office)

    assert (code in shows(web)) is sees


def test_who_has_a_problem_finds_it_wherever_it_is(web):
    code = web.desk.has_a_problem("Genset rusak")
    comes_in(web, ASISTEN)
    decides(web, code, "hand_on", to=web.desk.office(BPBD), text="Mohon dibantu")
    comes_in(web, BPBD)

    assert shows(web) == [code]
    assert f'href="{place(web, code)}"' in web.get("/permasalahan").text


def test_it_is_narrowed_by_the_address(web):
    tamban, mild = web.desk.has_a_problem("Satu"), web.desk.has_a_problem("Dua", severity=Severity.LOW)
    comes_in(web, ASISTEN)
    decides(web, mild, "acknowledge", text="")

    assert shows(web, "?tingkat=low") == shows(web, "?keadaan=taken_on") == [mild]
    assert shows(web, "?tingkat=high&keadaan=open&kategori=logistics&kecamatan=63.04.02") == [tamban]
    assert shows(web, "?kategori=security") == shows(web, "?kecamatan=63.04.01") == []
    assert shows(web, f"?penanggung={web.desk.office(BPBD)}") == []
    assert shows(web, "?tingkat=nonsense&hal=x") == [tamban, mild]


def test_words_are_found_in_title_steps_and_number_whatever_they_hold(web):
    one, other = web.desk.has_a_problem("Genset 100% rusak"), web.desk.has_a_problem("Perahu bocor")
    web.desk.advises(other, "Pinjam Perahu Polairud")
    comes_in(web, ASISTEN)

    assert shows(web, "?cari=GENSET") == shows(web, "?cari=100%25") == [one]
    assert shows(web, "?cari=polairud+bocor") == shows(web, f"?cari={other.lower()}") == [other]
    assert shows(web, "?cari=_") == shows(web, "?cari=genset+perahu") == []
    assert 'value="&lt;b&gt;"' in web.get("/permasalahan?cari=<b>").text


def test_a_restricted_one_is_a_number_and_found_by_no_word(web):
    code = web.desk.has_a_problem("Perahu disembunyikan", restricted=True)
    comes_in(web, ASISTEN)

    page = web.get("/permasalahan").text

    assert f"{code}</a>, <strong>terbatas</strong>" in page
    assert not re.search(
        r"Perahu|Kecamatan Tamban<|sangat rawan<", re.sub(r"<form.*?</form>", "", page, flags=re.DOTALL)
    )
    assert shows(web, "?terbatas=ya") == shows(web, f"?cari={code}") == shows(web, "?keadaan=open") == [code]
    for query in ("cari=perahu", "kategori=logistics", "tingkat=high", "kecamatan=63.04.02"):
        assert shows(web, f"?{query}") == []
    for name in ("permasalahan.csv", "permasalahan.xlsx"):
        assert code.encode() not in web.get(f"/permasalahan/{name}").content


@pytest.mark.parametrize("office", [SECRETARIAT, BPBD, KOMINFO])
def test_to_others_there_is_no_restricted_one(web, office):
    code = web.desk.has_a_problem("Perahu disembunyikan", restricted=True)
    comes_in(web, office)

    assert shows(web) == shows(web, "?terbatas=ya") == shows(web, f"?cari={code}") == []


def test_whom_one_is_about_finds_nothing(web):
    web.desk.has_a_problem("Genset rusak", about=ASISTEN)
    comes_in(web, ASISTEN)

    assert shows(web) == []


def test_what_is_saved_is_what_is_shown_and_nothing_in_it_computes(web):
    formula = web.desk.has_a_problem("=1+1")
    web.desk.has_a_problem("Ringan", severity=Severity.LOW)
    comes_in(web, ASISTEN)

    sheet = load_workbook(BytesIO(web.get("/permasalahan/permasalahan.xlsx?tingkat=high").content)).active
    text = web.get("/permasalahan/permasalahan.csv?tingkat=high").content.decode("utf-8-sig")

    (_, row) = sheet.iter_rows(values_only=True)
    assert row[0] == formula
    assert row[7] == "=1+1"
    assert sheet.cell(2, 8).data_type == "s"
    assert ";'=1+1;" in text
    assert "Ringan" not in text
    assert web.get("/permasalahan/lain.exe").status_code == 404


def test_a_long_register_says_how_many_there_are_and_keeps_what_is_asked(web):
    web.books.lines = 4
    own = [web.desk.has_a_problem(f"Kapal {n}") for n in range(9)]
    comes_in(web, ASISTEN)

    second = web.get("/permasalahan?cari=kapal&hal=2").text

    assert "Menampilkan 5 sampai 8 dari 9 yang sesuai." in second
    assert rows(second) == own[4:8]
    assert "cari=kapal&amp;hal=3" in second


def test_the_stage_and_lateness_in_sql_are_those_of_the_rules(web):
    now = web.desk.clock.at
    ago, ahead = now - timedelta(hours=1), now + timedelta(hours=1)
    first = web.desk.matter(web.desk.has_a_problem("Satu")).id
    scope = [Scope(web.desk.matter("P-0001").programme_id, [TAMBAN], [TAMBAN], 0)]
    courses = [
        {"resolved_at": r, "confirmed_at": c, "postponed_until": p, "merged_into": m, "due_at": d}
        for r in (None, ago)
        for c in (None, ago)
        for p in (None, now, ahead)
        for m in (None, first)
        for d in (None, now, ahead)
    ]
    for course in courses:
        for until in (None, now, ahead):
            with web.desk.rt.sessions.begin() as session:
                session.execute(update(Issue).values(**course))
                session.execute(update(Matter).where(Matter.id == first).values(acknowledged_until=until))
                session.expire_all()
                issue, facts = session.get_one(Issue, first), (until,)
                found = [s for s in Stage if register.count(session, scope, Wanted(stage=s), now=now)]
                late = register.count(session, scope, Wanted(late=True), now=now)
                assert found == [life.stage(issue, *facts, now=now)]
                assert bool(late) is life.late(issue, *facts, now=now)
