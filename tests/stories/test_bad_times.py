"""Clocks that disagree, and due times that are moved: the database's time decides, and nothing is made up for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update

from jobs.delivery import deliver
from models.machine import clock
from models.matters import matters
from models.matters.obligations import Obligation
from models.messages.messages import Message
from rules import ladder
from rules.delivery import State, Temporary
from rules.desk import Channel


@pytest.mark.parametrize(
    ("machine", "due", "state"),
    [
        pytest.param(-5, -1, State.SENT, id="behind, and due by the database's"),
        pytest.param(5, 1, State.PENDING, id="ahead, and not due yet by the database's"),
    ],
)
def test_a_worker_whose_clock_is_wrong_goes_by_the_databases(desk, machine, due, state):
    """B164."""
    desk.owes_only()
    for channel in Channel:
        desk.fails(channel, Temporary("not now"), times=1)
    desk.has_a_problem()
    desk.turn()
    (message,) = [m for m in desk.messages() if m.state is State.PENDING]
    with desk.rt.sessions.begin() as session:
        due_at = clock.now(session) + timedelta(minutes=due)
        session.execute(update(Message).where(Message.id == message.id).values(due_at=due_at))
    worker = replace(desk.rt, clock=clock.now)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=machine)):
        deliver.run(worker, message.channel, [message.id])

    assert [m.state for m in desk.messages() if m.id == message.id] == [state]


@pytest.mark.parametrize(
    ("due", "told"),
    [
        pytest.param("H-2 08:00", {"Camat Tamban", "Kepala Dinas Kominfo"}, id="past every rung"),
        pytest.param("H-1 07:30", {"Camat Tamban", "Kepala Dinas Kominfo"}, id="past three rungs"),
        pytest.param("H-1 09:30", {"Camat Tamban"}, id="past two rungs"),
    ],
)
def test_a_due_time_moved_into_the_past_is_told_once_and_climbs_from_there(desk, due, told):
    """B165."""
    key = desk.key("harian", "Tamban", "H-1")
    desk.owes_only(key)
    desk.clock.reads("H-1 10:00")

    _moved(desk, key, due)
    desk.turn()
    desk.clock.reads("H-1 10:20")

    heard = [sent for sent in desk.wire.accepted if sent.at >= desk.moment("H-1 10:00")]
    assert len(heard) == len(told)
    assert {n.rung for n in desk.notices(key)} == {max(n.rung for n in desk.notices(key))}
    assert {office for office in told if desk.phone(office, since="H-1 10:00")} == told
    assert not desk.heard("Asisten Pemerintahan")


def _moved(desk, key, due):
    """As whoever amends a calendar does it."""
    matter, since = desk.matter(key), desk.moment(due)
    climbed = desk.programme.policy.ladder(matter.ladder)
    fresh = ladder.Matter(since=since, closes_after=matter.closes_after, grace=timedelta(0))
    with desk.rt.sessions.begin() as session:
        session.execute(update(Obligation).where(Obligation.id == matter.id).values(due_at=since))
        matters.restart(
            session,
            matter.id,
            since=since,
            closes_after=matter.closes_after,
            next_at=ladder.next_at(fresh, climbed, now=desk.clock.at),
        )
