"""The hold switch stops everything; what is still owed when it is released goes out then."""

import pytest

from jobs.refusals import Refusal


def test_while_sending_is_held_nothing_goes_out_and_the_release_sends_what_is_still_owed(desk):
    tamban, mekarsari = (desk.key("harian", district, "H-1") for district in ("Tamban", "Mekarsari"))
    desk.owes_only(tamban, mekarsari)
    desk.clock.reads("H-1 14:00")
    desk.holds("Salah teks")

    desk.clock.reads("H-1 16:30")
    assert desk.phone("Camat Tamban").clocks == []
    desk.files(mekarsari, by="Camat Mekarsari")
    desk.releases()

    desk.clock.reads("H-1 16:31")
    assert desk.phone("Camat Tamban").clocks == ["16:30"]
    assert "2 laporan" not in desk.phone("Camat Mekarsari").last


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
