"""An operator looks at messages, asks for one more try, takes one back; nobody gets anything twice unasked."""

import pytest

from jobs.operator import outbox
from jobs.operator.refusals import Refusal
from models.messages.outbox import Filter
from rules.delivery import Refused, State, Unknown
from rules.desk import Channel

IN_DOUBT = "may have arrived: nobody can call it back, and a retry needs --yes-it-may-arrive-twice"


@pytest.fixture
def daily(desk):
    """The first word about it is a mail to Camat Tamban at 12:00."""
    key = desk.key("harian", "Tamban", "H-1")
    desk.owes_only(key)
    desk.clock.reads("H-1 11:59")
    return key


@pytest.fixture
def failed(desk, daily):
    """The id of a mail that was refused."""
    desk.fails(Channel.EMAIL, Refused("no such user"), end="H-1 12:05", to="Camat Tamban")
    desk.clock.reads("H-1 12:05")
    (message,) = [m for m in desk.messages() if m.state is State.FAILED]
    return message.id


@pytest.fixture
def doubtful(desk, daily):
    """The id of a text that was left in doubt."""
    desk.clock.reads("H-1 14:59")
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    desk.clock.reads("H-1 15:30")
    (message,) = [m for m in desk.messages() if m.state is State.IN_DOUBT]
    return message.id


@pytest.fixture
def waiting(desk, daily):
    """The id of a mail that nobody heard the bell for."""
    desk.bell.deaf = True
    desk.clock.reads("H-1 12:00")
    (message,) = desk.messages()
    return message.id


def retry(desk, *ids, twice=False):
    return [(a.done, a.words) for a in outbox.retry(desk.rt, Filter(ids=ids), twice=twice)]


def cancel(desk, *ids):
    return [(a.done, a.words) for a in outbox.cancel(desk.rt, ids, reason="a wrong text")]


def test_what_failed_is_tried_once_more_and_arrives(desk, failed):
    desk.regains("Camat Tamban", Channel.EMAIL)

    assert retry(desk, failed) == [(True, "will be tried once more")]

    desk.clock.reads("H-1 12:06")

    assert desk.mailbox("Camat Tamban").clocks == ["12:05"]
    (message,) = [m for m in desk.messages() if m.id == failed]
    assert (message.state, message.repeated_at) == (State.SENT, None)


def test_asked_twice_it_is_tried_once(desk, failed):
    desk.regains("Camat Tamban", Channel.EMAIL)
    retry(desk, failed)

    assert retry(desk, failed) == [(True, "waits for its next try already")]
    desk.clock.reads("H-1 12:10")
    assert retry(desk, failed) == [(False, "was handed over")]
    assert len(desk.mailbox("Camat Tamban")) == 1


def test_what_was_answered_meanwhile_is_not_tried(desk, failed, daily):
    desk.files(daily)

    assert retry(desk, failed) == [(False, "nothing of it is owed any more")]


def test_what_is_answered_between_the_wish_and_the_try_is_not_sent(desk, failed, daily):
    retry(desk, failed)
    desk.files(daily)

    desk.clock.reads("H-1 12:10")

    assert [letter for letter in desk.mailbox("Camat Tamban").texts if "menunggu" in letter.lower()] == []
    (message,) = [m for m in desk.messages() if m.id == failed]
    assert message.state is State.CANCELLED


def test_what_is_in_doubt_is_tried_again_only_where_two_are_accepted_and_is_marked(desk, doubtful):
    assert retry(desk, doubtful) == [(False, IN_DOUBT)]

    assert retry(desk, doubtful, twice=True) == [(True, "will be tried once more")]
    desk.clock.reads("H-1 15:35")

    assert desk.phone("Camat Tamban").clocks == ["15:00", "15:30"]
    (message,) = [m for m in desk.messages() if m.id == doubtful]
    assert (message.state, message.possibly_doubled) == (State.SENT, True)


def test_a_doubt_that_is_still_to_be_ruled_on_is_left_alone(desk, daily):
    desk.fails(Channel.EMAIL, Unknown("cut after the dot"), times=1)
    desk.clock.reads("H-1 12:05")
    (message,) = desk.messages()

    ((done, words),) = retry(desk, message.id, twice=True)

    assert (done, words) == (False, "is in doubt, and is ruled on in 5 min")


def test_a_whole_channel_is_tried_again_without_its_doubts(desk, failed):
    (which,) = outbox.failed_on(Channel.EMAIL, twice=False)

    answers = outbox.retry(desk.rt, which, twice=False)

    assert [answer.message for answer in answers] == [failed]
    assert outbox.failed_on(Channel.SMS, twice=True)[1].state is State.IN_DOUBT


def test_a_second_try_that_is_taken_back_is_said_to_have_been_one(desk, doubtful):
    desk.bell.deaf = True
    retry(desk, doubtful, twice=True)

    assert cancel(desk, doubtful) == [(True, "cancelled, but an earlier try may have arrived")]


def test_what_waits_is_taken_back_and_the_reason_is_kept(desk, waiting, daily):
    assert cancel(desk, waiting) == [(True, "cancelled")]
    assert cancel(desk, waiting) == [(True, "was cancelled already (cancelled by the operator: a wrong text)")]

    desk.bell.deaf = False
    desk.clock.reads("H-1 12:30")

    assert desk.mailbox("Camat Tamban").clocks == []
    (message,) = desk.messages()
    assert (message.state, message.why) == (State.CANCELLED, "cancelled by the operator: a wrong text")
    assert [n.reason for n in desk.notices(daily)] == ["cancelled by the operator: a wrong text"]


def test_the_chase_goes_on_after_one_message_was_taken_back(desk, waiting):
    cancel(desk, waiting)
    desk.bell.deaf = False

    desk.clock.reads("H-1 15:00")

    assert desk.heard("Camat Tamban") == ["sms 15:00"]


@pytest.mark.parametrize(
    ("which", "words"),
    [
        pytest.param("failed", "has failed: nothing more is tried", id="failed"),
        pytest.param("doubtful", IN_DOUBT, id="in doubt"),
    ],
)
def test_what_is_over_is_not_taken_back(desk, request, which, words):
    id = request.getfixturevalue(which)

    assert cancel(desk, id) == [(False, words)]


def test_a_reason_is_wanted_and_an_unknown_number_is_said(desk, waiting):
    with pytest.raises(Refusal, match="needs a reason"):
        outbox.cancel(desk.rt, [waiting], reason="  ")
    assert cancel(desk, 4711) == [(False, "there is no such message")]
    assert retry(desk, 4711) == [(False, "there is no such message")]
    assert desk.messages()[0].state is State.PENDING


def test_the_list_shows_whom_without_a_whole_address_and_filters(desk, failed):
    def listing(**which):
        return outbox.listing(desk.rt, Filter(**which), limit=100)

    (shown,) = listing(ids=[failed])
    assert shown["to"] == "t***@desk.example"
    assert (shown["office"], shown["state"], shown["why"]) == ("camat-tamban", "failed", "refused: no such user")
    assert desk.address("Camat Tamban", Channel.EMAIL) not in str(listing())
    assert [m["id"] for m in listing(state=State.FAILED)] == [failed]
    assert [m["channel"] for m in listing(state=State.SENT, office="camat-tamban")] == [Channel.SMS]
    assert [m["id"] for m in listing(channel=Channel.EMAIL, office="camat-tamban")] == [failed]
    assert listing(since=desk.clock.at) == []
