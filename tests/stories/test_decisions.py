"""What coordinators decide: taking on, extending, waiving, returning; and who hears what because of it."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from jobs.operator import explain
from jobs.operator.refusals import Refusal
from models.desk.changes import Change
from rules import filing
from rules.audit import Outcome
from rules.desk import Channel
from rules.filing import Standing, Timeliness

ASISTEN, SECRETARY, TEAM = "Asisten Pemerintahan", "Kepala Kesbangpol", "Camat Tamban"


@pytest.fixture
def daily(desk):
    """Tamban's report of a week before voting day, due at 15.00, the only thing owed."""
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    return key


def timeliness(desk, key):
    owed = desk.obligation(key)
    return filing.timeliness(
        owed.standing, owed.due_at, owed.received_at, extended_until=owed.extended_until, now=desk.clock.at
    )


def test_who_takes_a_late_report_on_is_left_in_peace_until_then_and_asked_anew_after(desk, daily):
    desk.clock.reads("H-7 19:00")
    assert "belum kami terima" in desk.phone(ASISTEN).last

    desk.takes_on(daily, "H-6 09:00")
    desk.clock.reads("H-6 08:59")
    assert desk.heard(SECRETARY) == []
    assert desk.outcome(daily) is Outcome.ACKNOWLEDGED

    before = len(desk.phone(TEAM))
    desk.clock.reads("H-6 09:30")
    assert desk.matter(daily).round == 1
    assert len(desk.phone(TEAM)) == before + 1
    assert desk.heard(SECRETARY) == []

    desk.clock.reads("H-6 10:30")
    assert "belum kami terima" in desk.phone(ASISTEN, since="H-6 09:00").last
    desk.clock.reads("H-6 12:00")
    assert desk.heard(SECRETARY) != []


def test_an_extension_in_time_moves_the_chase_and_counts(desk, daily):
    desk.clock.reads("H-7 13:00")
    assert desk.extends(daily, "H-7 20:00")

    desk.clock.reads("H-7 19:59")
    assert desk.heard(ASISTEN) == []
    (text,) = desk.phone(TEAM, since="H-7 13:00").texts
    assert f"{desk.code(daily)} diberi waktu lagi, batas 7/2 20.00 WITA" in text
    desk.files(daily)

    assert timeliness(desk, daily) is Timeliness.ON_TIME
    assert desk.obligation(daily).due_at == desk.moment("H-7 15:00")


def test_after_an_extension_in_time_the_chase_climbs_from_the_new_time(desk, daily):
    desk.clock.reads("H-7 13:00")
    desk.extends(daily, "H-6 08:00")

    desk.clock.reads("H-6 07:59")
    assert desk.heard(ASISTEN) == []
    assert timeliness(desk, daily) is None
    desk.clock.reads("H-6 11:40")

    assert timeliness(desk, daily) is Timeliness.MISSING
    assert desk.code(daily) in desk.phone(ASISTEN).last
    desk.files(daily)
    assert timeliness(desk, daily) is Timeliness.LATE


def test_an_extension_after_the_due_time_gives_rest_and_no_punctuality(desk, daily):
    desk.clock.reads("H-7 15:30")
    assert not desk.extends(daily, "H-6 09:00")

    desk.clock.reads("H-6 08:59")
    assert desk.heard(ASISTEN) == []
    assert f"{desk.code(daily)} diberi waktu lagi, batas 8/2 09.00 WITA" in desk.phone(TEAM).last
    desk.files(daily)

    assert timeliness(desk, daily) is Timeliness.LATE
    assert desk.obligation(daily).extended_until is None


def test_a_team_that_was_warned_hears_of_an_extension_too_and_a_second_one_is_told_again(desk, daily):
    desk.clock.reads("H-7 17:10")
    desk.extends(daily, "H-7 19:00")
    desk.clock.reads("H-7 17:20")
    desk.extends(daily, "H-7 20:00")
    desk.clock.reads("H-7 17:30")

    for office in (TEAM, "Kadis Kominfo"):
        assert desk.phone(office, since="H-7 17:05").clocks == ["17:10", "17:20"]
    assert desk.heard("Camat Mekarsari") == []


def test_an_extension_that_is_revoked_gives_the_old_time_back_and_the_team_is_told(desk, daily):
    desk.clock.reads("H-7 13:00")
    desk.extends(daily, "H-7 20:00")
    desk.clock.reads("H-7 13:30")
    desk.revokes(daily)

    desk.clock.reads("H-7 15:30")

    assert "kami tunggu lagi, batas 7/2 15.00" in desk.phone(TEAM, since="H-7 13:30").texts[0]
    assert desk.phone(TEAM, since="H-7 13:30").clocks == ["13:30", "15:00"]
    assert timeliness(desk, daily) is Timeliness.MISSING


def test_nobody_becomes_late_because_an_extension_is_revoked(desk, daily):
    desk.clock.reads("H-7 13:00")
    desk.extends(daily, "H-6 12:00")
    desk.clock.reads("H-7 17:00")

    with pytest.raises(Refusal, match="is past: name until when"):
        desk.revokes(daily)
    desk.revokes(daily, "H-7 19:00")
    desk.clock.reads("H-7 18:59")
    desk.files(daily)

    assert timeliness(desk, daily) is Timeliness.ON_TIME
    assert "7/2 19.00" in desk.phone(TEAM, since="H-7 17:00").texts[0]


def test_a_waiver_that_is_revoked_is_told_and_the_report_is_chased_again(desk, daily):
    desk.clock.reads("H-7 13:00")
    desk.waives(daily, "Banjir.", by=ASISTEN)
    desk.clock.reads("H-7 14:00")
    desk.revokes(daily, reason="Air sudah surut.")
    assert desk.obligation(daily).standing is Standing.OWED

    desk.clock.reads("H-7 16:30")

    assert desk.phone(TEAM, since="H-7 12:30").clocks == ["13:00", "14:00", "15:00", "16:00"]


def test_a_late_report_whose_waiver_is_revoked_is_late_and_waited_for_until_the_time_given(desk, daily):
    desk.clock.reads("H-7 15:30")
    desk.waives(daily, "Banjir.", by=ASISTEN)
    desk.clock.reads("H-7 15:40")
    desk.revokes(daily, "H-7 19:00")
    desk.clock.reads("H-7 18:30")
    desk.files(daily)

    assert timeliness(desk, daily) is Timeliness.LATE
    assert desk.phone(TEAM, since="H-7 15:20").clocks == ["15:30", "15:40"]


def test_what_was_not_granted_is_not_revoked(desk, daily):
    desk.clock.reads("H-7 16:00")
    with pytest.raises(Refusal, match="nothing to revoke"):
        desk.revokes(daily)
    desk.takes_on(daily, "H-7 18:00")
    with pytest.raises(Refusal, match="nothing to revoke"):
        desk.revokes(daily)


def test_a_waived_report_is_chased_no_more(desk, daily):
    desk.clock.reads("H-7 16:30")
    desk.waives(daily, "Kecamatan terisolasi banjir.", by=ASISTEN)
    before = desk.heard(TEAM)

    desk.clock.reads("H-6 12:00")

    assert desk.heard(TEAM) == [*before, "sms 16:30"]
    assert "tidak kami tunggu lagi" in desk.phone(TEAM).last
    assert desk.heard(ASISTEN) == []
    assert desk.obligation(daily).reason == "Kecamatan terisolasi banjir. (Asisten Pemerintahan)"


def test_a_returned_report_is_asked_for_again_from_the_new_time_and_stays_received(desk, daily):
    desk.clock.reads("H-7 14:00")
    desk.files(daily)
    desk.clock.reads("H-7 14:30")
    desk.returns(daily, "H-6 10:00", "Angka logistik belum ada.")
    desk.clock.reads("H-7 14:40")

    assert "perlu perbaikan (batas 8/2 10.00 WITA)" in desk.phone(TEAM).last
    assert "logistik" not in desk.phone(TEAM).last
    desk.clock.reads("H-6 13:45")
    assert "perbaikan" in desk.phone(ASISTEN).last
    assert desk.outcome(daily) is Outcome.CHASED
    assert timeliness(desk, daily) is Timeliness.ON_TIME
    assert desk.obligation(daily).standing is Standing.RECEIVED

    desk.files(daily, "Angka logistik: 12 dari 12 desa.")
    owed = desk.obligation(daily)
    assert (owed.returned_at, owed.asked, owed.standing) == (None, "", Standing.RECEIVED)
    assert owed.received_at == desk.moment("H-7 14:00")
    heard = desk.heard(ASISTEN)
    desk.clock.reads("H-5 12:00")
    assert desk.heard(ASISTEN) == heard
    assert desk.outcome(daily) is Outcome.RECEIVED


def test_a_returned_report_that_is_not_improved_closes_and_was_still_received(desk, daily):
    desk.clock.reads("H-7 14:00")
    desk.files(daily)
    desk.returns(daily, "H-6 10:00")

    desk.clock.reads("H-4 12:00")

    assert desk.outcome(daily) is Outcome.RECEIVED
    assert desk.heard("Sekda") != []


def test_a_returned_report_may_be_accepted_as_it_is(desk, daily):
    desk.clock.reads("H-7 14:00")
    desk.files(daily)
    desk.returns(daily, "H-6 10:00")
    desk.accepts(daily)
    heard = desk.heard(TEAM)

    desk.clock.reads("H-5 12:00")

    assert desk.heard(TEAM) == heard
    with pytest.raises(Refusal, match="was not returned"):
        desk.accepts(daily)


@pytest.mark.parametrize(
    ("decide", "why"),
    [
        (lambda desk, key: desk.returns(key, "H-6 10:00"), "only what was received can be returned"),
        (lambda desk, key: desk.extends(key, "H-7 14:00"), "no later than"),
        (lambda desk, key: desk.extends(key, "H-7 09:00"), "is past"),
        (lambda desk, key: desk.extends(key, "H-5 09:00"), "nobody waits any more"),
        (lambda desk, key: desk.extends(key, "H-6 09:00", " "), "needs a reason"),
        (lambda desk, key: desk.waives(key, ""), "needs a reason"),
        (lambda desk, key: desk.takes_on(key, "H-7 09:00"), "is past"),
        (lambda desk, key: desk.extends(key, "H-6 09:00", by="nobody"), "no such office"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_changes_nothing(desk, daily, decide, why):
    desk.clock.reads("H-7 12:00")
    before = vars(desk.matter(daily)) | vars(desk.obligation(daily))

    if why == "no such office":
        desk.office = lambda name: name
    with pytest.raises(Refusal, match=why):
        decide(desk, daily)

    after = vars(desk.matter(daily)) | vars(desk.obligation(daily))
    assert {k: v for k, v in after.items() if k[0] != "_"} == {k: v for k, v in before.items() if k[0] != "_"}


def test_every_decision_is_told_with_who_and_by_which_way(desk, daily):
    desk.clock.reads("H-7 13:00")
    desk.extends(daily, "H-7 20:00", "Sinyal terputus.")
    desk.files(daily)
    desk.returns(daily, "H-6 10:00", "Angka belum ada.", by="Sekretariat Desk")

    told = explain.matter(desk.rt, daily)

    steps = {(step.what, step.why) for step in told.steps}
    assert (
        "extended by Asisten Pemerintahan via command",
        "until 2024-02-07 20.00 WITA; Sinyal terputus.",
    ) in steps
    assert any(what == "returned by Sekretariat Desk via command" for what, _ in steps)
    assert any("extended until 2024-02-07 20.00 WITA" in line for line in told.state)
    assert any("returned until 2024-02-08 10.00 WITA: Angka belum ada." in line for line in told.state)


@pytest.mark.parametrize("spoil", [update(Change).values(text="nothing"), delete(Change)], ids=["update", "delete"])
def test_what_was_recorded_cannot_be_changed(desk, daily, spoil):
    desk.clock.reads("H-7 13:00")
    desk.extends(daily, "H-7 20:00")

    with pytest.raises(DatabaseError, match="appended and never changed"), desk.rt.sessions.begin() as session:
        session.execute(spoil)


def test_a_team_without_any_address_is_not_told_and_the_return_stands(desk, daily):
    desk.clock.reads("H-7 14:00")
    desk.files(daily)
    desk.loses(TEAM, Channel.SMS, Channel.EMAIL)

    desk.returns(daily, "H-6 10:00")

    assert desk.obligation(daily).returned_at is not None


def test_a_waiver_after_an_extension_is_told_too(desk, daily):
    desk.clock.reads("H-7 13:00")
    desk.extends(daily, "H-7 20:00")
    desk.clock.reads("H-7 14:00")
    desk.waives(daily, "Banjir.", by=ASISTEN)

    desk.clock.reads("H-7 14:10")

    told, waived = desk.phone(TEAM, since="H-7 12:30").texts
    assert "20.00 WITA" in told
    assert "dibebaskan" in waived


def test_a_waiver_after_an_extension_was_revoked_is_told_too(desk, daily):
    desk.clock.reads("H-7 13:00")
    desk.extends(daily, "H-7 20:00")
    desk.clock.reads("H-7 13:30")
    desk.revokes(daily)
    desk.clock.reads("H-7 14:00")
    desk.waives(daily, "Banjir.", by=ASISTEN)

    desk.clock.reads("H-7 14:10")

    assert "dibebaskan" in desk.phone(TEAM).last


def test_who_asked_for_time_and_sent_his_report_is_told_at_once_that_it_is_returned(desk, daily):
    desk.clock.reads("H-7 12:00")
    desk.promises(daily, "H-7 20:00")
    desk.files(daily)
    desk.clock.reads("H-7 13:00")
    desk.returns(daily, "H-7 16:00")

    desk.clock.reads("H-7 17:30")

    assert desk.phone(TEAM, since="H-7 13:00").clocks[:2] == ["13:00", "16:00"]
    assert "perlu perbaikan" in desk.phone(TEAM, since="H-7 13:00").texts[0]
