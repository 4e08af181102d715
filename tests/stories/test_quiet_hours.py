"""When nobody is disturbed, and what is decided again when the quiet ends."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from models.offices.offices import Office
from rules.delivery import Temporary
from rules.desk import Channel
from rules.dispatch import Held, NoticeState
from rules.fairness import Cause
from rules.quiet import Window
from rules.recap import Period
from services import handovers, recap
from tests.stories.desk import DESK, ELECTION, POLICY, Desk

WEEK = Period(date(2024, 2, 7), date(2024, 2, 20))


@pytest.fixture
def daily(desk):
    key = desk.key("harian", "Tamban", "H-3")
    desk.owes_only(key)
    return key


def test_what_falls_into_the_night_goes_out_at_seven(desk, daily):
    desk.is_down("H-3 15:30", "H-3 20:30")

    desk.clock.reads("H-2 06:59")
    assert desk.phone("Camat Tamban").clocks == ["15:00"]

    desk.clock.reads("H-2 07:00")
    assert desk.phone("Camat Tamban").clocks == ["15:00", "07:00"]


def test_a_report_filed_while_its_reminder_is_held_ends_in_silence(desk, daily):
    desk.is_down("H-3 15:30", "H-3 20:30")
    desk.clock.reads("H-3 22:00")
    desk.files(daily)

    desk.clock.reads("H-2 08:00")

    assert desk.phone("Camat Tamban").clocks == ["15:00"]
    held = desk.notices(daily, "Kadis Kominfo")
    assert [(n.state, n.reason) for n in held] == [(NoticeState.MOOT, "no longer owed: received")]


def test_a_reminder_held_beyond_the_due_time_is_not_sent(desk):
    """The due time of the weekly lies in the morning here; its reminder was held over night."""
    daily = desk.key("harian", "Tamban", "H-5")  # a Friday: the reminder at 12:00 waits for the end of prayer
    desk.owes_only(daily)

    desk.is_down("H-5 12:00", "H-5 15:00")
    desk.clock.reads("H-5 15:10")

    assert desk.heard("Camat Tamban") == ["sms 15:00"]
    reminder = desk.notices(daily)[0]
    assert (reminder.state, reminder.reason) == (NoticeState.MOOT, "the due time has come")


def test_nobody_is_disturbed_during_friday_prayer(desk):
    daily = desk.key("harian", "Tamban", "H-5")
    desk.owes_only(daily)

    desk.clock.reads("H-5 13:29")
    assert desk.heard("Camat Tamban") == []

    desk.clock.reads("H-5 13:30")
    assert desk.heard("Camat Tamban") == ["email 13:30"]


def test_the_voting_day_ladder_passes_quiet_hours(desk):
    desk.owes_only(desk.key("hari-h", "Tamban", "H@22.00"))

    desk.clock.reads("H 23:30")

    assert desk.phone("Camat Tamban").clocks == ["21:30", "22:15", "22:30"]
    assert desk.phone("Asisten Pemerintahan").clocks == ["23:00"]


def test_a_receipt_for_a_report_taken_by_phone_at_night_is_sent_in_the_morning(desk, daily):
    desk.clock.reads("H-3 21:00")
    desk.files(daily, via="phone")

    desk.clock.reads("H-2 07:00")

    assert "TT-" in desk.phone("Camat Tamban").last
    assert desk.phone("Camat Tamban").clocks[-1] == "07:00"


def test_a_text_that_could_not_be_handed_over_in_the_evening_is_not_tried_again_at_night(desk):
    """Tabunganen's grace brings the word to those above at 19:30; its coordinator is of the team."""
    desk.owes_only(desk.key("harian", "Tabunganen", "H-3"))
    desk.loses("Kepala Kesbangpol", Channel.EMAIL)
    desk.fails_down(Channel.SMS, "H-3 19:29", "H-3 21:00")

    desk.clock.reads("H-2 06:59")
    assert desk.heard("Kepala Kesbangpol") == []

    desk.clock.reads("H-2 07:00")
    assert desk.phone("Kepala Kesbangpol").clocks == ["07:00"]
    assert [m.tries for m in desk.messages()][-1] == 1


def test_what_may_pass_quiet_hours_is_tried_again_at_night(desk):
    desk.owes_only(desk.key("hari-h", "Tamban", "H@22.00"))
    desk.clock.reads("H 22:00")
    desk.fails(Channel.SMS, Temporary("busy"), times=1)

    desk.clock.reads("H 22:20")

    assert "22:16" in {
        clock for office in ("Camat Tamban", "Kadis Kominfo", "Camat Mekarsari") for clock in desk.phone(office).clocks
    }


def test_a_text_is_valid_until_the_quiet_hours_of_its_office_begin(desk, daily):
    desk.clock.reads("H-3 15:00")

    (text,) = desk.phone("Camat Tamban").letters
    assert text.letter.not_after == desk.moment("H-3 20:00")


# -- voting night ------------------------------------------------------------------------------------------------------

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}


def texts_by_night(desk, office):
    """The texts that reached an office between 20.00 and 07.00 on its own clock."""
    zone = ZoneInfo(next(o.zone for o in desk.programme.desk.offices if o.code == desk.office(office)))
    local = [sent.at.astimezone(zone) for sent in desk.phone(office).letters]
    return [f"{at:%H:%M}" for at in local if not 7 <= at.hour < 20]


@pytest.mark.parametrize("zone", ZONES.values(), ids=ZONES)
def test_a_form_missing_on_voting_day_wakes_neither_chair_nor_secretary_whatever_its_hour(sessions, tmp_path, zone):
    """Nobody files at all: five forms are chased in three districts, one of them with an hour's grace."""
    there = tmp_path / "desk.yaml"
    there.write_text(DESK.read_text(encoding="utf-8").replace("Asia/Makassar", zone), encoding="utf-8")
    desk = Desk(sessions, (ELECTION, there, POLICY), starts="2024-02-14 04:00", zone=zone)

    desk.clock.reads("H+1 07:30")

    for office in ("Kepala Kesbangpol", "Sekda"):
        assert texts_by_night(desk, office) == []
        assert len(desk.phone(office)) >= 3
        assert "01:00" in desk.mailbox("Sekda").clocks


def test_a_chair_in_another_zone_sleeps_by_his_own_clock(sessions, tmp_path):
    there = tmp_path / "desk.yaml"
    lines = DESK.read_text(encoding="utf-8").replace("code: sekda,", "code: sekda, zone: Asia/Jayapura,")
    there.write_text(lines.replace("zone: Asia/Makassar", "zone: Asia/Jakarta"), encoding="utf-8")
    desk = Desk(sessions, (ELECTION, there, POLICY), starts="2024-02-14 04:00", zone="Asia/Jakarta")

    desk.clock.reads("H+1 07:30")

    assert texts_by_night(desk, "Sekda") == []
    assert desk.phone("Sekda").clocks == ["10:30", "11:30", "13:00", "14:00", "16:30", "17:30"]


def test_a_grave_problem_wakes_the_chair(desk):
    desk.owes_only()
    desk.clock.reads("H 22:00")
    desk.has_a_problem("TPS dirusak")

    desk.clock.reads("H+1 02:00")

    assert texts_by_night(desk, "Sekda") == ["01:00"]


def in_peace(desk, title, start, end):
    """Whoever holds an office asks that no text comes in these hours."""
    with desk.rt.sessions.begin() as session:
        office = session.scalars(select(Office).where(Office.title == title)).one()
        policies = [programme.policy.quiet for programme in desk.rt.live(session).values()]
        asked = Window(time.fromisoformat(start), time.fromisoformat(end)) if start else None
        return handovers.leave_in_peace(session, office, asked, policies, now=desk.clock.at)


def test_who_asked_for_quiet_hours_gets_what_is_routine_when_they_end_and_the_row_says_so(desk, daily):
    assert in_peace(desk, "Camat Tamban", "14:30", "16:30")

    desk.clock.reads("H-3 15:10")
    due = desk.notices(daily, "Camat Tamban")[-1]
    assert (due.state, due.held) == (NoticeState.PLANNED, Held.OWN)

    desk.clock.reads("H-3 17:00")
    assert desk.phone("Camat Tamban").clocks[0] == "16:30"
    assert "12:00" in desk.mailbox("Camat Tamban").clocks


@pytest.mark.parametrize(
    ("loses", "told", "heard"),
    [
        pytest.param((Channel.EMAIL,), "19.30", "19:30", id="a text waits for the end of his quiet hours"),
        pytest.param((Channel.SMS,), "18.30", "18:30", id="a mail wakes nobody and does not wait for them"),
    ],
)
def test_who_is_warned_reads_when_the_next_office_really_hears(desk, daily, loses, told, heard):
    in_peace(desk, "Asisten Pemerintahan", "17:00", "19:30")
    desk.loses("Asisten Pemerintahan", *loses)

    desk.clock.reads("H-3 20:00")

    assert f"Bila sampai Minggu, 11 Februari 2024 pukul {told} WITA" in desk.mailbox("Kadis Kominfo").last
    assert [*desk.phone("Asisten Pemerintahan").clocks, *desk.mailbox("Asisten Pemerintahan").clocks] == [heard]


def test_a_wish_is_no_delay_of_ours(desk, daily):
    in_peace(desk, "Camat Tamban", "10:00", "18:00")
    desk.loses("Camat Tamban", Channel.EMAIL)

    desk.clock.reads("H-2 08:00")

    with desk.rt.sessions() as session:
        ((id, programme),) = desk.rt.live(session).items()
        own = next(row for row in recap.rows(session, id, programme, WEEK, now=desk.clock.at) if row.key == daily)
    assert own.cause is Cause.TEAM
    assert desk.notices(daily, "Camat Tamban")[0].own_until is not None


def test_a_grave_problem_and_what_is_urgent_ring_all_the_same(desk):
    in_peace(desk, "Asisten Pemerintahan", "08:00", "17:00")
    in_peace(desk, "Camat Tamban", "09:00", "12:00")
    desk.clock.reads("H 09:25")

    desk.has_a_problem()
    desk.clock.reads("H 10:40")

    assert desk.phone("Asisten Pemerintahan", since="H 09:00").clocks
    assert desk.phone("Camat Tamban", since="H 09:00").clocks


def test_a_wish_that_is_taken_back_lets_go_what_it_held(desk, daily):
    in_peace(desk, "Camat Tamban", "14:00", "19:00")
    desk.clock.reads("H-3 15:10")
    assert desk.phone("Camat Tamban").clocks == []

    in_peace(desk, "Camat Tamban", "", "")
    desk.clock.reads("H-3 15:15")

    assert desk.phone("Camat Tamban").clocks == ["15:10"]


def test_a_wish_goes_with_whoever_had_it(desk):
    in_peace(desk, "Camat Tamban", "21:00", "06:00")

    desk.passes_to("Camat Tamban", "Siti Aminah", since="H-7 00:00", phone="+6282000000099")
    desk.clock.reads("H-7 08:00")

    with desk.rt.sessions() as session:
        assert session.scalars(select(Office.own_quiet).where(Office.title == "Camat Tamban")).one() == ""


def test_a_text_that_is_tried_again_keeps_quiet_hours_of_ones_own(desk, daily):
    """It fails at 15.00, and its next tries fall into them."""
    desk.fails_down(Channel.SMS, "H-3 14:30", "H-3 15:20")
    desk.loses("Camat Tamban", Channel.EMAIL)
    desk.clock.reads("H-3 15:05")
    in_peace(desk, "Camat Tamban", "15:06", "17:45")

    desk.clock.reads("H-3 19:00")

    assert desk.phone("Camat Tamban", since="H-3 14:00").clocks[0] == "17:45"
