"""How handing over ends: refused, tried again, waited for, in doubt. Every end is a row somebody can list."""

import pytest
from sqlalchemy import select, update

from jobs.operator import explain
from models.machine import audit
from models.offices.offices import Contact, Office
from notifiers.file import Outbox
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


def test_an_address_that_offices_share_is_given_up_for_each_of_them_with_a_task_of_its_own(desk, daily):
    both = {desk.office("Camat Tamban"), desk.office("Kadis Kominfo")}
    desk.moves_to("Kadis Kominfo", Channel.SMS, desk.address("Camat Tamban", Channel.SMS))
    desk.fails(Channel.SMS, Refused("no such number"), to="Camat Tamban")

    desk.clock.reads("H-1 15:05")

    of_tasks = [task.office_id for task in desk.tasks() if task.why == "dead_contact"]
    with desk.rt.sessions() as session:
        dead = select(Office.code).join(Contact).where(Contact.state == Contact.State.DEAD)
        assert set(session.scalars(dead)) == both
        assert sorted(session.scalars(select(Office.code).where(Office.id.in_(of_tasks)))) == sorted(both)


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


def test_a_defect_in_the_program_leaves_a_doubt_and_the_neighbours_settled(desk):
    keys = [desk.key("harian", district, "H-1") for district in ("Tamban", "Mekarsari")]
    desk.owes_only(*keys)
    desk.clock.reads("H-1 11:59")
    desk.fails(Channel.EMAIL, KeyError("sid"), to="Camat Tamban", times=1)

    desk.clock.reads("H-1 12:05")

    assert len(desk.wire.tries) == 2
    assert {a.outcome for a in desk.attempts()} == {"unknown", "accepted"}
    assert {m.state for m in desk.messages()} == {State.IN_DOUBT, State.SENT}


def test_a_mail_that_cannot_be_made_is_set_aside_after_three_tries_and_never_in_doubt(desk, daily, tmp_path):
    desk.rt.notifiers = {**desk.rt.notifiers, Channel.EMAIL: Outbox(tmp_path)}
    desk.rt.mail_domain = "two words"

    desk.clock.reads("H-1 12:30")

    message = desk.messages()[0]
    assert [a.outcome for a in desk.attempts() if a.message_id == message.id] == ["unwritable"] * 3
    assert (message.state, message.doubts) == (State.FAILED, 0)
    assert message.why == "set aside after 3 tries: cannot be written: Message-ID: not of the form <left@right>"


def test_one_bad_number_stops_nobody_else(desk, daily):
    desk.fails(Channel.SMS, Refused("no such number"), to="Camat Tamban")

    desk.clock.reads("H-1 17:30")

    assert desk.heard("Kadis Kominfo") == ["sms 17:00"]


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


@pytest.mark.parametrize("lost", [Unknown("cut after the dot"), None], ids=["the answer was lost", "the worker died"])
def test_a_mail_that_may_have_arrived_before_the_report_came_is_not_called_cancelled(desk, daily, lost):
    if lost:
        desk.fails(Channel.EMAIL, lost, times=1)
        desk.clock.reads("H-1 12:02")
    else:
        desk.fails(Channel.EMAIL, Killed(), times=1)
        desk.clock.jumps("H-1 12:00")
        with pytest.raises(Killed):
            desk.turn()
    desk.files(daily)

    desk.clock.reads("H-1 14:30")

    (message,) = desk.messages()
    assert (message.state, message.due_at, message.tries) == (State.IN_DOUBT, None, 1)
    assert "may have arrived; not tried again: no longer owed" in message.why
    assert not message.possibly_doubled
    assert unsettled(desk) == []
    told = [step.what for step in explain.matter(desk.rt, desk.code(daily)).steps]
    assert f"message {message.id}, try 1: {'unknown' if lost else 'lost'}" in told


def test_a_letter_says_in_a_word_what_it_is_and_when_its_office_last_wrote(desk, daily):
    with desk.rt.sessions.begin() as session:
        session.execute(update(Contact).where(Contact.channel == Channel.EMAIL).values(wrote_at=desk.clock.at))

    desk.clock.reads("H-1 15:00")

    mail, text = (sent.letter for sent in desk.wire.accepted)
    assert (mail.say, mail.wrote_at) == ("reminder", desk.moment("H-1 11:59"))
    assert (text.say, text.wrote_at) == ("due", None)


def test_a_claim_by_which_nobody_was_called_leaves_what_was_said_before(desk, daily):
    desk.fails(Channel.EMAIL, Temporary("busy"), times=1)
    desk.clock.reads("H-1 12:00")
    before, *_ = desk.messages()
    desk.fails_down(Channel.EMAIL, "H-1 12:01", "H-1 12:03")

    desk.clock.reads("H-1 12:02")

    after, *_ = desk.messages()
    assert (after.id, bool(before.text)) == (before.id, True)
    assert (after.subject, after.text) == (before.subject, before.text)
