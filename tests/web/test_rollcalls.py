"""The pages of the roll call: the link's own page, the button for a wrong recipient, and whom to phone."""

import re

import pytest
from sqlalchemy import select

from models.desk.changes import Change
from models.matters import tasks
from models.offices.offices import Contact, Office
from rules.desk import Channel
from rules.tasks import Why
from tests.stories.desk import Desk
from tests.web.conftest import URL
from tests.web.signing import DOOR, signs_in

TAMBAN, COORDINATOR, SECRETARIAT = "Camat Tamban", "Asisten Pemerintahan", "Sekretariat Desk"
PAGE = "/apel-kontak"
NUMBER = "0820-0000-0002"


@pytest.fixture
def desk(sessions):
    desk = Desk(sessions, calls=True)
    desk.rt.public_url = URL
    desk.owes_only()
    desk.clock.reads("H-8 18:00")
    desk.clock.reads("H-7 10:00")
    return desk


def contact(web, name, channel=Channel.SMS):
    with web.desk.rt.sessions.begin() as session:
        ids = select(Office.id).where(Office.code == web.desk.office(name)).scalar_subquery()
        return session.scalars(select(Contact).where(Contact.office_id == ids, Contact.channel == channel)).one()


def test_the_list_shows_the_question_veiled_with_one_button(web):
    page = web.get(f"/l/{web.link(TAMBAN)}").text

    assert "Apel kontak: mohon dipastikan" in page
    assert "Ya, semuanya benar" in page
    assert NUMBER not in page
    assert "+6282000000002" not in page


def test_looking_changes_nothing_and_one_tap_confirms(web):
    token = web.link(TAMBAN)
    for _ in range(2):
        assert web.get(f"/l/{token}/kontak").status_code == 200
    assert contact(web, TAMBAN).verified_at is None

    assert web.post(f"/l/{token}/kontak", {"act": "right"}).status_code == 303

    assert contact(web, TAMBAN).verified_at == web.desk.clock.at
    assert "Apel kontak: mohon dipastikan" not in web.get(f"/l/{token}").text


def test_a_second_tap_is_the_same(web):
    token = web.link(TAMBAN)

    assert web.post(f"/l/{token}/kontak", {"act": "right"}).status_code == 303
    assert web.post(f"/l/{token}/kontak", {"act": "right"}).status_code == 303


def test_what_has_changed_goes_to_the_secretariat_and_changes_nothing_by_itself(web):
    token = web.link(TAMBAN)

    web.post(f"/l/{token}/kontak", {"act": "changed", "text": "Sekarang Plt. Camat, nomor baru menyusul."})

    with web.desk.rt.sessions.begin() as session:
        (task,) = [own for own in tasks.undone(session) if own.why is Why.CONTACT_CHANGED]
    assert task.text == "Camat Tamban: Sekarang Plt. Camat, nomor baru menyusul."
    assert contact(web, TAMBAN).verified_at is None


def test_nothing_said_is_asked_again(web):
    page = web.post(f"/l/{web.link(TAMBAN)}/kontak", {"act": "changed", "text": " "})

    assert page.status_code == 422
    assert "Mohon ditulis apa yang berubah" in page.text


def test_every_page_of_a_links_has_the_way_to_say_bukan_saya(web):
    token = web.link(TAMBAN)

    for path in ("", "/kejadian", "/kontak"):
        assert f"/l/{token}/kontak" in web.get(f"/l/{token}{path}").text
    assert "Bukan saya" in web.get(f"/l/{token}/kontak").text


def test_a_link_that_no_message_brought_says_of_no_address_that_it_is_wrong(web):
    token = web.given(TAMBAN)

    assert "Bukan saya" not in web.get(f"/l/{token}/kontak").text
    assert web.post(f"/l/{token}/kontak", {"act": "stranger"}).status_code == 400


def test_bukan_saya_shuts_the_link_and_the_address_and_nothing_else(web):
    token = web.link(TAMBAN)

    page = web.post(f"/l/{token}/kontak", {"act": "stranger"})

    assert page.status_code == 200
    assert "sudah kami hentikan" in page.text
    assert web.get(f"/l/{token}").status_code == 404
    assert contact(web, TAMBAN).state is Contact.State.DEAD
    assert contact(web, TAMBAN, Channel.EMAIL).state is Contact.State.ACTIVE


def test_whoever_shares_the_phone_chooses_what_is_stopped(web):
    web.desk.moves_to(TAMBAN, Channel.SMS, web.desk.address("Camat Mekarsari", Channel.SMS))
    web.desk.clock.reads("H-6 10:00")
    with_link = web.link("Camat Mekarsari")

    page = web.get(f"/l/{with_link}/kontak").text
    web.post(f"/l/{with_link}/kontak", {"act": "not_this"})

    assert "juga dipakai untuk" in page
    assert {contact(web, n).state for n in (TAMBAN, "Camat Mekarsari")} == {Contact.State.ACTIVE, Contact.State.DEAD}


def test_a_link_to_the_door_has_the_same_button_without_coming_in(web):
    web.post("/masuk", {"address": web.desk.address(TAMBAN, Channel.EMAIL)})
    web.desk.turn()
    (token,) = DOOR.findall(web.desk.mailbox(TAMBAN).last)

    assert f"/m/{token}/bukan-saya" in web.get(f"/m/{token}").text
    assert web.get(f"/m/{token}/bukan-saya").status_code == 200
    assert contact(web, TAMBAN, Channel.EMAIL).state is Contact.State.ACTIVE

    assert "sudah kami hentikan" in web.post(f"/m/{token}/bukan-saya", {"act": "stranger"}).text
    assert contact(web, TAMBAN, Channel.EMAIL).state is Contact.State.DEAD
    assert web.get(f"/m/{token}").status_code == 404


def test_the_secretariat_sees_that_it_was_withdrawn_and_uses_it_again(web):
    web.post(f"/l/{web.link(TAMBAN)}/kontak", {"act": "stranger"})
    keeper = signs_in(web, SECRETARIAT)

    page = keeper.get("/sekretariat/kontak/camat-tamban").text
    assert "ditarik: penerimanya menyatakan bukan ia pemegangnya" in page
    assert "Pakai lagi" not in keeper.get("/sekretariat/kontak").text
    keeper.post("/sekretariat/kontak/camat-tamban", do="confirm", channel="sms")

    assert contact(web, TAMBAN).state is Contact.State.ACTIVE
    with web.desk.rt.sessions.begin() as session:
        assert not [own for own in tasks.undone(session) if own.why is Why.WRONG_RECIPIENT]


def test_the_coordinator_finds_whom_to_phone_and_that_he_looked_is_recorded(web):
    coordinator = signs_in(web, COORDINATOR)

    page = coordinator.get(PAGE).text

    assert NUMBER in page
    assert "Camat Tabunganen" not in page
    with web.desk.rt.sessions.begin() as session:
        shown = session.scalars(select(Change.subject).where(Change.what == "number shown")).all()
    assert "camat-tamban" in shown


def test_whoever_phoned_notes_it_and_only_whoever_may_phone(web):
    coordinator = signs_in(web, COORDINATOR)

    assert coordinator.post(PAGE, office="camat-tamban").status_code == 303
    assert coordinator.post(PAGE, office="camat-tabunganen").status_code == 403

    assert contact(web, TAMBAN).verified_at == web.desk.clock.at
    assert contact(web, "Camat Tabunganen").verified_at is None


def test_an_office_that_signed_in_answers_on_its_first_page(web):
    kominfo = signs_in(web, "Kepala Dinas Kominfo")
    assert "Apel kontak: mohon dipastikan" in kominfo.get("/beranda").text

    assert kominfo.post(PAGE, do="own").status_code == 303

    assert contact(web, "Kepala Dinas Kominfo", Channel.EMAIL).verified_at == web.desk.clock.at
    assert "Apel kontak: mohon dipastikan" not in kominfo.get("/beranda").text


def test_the_text_of_an_office_leads_to_the_list_and_that_of_a_coordinator_behind_the_door(web):
    web.desk.clock.reads("H-4 12:00")

    assert re.search(rf"{URL}/l/", web.desk.phone(TAMBAN).last)
    assert DOOR.search(web.desk.mailbox(COORDINATOR).last)
