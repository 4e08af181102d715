"""Who hears, and when: the one type of ladder, climbed by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import carrying, ladder
from rules.calendar import WorkingDays
from rules.desk import Audience, Channel
from rules.ladder import Ladder, Matter, Recipient, Rung, Say
from rules.warnings import GivenWarning, warned

DUE = datetime(2024, 2, 5, 7, 0, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


URGENT = Ladder(
    code="urgent",
    cooling=minutes(30),
    urgent=True,
    rungs=(
        Rung(-minutes(60), Audience.REPORTER, (Channel.SMS,), Say.REMINDER),
        Rung(minutes(15), Audience.TEAM, (Channel.SMS, Channel.EMAIL), Say.OVERDUE),
        Rung(minutes(45), Audience.TEAM, (Channel.SMS, Channel.EMAIL), Say.WARNING),
        Rung(minutes(90), Audience.COORDINATOR, (Channel.SMS,), Say.ESCALATION),
        Rung(minutes(180), Audience.CHAIR, (Channel.EMAIL, Channel.SMS), Say.ESCALATION, at_once=True),
    ),
)
BOTH = (Channel.EMAIL, Channel.SMS)


def circle(**without: tuple[Channel, ...]) -> ladder.Circle:
    offices = {
        Audience.REPORTER: ["camat"],
        Audience.TEAM: ["camat", "kadis"],
        Audience.COORDINATOR: ["asisten"],
        Audience.CHAIR: ["sekda"],
        Audience.SECRETARIAT: ["sekretariat"],
    }
    return {
        audience: tuple(Recipient(code, "Asia/Makassar", without.get(code, BOTH)) for code in codes)
        for audience, codes in offices.items()
    }


def overdue(
    by: float, *, reached: int = -1, told: float | None = None, warned: float | None = None
) -> tuple[Matter, datetime]:
    now = DUE + minutes(by)
    told_at = now - minutes(told) if told is not None else None
    warned_at = now - minutes(warned) if warned is not None else None
    return Matter(DUE, reached=reached, told_at=told_at, warned_at=warned_at), now


def who(plan: ladder.Plan) -> list[str]:
    return [f"{t.office} {t.channel}" for t in plan.tellings if t.channel]


@pytest.mark.parametrize(
    ("by", "state", "expected"),
    [
        pytest.param(-61, {}, [], id="before the first rung, silence"),
        pytest.param(-60, {}, ["camat sms"], id="on the minute counts as due"),
        pytest.param(14, {"reached": 0}, [], id="inside the first wait, silence"),
        pytest.param(15, {"reached": 0}, ["camat sms", "kadis sms"], id="after the due time the whole team hears"),
        pytest.param(5, {}, [], id="a reminder is not sent when the due time has come"),
        pytest.param(300, {}, ["camat sms", "kadis sms"], id="after an outage the team hears first, once"),
        pytest.param(90, {"reached": 2, "told": 45}, [], id="nobody above hears before the warning was handed over"),
        pytest.param(90, {"reached": 2, "told": 45, "warned": 29}, [], id="nor before it has cooled"),
        pytest.param(90, {"reached": 2, "told": 45, "warned": 30}, ["asisten sms"], id="warned and cooled, one wider"),
        pytest.param(
            300, {"reached": 2, "told": 99, "warned": 99}, ["asisten sms"], id="audiences widen one at a time"
        ),
        pytest.param(300, {"reached": 3, "told": 29, "warned": 99}, [], id="each after the cooling time"),
        pytest.param(
            300, {"reached": 3, "told": 30, "warned": 99}, ["sekda email", "sekda sms"], id="the last by all ways"
        ),
        pytest.param(999, {"reached": 4, "told": 99, "warned": 999}, [], id="no rung fires twice"),
    ],
)
def test_who_hears(by, state, expected):
    matter, now = overdue(by, **state)

    plan = ladder.plan(matter, URGENT, circle(), now=now)

    assert who(plan) == expected


def test_an_office_without_the_preferred_channel_is_told_by_the_next():
    matter, now = overdue(15, reached=0)

    plan = ladder.plan(matter, URGENT, circle(kadis=(Channel.EMAIL,)), now=now)

    assert who(plan) == ["camat sms", "kadis email"]


def test_when_nobody_can_be_told_after_the_due_time_the_next_rung_fires_at_once():
    matter, now = overdue(15, reached=0)

    plan = ladder.plan(matter, URGENT, circle(camat=(), kadis=()), now=now)

    assert who(plan) == ["asisten sms"]
    assert [t.rung for t in plan.tellings if t.channel is None] == [1, 1, 2, 2]
    assert plan.matter.warned_at == now


def test_somebody_above_hears_at_the_hour_that_was_named_and_the_next_one_cooling_time_later():
    """Whatever was cut since: a district's grace, or the night in which he was to rest."""
    named_at = DUE + minutes(170)
    matter = Matter(DUE, reached=2, told_at=DUE + minutes(45), warned_at=DUE + minutes(46), named_at=named_at)

    plan = ladder.plan(matter, URGENT, circle(), now=DUE + minutes(90))

    assert (who(plan), plan.matter.told_at) == (["asisten sms"], named_at)
    assert plan.next_at == named_at + URGENT.cooling
    assert ladder.hears_next(plan.matter, URGENT, now=DUE + minutes(95)) == (URGENT.rungs[3], named_at)


@pytest.mark.parametrize("reached", [2, 3])
def test_what_is_said_to_somebody_above_again_waits_for_the_hour_that_was_named_for_him(reached):
    again = replace(URGENT, rungs=(*URGENT.rungs[:4], replace(URGENT.rungs[3], at=minutes(100)), *URGENT.rungs[4:]))
    named_at = DUE + minutes(170)
    own = {"told_at": DUE + minutes(45), "named_at": named_at}
    held = {"told_at": named_at, "named_at": named_at}
    matter = Matter(DUE, reached=reached, warned_at=DUE + minutes(46), **(own if reached == 2 else held))

    plan = ladder.plan(matter, again, circle(), now=DUE + minutes(100))

    assert (who(plan), plan.matter.told_at) == (["asisten sms"], named_at)


def test_an_hour_named_for_the_next_one_holds_nothing_from_him_who_heard_before():
    again = replace(URGENT, rungs=(*URGENT.rungs[:4], replace(URGENT.rungs[3], at=minutes(100)), *URGENT.rungs[4:]))
    heard = {"told_at": DUE + minutes(90), "named_at": DUE + minutes(180)}
    matter = Matter(DUE, reached=3, warned_at=DUE + minutes(46), **heard)

    plan = ladder.plan(matter, again, circle(), now=DUE + minutes(100))

    assert (who(plan), plan.matter.told_at) == (["asisten sms"], DUE + minutes(100))


def test_the_hour_that_is_named_is_that_at_which_the_ladder_goes_on():
    now = DUE + minutes(80)
    warned = Matter(DUE, reached=2, told_at=DUE + minutes(45), warned_at=DUE + minutes(65))

    rung, at = ladder.hears_next(warned, URGENT, now=now)

    assert rung.tell is Audience.COORDINATOR
    assert at == ladder.next_at(warned, URGENT, now=now) == DUE + minutes(95)


def test_before_the_due_time_nobody_to_tell_is_only_recorded():
    matter, now = overdue(-60)

    plan = ladder.plan(matter, URGENT, circle(camat=()), now=now)

    assert [(t.office, t.channel) for t in plan.tellings] == [("camat", None)]
    assert plan.next_at == DUE + minutes(15)


def test_grace_delays_chasing_but_not_the_reminder():
    matter = Matter(DUE, grace=minutes(60))

    assert who(ladder.plan(matter, URGENT, circle(), now=DUE - minutes(60))) == ["camat sms"]
    assert who(ladder.plan(matter, URGENT, circle(), now=DUE + minutes(74))) == []
    assert who(ladder.plan(matter, URGENT, circle(), now=DUE + minutes(75))) == ["camat sms", "kadis sms"]


def test_a_promise_holds_the_ladder_and_then_it_goes_on():
    promised = Matter(DUE, reached=1, told_at=DUE, promised_until=DUE + minutes(120))

    held = ladder.plan(promised, URGENT, circle(), now=DUE + minutes(50))
    broken = ladder.plan(promised, URGENT, circle(), now=DUE + minutes(120))

    assert (who(held), held.next_at) == ([], DUE + minutes(120))
    assert [t.say for t in broken.tellings] == [Say.WARNING, Say.WARNING]
    assert broken.matter.round == 0


def test_an_acknowledgement_that_runs_out_starts_a_new_round():
    taken_on = Matter(DUE, reached=3, told_at=DUE, warned_at=DUE, acknowledged_until=DUE + minutes(240))

    plan = ladder.plan(taken_on, URGENT, circle(), now=DUE + minutes(240))

    assert plan.matter.round == 1
    assert [t.say for t in plan.tellings] == [Say.WARNING, Say.WARNING]


def test_after_its_closing_time_a_matter_is_over():
    matter = Matter(DUE, reached=1, closes_after=DUE + minutes(60))

    plan = ladder.plan(matter, URGENT, circle(), now=DUE + minutes(60))

    assert (plan.tellings, plan.next_at) == ((), None)


def test_an_exhausted_ladder_waits_for_its_closing_time():
    matter = Matter(DUE, reached=4, told_at=DUE, warned_at=DUE, closes_after=DUE + minutes(600))

    assert ladder.plan(matter, URGENT, circle(), now=DUE + minutes(300)).next_at == DUE + minutes(600)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=40))
def test_however_the_clock_jumps_nobody_is_skipped_and_no_rung_repeats(jumps):
    """Walk through any outages: rungs only rise, audiences widen one at a time, each after the cooling time."""
    order = [None, *URGENT.audiences]
    matter, now, heard, fired = Matter(DUE), DUE - minutes(90), None, []
    last_wider = now - minutes(999)
    for jump in jumps:
        now += minutes(jump)
        plan = ladder.plan(matter, URGENT, circle(), now=now)
        assert plan.next_at is None or plan.next_at > now
        for rung in {t.rung for t in plan.tellings}:
            told = URGENT.rungs[rung].tell
            assert rung not in fired
            if told.above_team and told is not heard:
                assert matter.warned_at is not None
                assert order.index(told) == order.index(heard) + 1
                assert now - max(last_wider, matter.warned_at) >= URGENT.cooling
                last_wider = now
            heard, fired = told, [*fired, rung]
        matter = plan.matter
        if plan.tellings and plan.tellings[0].say is Say.WARNING:
            matter = Matter(**{f: getattr(matter, f) for f in Matter.__dataclass_fields__} | {"warned_at": now})


def told(reached: int, warned_at: datetime | None = None) -> Matter:
    return Matter(DUE, reached=reached, told_at=DUE, warned_at=warned_at)


def changed(*rungs: tuple[float, Audience, Say]) -> Ladder:
    return Ladder("urgent", tuple(Rung(minutes(at), tell, BOTH, say) for at, tell, say in rungs), minutes(30))


TEAM, COORDINATOR = Audience.TEAM, Audience.COORDINATOR
ONE_MORE = changed(
    (-60, Audience.REPORTER, Say.REMINDER),
    (5, TEAM, Say.OVERDUE),
    (15, TEAM, Say.OVERDUE),
    (45, TEAM, Say.WARNING),
    (90, COORDINATOR, Say.ESCALATION),
)
FEWER = changed((15, TEAM, Say.OVERDUE), (45, TEAM, Say.WARNING), (90, COORDINATOR, Say.ESCALATION))
WARNS_AT_ONCE = changed(
    (5, TEAM, Say.WARNING), (40, Audience.SECRETARIAT, Say.OVERDUE), (95, COORDINATOR, Say.ESCALATION)
)
BETWEEN = changed((5, TEAM, Say.OVERDUE), (10, Audience.SECRETARIAT, Say.OVERDUE), (45, TEAM, Say.WARNING))
SOONER = changed((5, TEAM, Say.WARNING), (40, COORDINATOR, Say.ESCALATION), (90, Audience.CHAIR, Say.ESCALATION))


@pytest.mark.parametrize(
    ("matter", "after", "stands", "round"),
    [
        pytest.param(told(-1), FEWER, -1, 0, id="who stood on none stands on none"),
        pytest.param(told(1), URGENT, 1, 0, id="the same ladder changes nothing"),
        pytest.param(told(1), ONE_MORE, 2, 0, id="a rung put in before is taken as said"),
        pytest.param(told(2, DUE), FEWER, 1, 1, id="lower in number, a new round, the warning given already"),
        pytest.param(told(2), FEWER, 0, 1, id="a warning that was still on its way is given anew"),
        pytest.param(told(2, DUE), WARNS_AT_ONCE, 0, 1, id="an audience that has not heard is not taken as told"),
        pytest.param(told(2, DUE), SOONER, -1, 1, id="a warning that named a later time is given anew"),
        pytest.param(told(1, DUE), ONE_MORE, 3, 0, id="a warning given is not given again because it comes later"),
        pytest.param(told(2, DUE), BETWEEN, 0, 1, id="nobody is skipped who would have heard before the warning"),
        pytest.param(told(4, DUE), SOONER, 2, 1, id="one that all have heard is over"),
        pytest.param(told(3, DUE), Ladder("urgent", (), minutes(30)), -1, 1, id="a ladder without any rung"),
    ],
)
def test_where_a_matter_stands_on_a_changed_ladder(matter, after, stands, round):
    carried = carrying.carried(matter, URGENT, after)

    assert (carried.reached, carried.round) == (stands, round)


@given(st.integers(0, 4), st.sampled_from([ONE_MORE, FEWER, SOONER, WARNS_AT_ONCE, BETWEEN]), st.booleans())
def test_a_changed_ladder_repeats_no_number_of_a_round_and_skips_nobody(reached, after, warned):
    before = told(reached, DUE if warned else None)

    carried = carrying.carried(before, URGENT, after)

    assert carried.reached >= reached or carried.round > before.round
    heard = {rung.tell for rung in URGENT.rungs[: reached + 1]} | ({TEAM} if warned else set())
    assert {rung.tell for rung in after.rungs[: carried.reached + 1]} <= heard


@pytest.mark.parametrize(
    ("warnings", "ended"),
    [
        pytest.param([GivenWarning()], True, id="handed over, or failed for good"),
        pytest.param([GivenWarning(), GivenWarning(waits=True)], False, id="one is in no message yet"),
        pytest.param([GivenWarning(under_way=True)], False, id="still tried, or in doubt for a while"),
        pytest.param([GivenWarning(failed=True, other_way=True)], False, id="failed, and another way is looked for"),
        pytest.param([GivenWarning(failed=True)], True, id="failed, and there is no other way"),
        pytest.param([GivenWarning(other_way=True)], True, id="handed over: another way is for want of a sign"),
    ],
)
def test_cooling_begins_when_every_warning_has_ended(warnings, ended):
    assert warned(warnings) is ended


AGAIN = replace(URGENT, again_after=minutes(600))


def test_a_ladder_that_has_run_out_begins_anew_after_its_time():
    matter = told(len(URGENT.rungs) - 1)

    assert ladder.next_at(matter, AGAIN, now=DUE + minutes(300)) == DUE + minutes(600)
    assert ladder.plan(matter, AGAIN, circle(), now=DUE + minutes(599)).tellings == ()

    again = ladder.plan(matter, AGAIN, circle(), now=DUE + minutes(600))

    assert again.matter.round == matter.round + 1
    assert [telling.audience for telling in again.tellings] == [Audience.TEAM, Audience.TEAM]


def test_a_ladder_without_such_a_time_rests_for_good():
    assert ladder.next_at(told(len(URGENT.rungs) - 1), URGENT, now=DUE + minutes(300)) is None


def test_a_rung_in_working_days_waits_for_the_weekend_to_end():
    days = WorkingDays("Asia/Makassar", {date(2024, 2, 8), date(2024, 2, 9)})
    slow = Ladder(
        "slow",
        (
            Rung(timedelta(days=-2), Audience.REPORTER, (Channel.SMS,), Say.REMINDER, working=WorkingDays()),
            Rung(minutes(0), Audience.REPORTER, (Channel.SMS,), Say.DUE),
            Rung(timedelta(days=3), Audience.TEAM, (Channel.SMS,), Say.WARNING, working=WorkingDays()),
        ),
        minutes(60),
    ).counting(days)
    matter = Matter(DUE)  # Monday, 5 February, 15.00

    due = [ladder.fires_at(matter, rung).astimezone(ZoneInfo("Asia/Makassar")) for rung in slow.rungs]

    assert [f"{at:%d/%m %H.%M}" for at in due] == ["01/02 15.00", "05/02 15.00", "12/02 15.00"]
    waits = ladder.next_at(replace(matter, reached=1), slow, now=DUE + timedelta(days=3))
    assert waits == due[2]
    assert ladder.due(replace(matter, reached=1), slow, now=due[2] - minutes(1)) is None
    assert ladder.due(replace(matter, reached=1), slow, now=due[2]) == 2


def test_a_matter_stands_where_it_stood_when_other_days_become_holidays():
    rung = Rung(timedelta(days=3), Audience.TEAM, (Channel.SMS,), Say.WARNING, working=WorkingDays())
    before = Ladder("slow", (rung,), minutes(60)).counting(WorkingDays())
    after = before.counting(WorkingDays(holidays={date(2024, 2, 8)}))

    assert carrying.carried(Matter(DUE, reached=0, round=2), before, after) == Matter(DUE, reached=0, round=2)
