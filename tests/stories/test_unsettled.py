"""What does not leave is told to the secretariat by another way than the one that fails, once, until it is mended."""

import pytest
from sqlalchemy import update

from jobs.turn import audit
from models.matters import tasks
from models.matters.matters import Kind, Matter
from rules.delivery import ChannelDown, Refused, State, Temporary, Unknown
from rules.desk import Channel
from tests.stories.desk import Wire


@pytest.fixture
def daily(desk):
    """The first word about it is a mail to Camat Tamban at 12:00."""
    key = desk.key("harian", "Tamban", "H-1")
    desk.owes_only(key)
    desk.clock.reads("H-1 11:59")
    return key


def audited(desk, *times):
    """Live on until each of these, with an audit then, and a minute more."""
    for time in times:
        desk.clock.reads(time)
        audit.tell(desk.rt, audit.run(desk.rt, now=desk.clock.at).unsettled, now=desk.clock.at)
        desk.turn()


def subjects(desk):
    return [task.subject for task in desk.tasks() if task.why != "dead_contact"]


EMAIL = "pemilihan/tiga-kecamatan/email"


def test_a_channel_by_which_nothing_leaves_for_ten_minutes_is_told_by_another_once(desk, daily):
    desk.fails(Channel.EMAIL, Temporary("busy"))

    audited(desk, "H-1 12:09")
    assert subjects(desk) == []
    audited(desk, "H-1 12:10", "H-1 12:11", "H-1 12:30")

    assert subjects(desk) == [EMAIL]
    assert desk.heard("Sekretariat Desk") == ["sms 12:10"]


def test_it_is_done_when_the_channel_is_mended(desk, daily):
    desk.fails(Channel.EMAIL, Temporary("busy"), end="H-1 12:20")

    audited(desk, "H-1 12:15", "H-1 12:40")

    assert subjects(desk) == []
    assert desk.mailbox("Camat Tamban").clocks == ["12:36"]


def test_a_channel_that_is_known_to_be_down_is_not_told_of_twice(desk, daily):
    desk.fails(Channel.EMAIL, ChannelDown("wrong password"))

    audited(desk, "H-1 12:10", "H-1 12:30")

    assert [task.why for task in desk.tasks()] == ["channel_down"]
    assert desk.heard("Sekretariat Desk") == ["sms 12:00"]


def test_it_is_told_again_when_it_comes_back(desk, daily):
    desk.fails(Channel.EMAIL, Temporary("busy"), end="H-1 12:20")
    audited(desk, "H-1 12:15", "H-1 12:40")
    desk.fails(Channel.SMS, Temporary("busy"), start="H-1 15:00")

    audited(desk, "H-1 15:00", "H-1 15:11")

    assert subjects(desk) == ["pemilihan/tiga-kecamatan/sms"]
    assert desk.heard("Sekretariat Desk") == ["sms 12:15", "email 15:11"]


def test_a_secretariat_that_no_channel_reaches_is_told_of_outside(desk, daily):
    desk.loses("Sekretariat Desk")

    assert audit.run(desk.rt, now=desk.clock.at).failure == "no channel that reaches the secretariat works"


def test_what_failed_is_nobodys_task_where_the_office_was_told_by_the_other_way(desk, daily):
    desk.fails(Channel.EMAIL, Refused("no such user"), to="Camat Tamban")

    audited(desk, "H-1 12:01")

    assert desk.phone("Camat Tamban").clocks == ["12:00"]
    assert subjects(desk) == []


def test_what_failed_is_told_at_once_and_is_done_when_the_report_came(desk, daily):
    desk.loses("Camat Tamban", Channel.SMS)
    desk.fails(Channel.EMAIL, Refused("no such user"), to="Camat Tamban")
    audited(desk, "H-1 12:01")
    assert subjects(desk) == [EMAIL]

    desk.files(daily)
    audited(desk, "H-1 12:02")

    assert subjects(desk) == []


def test_a_text_left_in_doubt_is_told_by_mail(desk, daily):
    desk.clock.reads("H-1 14:59")
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)

    audited(desk, "H-1 15:10")

    assert subjects(desk) == ["pemilihan/tiga-kecamatan/sms"]
    assert desk.heard("Sekretariat Desk") == ["email 15:10"]


def test_what_holds_up_an_urgent_word_is_told_at_night(desk):
    desk.owes_only(desk.key("hari-h", "Tamban", "H@22.00"))
    desk.loses("Camat Tamban", Channel.EMAIL)
    desk.fails(Channel.SMS, ChannelDown("no credit"), start="H 22:10")

    audited(desk, "H 22:25")

    assert desk.heard("Sekretariat Desk") == ["email 22:25"]


def test_what_holds_up_a_routine_word_is_told_in_the_morning(desk, daily):
    desk.fails(Channel.EMAIL, Temporary("busy"), to="Camat Tamban")
    desk.fails(Channel.SMS, Temporary("busy"), to="Camat Tamban")
    desk.clock.reads("H-1 20:00")

    audited(desk, "H-1 20:01")
    assert desk.heard("Sekretariat Desk") == []

    desk.clock.reads("H 07:01")
    assert sorted(desk.heard("Sekretariat Desk")) == ["email 07:00", "sms 07:00"]


def test_while_sending_is_on_hold_and_while_it_is_released_slowly_nothing_is_called_stuck(desk, daily):
    desk.bell.deaf = True
    desk.clock.reads("H-1 12:00")
    desk.holds("a wrong text")
    audited(desk, "H-1 13:00")
    desk.releases()

    audited(desk, "H-1 13:59")
    assert subjects(desk) == []

    desk.clock.jumps("H-1 14:00")
    audit.tell(desk.rt, audit.run(desk.rt, now=desk.clock.at).unsettled, now=desk.clock.at)
    assert subjects(desk) == [EMAIL]


def test_a_message_that_nobody_tries_is_a_broken_promise(desk, daily):
    desk.bell.deaf = True
    desk.clock.reads("H-1 12:00")
    (message,) = desk.messages()

    desk.clock.jumps("H-1 12:10")
    desk.turn()

    assert audit.run(desk.rt, now=desk.clock.at).broken == [f"message/{message.id}"]


def test_a_problem_that_nobody_looks_at_is_a_broken_promise(desk, daily):

    code = desk.has_a_problem()
    desk.clock.reads("H-1 12:00")
    assert audit.run(desk.rt, now=desk.clock.at).broken == []

    with desk.rt.sessions.begin() as session:
        session.execute(update(Matter).where(Matter.kind == Kind.ISSUE).values(next_at=None))

    assert audit.run(desk.rt, now=desk.clock.at).broken == [desk.matter(code).key]


def stuck(desk):
    return [(m.state, m.why) for m in audit.run(desk.rt, now=desk.clock.at).unsettled]


def test_a_mail_that_is_cut_off_twice_is_left_in_doubt_and_told_by_text(desk, daily):
    desk.loses("Camat Tamban", Channel.SMS)
    desk.fails(Channel.EMAIL, Unknown("cut off after the final dot"))

    audited(desk, "H-1 12:10", "H-1 12:19", "H-1 12:21")

    assert desk.mailbox("Camat Tamban").clocks == ["12:00", "12:10"]
    assert stuck(desk) == [(State.IN_DOUBT, "left in doubt: it may have arrived")]
    assert subjects(desk) == [EMAIL]
    assert desk.heard("Sekretariat Desk") == ["sms 12:10"]


class Silent(Wire):
    """Texts are taken, their answers are lost, and it never says what became of them."""

    def lookup(self, letter, *, since, until):
        raise self.answer


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        pytest.param(Temporary("busy"), "the provider could not be asked for long: busy", id="it is busy for ever"),
        pytest.param(KeyError("sid"), "a defect while asking: KeyError", id="it says what nobody understands"),
    ],
)
def test_a_text_whose_provider_never_answers_is_told_after_ten_minutes_and_ends_in_doubt(desk, daily, answer, named):
    silent = Silent(desk, accepted=desk.wire.accepted, tries=desk.wire.tries, troubles=desk.wire.troubles)
    silent.answer = answer
    desk.rt.notifiers = {**desk.rt.notifiers, Channel.SMS: silent}
    desk.loses("Camat Tamban", Channel.EMAIL)
    desk.fails(Channel.SMS, Unknown("timed out"), times=1, start="H-1 14:00")

    audited(desk, "H-1 15:11")
    assert subjects(desk) == ["pemilihan/tiga-kecamatan/sms"]
    assert desk.heard("Sekretariat Desk") == ["email 15:11"]
    desk.files(daily)
    desk.clock.reads("H-1 16:30")

    (message,) = [m for m in desk.messages() if m.channel is Channel.SMS and m.say == "due"]
    assert (message.state, message.due_at) == (State.IN_DOUBT, None)
    assert named in message.why


def test_a_secretariat_with_one_channel_is_told_by_that_one(desk, daily):
    desk.loses("Sekretariat Desk", Channel.SMS)
    desk.fails(Channel.EMAIL, Temporary("busy"), to="Camat Tamban")

    audited(desk, "H-1 12:10")

    assert desk.heard("Sekretariat Desk") == ["email 12:10"]
    assert subjects(desk) == [EMAIL]


def test_what_somebody_ticked_off_is_told_again_only_when_something_more_is_stuck(desk, daily):
    desk.loses("Camat Tamban", Channel.SMS)
    desk.fails(Channel.EMAIL, Unknown("cut off"), to="Camat Tamban")
    audited(desk, "H-1 12:21")
    ticks_off(desk)

    audited(desk, "H-1 12:22", "H-1 12:40")
    assert subjects(desk) == []
    assert stuck(desk) != []

    audited(desk, "H-1 15:11")
    assert subjects(desk) == [EMAIL]


def ticks_off(desk):
    """The secretariat says that the only task is done."""
    with desk.rt.sessions.begin() as session:
        (task,) = tasks.undone(session)
        assert tasks.done(session, task.why, task.subject, now=desk.clock.at, how=tasks.TICKED)
