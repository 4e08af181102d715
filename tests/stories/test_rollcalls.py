"""The roll call: who answers, who is phoned, a new number, a shared phone, and somebody else's phone."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from config import loader
from jobs.operator import amend
from models.desk.changes import Change, Hand, Way
from models.matters import rollcalls as asked_for
from models.messages.messages import Message
from models.offices import offices
from models.offices.offices import Contact, Office
from rules import rollcalls as rule
from rules.delivery import Refused
from rules.desk import Channel
from rules.tasks import Why
from services import handovers, rollcalls, strangers
from tests.stories.desk import POLICY, Desk, uncalled

TAMBAN, COORDINATOR, SECRETARIAT = "Camat Tamban", "Asisten Pemerintahan", "Sekretariat Desk"
NEW = "+6282000000077"


@pytest.fixture
def desk(sessions):
    """Nothing is owed; the clock reads the evening before the roll call of H-7."""
    desk = Desk(sessions, calls=True)
    desk.owes_only()
    desk.clock.reads("H-8 18:00")
    return desk


def office(session, desk, name):
    return session.scalars(select(Office).where(Office.code == desk.office(name))).one()


def contact(desk, name, channel=Channel.SMS):
    with desk.rt.sessions.begin() as session:
        ids = select(Office.id).where(Office.code == desk.office(name)).scalar_subquery()
        own = Contact.office_id == ids, Contact.channel == channel
        return session.scalars(select(Contact).where(*own, Contact.state != Contact.State.ENDED)).one()


def confirms(desk, name, channel=Channel.SMS, *, phoned=False):
    with desk.rt.sessions.begin() as session:
        own = office(session, desk, name)
        hand = Hand(own.id, own.title, Way.PHONE if phoned else Way.LINK)
        by = contact_id(session, own, channel)
        rollcalls.confirm(session, own, came_by=by, phoned=phoned, hand=hand, now=desk.clock.at)


def contact_id(session, own, channel):
    return next(c.id for c in offices.current(session, [own.id])[own.id] if c.channel is channel)


def is_no_longer(desk, name, channel=Channel.SMS, *, everybody=True):
    """Whoever got a message says "bukan saya"."""
    with desk.rt.sessions.begin() as session:
        own = office(session, desk, name)
        gone = session.get(Contact, contact_id(session, own, channel))
        hand = Hand(own.id, own.title, Way.LINK)
        stopped = strangers.withdraw(
            session, 1, desk.programme, gone, everybody=everybody, hand=hand, now=desk.clock.at
        )
        return [one.title for one in stopped]


def gets_a_number(desk, name, address=NEW, channel=Channel.SMS):
    with desk.rt.sessions.begin() as session:
        handovers.replace(session, office(session, desk, name).id, channel, address, now=desk.clock.at)


def waiting(desk):
    with desk.rt.sessions.begin() as session:
        asked = asked_for.of(session, [1], now=desk.clock.at)
        return sorted(one.office.title for one in asked if one.matter.closed_at is None)


def made(desk, what):
    with desk.rt.sessions.begin() as session:
        return [(c.subject, c.text) for c in session.scalars(select(Change).where(Change.what == what))]


def test_every_office_is_asked_once_on_the_day_with_one_tap_to_answer(desk):
    desk.clock.reads("H-7 12:00")

    assert len(waiting(desk)) == len(desk.programme.desk.offices)
    assert desk.phone(TAMBAN).clocks == ["09:00"]
    assert "apel kontak: apakah nomor ini masih benar? Mohon dijawab" in desk.phone(TAMBAN).last


def test_whoever_confirmed_hears_no_more_and_is_known_since_then(desk):
    desk.clock.reads("H-7 10:00")
    confirms(desk, TAMBAN)
    desk.clock.reads("H-1 20:00")

    assert len(desk.heard(TAMBAN)) == 1
    assert contact(desk, TAMBAN).verified_at == desk.moment("H-7 10:00")
    assert contact(desk, TAMBAN, Channel.EMAIL).verified_at == desk.moment("H-7 10:00")
    assert ("camat-tamban", "H-7") in made(desk, "contacts confirmed")


def test_who_has_not_answered_is_told_to_the_coordinator_without_any_number(desk):
    for own in desk.programme.desk.offices:
        desk.clock.reads("H-7 10:00")
        if own.title != TAMBAN:
            confirms(desk, own.title)
    desk.clock.reads("H-3 20:00")

    told = desk.mailbox(COORDINATOR).last
    assert "apel kontak Camat Tamban belum dijawab" in told
    assert "2000" not in told
    assert not any("belum dijawab" in text for text in desk.mailbox("Kepala BPBD").texts)


def test_a_coordinator_who_does_not_answer_is_told_above_him(desk):
    desk.clock.reads("H-7 10:00")
    for own in desk.programme.desk.offices:
        if own.title != "Kepala BPBD":
            confirms(desk, own.title)
    desk.clock.reads("H-3 20:00")

    assert not any("belum dijawab" in text for text in desk.mailbox("Kepala BPBD").texts)
    assert any("apel kontak Kepala BPBD belum dijawab" in text for text in desk.mailbox("Kepala Kesbangpol").texts)


def test_a_call_that_no_clock_could_make_while_it_lasted_is_left_out(sessions):
    desk = Desk(sessions, calls=True, starts="2024-02-18 08:00")
    desk.owes_only()

    desk.clock.reads("2024-02-18 12:00")

    assert waiting(desk) == []


def test_a_policy_that_wants_none_any_more_takes_back_what_was_planned(desk):
    def planned():
        with desk.rt.sessions.begin() as session:
            return len(session.scalars(select(asked_for.RollCall.id)).all())

    assert planned() == len(desk.programme.desk.offices)

    amend.amend(desk.rt, [loader.parse(uncalled(POLICY.read_text()), POLICY.name)])
    desk.clock.reads("H-8 18:30")

    assert planned() == 0


def test_a_stale_number_is_asked_by_another_way_and_the_number_stays_unanswered(desk):
    desk.refuses(Channel.SMS, TAMBAN)
    desk.clock.reads("H-7 10:00")
    confirms(desk, TAMBAN, Channel.EMAIL)

    assert contact(desk, TAMBAN).state is Contact.State.DEAD
    assert contact(desk, TAMBAN).verified_at is None
    assert contact(desk, TAMBAN, Channel.EMAIL).verified_at == desk.moment("H-7 10:00")


def test_nobody_answered_for_a_contact_for_too_long(desk):
    policy = desk.programme.policy.roll_call
    own = contact(desk, TAMBAN)

    assert not rule.stale(own.verified_at, own.since, policy.stale_after, now=own.since + policy.stale_after / 2)
    assert rule.stale(own.verified_at, own.since, policy.stale_after, now=own.since + policy.stale_after)


def test_a_new_number_is_asked_about_at_once_and_by_itself(desk):
    gets_a_number(desk, TAMBAN)
    desk.clock.reads("H-8 18:30")
    desk.clock.reads("H-8 19:30")

    assert desk.texts_to(NEW) == ["18:30"]
    assert waiting(desk) == [TAMBAN]


def test_until_it_answered_the_way_that_is_known_goes_first(desk):
    gets_a_number(desk, TAMBAN)
    desk.clock.reads("H-8 18:30")
    desk.clock.reads("H-7 10:00")

    assert desk.heard(TAMBAN) == ["sms 18:30", "email 09:00"]


def test_once_it_answered_it_is_the_first_way_again(desk):
    gets_a_number(desk, TAMBAN)
    desk.clock.reads("H-8 18:30")
    confirms(desk, TAMBAN)
    desk.clock.reads("H-7 10:00")

    assert "sms 09:00" in desk.heard(TAMBAN)


def test_another_way_does_not_answer_for_a_new_number(desk):
    gets_a_number(desk, TAMBAN)
    desk.clock.reads("H-8 18:30")
    confirms(desk, TAMBAN, Channel.EMAIL)

    assert contact(desk, TAMBAN).unconfirmed
    assert waiting(desk) == [TAMBAN]


def test_whoever_phoned_answers_for_all_of_it(desk):
    gets_a_number(desk, TAMBAN)
    desk.clock.reads("H-8 18:30")
    confirms(desk, TAMBAN, Channel.EMAIL, phoned=True)

    assert not contact(desk, TAMBAN).unconfirmed
    assert waiting(desk) == []


def test_a_new_number_that_is_the_only_way_loses_nothing(desk):
    desk.loses(TAMBAN, Channel.EMAIL)
    gets_a_number(desk, TAMBAN)
    desk.clock.reads("H-8 18:30")
    desk.clock.reads("H-7 10:00")

    assert desk.texts_to(NEW) == ["18:30", "09:00"]


def test_a_number_that_came_back_is_no_new_one(desk):
    former = desk.address(TAMBAN, Channel.SMS)
    gets_a_number(desk, TAMBAN)
    gets_a_number(desk, TAMBAN, former)

    assert not contact(desk, TAMBAN).unconfirmed


def test_bukan_saya_stops_what_waits_for_that_address_at_once(desk):
    desk.clock.reads("H-7 08:59")
    desk.bell.deaf = True
    desk.clock.reads("H-7 09:00")
    is_no_longer(desk, TAMBAN)
    desk.bell.deaf = False
    desk.clock.reads("H-7 12:00")

    assert len(desk.phone(TAMBAN)) == 0
    assert desk.mailbox(TAMBAN).clocks[0] == "09:00"


def test_it_is_told_to_secretariat_coordinator_and_the_office_itself_by_its_other_way(desk):
    desk.clock.reads("H-7 10:00")
    is_no_longer(desk, TAMBAN)
    desk.clock.reads("H-7 12:00")

    (task,) = [own for own in desk.tasks() if own.why is Why.WRONG_RECIPIENT]
    assert task.text == "Nomor SMS Camat Tamban ditarik: penerimanya menyatakan bukan saya."
    for name in (SECRETARIAT, COORDINATOR, TAMBAN):
        assert "Kontak ditarik oleh penerimanya" in desk.mailbox(name).last
    assert "mohon kabari Sekretariat" in desk.mailbox(TAMBAN).last
    assert all("siapa pemegangnya" in desk.mailbox(name).last for name in (SECRETARIAT, COORDINATOR))
    assert ("camat-tamban", "sms: bukan saya") in made(desk, "contact withdrawn")


def test_the_task_is_one_however_often_it_is_said(desk):
    desk.clock.reads("H-7 10:00")

    assert is_no_longer(desk, TAMBAN) == [TAMBAN]
    assert is_no_longer(desk, TAMBAN) == []
    assert len([own for own in desk.tasks() if own.why in (Why.WRONG_RECIPIENT, Why.DEAD_CONTACT)]) == 1


def test_the_other_way_of_the_office_goes_on(desk):
    is_no_longer(desk, TAMBAN)
    desk.clock.reads("H-7 10:00")

    assert "apel kontak menunggu konfirmasi" in desk.mailbox(TAMBAN).last
    assert len([own for own in desk.tasks() if own.why is Why.DEAD_CONTACT]) == 0


def test_nothing_but_a_persons_word_uses_it_again(desk):
    is_no_longer(desk, TAMBAN)
    id = contact(desk, TAMBAN).id
    with desk.rt.sessions.begin() as session:
        assert offices.dead(session, desk.programme.desk.code) == []
        offices.revive(session, [id], now=desk.clock.at)

    assert contact(desk, TAMBAN).state is Contact.State.DEAD


def test_the_secretariat_can_undo_it_and_then_the_number_must_answer(desk):
    is_no_longer(desk, TAMBAN)
    with desk.rt.sessions.begin() as session:
        handovers.confirm(session, office(session, desk, TAMBAN).id, Channel.SMS, now=desk.clock.at)
    desk.clock.reads("H-8 18:30")

    assert contact(desk, TAMBAN).state is Contact.State.ACTIVE
    assert contact(desk, TAMBAN).unconfirmed
    assert desk.phone(TAMBAN).clocks == ["18:30"]


def test_a_phone_that_two_offices_share_is_stopped_for_both_or_for_the_one_that_it_is_not(desk):
    shared = desk.address("Camat Mekarsari", Channel.SMS)
    desk.moves_to(TAMBAN, Channel.SMS, shared)

    assert is_no_longer(desk, TAMBAN, everybody=False) == [TAMBAN]
    assert contact(desk, "Camat Mekarsari").state is Contact.State.ACTIVE

    assert is_no_longer(desk, "Camat Mekarsari") == ["Camat Mekarsari"]
    assert contact(desk, "Camat Mekarsari").state is Contact.State.DEAD


def test_what_was_asked_of_two_offices_on_one_phone_is_one_text(desk):
    shared = desk.address("Camat Mekarsari", Channel.SMS)
    desk.moves_to(TAMBAN, Channel.SMS, shared)
    desk.clock.reads("H-7 10:00")

    assert desk.texts_to(shared) == ["09:00"]


def test_no_message_holds_a_number(desk):
    desk.fails(Channel.EMAIL, Refused("no such mailbox"), to=TAMBAN)
    is_no_longer(desk, "Camat Mekarsari")
    desk.clock.reads("H-2 20:00")

    with desk.rt.sessions.begin() as session:
        texts = [m.text for m in session.scalars(select(Message))]
        addresses = [a for a in session.scalars(select(Contact.address)) if a]
    assert not any(address in text for text in texts for address in addresses)


def test_of_two_that_last_the_later_is_asked_once_it_has_begun(desk):
    """At a desk that was loaded late everybody was asked twice within a minute, the second time as of a day gone by."""
    policy, election, zone = desk.programme.policy.roll_call, desk.programme.election, desk.programme.desk.zone
    first, second = (replace(policy.days[-1], days=days) for days in (-9, -7))
    near = policy._replace(days=(first, second))

    called = [rule.due(near, election, zone, now=desk.moment(at)) for at in ("H-8 18:00", "H-7 10:00", "H+2 18:00")]

    assert [call.name for call in called] == ["H-7", "H-7", "H-7"]
