"""Who hears when a report does not come: the team first, then warned, and only then those above it."""

from datetime import timedelta
from itertools import pairwise

import pytest

from rules.delivery import Temporary
from rules.desk import Channel
from rules.dispatch import NoticeState
from rules.ladder import Say
from tests.stories.desk import POLICY, ROOT, Desk

ABOVE = ("Asisten Pemerintahan", "Kepala Kesbangpol", "Sekda")
TEAM = ("Camat Tamban", "Camat Mekarsari", "Kadis Kominfo")


@pytest.fixture
def daily(desk):
    """The daily report of Tamban on the eve of voting day, due at 15:00; nothing else is owed."""
    key = desk.key("harian", "Tamban", "H-1")
    desk.owes_only(key)
    return key


def test_a_silent_team_is_chased_warned_and_then_its_coordinator_hears(desk, daily):
    desk.clock.reads("H-1 12:00")
    assert desk.heard("Camat Tamban") == ["email 12:00"]
    assert desk.heard("Kadis Kominfo") == []

    desk.clock.reads("H-1 16:00")
    assert "belum kami terima" in desk.phone("Camat Tamban").last
    assert desk.heard("Kadis Kominfo") == []

    desk.clock.reads("H-1 17:00")
    assert "kami tunggu s.d. 13/2 18.30 WITA" in desk.phone("Camat Tamban").last
    helper = desk.phone("Kadis Kominfo").last
    assert f"laporan Kec. Tamban ({desk.code(daily)}) belum kami terima. Mohon" in helper
    assert desk.heard("Kadis Kominfo") == ["sms 17:00"]
    assert desk.heard("Asisten Pemerintahan") == []

    desk.clock.reads("H-1 18:30")
    assert desk.code(daily) in desk.phone("Asisten Pemerintahan").last
    assert desk.heard("Sekda") == []


def test_a_fellow_camat_is_never_told_of_his_neighbours_report(desk):
    tamban, mekarsari = desk.key("harian", "Tamban", "H-1"), desk.key("harian", "Mekarsari", "H-1")
    desk.owes_only(tamban, mekarsari)
    desk.files(mekarsari, by="Camat Mekarsari")

    desk.clock.reads("H 15:00")

    assert desk.heard("Camat Mekarsari") == []
    assert "sms 17:00" in desk.heard("Camat Tamban")


def test_on_a_voting_day_on_which_nobody_files_every_camat_hears_of_his_own_district_alone(sessions):
    """The desk of Barito Kuala as it is shipped."""
    election, barito = ROOT / "config/elections/pemilu-2024.yaml", ROOT / "config/desks/barito-kuala.yaml"
    desk = Desk(sessions, (election, barito, POLICY), starts="2024-02-14 04:00")
    desk.clock.reads("H 23:30")

    told = desk.told_below()
    assert len({(code, district) for code, district, _ in told}) > 17
    assert [
        (code, said) for code, district, said in told if {*desk.programme.desk.reports_for(code)} - {district}
    ] == []
    assert {said for code, district, said in told if not desk.programme.desk.reports_for(code)} == {Say.WARNING}


def test_the_secretary_hears_the_next_morning_and_the_chair_last(desk, daily):
    desk.clock.reads("H 15:00")

    assert [desk.heard(office) for office in ABOVE] == [["sms 18:30"], ["email 08:00"], ["email 11:00"]]


def test_the_team_is_told_each_thing_once_and_the_warning_by_the_other_way_too(desk, daily):
    desk.clock.reads("H 15:00")

    assert desk.heard("Camat Tamban") == ["email 12:00", "sms 15:00", "sms 16:00", "sms 17:00", "email 17:45"]
    assert desk.heard("Kadis Kominfo") == ["sms 17:00", "email 17:45"]


def test_a_report_in_time_is_met_with_silence(desk, daily):
    desk.clock.reads("H-1 12:30")
    desk.files(daily)

    desk.clock.reads("H 15:00")

    assert desk.heard("Camat Tamban") == ["email 12:00"]
    assert desk.heard("Kadis Kominfo") == []


def test_after_its_closing_time_nobody_is_chased_any_more(desk, daily):
    desk.clock.reads("H+1 20:00")

    assert desk.matter(daily).closed_why == "past its closing time"
    assert max(sent.at for sent in desk.wire.accepted) < desk.moment("H 15:00")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param("H-1 11:00", "H-1 19:00", id="before the reminder"),
        pytest.param("H-1 14:00", "H-1 18:45", id="before the due time"),
        pytest.param("H-1 16:30", "H 07:30", id="before the warning, over night"),
        pytest.param("H-1 17:05", "H 09:30", id="after the warning"),
        pytest.param("H-1 10:00", "H 10:59", id="nearly to the end"),
    ],
)
def test_nobody_above_hears_before_the_team_was_warned_and_cooled_across_an_outage(desk, daily, start, end):
    desk.is_down(start, end)
    desk.clock.reads("H 15:00")

    warned = min(s.at for s in desk.wire.accepted if "kami tunggu s.d." in s.text)
    above = {desk.address(office, channel) for office in ABOVE for channel in (Channel.SMS, Channel.EMAIL)}
    heard = [s.at for s in desk.wire.accepted if s.letter.to in above]
    assert all(at >= warned + timedelta(hours=1) for at in heard)
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in pairwise(heard))


def test_a_coordinator_who_is_himself_late_is_skipped_upwards(desk):
    """Kepala BPBD coordinates Tabunganen and is of the team that owes its report."""
    desk.owes_only(desk.key("harian", "Tabunganen", "H-1"))

    desk.clock.reads("H-1 19:30")

    assert "Mohon bantuannya" in desk.phone("Kepala BPBD").last
    assert desk.heard("Kepala Kesbangpol") == ["sms 19:30"]


def test_grace_for_want_of_signal_delays_chasing_only(desk):
    tamban, tabunganen = desk.key("harian", "Tamban", "H-1"), desk.key("harian", "Tabunganen", "H-1")
    desk.owes_only(tamban, tabunganen)

    desk.clock.reads("H-1 18:00")

    assert desk.heard("Camat Tamban") == ["email 12:00", "sms 15:00", "sms 16:00", "sms 17:00", "email 17:45"]
    assert desk.heard("Camat Tabunganen") == ["email 12:00", "sms 16:00", "sms 17:00", "sms 18:00"]
    assert desk.obligation(tabunganen).due_at == desk.obligation(tamban).due_at


# -- nobody to tell ----------------------------------------------------------------------------------------------------


def test_a_member_without_any_contact_is_recorded_and_put_on_the_secretariats_list(desk, daily):
    desk.loses("Kadis Kominfo")

    desk.clock.reads("H-1 17:00")

    assert [n.state for n in desk.notices(daily, "Kadis Kominfo")] == [NoticeState.NOBODY]
    assert [task.subject for task in desk.tasks()] == ["office:kadis-kominfo"]
    assert "sms 17:00" in desk.heard("Camat Tamban")


def test_when_nobody_of_the_team_can_be_told_the_coordinator_hears_at_once_and_the_secretariat_is_told(desk, daily):
    for office in TEAM:
        desk.loses(office)

    desk.clock.reads("H-1 15:00")

    assert desk.phone("Asisten Pemerintahan").clocks == ["15:00"]
    assert "Belum ada yang dapat dihubungi." in desk.mailbox("Sekretariat Desk").last
    assert {n.state for n in desk.notices(daily, "Camat Tamban")} == {NoticeState.NOBODY}


def test_before_the_due_time_only_the_secretariat_hears_of_an_office_that_cannot_be_told(desk, daily):
    desk.loses("Camat Tamban")

    desk.clock.reads("H-1 14:59")

    assert desk.heard("Asisten Pemerintahan") == []
    assert desk.heard("Sekretariat Desk") == ["email 12:00"]
    assert [n.reason for n in desk.notices(daily, "Camat Tamban")] == ["no usable contact for email, sms"]


def test_an_office_without_a_phone_is_told_by_mail(desk, daily):
    desk.loses("Kadis Kominfo", Channel.SMS)

    desk.clock.reads("H-1 17:00")

    assert desk.heard("Kadis Kominfo") == ["email 17:00"]


# -- a warning that cannot be handed over ------------------------------------------------------------------------------


def test_when_every_warning_is_refused_the_coordinator_still_hears(desk, daily):
    desk.refuses(Channel.SMS, *TEAM)

    desk.clock.reads("H-1 18:30")

    assert desk.phone("Asisten Pemerintahan").clocks == ["18:30"]


def test_when_the_contacts_vanish_while_the_warning_is_held_the_coordinator_still_hears(desk, daily):
    desk.clock.reads("H-1 16:59")
    desk.holds("a wrong text")
    desk.clock.reads("H-1 17:10")
    for office in TEAM:
        desk.loses(office)
    desk.releases()

    desk.clock.reads("H-1 18:30")

    assert {n.state for n in desk.notices(daily) if n.say is Say.WARNING} == {NoticeState.NOBODY}
    assert desk.phone("Asisten Pemerintahan").clocks == ["18:30"]


def test_while_a_warning_is_still_on_its_way_the_coordinator_does_not_hear(desk):
    """On voting day he hears an hour after the due time, at 11:00, where the team was warned in time."""
    desk.owes_only(desk.key("hari-h", "Tamban", "H@10.00"))
    desk.fails(Channel.SMS, Temporary("busy"), start="H 10:29", end="H 11:05", to="Kadis Kominfo")

    desk.clock.reads("H 11:06")
    assert "Mohon bantuannya" in desk.phone("Kadis Kominfo").last
    assert desk.heard("Asisten Pemerintahan") == []

    desk.clock.reads("H 11:26")
    assert desk.phone("Asisten Pemerintahan").clocks == ["11:26"]


# -- promises ----------------------------------------------------------------------------------------------------------


def test_a_promise_holds_the_ladder_and_then_it_goes_on_where_it_stood(desk, daily):
    desk.clock.reads("H-1 15:30")
    desk.promises(daily, "H-1 17:30")

    desk.clock.reads("H-1 17:29")
    assert desk.heard("Kadis Kominfo") == []

    desk.clock.reads("H-1 18:30")
    assert desk.phone("Camat Tamban").clocks == ["15:00", "17:30"]
    assert desk.phone("Asisten Pemerintahan").clocks == ["18:30"]
    assert {n.round for n in desk.notices(daily)} == {0}


def test_a_promise_made_while_the_warning_waits_in_the_books_delays_it_and_loses_nothing(desk, daily):
    desk.clock.reads("H-1 16:59")
    desk.holds("a wrong text")
    desk.clock.reads("H-1 17:01")
    desk.promises(daily, "H-1 18:00")
    desk.releases()

    desk.clock.reads("H-1 17:59")
    assert desk.phone("Camat Tamban").clocks == ["15:00", "16:00"]

    desk.clock.reads("H-1 19:00")
    assert desk.phone("Camat Tamban").clocks == ["15:00", "16:00", "18:00"]
    assert desk.phone("Asisten Pemerintahan").clocks == ["19:00"]


def test_a_promise_made_between_dispatch_and_delivery_delays_the_warning_and_loses_nothing(desk, daily):
    desk.clock.reads("H-1 16:59")
    desk.bell.deaf = True
    desk.clock.reads("H-1 17:00")
    desk.promises(daily, "H-1 18:00")
    desk.bell.deaf = False

    desk.clock.reads("H-1 17:59")
    assert desk.phone("Camat Tamban").clocks == ["15:00", "16:00"]

    desk.clock.reads("H-1 19:00")
    assert desk.phone("Camat Tamban").clocks == ["15:00", "16:00", "18:00"]
    assert desk.phone("Asisten Pemerintahan").clocks == ["19:00"]


def test_a_report_kept_as_promised_ends_in_silence(desk, daily):
    desk.clock.reads("H-1 15:30")
    desk.promises(daily, "H-1 17:30")
    desk.clock.reads("H-1 17:00")
    desk.files(daily)

    desk.clock.reads("H 15:00")

    assert desk.heard("Camat Tamban") == ["email 12:00", "sms 15:00"]


def test_a_receipt_does_not_wait_for_the_end_of_the_promise(desk, daily):
    desk.clock.reads("H-1 15:30")
    desk.promises(daily, "H-1 19:00")
    desk.clock.reads("H-1 16:00")
    desk.files(daily, via="phone")

    desk.clock.reads("H-1 16:01")

    assert "TT-" in desk.phone("Camat Tamban").last
