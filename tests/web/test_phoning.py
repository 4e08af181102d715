"""Who must phone sees the number, beside what is late and nowhere else; that it was shown is written down."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from models.desk import changes
from models.desk.changes import Change
from models.matters.tasks import Why
from models.offices import offices
from models.offices.offices import Contact
from rules.desk import Channel, Hotline
from tests.web.signing import signs_in
from tests.web.test_secretariat import task
from web import views

TAMBAN, TAP = "+6282000000002", 'href="tel:+6282000000002"'
ASISTEN, BPBD, SECRETARIAT = "Asisten Pemerintahan", "Kepala BPBD", "Sekretariat Desk"


@pytest.fixture
def late(web, daily):
    """Tamban's report is late."""
    web.desk.lives_until("H-7 16:00")
    return daily


def shown(desk):
    with desk.rt.sessions.begin() as session:
        rows = session.scalars(select(Change).where(Change.what == changes.SHOWN).order_by(Change.id)).all()
    return [(row.title, row.subject) for row in rows]


def pages(web, late):
    code = web.desk.code(late)
    return {path: web.get(path).text for path in ("/koordinasi", f"/koordinasi/1/{code}", "/sekretariat")}


def test_the_secretariat_taps_the_number_beside_what_is_late_and_that_is_written_down_once(web, late):
    signs_in(web, SECRETARIAT)

    found = [pages(web, late) for _ in range(2)]

    assert all(TAP in page and "0820-0000-0002" in page for page in found[1].values())
    assert shown(web.desk) == [(SECRETARIAT, "camat-tamban")]
    assert "Nomor lengkap pernah ditampilkan" in web.get("/sekretariat/kontak/camat-tamban").text


def test_one_call_asks_for_all_that_a_district_owes_by_its_names(web):
    desk = web.desk
    keys = [desk.key("hari-h", "Tamban", f"H@{at}") for at in ("13.30", "18.00")]
    desk.owes_only(*keys)
    desk.clock.reads("H 18:40")
    signs_in(web, SECRETARIAT)

    page = web.get("/sekretariat").text
    late = page[page.index("Lewat batas waktu") : page.index("</section>")]

    assert late.count(TAP) == 1
    assert [name in late for name in ("Laporan pukul 13.30: penutupan TPS", "Laporan pukul 18.00: ")] == [True, True]


def test_the_coordinator_of_the_district_sees_it_too(web, late):
    signs_in(web, ASISTEN)

    assert [TAP in page for page in pages(web, late).values()] == [True, True, False]
    assert shown(web.desk) == [(ASISTEN, "camat-tamban")]


@pytest.mark.parametrize("office", [BPBD, "Sekretaris Daerah", "Camat Tamban", "Kadis Kominfo"])
def test_nobody_else_sees_a_number(web, late, office):
    signs_in(web, office)

    assert not [page for page in pages(web, late).values() if re.search(r"[+]6282(?!000000034)", page)]
    assert shown(web.desk) == []


def test_before_it_is_late_nobody_sees_a_number(web, daily):
    signs_in(web, SECRETARIAT)

    assert not [page for page in pages(web, daily).values() if TAP in page]
    assert shown(web.desk) == []


def test_once_it_came_nobody_sees_a_number_any_more(web, late):
    web.desk.files(late)
    signs_in(web, SECRETARIAT)

    assert not [page for page in pages(web, late).values() if TAP in page]


def test_who_must_phone_about_an_open_problem_sees_the_number(web, daily):
    code = web.desk.has_a_problem()
    signs_in(web, ASISTEN)
    assert TAP in web.get(f"/koordinasi/1/{code}").text

    web.desk.resolves(code, "Selesai.")
    assert TAP not in web.get(f"/koordinasi/1/{code}").text


def test_a_reporter_without_a_number_is_reached_through_another_of_his_team(web, late):
    with web.desk.rt.sessions.begin() as session:
        session.execute(update(Contact).where(Contact.address == TAMBAN).values(state=Contact.State.ENDED))
    signs_in(web, SECRETARIAT)

    page = web.get("/koordinasi").text

    assert re.search(r'href="tel:[+]62[0-9]+">Telepon [0-9-]+, (Camat Mekarsari|Kepala Dinas)', page)
    assert TAP not in page


def test_a_number_that_takes_no_messages_says_so(web, late):
    web.desk.loses("Camat Tamban", Channel.SMS)
    signs_in(web, SECRETARIAT)

    said = f"{TAP}>Telepon 0820-0000-0002, Camat Tamban</a> (pesan ke nomor ini dihentikan)"
    assert said in web.get("/koordinasi").text


def test_who_phones_knows_that_a_stranger_may_answer(web, late):
    with web.desk.rt.sessions.begin() as session:
        ids = select(Contact.id).where(Contact.address == TAMBAN)
        offices.withdraw(session, session.scalars(ids).all(), now=web.desk.clock.at)
    signs_in(web, SECRETARIAT)

    said = f"{TAP}>Telepon 0820-0000-0002, Camat Tamban</a> (penerimanya menyatakan bukan nomor kantor ini)"
    assert said in web.get("/koordinasi").text


def test_a_task_that_asks_to_phone_shows_the_number_to_phone(web, daily):
    desk = web.desk
    with desk.rt.sessions.begin() as session:
        office = offices.ids_of(session, desk.programme.desk.code)["camat-tamban"]
    task(desk, Why.NOT_DELIVERED, office_id=office)
    signs_in(web, SECRETARIAT)

    assert TAP in web.get("/sekretariat/tugas").text
    assert shown(desk) == [(SECRETARIAT, "camat-tamban")]


def test_numbers_shown_stand_in_no_list_of_decisions(web, late):
    signs_in(web, ASISTEN)
    page = pages(web, late)[f"/koordinasi/1/{web.desk.code(late)}"]
    again = pages(web, late)[f"/koordinasi/1/{web.desk.code(late)}"]

    assert "number shown" not in page + again
    assert "<h2>Keputusan</h2>" not in again


def test_numbers_stand_in_no_log(web, late, capsys):
    signs_in(web, SECRETARIAT)
    pages(web, late)

    assert not re.search(r"6282\d{6,}", capsys.readouterr().out)


# -- whom to ask for help ----------------------------------------------------------------------------------------------


def test_every_page_says_how_to_reach_the_secretariat(web, daily):
    signs_in(web, ASISTEN)

    for path in ("/koordinasi", "/masuk", "/nirgends", f"/l/{web.given('Camat Tamban')}"):
        page = web.get(path).text
        assert 'Sekretariat Desk, telepon <a href="tel:+6282000000034">0820-0000-0034</a>' in page, path


def test_a_number_for_whatsapp_is_tapped_too(desk):
    own = replace(desk.programme.desk, hotline=Hotline("+625114799123", "+6282000000035"))

    said = views.secretariat(own)

    assert 'telepon <a href="tel:+625114799123">(0511) 4799123</a> atau WhatsApp <a ' in said
    assert 'href="https://wa.me/6282000000035">0820-0000-0035</a>' in said
    assert views.secretariat(replace(own, hotline=Hotline())) == "Sekretariat Desk"


@pytest.mark.parametrize("path", ["/sekretariat", "/sekretariat/tugas", "/koordinasi", "/sekretariat/kontak/none"])
def test_the_secretariat_is_not_told_to_ask_the_secretariat(web, daily, path):
    signs_in(web, SECRETARIAT)

    page = web.get(path).text

    assert "menghubungi Sekretariat Desk" not in page
    assert "menghubungi pengelola sistem" in page
