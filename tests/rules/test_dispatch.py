"""What becomes of the notices for one address: sent together, held again, or moot."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import dispatch, moot
from rules.calendar import VOTING_DAY, Anchor, Election
from rules.dispatch import Address, Held, Pending, Within
from rules.ladder import Say
from rules.quiet import ClosedDays, Peace, Window

WITA = ZoneInfo("Asia/Makassar")
NIGHT = Peace([Window(time(20), time(7))])
MERGE = timedelta(minutes=2)
WITHIN = Within(MERGE, timedelta(minutes=15), timedelta(hours=1))
NOON = datetime(2024, 2, 13, 12, 0, tzinfo=WITA)
EVENING = NOON.replace(hour=21)
MORNING = datetime(2024, 2, 14, 7, 0, tzinfo=WITA)


def notice(id: int, say: Say = Say.OVERDUE, **facts) -> Pending:
    known = {
        "matter": id,
        "urgent": False,
        "since": NOON - timedelta(hours=1),
        "closed_why": "",
        "superseded": False,
        "outspoken": False,
        "promised_until": None,
    }
    closed_at = NOON if facts.get("closed_why") else None
    return Pending(id=id, say=say, **(known | {"closed_at": closed_at} | facts))


def address(**facts) -> Address:
    return Address(**({"zone": "Asia/Makassar", "last_at": None, "today": 0, "cap": 4} | facts))


def nights(notices) -> dict[int, Peace]:
    return {n.id: NIGHT for n in notices}


def parcel(*notices: Pending, to: Address | None = None, now: datetime = NOON) -> dispatch.Parcel:
    return dispatch.parcel(notices, to or address(), nights(notices), WITHIN, now=now)


def test_all_that_is_ready_goes_in_one_message_worded_by_the_severest():
    made = parcel(notice(1, Say.RECEIVED), notice(2, Say.WARNING), notice(3, Say.OVERDUE))

    assert (made.say, made.dispatched, made.moot, made.held) == (Say.WARNING, (1, 2, 3), (), ())


def test_of_two_elections_each_word_waits_for_the_quiet_hours_of_its_own():
    peace = {1: NIGHT, 2: Peace([])}

    made = dispatch.parcel([notice(1), notice(2)], address(), peace, WITHIN, now=EVENING)

    assert made.dispatched == (2,)
    assert made.held == ((1, MORNING, Held.QUIET),)


def test_of_several_words_about_one_matter_the_severest_is_said():
    made = parcel(notice(1, Say.OVERDUE, matter=7), notice(2, Say.WARNING, matter=7), notice(3, matter=8))

    assert (made.dispatched, made.merged) == ((2, 3), (1,))


@pytest.mark.parametrize(
    ("notices", "expected"),
    [
        pytest.param([notice(1, Say.OVERDUE), notice(2, Say.TASK)], False, id="routine"),
        pytest.param([notice(1, Say.OVERDUE), notice(2, Say.WARNING)], True, id="a warning among routine"),
        pytest.param([notice(1, Say.ESCALATION)], True, id="an escalation"),
        pytest.param([notice(1, Say.OVERDUE, urgent=True)], True, id="a routine word of voting day"),
        pytest.param([notice(1, Say.WARNING, closed_why="received"), notice(2)], False, id="a warning that is moot"),
    ],
)
def test_what_goes_before_routine_messages_on_a_slow_channel(notices, expected):
    assert parcel(*notices).goes_first is expected


def test_nothing_ready_makes_no_message():
    assert parcel(notice(1, closed_why="received")).say is None


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        pytest.param({"closed_why": "received"}, "no longer owed: received", id="filed meanwhile"),
        pytest.param({"superseded": True}, "a new round began", id="the ladder began again"),
        pytest.param({"acknowledged_until": NOON + MERGE}, "acknowledged", id="somebody took it on"),
        pytest.param({"acknowledged_until": NOON}, "", id="taken on until now"),
        pytest.param({"say": Say.REMINDER}, "the due time has come", id="a reminder that is late"),
        pytest.param({"say": Say.REMINDER, "since": NOON}, "the due time has come", id="a reminder on the minute"),
        pytest.param({"say": Say.REMINDER, "since": NOON + MERGE}, "", id="a reminder in time"),
        pytest.param({"say": Say.RECEIVED, "closed_why": "received"}, "", id="a receipt is of what is closed"),
        pytest.param({"say": Say.DECLARED, "closed_why": "received"}, "", id="what another office declared"),
        pytest.param({"say": Say.AMENDED}, "the due time has come", id="a moved due time that has come"),
        pytest.param({"say": Say.DROPPED, "closed_why": moot.DROPPED}, "", id="a report that vanished"),
        pytest.param({"say": Say.DROPPED}, "owed again", id="one that vanished and came back"),
        pytest.param({"say": Say.WAIVED, "closed_why": moot.WAIVED}, "", id="a waived report"),
        pytest.param({"say": Say.WAIVED, "closed_why": "received"}, "no longer owed: received", id="waived, and came"),
        pytest.param({"say": Say.WAIVED}, "owed again", id="a waiver that was revoked"),
        pytest.param({"say": Say.EXTENDED}, "the due time has come", id="an extension that ran out"),
        pytest.param({"say": Say.EXTENDED, "acknowledged_until": NOON + MERGE}, "", id="more time for a late report"),
    ],
)
def test_what_is_not_said_any_more(facts, why):
    made = parcel(notice(1, **facts))

    assert made.moot == (((1, why),) if why else ())
    assert made.dispatched == (() if why else (1,))


@pytest.mark.parametrize(
    ("facts", "now", "held"),
    [
        pytest.param({}, EVENING, (MORNING, Held.QUIET), id="at night, until morning"),
        pytest.param({"urgent": True}, EVENING, None, id="an urgent ladder passes the night"),
        pytest.param({"promised_until": NOON + MERGE}, NOON, (NOON + MERGE, Held.PROMISE), id="promised"),
        pytest.param({"promised_until": NOON}, NOON, None, id="promised until now"),
        pytest.param(
            {"urgent": True, "promised_until": NOON + MERGE}, NOON, (NOON + MERGE, Held.PROMISE), id="urgent, promised"
        ),
        pytest.param({"say": Say.RECEIVED, "promised_until": NOON + MERGE}, NOON, None, id="a receipt waits for none"),
        pytest.param({"say": Say.AMENDED, "promised_until": NOON + MERGE}, NOON, None, id="nor does a moved due time"),
    ],
)
def test_what_waits(facts, now, held):
    made = parcel(notice(1, **facts), now=now)

    assert made.held == (((1, *held),) if held else ())


def test_an_urgent_word_does_not_take_a_routine_one_along_at_night():
    made = parcel(notice(1), notice(2, urgent=True), now=EVENING)

    assert (made.dispatched, [id for id, *_ in made.held]) == ((2,), [1])


@pytest.mark.parametrize(
    ("ago", "held"),
    [
        pytest.param(timedelta(seconds=119), True, id="within two minutes of the last"),
        pytest.param(timedelta(seconds=120), False, id="two minutes after it"),
    ],
)
def test_an_address_is_left_in_peace_for_two_minutes(ago, held):
    made = parcel(notice(1, Say.ESCALATION, urgent=True), to=address(last_at=NOON - ago))

    assert made.held == (((1, NOON - ago + MERGE, Held.MERGE),) if held else ())


def minutes(n: int) -> timedelta:
    return timedelta(minutes=n)


@pytest.mark.parametrize(
    ("last_at", "planned_at", "until"),
    [
        pytest.param(NOON - minutes(5), NOON, NOON + minutes(10), id="a quarter of an hour after the last message"),
        pytest.param(
            NOON - minutes(5), NOON - minutes(9), NOON + minutes(6), id="but not longer than it waited itself"
        ),
        pytest.param(NOON - minutes(1), NOON - minutes(60), NOON + minutes(1), id="two minutes are left in peace"),
        pytest.param(NOON - minutes(15), NOON, None, id="the last message is long ago"),
        pytest.param(None, NOON, None, id="there was none"),
    ],
)
def test_a_problem_that_is_not_urgent_waits_for_others_of_its_kind(last_at, planned_at, until):
    made = parcel(notice(1, Say.PROBLEM, planned_at=planned_at), to=address(last_at=last_at))

    assert made.held == (((1, until, Held.MERGE),) if until else ())


def test_only_the_first_word_of_an_urgent_problem_waits_for_no_other():
    to = address(last_at=NOON - minutes(5))

    first = parcel(notice(1, Say.PROBLEM, urgent=True, rung=0, planned_at=NOON), to=to)
    second = parcel(notice(1, Say.PROBLEM, urgent=True, rung=1, planned_at=NOON), to=to)

    assert first.dispatched == (1,)
    assert second.held == ((1, NOON + minutes(10), Held.MERGE),)


@pytest.mark.parametrize("other", [{"say": Say.PROBLEM, "urgent": True}, {"say": Say.ESCALATION}])
def test_what_gathers_goes_along_with_what_does_not(other):
    made = parcel(notice(1, Say.PROBLEM, planned_at=NOON), notice(2, **other), to=address(last_at=NOON - minutes(5)))

    assert made.dispatched == (1, 2)


@pytest.mark.parametrize(
    ("say", "facts", "goes"),
    [
        *(
            pytest.param(say, {"closed_why": moot.SAID_OF_CLOSED.get(say, "")}, False, id=f"{say} waits")
            for say in Say
            if say in dispatch.ROUTINE
        ),
        *(
            pytest.param(say, {}, True, id=f"{say} passes")
            for say in Say
            if say not in {*dispatch.ROUTINE, *moot.SAID_OF_CLOSED}
        ),
        pytest.param(Say.DROPPED, {"closed_why": moot.DROPPED}, True, id="dropped passes"),
        pytest.param(Say.OVERDUE, {"urgent": True}, True, id="voting day passes"),
    ],
)
def test_a_cap_holds_what_is_routine(say, facts, goes):
    made = parcel(notice(1, say, since=NOON + MERGE, **facts), to=address(today=4))

    assert made.dispatched == ((1,) if goes else ())
    if not goes:
        midnight = datetime(2024, 2, 14, tzinfo=WITA)
        assert made.held == ((1, midnight, Held.CAP),)


def test_a_warning_takes_along_what_a_cap_would_hold():
    assert parcel(notice(1), notice(2, Say.WARNING), to=address(today=4)).dispatched == (1, 2)


@pytest.mark.parametrize(("today", "cap"), [(3, 4), (99, None)])
def test_below_the_cap_or_without_one_it_goes(today, cap):
    assert parcel(notice(1), to=address(today=today, cap=cap)).dispatched == (1,)


def test_a_day_begins_at_the_addressees_midnight():
    late = datetime(2024, 2, 13, 15, 30, tzinfo=UTC)  # half past eleven at night in Makassar, the next day in Jayapura

    assert dispatch.day_start(late, "Asia/Makassar") == datetime(2024, 2, 13, tzinfo=WITA)
    assert dispatch.day_start(late, "Asia/Jayapura") == datetime(2024, 2, 14, tzinfo=ZoneInfo("Asia/Jayapura"))
    assert dispatch.next_day(late, "Asia/Makassar") == datetime(2024, 2, 14, tzinfo=WITA)


SOMETIME = st.none() | st.integers(-600, 600).map(lambda minutes: NOON + timedelta(minutes=minutes))
PENDING = st.builds(
    lambda say, **facts: notice(0, say, **facts),
    st.sampled_from(Say),
    matter=st.integers(1, 4),
    urgent=st.booleans(),
    since=st.integers(-600, 600).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    closed_why=st.sampled_from(["", "received"]),
    superseded=st.booleans(),
    promised_until=SOMETIME,
    acknowledged_until=SOMETIME,
)
PILES = st.lists(PENDING, max_size=8).map(lambda pile: [replace(n, id=id) for id, n in enumerate(pile, 1)])
ADDRESSES = st.builds(address, last_at=SOMETIME, today=st.integers(0, 5), cap=st.none() | st.integers(0, 4))
MOMENTS = st.integers(-720, 1080).map(lambda minutes: NOON + timedelta(minutes=minutes))


@given(PILES, ADDRESSES, MOMENTS)
def test_whatever_piles_up_every_notice_has_one_end_and_nobody_is_disturbed_for_what_can_wait(pile, to, now):
    by_id = {n.id: n for n in pile}

    made = dispatch.parcel(pile, to, nights(pile), WITHIN, now=now)

    ends = [*made.dispatched, *made.merged, *(id for id, _ in made.moot), *(id for id, *_ in made.held)]
    assert sorted(ends) == sorted(by_id)
    assert all(until > now for _, until, _ in made.held)
    assert bool(made.say) == bool(made.dispatched)
    said = [by_id[id] for id in (*made.dispatched, *made.merged)]
    assert len({by_id[id].matter for id in made.dispatched}) == len(made.dispatched)
    assert {n.matter for n in said} == {by_id[id].matter for id in made.dispatched}
    assert all(n.urgent or 7 <= now.astimezone(WITA).hour < 20 for n in said)
    assert all(n.say in moot.OF_THE_PAST or not n.closed_why for n in said)


@given(PILES, ADDRESSES, MOMENTS)
def test_a_cap_never_holds_a_warning_or_what_stands_beside_one(pile, to, now):
    made = dispatch.parcel(pile, to, nights(pile), WITHIN, now=now)

    capped = [n for n in pile if (n.id, Held.CAP) in {(id, why) for id, _, why in made.held}]
    assert all(n.say in dispatch.ROUTINE and not n.urgent for n in capped)
    assert not (capped and made.dispatched)


@given(PILES, ADDRESSES, MOMENTS)
def test_what_was_held_is_decided_the_same_way_once_it_is_free(pile, to, now):
    """Nothing is held for ever: asked again at the latest time it was held until, fewer and fewer wait."""
    for _ in range(20):
        made = dispatch.parcel(pile, to, nights(pile), WITHIN, now=now)
        if not made.held:
            return
        waiting = {id for id, *_ in made.held}
        pile = [n for n in pile if n.id in waiting]
        now = max(until for _, until, _ in made.held)
        to = replace(to, today=0)
    assert to.cap == 0


@pytest.mark.parametrize(
    ("say", "urgent", "expected"),
    [
        pytest.param(Say.OVERDUE, False, Held.QUIET, id="a chase waits"),
        pytest.param(Say.ESCALATION, False, Held.QUIET, id="so does what climbs by the same ladder"),
        pytest.param(Say.OVERDUE, True, None, id="what is urgent does not"),
        pytest.param(Say.RECEIVED, False, None, id="a receipt answers whoever works on that day"),
        pytest.param(Say.RETURNED, False, None, id="so does a returned report"),
    ],
)
def test_what_a_closed_day_holds(say, urgent, expected):
    saturday = NOON.replace(month=3, day=2)
    closed = ClosedDays(frozenset({"routine"}), (Anchor(VOTING_DAY), Anchor(VOTING_DAY)))
    peace = Peace(NIGHT.windows, closed, Election("x", "X", saturday.date(), ()))

    until = dispatch.waits_until(say, None, "Asia/Makassar", peace, ladder="routine", urgent=urgent, now=saturday)

    assert until == (expected and (saturday.replace(day=4, hour=7), expected))


AT_SEVEN = (MORNING, Held.QUIET)
PROMISED = (NOON + MERGE, Held.PROMISE)


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        pytest.param([AT_SEVEN], AT_SEVEN, id="all it says waits: so does it"),
        pytest.param([AT_SEVEN, PROMISED], PROMISED, id="until the first of them may be said"),
        pytest.param([AT_SEVEN, None], None, id="something may go, so all of it goes"),
        pytest.param([], None, id="it says nothing any more: it is looked at now"),
    ],
)
def test_until_when_what_may_have_arrived_once_waits_as_the_message_it_is(waits, expected):
    assert dispatch.whole_waits_until(waits) == expected


@pytest.mark.parametrize(
    ("words", "now", "expected"),
    [
        pytest.param([(Say.OVERDUE, False)], "17:30", "20:00", id="until quiet hours begin"),
        pytest.param([(Say.OVERDUE, False)], "19:59", "20:14", id="a minute before: a quarter of an hour"),
        pytest.param([(Say.OVERDUE, True)], "19:59", None, id="a voting-day word may ring at night"),
        pytest.param([(Say.REMINDER, False), (Say.WARNING, True)], "19:59", None, id="and so may what goes with it"),
        pytest.param([], "19:59", None, id="a link that somebody waits for"),
    ],
)
def test_when_a_text_that_leaves_now_must_have_arrived(words, now, expected):
    said = [(say, "", urgent, NIGHT) for say, urgent in words]

    found = dispatch.not_after(said, "Asia/Makassar", now=today(now))

    assert found == (today(expected) if expected else None)


def today(clock: str) -> datetime:
    return datetime.combine(NOON.date(), time.fromisoformat(clock), WITA)


@pytest.mark.parametrize(
    ("now", "urgent", "expected"),
    [
        pytest.param("2024-02-05T22:00", False, ("2024-02-06T07:00", Held.QUIET), id="everybody's first"),
        pytest.param("2024-02-06T07:00", False, ("2024-02-06T09:00", Held.OWN), id="then its own"),
        pytest.param("2024-02-06T09:00", False, None, id="then it goes"),
        pytest.param("2024-02-06T08:00", True, None, id="what is urgent at once"),
        pytest.param("2024-02-05T23:00", True, None, id="at night too"),
    ],
)
def test_an_offices_own_quiet_hours_are_told_apart_from_everybodys(now, urgent, expected):
    peace = Peace([Window(time(20), time(7))]).besides("21:00-09:00", "")
    at = datetime.fromisoformat(f"{now}+08:00")

    waits = dispatch.waits_until(Say.OVERDUE, None, "Asia/Makassar", peace, urgent=urgent, now=at)

    assert waits == (expected and (datetime.fromisoformat(f"{expected[0]}+08:00"), expected[1]))
