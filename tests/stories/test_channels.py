"""A channel that is down stops for everybody, burns no try, is probed by one message, and goes on by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.delivery import channels
from jobs.turn import dispatch
from models.matters import tasks
from models.matters.matters import Matter
from models.messages import channels as known
from models.offices.offices import Contact
from notifiers.gateway import Gateway, Server
from rules.delivery import ChannelDown, Misaddressed, Refused, State, Temporary
from rules.delivery_reports import Fate, Heard
from rules.desk import Channel
from rules.ladder import Say
from services import hearing, outages
from tests import engines
from tests.stories.desk import DESK, ELECTION, Desk, own_policy

DISTRICTS = ("Tamban", "Mekarsari")
CAMATS = tuple(f"Camat {district}" for district in DISTRICTS)


@pytest.fixture
def both(desk):
    """Two camats owe a daily report; they are told by text at 15:00."""
    desk.owes_only(*(desk.key("harian", district, "H-1") for district in DISTRICTS))
    desk.clock.reads("H-1 14:50")
    return desk


def tried(desk):
    """When texts were tried."""
    texts = {message.id for message in desk.messages() if message.channel is Channel.SMS}
    return [f"{a.ended_at.astimezone(desk.zone):%H:%M}" for a in desk.attempts() if a.message_id in texts]


def open_tasks(desk):
    return [(task.why, task.text) for task in desk.tasks()]


def test_after_the_first_try_that_found_it_down_nobody_else_is_tried(both):
    both.fails_down(Channel.SMS, "H-1 15:00", "H-1 15:02")

    both.clock.reads("H-1 15:00")

    assert tried(both) == ["15:00"]
    assert {m.state for m in both.messages() if m.channel is Channel.SMS} == {State.PENDING}


def test_one_message_at_a_time_probes_after_the_policys_waits_and_then_all_go(both):
    both.fails_down(Channel.SMS, "H-1 15:00", "H-1 15:05")

    both.clock.reads("H-1 15:30")

    assert tried(both) == ["15:00", "15:01", "15:03", "15:08", "15:08"]
    assert [both.phone(camat).clocks for camat in CAMATS] == [["15:08"]] * 2
    assert {m.tries for m in both.messages()} == {1}


def test_the_other_channels_go_on(both):
    both.fails_down(Channel.SMS, "H-1 15:00", "H-1 17:00")
    both.loses("Camat Tamban", Channel.SMS)

    both.clock.reads("H-1 15:05")

    assert both.mailbox("Camat Tamban", since="H-1 14:55").clocks == ["15:00"]


def test_the_secretariat_is_told_once_by_another_way_and_the_task_ends_with_the_trouble(both):
    both.fails(Channel.SMS, ChannelDown("no credit", code="20003"), end="H-1 15:30")

    both.clock.reads("H-1 15:20")
    ((why, text),) = open_tasks(both)
    assert why == "channel_down"
    assert "SMS terhenti sejak 13 Februari 2024 pukul 15.00 WITA" in text
    assert "no credit (20003)" in text
    told = both.mailbox("Sekretariat Desk", since="H-1 14:55")
    assert told.clocks == ["15:00"]

    both.clock.reads("H-1 16:00")
    assert open_tasks(both) == []
    assert len(both.mailbox("Sekretariat Desk", since="H-1 14:55")) == 1


def test_a_second_time_down_is_told_again(both):
    both.fails_down(Channel.SMS, "H-1 15:00", "H-1 15:01")
    both.fails_down(Channel.SMS, "H-1 16:00", "H-1 16:30")

    both.clock.reads("H-1 15:30")
    assert open_tasks(both) == []
    both.clock.reads("H-1 16:05")
    assert [why for why, _ in open_tasks(both)] == ["channel_down"]


def test_whoever_mended_it_need_not_wait_for_the_next_probe(both):
    both.fails_down(Channel.SMS, "H-1 15:00", "H-1 15:04")
    both.clock.reads("H-1 15:04")

    assert channels.retry(both.rt, Channel.SMS)
    both.clock.reads("H-1 15:05")

    assert both.phone("Camat Tamban").clocks == ["15:04"]
    assert not channels.retry(both.rt, Channel.SMS)


def test_a_refused_number_shows_that_the_channel_works_and_a_busy_one_shows_nothing(both):
    both.fails_down(Channel.SMS, "H-1 15:00", "H-1 15:01")
    both.fails(Channel.SMS, Temporary("busy"), start="H-1 15:01", end="H-1 15:02")
    both.fails(Channel.SMS, Refused("no such number"), start="H-1 15:02", times=1)

    both.clock.reads("H-1 15:01")
    assert tried(both) == ["15:00", "15:01"]
    both.clock.reads("H-1 15:02")
    assert tried(both) == ["15:00", "15:01"]
    both.clock.reads("H-1 15:03")
    assert tried(both) == ["15:00", "15:01", "15:03", "15:03"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda both: both.loses("Camat Tamban", Channel.SMS), id="a withdrawn number"),
        pytest.param(
            lambda both: both.fails(Channel.SMS, Misaddressed("not one number"), to="Camat Tamban"),
            id="no number at all",
        ),
    ],
)
def test_a_probe_by_which_nobody_was_asked_shows_nothing(both, spoil):
    both.fails_down(Channel.SMS, "H-1 15:00", "H-1 15:05")
    both.clock.reads("H-1 15:00")
    spoil(both)

    both.clock.reads("H-1 15:04")
    with both.rt.sessions() as session:
        assert known.known(session, Channel.SMS).down_since == both.moment("H-1 15:00")
    assert both.phone("Camat Mekarsari").clocks == []

    both.clock.reads("H-1 15:20")
    assert both.phone("Camat Mekarsari").clocks != []


def test_a_probe_that_is_no_longer_owed_costs_no_wait(both):
    both.fails_down(Channel.SMS, "H-1 15:00", "H-1 15:01")
    both.clock.reads("H-1 15:00")
    both.waives(both.key("harian", "Tamban", "H-1"), "Tidak diperlukan")

    both.clock.reads("H-1 15:01")

    assert both.phone("Camat Mekarsari").clocks == ["15:01"]


def test_what_goes_into_the_folder_of_a_trial_says_nothing_about_the_channel(both):
    both.fails_down(Channel.SMS, "H-1 15:00", "H-1 15:04", to="Camat Tamban")
    both.wire.strangers = {both.address(camat, Channel.SMS) for camat in CAMATS[1:]}

    both.clock.reads("H-1 15:03")
    assert both.phone("Camat Mekarsari").clocks == ["15:03"]
    assert [why for why, _ in open_tasks(both)] == ["channel_down"]

    both.clock.reads("H-1 15:30")
    assert both.phone("Camat Tamban").clocks == ["15:08"]
    assert open_tasks(both) == []


def test_a_worker_that_died_with_the_probe_leaves_the_next_one_to_another(both):
    class Killed(BaseException):
        pass

    both.fails_down(Channel.SMS, "H-1 15:00", "H-1 15:01")
    both.fails(Channel.SMS, Killed(), start="H-1 15:01", times=1)
    both.clock.reads("H-1 15:00")
    both.clock.jumps("H-1 15:01")
    with pytest.raises(Killed):
        both.turn()
    dispatch.run(both.rt, now=both.clock.at)
    assert tried(both) == ["15:00"]

    both.clock.reads("H-1 15:03")

    assert sorted(len(both.phone(camat)) for camat in CAMATS) == [0, 1]  # the other is in doubt with the dead one


def test_on_a_slow_channel_an_urgent_word_goes_before_routine_ones_that_waited_longer(sessions, tmp_path):
    """A modem that takes one text a minute: of two that are due the first is out when a grave problem comes up."""
    desk = Desk(sessions, (ELECTION, DESK, own_policy(tmp_path, rate="{sms: {per_minute: 1}}")))
    desk.owes_only(*(desk.key("harian", district, "H-1") for district in DISTRICTS))
    desk.clock.reads("H-1 15:00")
    assert texts(desk) == ["15:00"]

    desk.has_a_problem()
    desk.clock.reads("H-1 15:05")

    assert desk.phone("Asisten Pemerintahan").clocks == ["15:01"]
    assert texts(desk) == ["15:00", "15:01", "15:02"]


def texts(desk):
    return [sent.clock for sent in desk.wire.accepted if sent.letter.channel is Channel.SMS]


def test_a_provider_that_asks_to_be_left_alone_is_and_only_who_was_told_so_spends_a_try(both):
    both.fails(Channel.SMS, Temporary("too fast", wait=timedelta(minutes=3)), times=1)

    both.clock.reads("H-1 15:30")

    assert tried(both) == ["15:00", "15:03", "15:03"]
    assert [both.phone(camat).clocks for camat in CAMATS] == [["15:03"]] * 2
    assert sorted(m.tries for m in both.messages() if m.channel is Channel.SMS) == [1, 2]
    assert open_tasks(both) == []


def test_one_that_asks_for_days_is_tried_again_before_the_others_are_late(both):
    both.fails(Channel.SMS, Temporary("too fast", wait=timedelta(days=9)), times=1)

    for time in ("15:04", "15:09", "15:29", "15:31"):
        both.clock.reads(f"H-1 {time}")

    assert tried(both) == ["15:00", "15:05", "15:30"]


# A delivery report names a fault of the channel's own (Twilio's 30002: suspended after it took the text)


@pytest.fixture
def suspended(both):
    """The texts of 15:00 were taken; at 15:59 a delivery report names a suspended account. More are due at 16:00."""
    both.clock.reads("H-1 15:59")
    assert texts(both) == ["15:00", "15:00"]
    tells(both, Fate.FAILED)
    return both


def tells(desk, fate, *, last=False):
    """The provider tells of the first text, or of the last one, what the web server keeps."""
    sent = [m.id for m in desk.messages() if m.channel is Channel.SMS and m.state is State.SENT]
    ours = fate is Fate.FAILED
    heard = Heard(message_id=sent[-last], fate=fate, provider_id=f"wire:{sent[-last]}", code="30002" * ours, ours=ours)
    with desk.rt.sessions.begin() as session:
        assert hearing.keep(session, heard, now=desk.clock.at)
        news = outages.heard(session, heard, now=desk.clock.at)
    with desk.rt.sessions.begin() as session:
        if news:
            outages.learn(session, desk.rt.live(session), news, now=desk.clock.at)


def test_a_receipt_stops_the_channel_and_the_secretariat_is_told_once_by_another_way(suspended):
    suspended.clock.reads("H-1 15:59")
    tells(suspended, Fate.FAILED)
    suspended.clock.reads("H-1 16:00")

    assert [why for why, _ in open_tasks(suspended)] == ["channel_down"]
    assert suspended.mailbox("Sekretariat Desk", since="H-1 14:55").clocks == ["15:59"]


def test_one_probe_at_a_time_is_taken_while_their_receipts_go_on_to_fail(suspended):
    for minute in ("16:00", "16:01", "16:02", "16:03"):
        suspended.clock.reads(f"H-1 {minute}")
        tells(suspended, Fate.FAILED, last=True)

    assert texts(suspended)[2:] == ["16:00", "16:02"]
    assert [why for why, _ in open_tasks(suspended)] == ["channel_down"]


def test_a_probe_that_arrives_lets_all_the_others_go(suspended):
    suspended.clock.reads("H-1 16:00")
    tells(suspended, Fate.SENT, last=True)
    suspended.clock.reads("H-1 16:01")
    assert texts(suspended)[2:] == ["16:00"]

    tells(suspended, Fate.DELIVERED, last=True)
    suspended.clock.reads("H-1 16:01")

    assert set(texts(suspended)[3:]) == {"16:01"}
    assert open_tasks(suspended) == []


def test_so_does_one_of_which_nothing_bad_was_heard_by_the_time_of_the_next(suspended):
    suspended.clock.reads("H-1 16:05")

    assert set(texts(suspended)[3:]) == {"16:02"}
    assert open_tasks(suspended) == []


def test_whoever_mended_it_need_not_wait_for_a_delivery_report(suspended):
    suspended.clock.reads("H-1 16:00")
    assert texts(suspended)[2:] == ["16:00"]

    assert channels.retry(suspended.rt, Channel.SMS)
    suspended.clock.reads("H-1 16:01")

    assert set(texts(suspended)[3:]) <= {"16:00", "16:01"}
    assert open_tasks(suspended) == []


def test_nor_do_the_receipts_of_what_went_before_it_was_mended_stop_it_again(suspended):
    suspended.clock.reads("H-1 16:05")

    tells(suspended, Fate.FAILED)
    suspended.clock.reads("H-1 16:06")

    assert open_tasks(suspended) == []


# A server that is not reached, by several workers


GONE = Temporary("connect: refused", reached=False)


@pytest.fixture
def workers(both, monkeypatch):
    """Two of them take turns over one database, each with a line of its own to a gateway that is gone."""
    ring, url = both.rt.bell.ring, f"http://127.0.0.1:{engines.free_port()}"
    gone = Server(url=url, public_url="https://desk.example", key=b"kunci")
    own = [dict(both.rt.notifiers) | {Channel.SMS: Gateway(gone)} for _ in range(2)]

    def next_one(channel, ids):
        own.reverse()
        monkeypatch.setattr(both.rt, "notifiers", own[0])
        ring(channel, ids)

    monkeypatch.setattr(both.rt.bell, "ring", next_one)
    return both


def test_a_dead_server_is_down_after_three_openings_whoever_tried_them(workers):
    workers.owes_only(workers.key("harian", "Tamban", "H-1"))

    workers.clock.reads("H-1 15:01")
    assert open_tasks(workers) == []
    workers.clock.reads("H-1 15:02")

    assert tried(workers) == ["15:00", "15:01", "15:02"]
    ((why, text),) = open_tasks(workers)
    assert why == "channel_down"
    assert "pukul 15.02" in text
    assert "refused, 3 times in a row" in text


def test_a_hiccup_of_a_minute_stops_nothing_and_is_forgotten(both):
    both.owes_only(both.key("harian", "Tamban", "H-1"))
    both.fails(Channel.SMS, GONE, start="H-1 15:00", times=2)
    both.clock.reads("H-1 15:10")

    with both.rt.sessions() as session:
        left = known.known(session, Channel.SMS)
    assert tried(both) == ["15:00", "15:01", "15:02"]
    assert both.phone("Camat Tamban").clocks == ["15:02"]
    assert {m.tries for m in both.messages()} == {1}
    assert (left.unreached, left.down_since, open_tasks(both)) == (0, None, [])


def test_after_one_opening_that_failed_the_others_of_its_bell_wait(both):
    both.fails(Channel.SMS, GONE, start="H-1 15:00", times=1)

    both.clock.reads("H-1 15:02")

    assert {m.tries for m in both.messages() if m.channel is Channel.SMS} == {1}
    assert [len(both.phone(camat)) for camat in CAMATS] == [1, 1]
    assert tried(both)[0] == "15:00"
    assert len(tried(both)) == 3


def test_links_that_strangers_order_crowd_out_no_warning_on_a_slow_channel(sessions, tmp_path):
    desk = Desk(sessions, (ELECTION, DESK, own_policy(tmp_path, rate="{sms: {per_minute: 1}}")))
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 14:00")
    for office in ("Kadis Kominfo", "Sekretaris Daerah", "Camat Mekarsari", "Camat Tabunganen"):
        desk.asks_to_sign_in(office, Channel.SMS)
    desk.turn()

    desk.has_a_problem()
    desk.clock.reads("H-1 14:10")

    said = [sent.letter.say for sent in desk.wire.accepted if sent.letter.channel is Channel.SMS]
    assert said == [Say.SIGN_IN, Say.PROBLEM, Say.SIGN_IN, Say.SIGN_IN, Say.SIGN_IN]


# Refusals that several mail domains have in common


DOMAINS = {
    "Camat Tamban": "camat@tamban.example",
    "Camat Mekarsari": "camat@mekarsari.example",
    "Camat Tabunganen": "camat@tabunganen.example",
}


@pytest.fixture
def domains(desk):
    """Each Camat has his mail at another domain, and nothing else reaches him."""
    for office, address in DOMAINS.items():
        desk.moves_to(office, Channel.EMAIL, address)
        desk.loses(office, Channel.SMS)
    desk.owes_only(*(desk.key("harian", office.removeprefix("Camat "), "H-1") for office in DOMAINS))
    return desk


def in_use(desk):
    with desk.rt.sessions() as session:
        query = select(Contact.state).where(Contact.address.in_(DOMAINS.values()))
        return set(session.scalars(query))


@pytest.mark.parametrize("many", [2, 3])
def test_several_domains_that_refuse_alike_are_a_channel_that_is_down_and_no_bad_addresses(domains, many):
    desk = domains
    if many == 2:
        desk.moves_to("Camat Tabunganen", Channel.EMAIL, "tabunganen@tamban.example")
    desk.fails(Channel.EMAIL, Refused("rcpt: 5.1.2 no such domain", code="550"))

    desk.clock.reads("H-1 12:30")

    assert in_use(desk) == {Contact.State.ACTIVE}
    assert {why for why, _ in open_tasks(desk)} == {"channel_down"}
    assert {message.state for message in desk.messages() if message.channel is Channel.EMAIL} == {State.PENDING}

    desk.wire.troubles.clear()
    desk.clock.reads("H-1 13:00")

    assert all(desk.mailbox(office).clocks for office in DOMAINS)
    assert open_tasks(desk) == []


def test_addresses_that_are_refused_once_more_after_the_channel_worked_are_bad(domains):
    """A list of old addresses, and one office that still gets its mail."""
    desk = domains
    for office in DOMAINS:
        desk.fails(Channel.EMAIL, Refused("rcpt: 5.1.1 no such user", code="550"), to=office)
    desk.clock.reads("H-1 12:01")
    assert in_use(desk) == {Contact.State.ACTIVE}

    desk.asks_to_sign_in("Asisten Pemerintahan", Channel.EMAIL)
    desk.clock.reads("H-1 13:00")

    assert in_use(desk) == {Contact.State.DEAD}
    assert desk.mailbox("Asisten Pemerintahan").clocks == ["12:01"]
    assert [why for why, _ in open_tasks(desk)].count("dead_contact") == 3
    assert "channel_down" not in {why for why, _ in open_tasks(desk)}
    assert rounds(desk, "channel_down") == [0]


def rounds(desk, why):
    """How often the secretariat was told anew, of each such task."""
    with desk.rt.sessions() as session:
        query = select(Matter.round).join(tasks.Task, tasks.Task.matter_id == Matter.id).where(tasks.Task.why == why)
        return list(session.scalars(query))


def test_one_domain_alone_that_refuses_is_not(domains):
    desk = domains
    for office in DOMAINS:
        desk.moves_to(office, Channel.EMAIL, f"{office.replace(' ', '.').lower()}@tamban.example")
        desk.fails(Channel.EMAIL, Refused("rcpt: 5.1.1 no such user", code="550"), to=office)

    desk.clock.reads("H-1 12:30")

    assert {why for why, _ in open_tasks(desk)} >= {"dead_contact"}
    assert "channel_down" not in {why for why, _ in open_tasks(desk)}


def test_nor_are_domains_that_each_say_something_else(domains):
    desk = domains
    for office, code in zip(DOMAINS, ("5.1.1", "5.1.2", "5.1.10"), strict=True):
        desk.fails(Channel.EMAIL, Refused(f"rcpt: {code} no", code="550"), to=office)

    desk.clock.reads("H-1 12:30")

    assert in_use(desk) == {Contact.State.DEAD}
