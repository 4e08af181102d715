"""One message per office and channel: merged, capped, shared."""

import pytest

from rules.desk import Channel
from rules.dispatch import Held, NoticeState
from rules.ladder import Say
from rules.policy import Severity


def test_two_districts_of_which_a_team_is_warned_together_make_one_message(desk):
    keys = [desk.key("harian", district, "H-1") for district in ("Tamban", "Mekarsari")]
    desk.owes_only(*keys)

    desk.clock.reads("H-1 17:30")

    assert desk.phone("Kadis Kominfo").clocks == ["17:00"]
    assert "2 laporan" in desk.phone("Kadis Kominfo").last


def test_two_districts_and_three_overdue_reports_make_one_message(desk):
    weekly = desk.key("mingguan", "Mekarsari", "2024-W06")
    daily = [desk.key("harian", district, "H-7") for district in ("Tamban", "Mekarsari")]
    desk.owes_only(weekly, *daily)

    desk.is_down("2024-02-05 10:00", "H-7 18:00")
    desk.clock.reads("H-7 18:30")

    assert desk.phone("Kadis Kominfo").clocks == ["18:00"]
    assert "3 laporan" in desk.phone("Kadis Kominfo").last


def test_what_comes_within_two_minutes_waits_for_the_next_message(desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 18:31")
    desk.has_a_problem("Kotak suara basah")
    desk.has_a_problem("Surat suara kurang")

    desk.clock.reads("H-1 18:40")

    assert desk.phone("Asisten Pemerintahan").clocks == ["18:30", "18:32"]


def test_offices_that_share_a_number_get_one_message(desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.moves_to("Kadis Kominfo", Channel.SMS, desk.address("Camat Tamban", Channel.SMS))

    desk.clock.reads("H-1 17:30")

    assert desk.phone("Camat Tamban").clocks == ["15:00", "16:00", "17:00"]


def test_offices_that_share_a_number_get_one_message_also_where_they_are_told_at_different_turns(desk):
    """The coordinator's word about one report comes a minute after the team's about another."""
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.moves_to("Asisten Pemerintahan", Channel.SMS, desk.address("Camat Tamban", Channel.SMS))
    desk.clock.reads("H-1 17:00")
    desk.clock.jumps("H-1 17:01")
    desk.has_a_problem("Kotak suara basah")

    desk.clock.reads("H-1 17:10")

    assert desk.phone("Camat Tamban", since="H-1 16:30").clocks == ["17:00", "17:02"]


def test_what_waits_for_a_shared_number_goes_into_one_message(desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.moves_to("Asisten Pemerintahan", Channel.SMS, desk.address("Camat Tamban", Channel.SMS))
    for office in ("Camat Tamban", "Asisten Pemerintahan"):
        desk.loses(office, Channel.EMAIL)
    desk.clock.reads("H-1 16:30")
    desk.fails_down(Channel.SMS, "H-1 17:00", "H-1 17:09")
    desk.clock.reads("H-1 17:05")
    desk.has_a_problem("Kotak suara basah")

    desk.clock.reads("H-1 17:30")

    assert len(desk.phone("Camat Tamban", since="H-1 16:30")) == 1


@pytest.fixture
def busy_day(desk):
    """Camat Tamban has had three receipts and a word at the due time by 15:00: his cap of four texts is reached."""
    weekly, daily = desk.key("mingguan", "Tamban", "2024-W06"), desk.key("harian", "Tamban", "H-7")
    desk.owes_only(weekly, daily)
    for clock in ("09:00", "09:10", "09:20"):
        desk.clock.reads(f"H-7 {clock}")
        desk.files(weekly, f"Catatan {clock}", via="phone")
    desk.clock.reads("H-7 15:30")
    assert len(desk.phone("Camat Tamban", since="H-7 00:00")) == 4
    return daily


def test_a_cap_holds_a_routine_word_and_never_a_warning(desk, busy_day):
    desk.clock.reads("H-7 16:30")
    (overdue,) = [n for n in desk.notices(busy_day, "Camat Tamban") if n.say is Say.OVERDUE]
    assert (overdue.state, overdue.held) == (NoticeState.PLANNED, Held.CAP)

    desk.clock.reads("H-7 17:30")
    assert desk.phone("Camat Tamban").clocks[-2:] == ["15:00", "17:00"]


def test_what_a_cap_holds_goes_with_the_next_message(desk, busy_day):
    desk.clock.reads("H-7 16:30")
    receipt = desk.files(desk.key("mingguan", "Tamban", "2024-W06"), "Ralat", via="phone")

    desk.clock.reads("H-7 17:00")

    weekly = desk.notices(desk.key("mingguan", "Tamban", "2024-W06"), "Camat Tamban")[-1]
    warning = desk.notices(busy_day, "Camat Tamban")[-1]
    assert receipt.version == 4
    assert (weekly.say, weekly.state) == (Say.RECEIVED, NoticeState.DISPATCHED)
    assert weekly.message_id == warning.message_id


def test_what_nothing_takes_along_goes_the_next_morning(desk):
    weekly = desk.key("mingguan", "Tamban", "2024-W06")
    desk.owes_only(weekly)
    for clock in ("09:00", "09:10", "09:20", "09:30", "09:40"):
        desk.clock.reads(f"H-7 {clock}")
        desk.files(weekly, f"Catatan {clock}", via="phone")

    desk.clock.reads("H-6 08:00")

    assert desk.phone("Camat Tamban", since="H-7 00:00").clocks == ["09:00", "09:10", "09:20", "09:30", "07:00"]


def test_a_flood_of_slight_problems_reaches_the_coordinator_four_times_an_hour_and_a_grave_one_at_once(desk):
    desk.owes_only()
    for minute in range(0, 60, 3):
        desk.clock.reads(f"H-1 10:{minute:02}")
        desk.has_a_problem(f"Jalan tergenang, titik {minute}", severity=Severity.LOW)
    desk.clock.reads("H-1 10:59")
    told = desk.mailbox("Asisten Pemerintahan").clocks

    desk.has_a_problem("Gudang logistik terendam")
    desk.clock.reads("H-1 11:20")

    assert told == ["10:00", "10:15", "10:30", "10:45"]
    assert desk.phone("Asisten Pemerintahan").clocks == ["10:59"]


def test_slight_problems_that_wait_go_along_with_the_first_of_them(desk):
    desk.owes_only()
    desk.clock.reads("H-1 10:00")
    desk.has_a_problem("Jalan tergenang", severity=Severity.LOW)
    for minute in (7, 14, 21):
        desk.clock.reads(f"H-1 10:{minute:02}")
        desk.has_a_problem(f"Jalan tergenang, titik {minute}", severity=Severity.LOW)

    desk.clock.reads("H-1 10:50")

    assert desk.mailbox("Asisten Pemerintahan").clocks == ["10:00", "10:15", "10:30"]


def test_a_grave_problem_takes_along_the_slight_one_that_waits(desk):
    desk.owes_only()
    desk.loses("Asisten Pemerintahan", Channel.EMAIL)
    desk.clock.reads("H-1 10:00")
    desk.has_a_problem("Jalan tergenang", severity=Severity.LOW)
    desk.clock.reads("H-1 10:04")
    desk.has_a_problem("Jalan putus", severity=Severity.LOW)
    desk.clock.reads("H-1 10:06")

    desk.has_a_problem("Gudang logistik terendam")
    desk.clock.reads("H-1 10:25")

    assert desk.phone("Asisten Pemerintahan").clocks == ["10:00", "10:06"]
