"""No human sign by one channel: the next says the same. Never for want of a delivery report, never by both."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.messages import delivery_reports
from models.messages.messages import Message
from models.offices.links import Link
from models.offices.offices import Contact
from rules.delivery import Refused, State, Unknown
from rules.delivery_reports import Fate, Heard
from rules.desk import Channel
from rules.dispatch import NoticeState
from rules.ladder import Say
from services import hearing


@pytest.fixture
def desk(desk):
    """A desk whose daily warning, at 17:00, is said by mail 45 minutes later to whoever gave no sign."""
    desk.rt.public_url = "https://desk.example"
    weekly = desk.key("mingguan", "Mekarsari", "2024-W06")
    desk.owes_only(desk.key("harian", "Tamban", "H-1"), weekly)
    desk.clock.reads("H-7 09:00")
    desk.files(weekly, by="Camat Mekarsari")
    desk.clock.reads("H-1 16:30")
    return desk


def mails(desk, office="Kadis Kominfo"):
    return desk.mailbox(office, since="H-1 16:30").clocks


def said_again(desk):
    found = [n for n in desk.notices(desk.key("harian", "Tamban", "H-1")) if n.occasion == "other_way"]
    return sorted((n.channel, n.reason) for n in found)


def test_who_gave_no_sign_is_told_by_the_next_channel_when_the_policy_says_so(desk):
    desk.clock.reads("H-1 17:44")
    assert mails(desk) == []

    desk.clock.reads("H-1 18:20")

    assert desk.phone("Kadis Kominfo", since="H-1 16:30").clocks == ["17:00"]
    assert mails(desk) == ["17:45"]
    assert said_again(desk) == [("email", "no sign by sms")] * 2


def test_it_is_said_once_however_long_nobody_answers(desk):
    desk.clock.reads("H 06:00")

    assert len(said_again(desk)) == 2
    assert mails(desk) == ["17:45"]


def test_who_filed_or_promised_anything_has_given_a_sign_and_the_others_have_not(desk):
    desk.clock.reads("H-1 17:10")
    desk.files(desk.key("mingguan", "Mekarsari", "2024-W06"), "Ralat", by="Camat Mekarsari", via="phone")

    desk.clock.reads("H-1 18:20")

    assert mails(desk, "Camat Mekarsari") == []
    assert mails(desk) == ["17:45"]


def test_who_answered_by_the_link_in_any_way_has_given_a_sign(desk):
    desk.clock.reads("H-1 17:10")
    with desk.rt.sessions.begin() as session:
        office = next(m for m in desk.messages() if desk.clock.at - m.created_at < timedelta(minutes=15)).office_id
        session.execute(update(Link).where(Link.office_id == office).values(seen_at=desk.clock.at))

    desk.clock.reads("H-1 18:20")

    assert len(said_again(desk)) == 1


@pytest.mark.parametrize("answer", ["files", "waives", "promises"])
def test_what_is_filed_waived_or_promised_by_then_is_not_said_again(desk, answer):
    key = desk.key("harian", "Tamban", "H-1")
    desk.clock.reads("H-1 17:30")
    if answer == "files":
        desk.files(key)
    elif answer == "waives":
        desk.waives(key, "Tidak diperlukan")
    else:
        desk.promises(key, "H-1 19:30")

    desk.clock.reads("H-1 18:20")

    assert said_again(desk) == []
    assert mails(desk) == []


def test_a_receipt_that_is_missing_is_no_reason_and_a_doubt_is_waited_for(desk):
    desk.fails(Channel.SMS, Unknown("timed out"), start="H-1 17:00", end="H-1 17:01")

    desk.clock.reads("H-1 17:54")
    assert mails(desk) == []

    desk.clock.reads("H-1 18:20")
    assert mails(desk) == ["17:55"]  # left in doubt at 17:10


def test_a_number_that_is_refused_is_told_by_the_other_channel_at_once_and_only_that(desk):
    desk.fails(Channel.SMS, Refused("no such number"), to="Kadis Kominfo")

    desk.clock.reads("H-1 17:05")

    assert mails(desk) == ["17:00"]
    assert said_again(desk) == [("email", "sms did not reach")]
    assert desk.heard("Kadis Kominfo")[-1:] == ["email 17:00"]


def test_the_coordinator_hears_a_cooling_time_after_the_other_way_and_not_before(desk):
    desk.fails(Channel.SMS, Refused("no such number"))

    desk.clock.reads("H-1 18:30")

    assert mails(desk) == ["17:00"]
    assert mails(desk, "Asisten Pemerintahan") == ["18:30"]


def test_a_channel_that_is_down_for_long_is_passed_over_and_nothing_is_said_twice(desk):
    desk.fails_down(Channel.SMS, "H-1 17:00", "H-1 17:20")

    desk.clock.reads("H-1 17:09")
    assert mails(desk) == []
    desk.clock.reads("H-1 17:40")

    assert mails(desk) == ["17:10"]
    assert desk.phone("Kadis Kominfo", since="H-1 16:30").clocks == []
    assert said_again(desk) == [("email", "sms is down")] * 2
    warned = [n for n in desk.notices(desk.key("harian", "Tamban", "H-1"), "Kadis Kominfo") if n.say == "warning"]
    assert [(n.channel, n.state, n.reason) for n in warned] == [
        ("sms", NoticeState.MOOT, "sms is down: told by email"),
        ("email", NoticeState.DISPATCHED, "sms is down"),
    ]


def test_while_sending_is_on_hold_no_other_way_is_decided_on(desk):
    desk.clock.reads("H-1 17:05")
    desk.holds("Salah teks")

    desk.clock.reads("H-1 20:00")
    assert said_again(desk) == []


def test_who_has_no_other_channel_waits_for_the_one_that_is_down(desk):
    desk.loses("Kadis Kominfo", Channel.EMAIL)
    desk.fails_down(Channel.SMS, "H-1 17:00", "H-1 17:20")

    desk.clock.reads("H-1 17:40")

    assert desk.phone("Kadis Kominfo", since="H-1 16:30").clocks == ["17:23"]
    assert mails(desk, "Camat Tamban") == ["17:10"]


def test_what_is_planned_while_a_channel_is_passed_over_goes_by_the_other_at_once(desk):
    desk.fails_down(Channel.SMS, "H-1 16:40", "H-1 20:00")
    desk.has_a_problem("Kotak suara basah")
    desk.clock.reads("H-1 16:40")
    desk.has_a_problem("Surat suara kurang")

    desk.clock.reads("H-1 17:10")

    team = ("Camat Tamban", "Kadis Kominfo")
    assert sorted(clock for office in team for clock in mails(desk, office)) == ["17:00", "17:01"]


def test_one_message_goes_on_probing_a_channel_that_is_passed_over_until_it_works(desk):
    desk.fails_down(Channel.SMS, "H-1 16:40", "H-1 18:00")
    desk.has_a_problem("Kotak suara basah")
    desk.clock.reads("H-1 16:40")
    desk.has_a_problem("Surat suara kurang")

    desk.clock.reads("H-1 18:40")

    assert desk.phone("Asisten Pemerintahan", since="H-1 18:00").clocks == ["18:30"]
    assert [task.why for task in desk.tasks() if task.why == "channel_down"] == []


def test_what_a_worker_may_be_sending_is_left_alone(desk):
    desk.bell.deaf = True
    desk.clock.reads("H-1 17:00")
    with desk.rt.sessions.begin() as session:
        session.execute(update(Message).where(Message.state == State.PENDING).values(state=State.SENDING))
    desk.bell.deaf = False
    desk.fails_down(Channel.SMS, "H-1 17:00", "H-1 20:00")
    desk.has_a_problem("Kotak suara basah")

    desk.clock.reads("H-1 17:30")

    assert mails(desk) == []


def test_it_waits_for_the_morning_and_is_dropped_if_a_later_word_is_said_by_then(desk):
    """The warning came late: its other way falls into the night, and the coordinator hears before it ends."""
    desk.clock.reads("H-1 16:59")
    desk.clock.jumps("H-1 19:30")

    desk.clock.reads("H 07:30")

    assert desk.phone("Kadis Kominfo", since="H-1 19:00").clocks == ["19:30"]
    assert mails(desk) == []


NUMBER = "+6281234567890"


def carrier_told(desk, seen, texts=10):
    """The carrier of that number called all of these texts lost, and `seen` of them were answered by their link."""
    with desk.rt.sessions.begin() as session:
        contact = session.scalars(select(Contact).where(Contact.address == NUMBER)).one()
        for n in range(texts):
            at = desk.clock.at - timedelta(days=2)
            whose = {"programme_id": next(iter(desk.rt.programmes)), "office_id": contact.office_id}
            text = Message(**whose, contact_id=contact.id, channel=Channel.SMS, say=Say.REMINDER, state=State.SENT)
            text.created_at = text.settled_at = at
            text.provider_id = f"early-{n}"
            session.add(text)
            session.flush()
            link = Link(**whose, message_id=text.id, token_hash=f"{n}", created_at=at, expires_at=at)
            link.seen_at = at if n < seen else None
            session.add(link)
            heard = Heard(message_id=text.id, fate=Fate.UNDELIVERED, provider_id=f"early-{n}")
            delivery_reports.add(session, heard, now=at)


def is_called_lost(desk, office):
    last = desk.phone(office).letters[-1].letter.message_id
    with desk.rt.sessions.begin() as session:
        text = session.get_one(Message, last)
        heard = Heard(message_id=last, fate=Fate.UNDELIVERED, provider_id=text.provider_id or "")
        hearing.keep(session, heard, now=desk.clock.at)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        pytest.param(0, "17:06", id="believed: told at once"),
        pytest.param(5, "17:45", id="it often errs: a sign is waited for"),
    ],
)
def test_a_carrier_that_often_calls_lost_what_arrived_is_not_believed_at_once(desk, seen, expected):
    desk.moves_to("Kadis Kominfo", Channel.SMS, NUMBER)
    carrier_told(desk, seen)
    desk.clock.reads("H-1 17:05")
    is_called_lost(desk, "Kadis Kominfo")

    desk.clock.reads("H-1 18:20")

    assert [clock[:4] for clock in mails(desk)] == [expected[:4]]
