"""The call sheet: whom to phone, why and what to ask, for whoever has to phone and for nobody else."""

import io
import re

import pypdf
import pytest

from models.desk import changes
from models.matters import issues
from rules.policy import Severity
from tests.web.test_coordinator import comes_in

SLOT = "H@07.30"


@pytest.fixture
def morning(web):
    """Voting day at 08.00: Tamban and Tabunganen are late, and a grave problem of Mekarsari waits."""
    desk = web.desk
    desk.owes_only(*(desk.key("hari-h", district, SLOT) for district in ("Tabunganen", "Tamban")))
    desk.clock.jumps("H 07:40")
    desk.has_a_problem("Perahu logistik karam", district="63.04.13", by="Camat Mekarsari")
    return web


def sheet(web, office="Kepala Kesbangpol"):
    comes_in(web, office)
    return re.sub(r"\s+", " ", web.get("/telepon").text)


def looks(web):
    with web.desk.rt.sessions() as session:
        return session.query(changes.Change).filter(changes.Change.what == changes.SHOWN).count()


def test_whoever_keeps_the_books_phones_all_the_gravest_first(morning):
    page = sheet(morning, "Sekretariat Desk")

    assert page.index("Perahu logistik karam") < page.index("Camat Tabunganen")
    assert 'href="tel:+6282000000002">Telepon 0820-0000-0002, Camat Tamban</a>' in page
    assert "Pembukaan TPS: TPS dibuka pukul 07.00?" in page
    code = morning.desk.code(morning.desk.key("hari-h", "Tamban", SLOT))
    assert morning.get(re.search(rf'href="(/sekretariat/catat/\d+/{code})"', page)[1]).status_code == 200


def test_a_coordinator_phones_his_own_districts(morning):
    page = sheet(morning, "Kepala BPBD")

    assert "Camat Tabunganen" in page
    assert "Camat Tamban" not in page
    assert "/sekretariat/catat/" not in page


def test_that_numbers_were_shown_is_written_down_once_a_session(morning):
    sheet(morning)
    once = looks(morning)
    morning.get("/telepon")

    assert once > 0
    assert looks(morning) == once


def test_a_problem_that_somebody_took_on_is_not_phoned_about(morning):
    morning.desk.acknowledges("P-0001", "H 12:00")

    assert "karam" not in sheet(morning, "Sekretariat Desk")


def test_a_mild_problem_is_not_phoned_about(morning):
    morning.desk.has_a_problem("Spanduk robek", severity=Severity.LOW)

    assert "Spanduk" not in sheet(morning, "Sekretariat Desk")


def test_a_restricted_problem_is_not_on_a_sheet_that_is_printed(morning):
    with morning.desk.rt.sessions.begin() as session:
        issues.change(session, issues.locked(session, "P-0001").id, restricted=True)

    assert "P-0001" not in sheet(morning, "Kepala Kesbangpol")


def test_an_office_without_a_number_is_named_all_the_same(morning):
    for office in ("Camat Tabunganen", "Kepala BPBD"):
        with morning.desk.rt.sessions.begin() as session:
            from models.offices.offices import Contact, Office

            ids = session.query(Office.id).filter(Office.code == morning.desk.office(office)).scalar_subquery()
            session.query(Contact).filter(Contact.office_id.in_(ids), Contact.channel != "email").delete(
                synchronize_session=False
            )

    assert "Nomor telepon tidak tercatat." in sheet(morning, "Sekretariat Desk")


def test_the_chair_phones_nobody_and_sees_no_number(morning):
    assert "tel:+62820000000" not in sheet(morning, "Sekretaris Daerah").replace("tel:+6282000000034", "")


def test_a_team_has_no_call_sheet(morning):
    comes_in(morning, "Camat Mekarsari")

    assert morning.get("/telepon").status_code == 403
    (programme,) = morning.desk.rt.programmes
    assert morning.get(f"/telepon/{programme}/daftar.pdf").status_code == 403


def test_the_same_sheet_prints_with_boxes_to_tick(morning):
    sheet(morning)
    (programme,) = morning.desk.rt.programmes

    answer = morning.get(f"/telepon/{programme}/daftar.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "Camat Tamban" in text
    assert "0820-0000-0002" in text
    assert "tidak diangkat" in text


def test_a_session_that_asks_for_sheet_after_sheet_waits_and_its_pages_go_on(morning):
    sheet(morning)

    answers = [morning.get("/permasalahan/permasalahan.csv") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) <= 5
    (programme,) = morning.desk.rt.programmes
    assert morning.get(f"/telepon/{programme}/daftar.pdf").status_code == 429
    assert morning.get("/telepon").status_code == 200
    sheet(morning, "Sekretariat Desk")
    assert morning.get("/permasalahan/permasalahan.csv").status_code == 200


def test_the_sheet_of_another_programme_is_nobodys(morning):
    sheet(morning)

    for path in ("/telepon/999/daftar.pdf", "/telepon/x/daftar.pdf"):
        assert morning.get(path).status_code == 403
