"""The protocol of sending, tried with every order of events that hypothesis can think of; two simpler ones fail."""

from collections.abc import Iterable
from datetime import datetime

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import delete, insert, select

from models import messages
from models.base import Sessions
from models.messages import Attempt, Claim, Message, Outcome
from rules.delivery import State, Verdict, judge_lost
from rules.desk import Channel
from rules.ladder import Say
from tests.faults import machine
from tests.faults.conftest import NOW
from tests.faults.machine import Delivering, Held, MarkThenSend, Row, SendThenMark
from tests.faults.points import WORKER
from tests.load import world
from tests.load.world import Place

BROKEN = settings(max_examples=2000, stateful_step_count=12, phases=[Phase.generate], report_multiple_bugs=False)


def test_nothing_is_lost_and_nothing_sent_twice_wherever_a_worker_dies():
    Delivering.deaths = set()

    run_state_machine_as_test(Delivering, settings=settings(max_examples=400, stateful_step_count=30))

    assert set(WORKER) == Delivering.deaths, "workers died at every point"


class Tables:
    """The same books in the real tables: what guards a change there must guard it as well."""

    def __init__(self, sessions: Sessions, place: Place) -> None:
        self.sessions, self.place = sessions, place
        self.claims: dict[tuple[int, int], Claim] = {}

    def begin(self, channels: Iterable[Channel], now: datetime) -> None:
        to = {"programme_id": self.place.programme_id, "office_id": self.place.office_id}
        to |= {"contact_id": self.place.contact_id, "say": Say.DUE, "state": State.PENDING}
        with self.sessions.begin() as session:
            session.execute(delete(Attempt))
            session.execute(delete(Message))
            session.execute(insert(Message), [to | {"channel": c, "created_at": now, "due_at": now} for c in channels])

    def rows(self) -> list[Row]:
        columns = [getattr(Message, name) for name in Row._fields]
        with self.sessions() as session:
            return [Row(*row) for row in session.execute(select(*columns).order_by(Message.id))]

    def claim(self, ids: Iterable[int], now: datetime) -> list[Held]:
        with self.sessions.begin() as session:
            claims = messages.claim(session, list(ids), lease=machine.POLICY.lease, now=now)
        self.claims |= {(c.id, c.fence): c for c in claims}
        return [Held(c.id, c.fence, c.tries) for c in claims]

    def settle(self, ended: Iterable[tuple[Held, Verdict]], now: datetime) -> None:
        with self.sessions.begin() as session:
            outcomes = [Outcome(self.claims[held.id, held.fence], verdict, "tried") for held, verdict in ended]
            messages.settle(session, outcomes, now=now)

    def rule_on_lost(self, now: datetime) -> None:
        with self.sessions.begin() as session:
            for lost in messages.lost(session, now=now):
                rest = {"channel": lost.channel, "doubts": lost.doubts, "delivery": machine.POLICY}
                messages.rule_on(session, lost.id, judge_lost(lost.state, **rest, now=now), now=now)


def test_the_tables_guard_what_the_model_guards(sessions):
    places = world.settle(sessions, 1, now=NOW)

    class InTables(Delivering):
        def made(self):
            return Tables(sessions, places[0])

    run_state_machine_as_test(InTables, settings=settings(max_examples=100, stateful_step_count=25))


@pytest.mark.parametrize(
    ("protocol", "why"),
    [
        pytest.param(SendThenMark, "sent twice|sent three times", id="send, then mark: doubled"),
        pytest.param(MarkThenSend, "marked as sent and lost", id="mark, then send: lost"),
    ],
)
def test_a_broken_protocol_is_found_out(protocol, why):
    with pytest.raises(AssertionError, match=why):
        run_state_machine_as_test(protocol, settings=BROKEN)
