"""From when those above a team may hear: when every warning has ended, however it ended."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from jobs.turn import other_way
from models.matters.matters import Matter
from models.messages import claiming, untold
from models.messages.messages import Message
from models.messages.notices import Notice
from models.messages.settling import Outcome
from rules.delivery import State, Verdict
from rules.desk import Channel
from rules.dispatch import NoticeState
from rules.ladder import Say
from rules.warnings import GivenWarning
from rules.warnings import warned as ended
from services import ending
from tests.models.conftest import LEASE


@pytest.fixture
def warnings(desk):
    """Two warnings about one report, to its reporter and the head of unit, in messages that nobody has sent yet."""
    desk.clock.reads("H-1 16:59")
    desk.bell.deaf = True
    desk.clock.jumps("H-1 17:00")
    desk.turn()
    found = [m.id for m in desk.messages() if m.say is Say.WARNING]
    assert len(found) == 2
    return found


def end(desk, ids, verdict):
    now = desk.clock.at
    with desk.rt.sessions.begin() as session:
        claims = claiming.claim(session, ids, lease=LEASE, now=now)
        ending.settle(session, [Outcome(claim, verdict, "x") for claim in claims], now=now)


def warned_at(desk):
    return desk.matter(desk.key("harian", "Tamban", "H-1")).warned_at


@pytest.mark.parametrize(
    "verdict",
    [
        pytest.param(Verdict(State.SENT, None, "accepted"), id="handed over"),
        pytest.param(Verdict(State.IN_DOUBT, None, "left in doubt"), id="left in doubt"),
    ],
)
def test_only_when_the_last_warning_has_ended(desk, warnings, verdict):
    end(desk, warnings[:1], verdict)
    assert warned_at(desk) is None

    end(desk, warnings[1:], verdict)
    assert warned_at(desk) == desk.clock.at


def test_a_warning_that_will_be_tried_again_has_not_ended(desk, warnings):
    end(desk, warnings, Verdict(State.PENDING, desk.clock.at + timedelta(minutes=1), "busy"))

    assert warned_at(desk) is None


def refuse_the_last(desk, warnings):
    end(desk, warnings[:1], Verdict(State.SENT, None, "accepted"))
    end(desk, warnings[1:], Verdict(State.FAILED, None, "refused"))


def lose_the_contact_of_the_last(desk, warnings):
    end(desk, warnings[:1], Verdict(State.SENT, None, "accepted"))
    with desk.rt.sessions.begin() as session:
        ids = session.scalars(select(Notice.id).where(Notice.message_id == warnings[1])).all()
        untold.unreachable(session, ids, now=desk.clock.at)


@pytest.mark.parametrize("fails", [refuse_the_last, lose_the_contact_of_the_last])
def test_a_warning_that_failed_has_ended_when_the_other_way_has(desk, warnings, fails):
    fails(desk, warnings)
    assert warned_at(desk) is None

    desk.bell.deaf = False
    desk.clock.reads("H-1 17:01")

    assert warned_at(desk) == desk.moment("H-1 17:00")


@pytest.mark.parametrize("fails", [refuse_the_last, lose_the_contact_of_the_last])
def test_a_warning_that_failed_has_ended_where_there_is_no_other_way(desk, warnings, fails):
    for office in ("Camat Tamban", "Kadis Kominfo", "Camat Mekarsari"):
        desk.loses(office, Channel.EMAIL)
    fails(desk, warnings)
    assert warned_at(desk) is None

    other_way.run(desk.rt, now=desk.clock.at)

    assert warned_at(desk) == desk.clock.at


def test_it_is_written_once(desk, warnings):
    end(desk, warnings, Verdict(State.SENT, None, "accepted"))
    first = warned_at(desk)

    with desk.rt.sessions.begin() as session:
        untold.warned(session, warnings, now=desk.clock.at + timedelta(hours=1))

    assert warned_at(desk) == first


OTHERS = [
    (notice, message, under_way, other_way)
    for notice in NoticeState
    for message in (State.PENDING, State.SENT, State.FAILED, State.IN_DOUBT)
    for under_way in (False, True)
    for other_way in (False, True)
]


def test_the_books_say_as_the_rule_does_whether_a_warning_has_ended(desk, warnings):
    end(desk, warnings[:1], Verdict(State.SENT, None, "accepted"))
    now = desk.clock.at

    for notice, message, under_way, looked_for in OTHERS:
        with desk.rt.sessions() as session:
            of_other = Notice.message_id == warnings[1]
            other_way_at = now if looked_for else None
            session.execute(update(Notice).where(of_other).values(state=notice, other_way_at=other_way_at))
            due_at = now if under_way else None
            session.execute(update(Message).where(Message.id == warnings[1]).values(state=message, due_at=due_at))
            untold.warned(session, warnings[:1], now=now)
            theirs = select(Matter.warned_at).join(Notice, Notice.matter_id == Matter.id).where(of_other)
            said = {at is not None for at in session.scalars(theirs)}

        in_message = notice in (NoticeState.DISPATCHED, NoticeState.MERGED)
        other = GivenWarning(
            waits=notice is NoticeState.PLANNED,
            under_way=in_message and under_way,
            failed=message is State.FAILED or notice is NoticeState.NOBODY,
            other_way=looked_for,
        )
        assert said == {ended([GivenWarning(), other])}, (notice, message, under_way, looked_for)
