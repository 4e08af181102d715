"""The recap of a period: every report once, and nobody is called late for what was ours."""

from collections import Counter
from datetime import date, datetime

import pytest
from sqlalchemy import text

from models.messages import delivery_reports
from rules import access
from rules.delivery_reports import Fate, Heard
from rules.desk import Channel
from rules.fairness import Cause
from rules.filing import Content
from rules.recap import Counts, Period, Split, count, recap
from services import recap as services
from tests.stories.desk import Desk

ALWAYS = Period(date(2024, 1, 1), date(2024, 12, 31))


def counted(desk: Desk, period: Period = ALWAYS, areas: tuple[str, ...] | None = None) -> Counts:
    return count(rows(desk, period, areas), now=desk.clock.at)


def rows(desk: Desk, period: Period = ALWAYS, areas: tuple[str, ...] | None = None):
    with desk.rt.sessions.begin() as session:
        return services.rows(session, 1, desk.programme, period, areas=areas, now=desk.clock.at)


def causes(desk: Desk) -> dict[str, Cause]:
    """Why each late or missing report is, by the last part of its key."""
    return {row.key.rpartition("/")[2]: row.cause for row in rows(desk) if row.timeliness(desk.clock.at)}


@pytest.fixture
def daily(desk):
    """One report, due at 15.00 on the eve; its reporter hears at 12.00 and at 15.00."""
    key = desk.key("harian", "Tamban", "H-1")
    desk.owes_only(key)
    return key


def test_a_team_that_was_told_in_time_and_is_silent_is_late_itself(desk, daily):
    desk.clock.reads("H-1 15:05")

    assert counted(desk).causes == {Cause.TEAM: 1}


def test_a_report_to_the_governor_that_did_not_leave_is_on_no_team(desk):
    desk.owes_only(f"{desk.programme.code}/laporan-gubernur/63.04/2024-W06")
    desk.clock.reads("H 18:00")

    assert counted(desk).causes == {Cause.OWN: 1}


def test_thirty_hours_of_ours_make_no_district_late(desk):
    """Every district owed two reports meanwhile, and could file neither."""
    keys = [desk.key("harian", d, slot) for d in ("Tabunganen", "Tamban", "Mekarsari") for slot in ("H-2", "H-1")]
    desk.owes_only(*keys)
    desk.is_down("H-2 12:30", "H-1 18:30")
    desk.turn()
    desk.files(keys[1], by="Camat Tabunganen")

    found = counted(desk)

    assert (found.due, found.late, found.missing) == (6, 1, 5)
    assert found.causes == {Cause.STOPPED: 6}


def test_a_stop_that_was_over_before_it_was_due_leaves_the_team_its_time_only_if_it_was_told(desk, daily):
    desk.is_down("H-1 11:00", "H-1 14:30")
    desk.clock.reads("H-1 15:05")

    assert causes(desk) == {"H-1": Cause.TOLD_LATE}


def test_a_word_that_our_channel_held_up_until_after_the_due_time_is_our_delay(desk, daily):
    desk.loses("Camat Tamban", Channel.EMAIL)
    desk.fails_down(Channel.SMS, "H-1 11:59", "H-1 16:30")
    desk.clock.reads("H-1 18:00")

    assert causes(desk) == {"H-1": Cause.TOLD_LATE}


def test_while_nothing_has_left_it_counts_as_not_reached(desk, daily):
    desk.loses("Camat Tamban", Channel.EMAIL)
    desk.fails_down(Channel.SMS, "H-1 11:59", "H-1 23:00")
    desk.clock.reads("H-1 15:30")

    assert causes(desk) == {"H-1": Cause.NOT_REACHED}


def test_a_hold_over_the_due_time_is_our_delay(desk, daily):
    desk.clock.reads("H-1 11:00")
    desk.holds("latihan")
    desk.clock.reads("H-1 16:00")
    desk.releases()
    desk.clock.reads("H-1 18:00")

    assert causes(desk) == {"H-1": Cause.TOLD_LATE}


def test_whom_no_channel_reaches_cannot_have_known(desk, daily):
    desk.loses("Camat Tamban")
    desk.clock.reads("H-1 15:05")

    assert causes(desk) == {"H-1": Cause.NOT_REACHED}


def test_what_every_provider_refuses_reached_nobody(desk, daily):
    for channel in (Channel.EMAIL, Channel.SMS):
        desk.refuses(channel, "Camat Tamban")
    desk.clock.reads("H-1 15:05")

    assert causes(desk) == {"H-1": Cause.NOT_REACHED}


def test_messages_kept_in_the_folder_of_a_trial_reached_nobody(desk, daily):
    desk.wire.strangers |= {desk.address("Camat Tamban", channel) for channel in (Channel.EMAIL, Channel.SMS)}
    desk.clock.reads("H-1 15:05")

    assert causes(desk) == {"H-1": Cause.NOT_REACHED}


def test_who_asked_for_time_knew(desk, daily):
    desk.clock.reads("H-1 12:30")
    desk.promises(daily, "H-1 17:00")
    desk.clock.reads("H-1 15:30")

    assert causes(desk) == {"H-1": Cause.TEAM}


def test_within_an_extension_nothing_is_late(desk, daily):
    desk.clock.reads("H-1 14:00")
    desk.extends(daily, "H-1 20:00")
    desk.clock.reads("H-1 19:00")

    assert (counted(desk).ahead, counted(desk).due) == (1, 0)


def test_a_day_is_a_local_day_of_the_desk(desk):
    """Due at 07.30 in Makassar, when it is still the day before in Greenwich."""
    desk.owes_only(desk.key("hari-h", "Tamban", "H@07.30"), desk.key("hari-h", "Tamban", "H@22.00"))
    voting_day, eve = date(2024, 2, 14), date(2024, 2, 13)

    assert counted(desk, Period(voting_day, voting_day)).ahead == 2
    assert counted(desk, Period(eve, eve)).ahead == 0


def test_only_the_areas_of_the_reader_are_counted(desk):
    desk.clock.reads("H-6 15:30")

    assert {row.area for row in rows(desk, areas=("63.04.02",))} == {"63.04.02"}


@pytest.fixture
def lived(desk):
    """Days around voting day: some file in time, some late, some not at all, some nothing to report."""
    own = {"63.04.01": "Camat Tabunganen", "63.04.02": "Camat Tamban", "63.04.13": "Camat Mekarsari"}
    with desk.rt.sessions.begin() as session:
        keys = session.execute(text("select m.key, m.area from matter m join obligation o on o.id = m.id")).all()
    spared = desk.key("hari-h", "Tamban", "H@18.00")
    for day, hour in (("H-3", "14:00"), ("H-2", "16:00"), ("H", "14:00")):
        desk.clock.reads(f"{day} {hour}")
        slots = [(n, key, own[area]) for n, (key, area) in enumerate(sorted(keys)) if area in own]
        for n, key, office in slots:
            if n % 3 and key != spared and key.rpartition("/")[2].partition("@")[0] == day:
                desk.files(key, content=Content.NIL if n % 2 else Content.FILLED, by=office)
    desk.waives(spared, "Banjir.")
    desk.is_down("H 17:00", "H+1 18:00")
    desk.clock.reads("H+1 18:30")
    return desk


def test_an_independent_count_from_the_bare_rows_agrees(lived):
    """SQL that knows nothing of our code: every district, every figure, at the same moment."""
    query = text("select m.area, o.standing, o.content, o.due_at, o.received_at from obligation o, matter m"
                 " where m.id = o.id and o.standing != 'cancelled'")  # fmt: skip
    with lived.rt.sessions.begin() as session:
        bare = [(area, s, c, _utc(due), _utc(got)) for area, s, c, due, got in session.execute(query)]
    at = lived.clock.at
    expected: dict[str, Counter[str]] = {}
    for area, standing, content, due, got in bare:
        tally = expected.setdefault(area, Counter())
        if standing == "waived":
            tally["waived"] += 1
        elif standing == "received":
            tally["on_time" if got <= due else "late"] += 1
            tally[content] += 1
        else:
            tally["missing" if due < at else "ahead"] += 1

    found = recap(rows(lived), lived.programme, Split.AREA, access.places(lived.programme.desk), now=at)

    assert {line.code: Counter(_plain(line.counts)) for line in found} == expected
    assert sum(line.counts.late for line in found) > 0
    assert sum(line.counts.causes.get(Cause.STOPPED, 0) for line in found) > 0


def test_however_it_is_split_the_parts_add_up_to_the_whole(desk):
    desk.clock.reads("H-6 15:30")
    places, owed = access.places(desk.programme.desk), rows(desk)
    whole = counted(desk)

    for split in Split:
        found = recap(owed, desk.programme, split, places, now=desk.clock.at)
        for figure in ("due", "on_time", "late", "missing", "ahead", "waived", "filled", "nil", "partial", *Cause):
            assert sum(line.counts.of(figure) for line in found) == whole.of(figure)
        assert len({line.name for line in found}) == len(found)


def test_districts_stand_in_the_order_of_the_desks_file_whatever_they_did(desk):
    desk.clock.reads("H-7 15:30")
    places = access.places(desk.programme.desk)

    found = recap(rows(desk), desk.programme, Split.AREA, places, now=desk.clock.at)

    own = desk.programme.desk
    assert [line.code for line in found] == [*(district.code for district in own.districts), own.regency_code]


def _plain(counts: Counts) -> dict[str, int]:
    names = ("on_time", "late", "missing", "ahead", "waived", "filled", "nil", "partial")
    return {name: counts.of(name) for name in names if counts.of(name)}


def _utc(value: object) -> datetime | None:
    """SQLite gives text, PostgreSQL an aware time."""
    if value is None:
        return None
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo else datetime.fromisoformat(f"{at.isoformat()}+00:00")


@pytest.mark.parametrize(
    ("fates", "cause"),
    [
        pytest.param([Fate.SENT], Cause.TEAM, id="it is on its way"),
        pytest.param([Fate.UNDELIVERED], Cause.NOT_REACHED, id="none arrived"),
        pytest.param([Fate.DELIVERED, Fate.UNDELIVERED], Cause.TEAM, id="arrived, in whatever order it is said"),
    ],
)
def test_what_the_provider_says_later_counts(desk, daily, fates, cause):
    desk.clock.reads("H-1 15:05")
    with desk.rt.sessions.begin() as session:
        for message in desk.messages():
            for fate in fates:
                delivery_reports.add(session, Heard(message_id=message.id, fate=fate), now=desk.clock.at)

    assert causes(desk) == {"H-1": cause}
