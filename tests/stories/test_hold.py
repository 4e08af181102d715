"""The hold switch stops everything; what is still owed when it is released goes out then."""

from datetime import timedelta

import pytest

from jobs.delivery import deliver
from jobs.operator import holding
from jobs.operator.refusals import Refusal
from models.machine import clock
from rules.delivery import State
from rules.desk import Channel
from rules.dispatch import NoticeState
from rules.ladder import Say
from tests.stories.desk import DESK, ELECTION, Desk, own_policy


def test_while_sending_is_held_nothing_goes_out_and_the_release_sends_what_is_still_owed(desk):
    tamban, mekarsari = (desk.key("harian", district, "H-1") for district in ("Tamban", "Mekarsari"))
    desk.owes_only(tamban, mekarsari)
    desk.clock.reads("H-1 14:00")
    desk.holds("Salah teks")

    desk.clock.reads("H-1 17:30")
    assert desk.phone("Camat Tamban").clocks == []
    desk.files(mekarsari, by="Camat Mekarsari")
    desk.releases()

    desk.clock.reads("H-1 17:31")
    assert desk.phone("Camat Tamban").clocks == ["17:30"]
    assert desk.phone("Camat Mekarsari").clocks == []
    assert "2 laporan" not in desk.phone("Kadis Kominfo").last


def test_what_was_already_made_into_a_message_is_held_too(desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.bell.deaf = True
    desk.clock.reads("H-1 12:00")
    desk.holds("Salah teks")
    desk.bell.deaf = False

    desk.clock.reads("H-1 12:10")
    assert desk.heard("Camat Tamban") == []

    desk.releases()
    desk.clock.reads("H-1 12:12")
    assert len(desk.mailbox("Camat Tamban")) == 1


@pytest.mark.parametrize(("channel", "at"), [(Channel.EMAIL, "12:00"), (Channel.SMS, "15:00")])
def test_a_bell_that_rang_before_the_hold_and_is_heard_after_it_sends_nothing(desk, channel, at):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 11:00")
    desk.clock.jumps(f"H-1 {at}")
    desk.bell.deaf = True
    desk.turn()
    rung = [m.id for m in desk.messages() if m.channel is channel]
    desk.holds("Salah teks")
    desk.bell.deaf = False

    deliver.run(desk.rt, channel, rung)
    assert rung
    assert desk.wire.tries == []

    desk.releases()
    desk.clock.reads("H-1 15:02")
    assert len(desk.wire.accepted) == len(desk.messages())


def test_after_a_long_hold_the_coordinator_still_hears_only_after_a_warning(desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 14:00")
    desk.holds("Salah teks")
    desk.clock.reads("H-1 18:00")
    desk.releases()

    desk.clock.reads("H-1 18:30")
    assert desk.phone("Camat Tamban").clocks == ["18:00"]
    assert desk.heard("Asisten Pemerintahan") == []

    desk.clock.reads("H-1 19:00")
    assert desk.phone("Asisten Pemerintahan").clocks == ["19:00"]


def test_holding_needs_a_reason(desk):
    with pytest.raises(Refusal, match="needs a reason"):
        desk.holds(" ")


def test_a_second_hold_keeps_since_when_and_why_it_was_held_first(desk):
    desk.clock.reads("H-1 14:00")
    desk.holds("Salah teks")
    desk.clock.jumps("H-1 14:10")

    desk.holds("Tunggu Sekretaris")
    desk.holds("Tunggu Sekretaris")

    with desk.rt.sessions() as session:
        assert clock.marked(session, clock.HOLD) == (desk.moment("H-1 14:00"), "Salah teks; Tunggu Sekretaris")


def preview(desk):
    return holding.preview(desk.rt)


def test_the_preview_tells_what_a_release_would_do_and_changes_nothing(desk):
    tamban, mekarsari, tabunganen = (
        desk.key("harian", district, "H-1") for district in ("Tamban", "Mekarsari", "Tabunganen")
    )
    desk.owes_only(tamban, mekarsari, tabunganen)
    desk.clock.reads("H-1 14:00")
    desk.holds("Salah teks")
    desk.clock.reads("H-1 16:30")
    desk.waives(mekarsari, "Tidak diperlukan")
    before = [(n.state, n.held) for key in (tamban, mekarsari) for n in desk.notices(key)]

    shown = preview(desk)

    assert [(n.state, n.held) for key in (tamban, mekarsari) for n in desk.notices(key)] == before
    assert (shown.on_hold, shown.storm) == ("Salah teks", "")
    planned = [n.say for n in desk.notices(mekarsari) if n.state is NoticeState.PLANNED]
    assert sum(shown.moot.values()) == len([say for say in planned if say is not Say.WAIVED]), "the waiver is told"
    assert list(shown.moot) == ["no longer owed: waived"]
    (texts,) = shown.to_send
    assert (texts.channel, texts.first_at) == (Channel.SMS, desk.clock.at)

    sent = len(desk.wire.accepted)
    desk.releases()
    desk.clock.reads("H-1 16:31")
    assert len(desk.wire.accepted) - sent == texts.messages


def test_the_preview_tells_what_goes_on_waiting_and_until_when(desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 17:30")
    desk.holds("Salah teks")
    desk.clock.reads("H-1 21:00")

    (wait,) = preview(desk).waits

    assert (wait.why, wait.notices, wait.first_at) == ("quiet hours", 1, desk.moment("H 07:00"))
    assert preview(desk).to_send == []


def test_a_release_is_paced_until_all_that_waited_has_gone(slow):
    slow.clock.reads("H-1 14:00")
    slow.holds("Salah teks")
    slow.clock.reads("H-1 17:00")
    (texts,) = preview(slow).to_send
    slow.releases()

    slow.clock.reads("H-1 17:20")

    assert heard_at(slow) == ["17:00", "17:01", "17:02", "17:03"]
    assert (texts.messages, texts.last_at) == (4, slow.moment("H-1 17:03"))
    with slow.rt.sessions.begin() as session:
        assert clock.marked(session, clock.RELEASED)[1] == ""


def test_a_worker_in_the_middle_of_a_group_stops(desk):
    """Ten mails are claimed together; after the first the switch is turned on."""
    desk.owes_only(*(desk.key("harian", district, "H-1") for district in ("Tamban", "Mekarsari")))
    desk.rt.look_every = timedelta(0)
    desk.wire.then = lambda: desk.holds("Salah teks")

    desk.clock.jumps("H-1 12:00")
    desk.turn()

    assert len(desk.wire.accepted) == 1
    assert sorted(m.state for m in desk.messages()) == [State.PENDING, State.SENT]
    assert [m.tries for m in desk.messages() if m.state is State.PENDING] == [0]
    desk.releases()
    desk.clock.reads("H-1 12:01")
    assert len(desk.wire.accepted) == 2


def test_turning_it_on_tells_how_many_are_in_a_providers_hands(desk):
    desk.owes_only(*(desk.key("harian", district, "H-1") for district in ("Tamban", "Mekarsari")))
    told = []
    desk.wire.then = lambda: told.append(holding.on(desk.rt.sessions, "Salah teks", time=desk.clock))

    desk.clock.jumps("H-1 12:00")
    desk.turn()

    assert told == [2]
    assert holding.off(desk.rt)
    assert not holding.off(desk.rt)


@pytest.fixture
def slow(sessions, tmp_path):
    """A desk that releases one message a minute."""
    desk = Desk(sessions, (ELECTION, DESK, own_policy(tmp_path, release_per_minute="1")))
    desk.owes_only(*(desk.key("harian", district, "H-1") for district in ("Tamban", "Mekarsari", "Tabunganen")))
    return desk


def heard_at(desk):
    return [sent.clock for sent in desk.wire.accepted if sent.at >= desk.moment("H-1 15:59")]
