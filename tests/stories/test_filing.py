"""What comes in: receipts, versions, stated times, waivers."""

import pytest

from jobs.operator.refusals import Refusal
from rules import filing
from rules.audit import Outcome
from rules.filing import Content, Standing, Timeliness, Via


@pytest.fixture
def daily(desk):
    key = desk.key("harian", "Tamban", "H-1")
    desk.owes_only(key)
    desk.clock.reads("H-1 14:00")
    return key


def timeliness(desk, key):
    owed = desk.obligation(key)
    return filing.timeliness(owed.standing, owed.due_at, owed.received_at, now=desk.clock.at)


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        pytest.param("14:59", Timeliness.ON_TIME, id="before"),
        pytest.param("15:00", Timeliness.ON_TIME, id="on the minute"),
        pytest.param("15:01", Timeliness.LATE, id="after"),
    ],
)
def test_exactly_at_the_due_time_is_on_time(desk, daily, clock, expected):
    desk.clock.reads(f"H-1 {clock}")
    desk.files(daily)

    assert timeliness(desk, daily) is expected


def test_what_the_secretariat_took_down_counts_by_the_time_it_states(desk, daily):
    desk.clock.reads("H-1 17:00")

    receipt = desk.files(daily, via=Via.PHONE, at="H-1 14:50")

    assert receipt.received_at == desk.moment("H-1 14:50")
    assert timeliness(desk, daily) is Timeliness.ON_TIME


def test_a_time_on_an_earlier_day_needs_a_reason(desk, daily):
    desk.clock.reads("H 09:00")

    with pytest.raises(Refusal, match="earlier day: give a reason"):
        desk.files(daily, via=Via.PAPER, at="H-1 14:50")
    desk.files(daily, via=Via.PAPER, at="H-1 14:50", reason="Dibawa kurir")

    assert timeliness(desk, daily) is Timeliness.ON_TIME


def test_a_time_in_the_future_is_refused(desk, daily):
    with pytest.raises(Refusal, match="in the future"):
        desk.files(daily, via=Via.PHONE, at="H-1 14:01")

    assert desk.obligation(daily).standing is Standing.OWED


def test_the_same_content_again_gets_the_same_receipt_whoever_sends_it(desk, daily):
    first = desk.files(daily, "Aman", by="Camat Tamban")
    desk.clock.reads("H-1 14:30")

    again = desk.files(daily, "Aman", by="Kadis Kominfo", via=Via.WHATSAPP)

    assert (again.number, again.version, again.received_at, again.again) == (first.number, 1, first.received_at, True)
    assert len(desk.reports(daily)) == 1


def test_other_content_is_a_new_version_and_does_not_make_a_punctual_report_late(desk, daily):
    first = desk.files(daily, "Aman")
    desk.clock.reads("H-1 18:00")

    second = desk.files(daily, "Ralat: satu TPS banjir")

    assert (second.version, second.number != first.number) == (2, True)
    assert timeliness(desk, daily) is Timeliness.ON_TIME
    assert [r.body["note"] for r in desk.reports(daily)] == ["Aman", "Ralat: satu TPS banjir"]


def test_a_correction_does_not_make_a_late_report_punctual(desk, daily):
    desk.clock.reads("H-1 15:30")
    desk.files(daily, "Terlambat")
    desk.clock.reads("H-1 16:00")

    desk.files(daily, "Ralat", via=Via.PHONE, at="H-1 14:10")

    assert timeliness(desk, daily) is Timeliness.LATE


def test_one_report_stops_the_chase_of_the_whole_team(desk, daily):
    desk.clock.reads("H-1 16:30")
    desk.files(daily, by="Kadis Kominfo")

    desk.clock.reads("H 15:00")

    assert desk.phone("Camat Tamban").clocks == ["15:00", "16:00", "16:30"]
    assert desk.outcome(daily) is Outcome.RECEIVED
    assert "diisi oleh Kadis Kominfo" in desk.phone("Camat Tamban").last


def test_a_nil_report_is_taken_where_nil_is_allowed(desk, daily):
    desk.files(daily, content=Content.NIL)

    assert desk.obligation(daily).content is Content.NIL


def test_a_nil_report_is_refused_where_it_is_not(desk):
    final = desk.key("akhir", "Tamban", "2024-03-19")
    desk.owes_only(final)

    with pytest.raises(Refusal, match="does not take a nil report"):
        desk.files(final, content=Content.NIL)

    assert desk.reports(final) == []


def test_what_is_waived_stays_with_its_reason_and_is_not_chased(desk, daily):
    desk.waives(daily, "Camat di rumah sakit")

    desk.clock.reads("H 15:00")

    assert desk.obligation(daily).standing is Standing.WAIVED
    assert desk.obligation(daily).reason == "Camat di rumah sakit (Sekretariat Desk)"
    assert desk.heard("Kadis Kominfo") == []
    assert desk.outcome(daily) is Outcome.WAIVED


def test_a_waiver_needs_a_reason(desk, daily):
    with pytest.raises(Refusal, match="needs a reason"):
        desk.waives(daily, " ")


def test_what_was_received_cannot_be_waived_and_what_was_waived_cannot_be_filed(desk, daily):
    mekarsari = desk.key("harian", "Mekarsari", "H-2")
    desk.files(daily)

    with pytest.raises(Refusal, match="is received"):
        desk.waives(daily, "Tidak perlu")
    with pytest.raises(Refusal, match="is cancelled"):
        desk.files(mekarsari, by="Camat Mekarsari")


def test_a_receipt_is_sent_for_what_was_taken_by_phone_and_shown_for_what_came_by_link(desk, daily):
    by_link = desk.files(daily, "Aman")
    desk.clock.reads("H-1 14:10")
    assert desk.phone("Camat Tamban").clocks == []

    by_phone = desk.files(daily, "Ralat", via=Via.PHONE)
    desk.clock.reads("H-1 14:11")

    assert by_link.number not in desk.phone("Camat Tamban").last
    assert by_phone.number in desk.phone("Camat Tamban").last


def test_a_report_is_found_by_its_number_too(desk, daily):
    desk.files(desk.code(daily))

    assert desk.obligation(daily).standing is Standing.RECEIVED


@pytest.mark.parametrize("key", ["R-9999", "pemilihan/tiga-kecamatan/harian/63.04.02/H-99", ""])
def test_what_is_not_owed_cannot_be_filed(desk, key):
    with pytest.raises(Refusal, match="no such report is owed"):
        desk.files(key)


def test_the_title_stays_as_it_was_when_filing(desk, daily):
    desk.files(daily)

    desk.renames("Camat Tamban", "Plt. Camat Tamban")

    assert [r.title for r in desk.reports(daily)] == ["Camat Tamban"]
