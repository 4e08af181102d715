"""What an amendment does to each report: a table of cases, and what holds of any two calendars."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import amending, duties
from rules.amending import Act, Day, Known, Step
from rules.calendar import VOTING_DAY, Anchor, Edge, Election, Stage, Version
from rules.desk import Desk, District, Office, Team
from rules.duties import Days, Duty, Obligation, OnHoliday, Per
from rules.filing import Standing

NOW = datetime(2024, 2, 12, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEYS = "abcd"


def owed(hours: int, key: str = "a", **more) -> Obligation:
    """A report due so many hours after now."""
    due_at = NOW + hours * HOUR
    made = Obligation(
        key, "harian", "P24-09", "63.04.02", "VIII", "H-1", date(2024, 2, 13), date(2024, 2, 13),
        due_at - 9 * HOUR, due_at, due_at + 24 * HOUR, "Asia/Makassar", "harian: at 15.00", "daily",
    )  # fmt: skip
    return replace(made, **more)


def one(known: Known | None, new: Obligation | None) -> Step:
    (step,) = amending.plan({"a": known} if known else {}, [new] if new else [], now=NOW)
    return step


@pytest.mark.parametrize(
    ("known", "new", "act", "why"),
    [
        pytest.param(Known(owed(5)), owed(5), Act.KEEP, "unchanged", id="the same again stays"),
        pytest.param(Known(owed(5)), owed(9), Act.MOVE, "", id="what is ahead moves later"),
        pytest.param(Known(owed(5)), owed(1), Act.MOVE, "", id="what is ahead moves earlier"),
        pytest.param(Known(owed(5)), owed(5, ladder="urgent"), Act.ADJUST, "", id="another ladder, the same time"),
        pytest.param(Known(owed(5)), owed(-1), Act.KEEP, "its new due time is past", id="nobody is made late"),
        pytest.param(Known(owed(5)), owed(0), Act.KEEP, "its new due time is past", id="not even on the minute"),
        pytest.param(Known(owed(5)), None, Act.CANCEL, "not in the calendar any more", id="a vanished slot"),
        pytest.param(Known(owed(-1)), owed(9), Act.KEEP, "its due time has come", id="overdue stays overdue"),
        pytest.param(Known(owed(0)), owed(9), Act.KEEP, "its due time has come", id="due this minute stays"),
        pytest.param(Known(owed(-1)), None, Act.KEEP, "its due time has come", id="overdue, and its slot vanished"),
        pytest.param(Known(owed(5), Standing.RECEIVED), owed(9), Act.KEEP, "received", id="filed early stays"),
        pytest.param(Known(owed(5), Standing.RECEIVED), None, Act.KEEP, "received", id="filed, its slot vanished"),
        pytest.param(Known(owed(5), Standing.WAIVED), owed(9), Act.KEEP, "waived", id="waived stays"),
        pytest.param(Known(owed(5), compiled=True), owed(9), Act.KEEP, "compiled already", id="what was frozen stays"),
        pytest.param(Known(owed(5), Standing.CANCELLED), None, Act.KEEP, "cancelled", id="cancelled, and still gone"),
        pytest.param(Known(owed(5), Standing.CANCELLED), owed(5), Act.MAKE, "owed again", id="a slot that comes back"),
        pytest.param(Known(owed(-9), Standing.CANCELLED), owed(-9), Act.KEEP, "cancelled", id="before the desk began"),
        pytest.param(None, owed(5), Act.MAKE, "", id="a new report"),
        pytest.param(None, owed(-1), Act.SKIP, "its due time is past", id="a new one that is past is owed by nobody"),
        pytest.param(None, owed(0), Act.SKIP, "its due time is past", id="or due this minute"),
        pytest.param(
            Known(owed(5), extended_until=NOW + 9 * HOUR), owed(7), Act.ADJUST, "",
            id="who has more time than that keeps it",
        ),
        pytest.param(
            Known(owed(5), extended_until=NOW + 9 * HOUR), owed(20), Act.MOVE, "", id="who gets still more time",
        ),
    ],
)  # fmt: skip
def test_what_becomes_of_a_report(known, new, act, why):
    step = one(known, new)

    assert (step.act, step.why) == (act, why)


def test_who_was_given_more_time_is_waited_for_at_least_so_long():
    until = NOW + 48 * HOUR

    step = one(Known(owed(5), extended_until=until), owed(7))

    assert (step.since, step.report.closes_after) == (until, until)


def test_every_act_is_counted_also_where_there_is_none():
    assert amending.counts([one(Known(owed(5)), owed(9))]) == {act: int(act is Act.MOVE) for act in Act}


@pytest.mark.parametrize(
    ("known", "new", "late"),
    [
        pytest.param(Known(owed(-1)), owed(5), True, id="overdue: another time comes too late for it"),
        pytest.param(Known(owed(-1)), None, True, id="overdue: it stays owed, though the calendar has it no more"),
        pytest.param(Known(owed(-1)), owed(-1), False, id="overdue under the same time"),
        pytest.param(Known(owed(-1), Standing.RECEIVED), owed(5), False, id="it came"),
        pytest.param(Known(owed(1)), owed(5), False, id="it is ahead, and moves"),
    ],
)
def test_what_stays_late_under_the_old_rule_is_known(known, new, late):
    step = one(known, new)

    assert step.late is late
    assert ("late" in amending.by_duty([step]).get(step.report.duty, {})) is late


def carried_out(known, steps):
    """The books afterwards."""
    after = dict(known)
    for step in steps:
        key = step.report.key
        if step.act is Act.CANCEL:
            after[key] = replace(known[key], standing=Standing.CANCELLED)
        elif step.act in (Act.MOVE, Act.ADJUST, Act.MAKE):
            extended = step.before.extended_until if step.before else None
            after[key] = Known(step.report, extended_until=extended)
    return after


hours = st.integers(-3, 3)
calendars = st.dictionaries(st.sampled_from(KEYS), hours).map(lambda d: [owed(h, key) for key, h in d.items()])


@st.composite
def books(draw):
    """Whatever may have come of a calendar by now."""
    return {
        made.key: Known(
            made,
            draw(st.sampled_from(Standing)),
            draw(st.none() | hours.map(lambda h: NOW + h * HOUR)),
            draw(st.booleans()),
        )
        for made in draw(calendars)
    }


def settled(one):
    return one.standing in (Standing.RECEIVED, Standing.WAIVED) or one.owed.due_at <= NOW


@given(books(), calendars)
def test_nothing_filed_waived_or_overdue_ever_changes(known, calendar):
    after = carried_out(known, amending.plan(known, calendar, now=NOW))

    fixed = {key: one for key, one in known.items() if settled(one) and one.standing is not Standing.CANCELLED}
    assert {key: after[key] for key in fixed} == fixed


@given(books(), calendars)
def test_nobody_owes_anything_new_that_is_past(known, calendar):
    steps = amending.plan(known, calendar, now=NOW)

    assert all(step.since > NOW for step in steps if step.act in (Act.MOVE, Act.MAKE))


@given(books(), calendars)
def test_twice_is_once(known, calendar):
    once = carried_out(known, amending.plan(known, calendar, now=NOW))

    steps = amending.plan(once, calendar, now=NOW)

    assert {step.act for step in steps} <= {Act.KEEP, Act.SKIP}
    assert carried_out(once, steps) == once


@given(calendars, calendars)
def test_there_and_back_leaves_what_was_ahead_as_it_was(first, second):
    loaded = {made.key: Known(made) for made in first if made.due_at > NOW}

    there = carried_out(loaded, amending.plan(loaded, second, now=NOW))
    back = carried_out(there, amending.plan(there, first, now=NOW))

    assert {key: back[key] for key in loaded} == loaded
    never = back.keys() - {made.key for made in first}
    assert {back[key].standing for key in never} <= {Standing.CANCELLED}


# -- days of a calendar that moves -------------------------------------------------------------------------------------

ZONE = ZoneInfo("Asia/Makassar")
DISTRICTS = ("63.04.02", "63.04.13")
DESK = Desk(
    code="d", name="d", brand="d", zone="Asia/Makassar", regency_code="63.04", regency="r", province="p", seat="s",
    signatory="b", districts=tuple(District(code, code, "Asia/Makassar") for code in DISTRICTS),
    offices=(Office("camat", "Camat", "Camat", "Asia/Makassar"),),
    teams=(Team("I", "Tim I", ("camat",), dict.fromkeys(DISTRICTS, "camat")),),
    coordinators=dict.fromkeys(DISTRICTS, "camat"), secretary="camat", chair="camat", secretariat="camat",
    addressees={}, polling={},
)  # fmt: skip


def around(code: str, first: int, last: int, *at: str) -> Duty:
    days = Days(Anchor(VOTING_DAY, Edge.START, first), Anchor(VOTING_DAY, Edge.START, last))
    times = tuple(map(time.fromisoformat, at))
    opens, closes = -timedelta(hours=9), timedelta(hours=24)
    return Duty(code, code, "f", Per.DISTRICT, days, times, "daily", True, OnHoliday.KEEP, opens, closes)


DUTIES = (
    around("harian", -4, -1, "15:00"),
    around("hari-h", 0, 0, "07:30", "18:00"),
    around("pasca", 1, 2, "15:00"),
)


def calendar(day: int) -> list[Obligation]:
    """What is owed where voting is on that day of February 2024."""
    on = date(2024, 2, day)
    stage = Stage("H", "H", (Version(date(2024, 1, 1), "PKPU", on, on),), VOTING_DAY)
    return duties.obligations(Election("e", "e", date(2024, 1, 1), (stage,)), DESK, DUTIES, frozenset())


def at(day: int, hour: int) -> datetime:
    return datetime(2024, 2, 1, hour, tzinfo=ZONE).astimezone(UTC) + timedelta(days=day - 1)


def days_owed(known) -> Counter:
    """Each district's days and hours on which a report is owed, came or was waived, by duty."""
    owed = [one.owed for one in known.values() if one.standing is not Standing.CANCELLED]
    return Counter((o.duty, o.area, o.due_at) for o in owed)


def test_what_was_filed_for_one_day_does_not_stand_for_another():
    """Voting moves from the 3rd to the 5th: H-4 was filed for the 30th, and is the 1st now."""
    before = {o.key: Known(o) for o in calendar(3)}
    now = at(1, 10)
    filed = {key: replace(one, standing=Standing.RECEIVED) for key, one in before.items() if one.owed.due_at < now}

    steps = amending.plan(before | filed, calendar(5), now=now)

    after = days_owed(carried_out(before | filed, steps))
    assert [after["harian", DISTRICTS[0], at(day, 15)] for day in (1, 2, 3, 4)] == [1, 1, 1, 1]
    assert {step.report.slot for step in steps if step.act is Act.MAKE and step.report.duty == "harian"} == {
        "H-4~2",
        "H-3~2",
    }


def test_the_days_that_gain_or_lose_a_report_are_named():
    known = {o.key: Known(o) for o in calendar(20)}

    steps = amending.plan(known, calendar(21), now=at(1, 8))

    assert amending.days(steps) == [
        Day(date(2024, 2, 16), "harian", 1, 0, DISTRICTS),
        Day(date(2024, 2, 20), "hari-h", 2, 0, DISTRICTS),
        Day(date(2024, 2, 20), "harian", 0, 1, DISTRICTS),
        Day(date(2024, 2, 21), "hari-h", 0, 2, DISTRICTS),
        Day(date(2024, 2, 21), "pasca", 1, 0, DISTRICTS),
        Day(date(2024, 2, 23), "pasca", 0, 1, DISTRICTS),
    ]


amendment = st.tuples(st.integers(5, 25), st.integers(0, 60), st.sets(st.integers(0, 30), min_size=4))
"""The new voting day; how many hours later it is; which of what may be filed by then was, and is filed early."""


@given(st.integers(5, 25), st.lists(amendment, min_size=1, max_size=4))
def test_no_day_that_is_ahead_is_left_without_a_report_however_often_voting_day_moves(first, amendments):
    known, now = {o.key: Known(o) for o in calendar(first)}, at(3, 9)
    for day, hours, filed in amendments:
        now += timedelta(hours=hours)
        for n, (key, one) in enumerate(sorted(known.items())):
            if n in filed and one.owed.opens_at <= now and one.standing is Standing.OWED:
                known[key] = replace(one, standing=Standing.RECEIVED)
        before, steps = known, amending.plan(known, calendar(day), now=now)
        known = carried_out(known, steps)
        wanted = days_owed({o.key: Known(o) for o in calendar(day) if o.due_at > now})
        ahead = {k: n for k, n in days_owed(known).items() if k[2] > now}
        early = days_owed({k: o for k, o in before.items() if o.standing is Standing.RECEIVED})
        assert wanted.keys() <= ahead.keys() <= wanted.keys() | early.keys()
        assert set(ahead.values()) <= {1}
        assert {step.act for step in amending.plan(known, calendar(day), now=now)} <= {Act.KEEP, Act.SKIP}


def counted(many: int, holidays: frozenset[date]) -> list[Obligation]:
    """What is owed so many working days after voting on 7 February 2024, under these closed days."""
    on = date(2024, 2, 7)
    stage = Stage("H", "H", (Version(date(2024, 1, 1), "PKPU", on, on),), VOTING_DAY)
    anchor = Anchor(VOTING_DAY, working=many)
    own = replace(around("k", 0, 0, "09:00", "15:00"), days=Days(anchor, anchor))
    return duties.obligations(Election("e", "e", date(2024, 1, 1), (stage,)), DESK, (own,), holidays)


decrees = st.lists(st.frozensets(st.dates(date(2024, 2, 1), date(2024, 3, 10)), max_size=12), min_size=2, max_size=5)


@given(st.integers(1, 12), decrees, st.lists(st.integers(0, 96), max_size=4), st.sets(st.integers(0, 3)))
def test_however_often_the_holidays_change_a_report_by_working_days_is_owed_once(many, decrees, hours, filed):
    """A revised decree moves what is ahead and unfiled; it makes no report anew, and takes none away."""
    known, now = {o.key: Known(o) for o in counted(many, decrees[0])}, at(3, 9)
    filed_keys = {key for n, key in enumerate(sorted(known)) if n in filed}
    known |= {key: replace(known[key], standing=Standing.RECEIVED) for key in filed_keys}
    for holidays, later in zip(decrees[1:], [*hours, 0, 0, 0, 0], strict=False):
        now += later * HOUR
        steps = amending.plan(known, counted(many, holidays), now=now)

        assert {step.act for step in steps} <= {Act.MOVE, Act.KEEP, Act.ADJUST}
        assert all(step.act is Act.KEEP for step in steps if step.report.key in filed_keys)
        assert all(step.since > now for step in steps if step.act is Act.MOVE)
        known = carried_out(known, steps)
    assert known.keys() == {o.key for o in counted(many, decrees[0])}
