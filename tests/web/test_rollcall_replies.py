"""A roll call that is answered in somebody's own words: it confirms what he wrote from, or ends that, and no more."""

import pytest
from sqlalchemy import select

from models.matters import rollcalls, tasks
from models.offices import offices
from models.offices.offices import Contact
from rules.desk import Channel
from rules.replies.spoken import Sender
from rules.tasks import Why
from services import handovers
from tests.stories.desk import Desk
from tests.web.conftest import URL, Web
from tests.web.writing import answer, last, writer

TAMBAN = "Camat Tamban"
NEW = "+6282000000077"


@pytest.fixture
def desk(sessions):
    """Everybody was asked an hour ago; nothing else is."""
    desk = Desk(sessions, calls=True)
    desk.rt.public_url = URL
    desk.owes_only()
    desk.clock.reads("H-8 18:00")
    desk.clock.reads("H-7 10:00")
    return desk


def contacts(web: Web) -> dict[Channel, Contact]:
    with web.desk.rt.sessions() as session:
        row = offices.by_code(session, web.desk.programme.desk.code, web.desk.office(TAMBAN))
        own = select(Contact).where(Contact.office_id == row.id, Contact.state == Contact.State.ACTIVE)
        return {contact.channel: contact for contact in session.scalars(own)}


def waiting(web: Web) -> int:
    with web.desk.rt.sessions() as session:
        row = offices.by_code(session, web.desk.programme.desk.code, web.desk.office(TAMBAN))
        return len(rollcalls.waiting(session, row.id, now=web.desk.clock.at))


@pytest.mark.parametrize("words", ["benar", "ya betul pak", "siap", "nomor masih aktif"])
def test_a_yes_confirms_the_number_it_came_from_and_no_other(web: Web, words: str):
    writer(web, TAMBAN, whatsapp=False).sms(words)

    own = contacts(web)
    assert own[Channel.SMS].verified_at == web.desk.clock.at
    assert own[Channel.EMAIL].verified_at is None
    assert waiting(web) == 0
    assert "kontak ini tercatat masih dipakai" in answer(web)
    assert not last(web).person


@pytest.mark.parametrize("words", ["salah sambung", "salah nomor", "ini bukan nomor pak camat"])
def test_whoever_says_that_he_is_somebody_else_is_left_alone_at_once(web: Web, words: str):
    writer(web, TAMBAN, whatsapp=False).sms(words)

    assert Channel.SMS not in contacts(web)
    assert waiting(web) == 1  # asked on by mail
    assert answer(web) == ""
    with web.desk.rt.sessions() as session:
        assert Why.WRONG_RECIPIENT in [own.why for own in tasks.undone(session)]


@pytest.mark.parametrize("words", ["bukan saya", "salah", "surat suara salah nomor"])
def test_a_no_ends_nothing_and_is_asked_with_the_link(web: Web, words: str):
    writer(web, TAMBAN, whatsapp=False).sms(words)

    assert contacts(web)[Channel.SMS].verified_at is None
    assert waiting(web) == 1
    said = answer(web)
    assert "lewat tautan apel kontak" in said
    assert f"{URL}/l/" in said
    assert last(web).person
    with web.desk.rt.sessions() as session:
        assert Why.DEAD_CONTACT not in [own.why for own in tasks.undone(session)]


def test_once_it_is_answered_a_wrong_number_is_one_again(web: Web):
    number = writer(web, TAMBAN, whatsapp=False)
    number.sms("benar")
    number.sms("salah sambung")

    assert Channel.SMS not in contacts(web)


def test_a_new_number_that_the_old_way_does_not_know_waits_for_an_answer_from_there(web: Web):
    former = writer(web, TAMBAN, whatsapp=False)
    with web.desk.rt.sessions.begin() as session:
        row = offices.by_code(session, web.desk.programme.desk.code, web.desk.office(TAMBAN))
        handovers.replace(session, row.id, Channel.SMS, NEW, now=web.desk.clock.at)
    web.desk.clock.reads("H-7 10:30")
    former.sms("benar")

    assert last(web).sender is Sender.FORMER
    assert waiting(web) == 2
    assert contacts(web)[Channel.SMS].unconfirmed

    writer(web, TAMBAN, whatsapp=False).sms("benar")

    assert not contacts(web)[Channel.SMS].unconfirmed
    assert waiting(web) == 0


def test_a_stranger_and_a_shared_phone_confirm_nothing(web: Web):
    number = writer(web, TAMBAN, whatsapp=False)
    with web.desk.rt.sessions.begin() as session:
        other = offices.by_code(session, web.desk.programme.desk.code, web.desk.office("Kepala BPBD"))
        session.add(
            Contact(office_id=other.id, channel=Channel.WHATSAPP, address=number.number, since=web.desk.clock.at)
        )
    number.sms("benar")

    assert last(web).sender is Sender.SHARED
    assert waiting(web) == 1
    assert contacts(web)[Channel.SMS].verified_at is None
    assert last(web).person
