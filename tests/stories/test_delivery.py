"""How handing over ends: refused, tried again, waited for, in doubt. Every end is a row somebody can list."""

import pytest
from sqlalchemy import update

from models import audit
from models.offices import Contact
from rules.delivery import ChannelDown, Refused, State, Temporary, Unknown
from rules.desk import Channel


class Killed(BaseException):
    """What a kill looks like from inside: nobody catches it."""


@pytest.fixture
def daily(desk):
    """The first word about it is a mail to Camat Tamban at 12:00."""
    key = desk.key("harian", "Tamban", "H-1")
    desk.owes_only(key)
    desk.clock.reads("H-1 11:59")
    return key


def unsettled(desk):
    with desk.rt.sessions.begin() as session:
        return audit.unsettled(session, before=desk.clock.at)


def tries(desk):
    return [f"{a.ended_at.astimezone(desk.zone):%H:%M} {a.outcome}" for a in desk.attempts()]


def test_a_refused_mail_is_not_tried_again_and_is_listed(desk, daily):
    desk.loses("Camat Tamban", Channel.SMS)
    desk.fails(Channel.EMAIL, Refused("no such user", code="550"), to="Camat Tamban")

    desk.clock.reads("H-1 14:30")

    assert [line for line in tries(desk) if "accepted" not in line] == ["12:00 refused"]
    (message,) = unsettled(desk)
    assert (message.state, message.why) == (State.FAILED, "refused: no such user (550)")


def test_a_refused_address_is_given_up_and_a_task_and_the_next_word_goes_another_way(desk, daily):
    desk.fails(Channel.SMS, Refused("no such number"), to="Camat Tamban")

    desk.clock.reads("H-1 16:30")

    assert [(t.why, t.channel) for t in desk.tasks()] == [("dead_contact", None)]
    assert desk.mailbox("Camat Tamban").clocks == ["12:00", "15:00", "16:00"]  # the same at once, and the next word
    assert len([a for a in desk.attempts() if a.outcome == "refused"]) == 1


def test_a_busy_server_is_tried_again_after_one_five_and_thirty_minutes_and_then_it_has_failed(desk, daily):
    desk.loses("Camat Tamban", Channel.SMS)
    desk.fails(Channel.EMAIL, Temporary("busy", code="451"))

    desk.clock.reads("H-1 14:30")

    assert tries(desk) == ["12:00 temporary", "12:01 temporary", "12:06 temporary", "12:36 temporary"]
    (message,) = unsettled(desk)
    assert message.state is State.FAILED
    assert "given up after 4 tries" in message.why


def test_a_server_that_is_busy_for_a_moment_gets_the_mail_a_minute_later(desk, daily):
    desk.fails(Channel.EMAIL, Temporary("busy"), times=1)

    desk.clock.reads("H-1 14:30")

    assert desk.mailbox("Camat Tamban").clocks == ["12:01"]
    assert unsettled(desk) == []


def test_a_channel_that_is_down_burns_no_try(desk, daily):
    desk.loses("Camat Tamban", Channel.SMS)
    desk.fails(Channel.EMAIL, ChannelDown("wrong password", code="535"), end="H-1 13:00")

    desk.clock.reads("H-1 14:30")

    assert desk.mailbox("Camat Tamban").clocks == ["13:03"]  # a probe every five minutes
    assert desk.messages()[0].tries == 1


def test_a_mail_in_doubt_is_tried_once_more_under_the_same_message_id_and_marked(desk, daily):
    desk.fails(Channel.EMAIL, Unknown("cut after the dot"), times=1)

    desk.clock.reads("H-1 14:30")

    assert desk.mailbox("Camat Tamban").clocks == ["12:00", "12:10"]
    assert len({letter.rfc_id for letter in desk.wire.tries}) == 1
    (message,) = desk.messages()
    assert (message.state, message.doubts) == (State.SENT, 1)


def test_a_mail_in_doubt_twice_is_left_in_doubt_and_listed(desk, daily):
    desk.fails(Channel.EMAIL, Unknown("cut after the dot"))

    desk.clock.reads("H-1 14:30")

    assert desk.mailbox("Camat Tamban").clocks == ["12:00", "12:10"]
    assert [m.state for m in unsettled(desk)] == [State.IN_DOUBT]


def test_a_text_in_doubt_is_not_sent_again(desk, daily):
    desk.fails(Channel.SMS, Unknown("timed out"))

    desk.clock.reads("H-1 15:55")

    assert desk.phone("Camat Tamban").clocks == ["15:00"]
    assert [m.state for m in unsettled(desk)] == [State.IN_DOUBT]


def test_a_worker_that_fell_silent_leaves_its_mail_in_doubt_and_the_mail_is_tried_once_more(desk, daily):
    desk.fails(Channel.EMAIL, Killed(), times=1)
    desk.clock.jumps("H-1 12:00")
    with pytest.raises(Killed):
        desk.turn()

    desk.clock.reads("H-1 14:30")

    assert desk.mailbox("Camat Tamban").clocks == ["12:12"]  # two minutes of lease, ten of doubt
    assert desk.messages()[0].doubts == 1


def test_one_bad_number_stops_nobody_else(desk, daily):
    desk.fails(Channel.SMS, Refused("no such number"), to="Camat Tamban")

    desk.clock.reads("H-1 16:30")

    assert desk.heard("Kadis Kominfo") == ["sms 16:00"]


def test_a_contact_withdrawn_after_the_message_was_made_fails_it(desk, daily):
    desk.bell.deaf = True
    desk.clock.reads("H-1 12:00")
    desk.loses("Camat Tamban")
    desk.bell.deaf = False

    desk.clock.reads("H-1 12:05")

    assert desk.heard("Camat Tamban") == []
    assert [m.why for m in unsettled(desk)] == ["the contact was withdrawn"]


def test_a_report_that_comes_between_two_tries_ends_them(desk, daily):
    desk.fails(Channel.EMAIL, Temporary("busy"), times=2)
    desk.clock.reads("H-1 12:02")
    desk.files(daily)

    desk.clock.reads("H-1 14:30")

    assert desk.mailbox("Camat Tamban").clocks == []
    assert [m.state for m in desk.messages()] == [State.CANCELLED]


def test_a_letter_says_in_a_word_what_it_is_and_when_its_office_last_wrote(desk, daily):
    with desk.rt.sessions.begin() as session:
        session.execute(update(Contact).where(Contact.channel == Channel.EMAIL).values(wrote_at=desk.clock.at))

    desk.clock.reads("H-1 15:00")

    mail, text = (sent.letter for sent in desk.wire.accepted)
    assert (mail.say, mail.wrote_at) == ("reminder", desk.moment("H-1 11:59"))
    assert (text.say, text.wrote_at) == ("due", None)
