"""The machine was away, or is there twice, or its clock is wrong: nothing is lost, nothing is said twice."""

import threading
from collections import Counter

import pytest
from sqlalchemy.orm import sessionmaker

from jobs.delivery import deliver
from jobs.turn import tick
from models.base import connect
from rules.desk import Channel
from tests.stories.desk import POLICY, ROOT, Desk

PEMILU = (ROOT / "config/elections/pemilu-2024.yaml", ROOT / "config/desks/barito-kuala.yaml", POLICY)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param("H-1 10:30", "H-1 19:30", id="over the due time"),
        pytest.param("H-1 13:00", "H-1 19:00", id="B176: for six hours"),
        pytest.param("H-1 14:59", "H-1 23:59", id="into the night"),
        pytest.param("H-1 16:30", "H 01:30", id="after the first words"),
        pytest.param("H 09:00", "H 18:00", id="on voting day"),
    ],
)
def test_after_hours_every_office_gets_one_message_by_each_way(sessions, start, end):
    desk = Desk(sessions, starts="H-2 16:00")
    desk.is_down(start, end)
    before = len(desk.wire.accepted)

    desk.clock.reads(end)

    told = Counter((s.letter.channel, s.letter.to) for s in desk.wire.accepted[before:])
    assert all(count == 1 for count in told.values())


def test_after_nine_hours_on_the_eve_nobody_of_barito_kuala_is_flooded(sessions):
    """The real files: seventeen districts, all silent."""
    desk = Desk(sessions, PEMILU, starts="H-2 16:00")

    desk.is_down("H-1 10:30", "H-1 19:30")
    desk.clock.reads("H-1 19:35")

    told = Counter((s.letter.channel, s.letter.to) for s in desk.wire.accepted if s.at >= desk.moment("H-1 19:30"))
    assert len(told) > 20
    assert set(told.values()) == {1}


def test_after_a_channel_was_down_the_latest_word_about_a_report_is_said_once(desk):
    """What piled up about it is said in one text, as it stands then."""
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.loses("Camat Tamban", Channel.EMAIL)
    desk.fails_down(Channel.SMS, "H-1 15:59", "H-1 17:05")

    desk.clock.reads("H-1 18:29")

    assert desk.phone("Camat Tamban").clocks == ["12:00", "15:00", "17:08"]
    assert "kami tunggu s.d." in desk.phone("Camat Tamban").last


def test_after_a_channel_was_down_all_that_waits_for_an_office_is_said_in_one_text(desk):
    """The warning about ten o'clock and that about half past one came to stand side by side."""
    desk.owes_only(*(desk.key("hari-h", "Tamban", f"H@{at}") for at in ("10.00", "13.30")))
    desk.loses("Kadis Kominfo", Channel.EMAIL)
    desk.fails_down(Channel.SMS, "H 09:00", "H 14:05")
    for clock in ("10:15", "10:30", "13:45", "14:00"):
        desk.clock.jumps(f"H {clock}")
        desk.turn()

    desk.clock.reads("H 14:10")

    assert desk.phone("Kadis Kominfo").clocks == ["14:05"]
    assert "2 laporan" in desk.phone("Kadis Kominfo").last


def test_a_reminder_that_could_not_be_sent_in_time_is_not_sent_after_the_due_time(desk):
    desk.owes_only(desk.key("hari-h", "Tamban", "H@10.00"))
    desk.loses("Camat Tamban", Channel.EMAIL)
    desk.fails_down(Channel.SMS, "H 09:29", "H 10:05")

    desk.clock.reads("H 10:15")

    assert desk.phone("Camat Tamban").clocks == ["10:15"]


def test_the_missed_rungs_are_not_caught_up_one_by_one(desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))

    desk.is_down("H-1 11:00", "H-1 17:30")
    desk.clock.reads("H-1 18:00")

    assert desk.heard("Camat Tamban") == ["sms 17:30"]


def test_a_lost_bell_is_rung_again(desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 11:59")
    desk.bell.deaf = True
    desk.clock.jumps("H-1 12:00")
    desk.turn()
    desk.bell.deaf = False

    desk.clock.reads("H-1 12:01")

    assert len(desk.mailbox("Camat Tamban")) == 1


def test_a_worker_that_has_just_started_delivers(desk):
    """It has read no programme yet, and its way out may be a repeatable one."""
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.bell.deaf = True
    desk.clock.reads("H-1 12:00")
    desk.wire.repeatable = True

    deliver.run(desk.another_process(desk.rt.sessions), Channel.EMAIL, [m.id for m in desk.messages()])

    assert desk.mailbox("Camat Tamban").clocks == ["12:00"]


def test_a_clock_that_goes_backward_repeats_nothing(desk):
    """B162."""
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 17:30")
    told = len(desk.wire.accepted)

    desk.clock.jumps("H-1 11:30")
    desk.turn()
    desk.clock.reads("H-1 17:31")

    assert len(desk.wire.accepted) == told


def test_two_clocks_at_once_send_nothing_twice(desk, migrated_url):
    """Both turn at the same instant, each in its own thread and with its own connections."""
    desk.owes_only(*(desk.key("harian", district, "H-1") for district in ("Tabunganen", "Tamban", "Mekarsari")))
    engine = connect(migrated_url, durable=False)
    other = desk.another_process(sessionmaker(engine, expire_on_commit=False))
    failures = []

    def turn(rt, barrier):
        try:
            barrier.wait(10)
            tick.run(rt, documents=False)
        except Exception as error:
            failures.append(error)

    for moment in ("H-1 12:00", "H-1 15:00", "H-1 16:00", "H-1 17:00", "H-1 18:30", "H 07:00", "H 08:00"):
        desk.clock.jumps(moment)
        barrier = threading.Barrier(2)
        clocks = [threading.Thread(target=turn, args=(rt, barrier)) for rt in (desk.rt, other)]
        for clock in clocks:
            clock.start()
        for clock in clocks:
            clock.join()
    engine.dispose()

    assert failures == []
    assert set(Counter(s.letter.message_id for s in desk.wire.accepted).values()) == {1}
    assert desk.phone("Kadis Kominfo").clocks == ["17:00"]
    desk.every_promise_is_kept()
