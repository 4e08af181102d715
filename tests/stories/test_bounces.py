"""A mail that comes back makes a task, and the next word goes by another way."""

import pytest
from sqlalchemy import update

from jobs.delivery import bounces
from models.messages import delivery_reports
from models.messages.messages import Message
from notifiers.bounces import address
from rules.delivery import State, Unknown
from rules.desk import Channel
from tests.notifiers.test_bounces import dsn

KEY = b"kunci-desk-yang-panjang"
COLLECTING = "bounce@baritokuala.example"


@pytest.fixture
def reminded(desk):
    """Camat Tamban was reminded by mail at 12:00 of the report of the eve."""
    desk.rt.bounce_to, desk.rt.key = COLLECTING, KEY
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 12:30")
    return desk.messages()[0]


def comes_back(desk, *fields):
    """To whatever envelope sender the last mail had."""
    envelope = desk.wire.accepted[-1].letter.bounce_to
    return bounces.take(desk.rt, dsn(*fields, to=envelope))


def fate(desk, message):
    with desk.rt.sessions() as session:
        return delivery_reports.ends(session).get(message.id)


def test_every_mail_has_an_envelope_sender_that_names_it(desk, reminded):
    assert desk.wire.accepted[-1].letter.bounce_to == address(COLLECTING, KEY, reminded.id, reminded.nonce)


def test_a_dead_address_becomes_a_task_and_the_next_word_goes_by_text(desk, reminded):
    said = comes_back(desk, "Action: failed", "Status: 5.1.1")

    assert said == f"message {reminded.id}: undelivered 5.1.1"
    (task,) = desk.tasks()
    assert (task.why, "Camat" in task.text, "@" in task.text) == ("dead_contact", True, False)
    assert fate(desk, reminded) == "undelivered"
    desk.loses("Kadis Kominfo")
    desk.clock.reads("H-1 15:30")
    assert desk.phone("Camat Tamban").clocks == ["12:30", "15:00"]  # the same at once, and the next word
    assert desk.mailbox("Camat Tamban").clocks == ["12:00"]


def test_a_mail_that_is_only_late_changes_nothing(desk, reminded):
    comes_back(desk, "Action: delayed", "Status: 4.4.1")

    assert fate(desk, reminded) == "delayed"
    assert desk.tasks() == []


def test_the_same_mail_again_changes_nothing_more(desk, reminded):
    for _ in range(3):
        comes_back(desk, "Action: failed", "Status: 5.1.1")

    assert len(desk.tasks()) == 1


def test_a_report_that_names_another_recipient_touches_nobody(desk, reminded):
    """B017."""
    other = desk.address("Camat Mekarsari", Channel.EMAIL)

    said = comes_back(desk, f"Final-Recipient: rfc822; {other}", "Action: failed", "Status: 5.1.1")

    assert said == "ignored: it names another recipient"
    with desk.rt.sessions() as session:
        assert list(delivery_reports.of(session, reminded.id)) == []
    assert desk.tasks() == []


def test_after_a_restore_a_late_bounce_for_a_number_given_again_touches_nobody(desk, reminded):
    envelope = desk.wire.accepted[-1].letter.bounce_to
    with desk.rt.sessions.begin() as session:
        session.execute(update(Message).values(nonce="c0ffee"))

    said = bounces.take(desk.rt, dsn("Action: failed", "Status: 5.1.1", to=envelope))

    assert said == "ignored: addressed to no message of ours"
    assert desk.tasks() == []


def test_a_mail_in_doubt_that_comes_back_was_accepted_and_goes_no_second_time(desk):
    desk.rt.bounce_to, desk.rt.key = COLLECTING, KEY
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.fails(Channel.EMAIL, Unknown("cut after the dot"), times=1)
    desk.clock.reads("H-1 12:05")

    comes_back(desk, "Action: failed", "Status: 5.2.2")
    desk.clock.reads("H-1 14:30")

    assert desk.mailbox("Camat Tamban").clocks == ["12:00"]
    assert desk.messages()[0].state is State.SENT


def test_a_report_about_a_message_nobody_knows_is_ignored(desk, reminded):
    assert bounces.take(desk.rt, dsn("Action: failed", "Status: 5.1.1", to=address(COLLECTING, KEY, 999))) == (
        "ignored: addressed to no message of ours"
    )
