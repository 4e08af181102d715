"""The protocol of sending, tried with every order of events that hypothesis can think of; two simpler ones fail."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import delete, insert, select

from jobs.delivery import doubts
from jobs.rehearsal.rehearse import Still
from models.messages import claiming
from models.messages.claiming import Claim
from models.messages.delivery_reports import DeliveryReport
from models.messages.messages import Attempt, Message
from models.messages.settling import Outcome
from notifiers.base import Letter
from rules.delivery import State
from rules.delivery_reports import Fate, Heard
from rules.desk import Channel
from rules.ladder import Say
from services import ending, hearing
from tests.faults import machine
from tests.faults.children import Taking
from tests.faults.conftest import NOW, nothing_leaked
from tests.faults.machine import (
    ClaimedTwice,
    Delivering,
    DoubtForgotten,
    Ended,
    Held,
    MarkThenSend,
    Provider,
    Row,
    SendThenMark,
    WithoutFence,
)
from tests.faults.points import WORKER
from tests.load import desk, world

pure = pytest.mark.unsearched("no tables, and nobody who has an address")
BROKEN = settings(max_examples=2000, stateful_step_count=12, phases=[Phase.generate], report_multiple_bugs=False)


@pure
def test_nothing_is_lost_and_nothing_sent_twice_wherever_a_worker_dies():
    Delivering.deaths = set()

    run_state_machine_as_test(Delivering, settings=settings(max_examples=250, stateful_step_count=30))

    assert set(WORKER) == Delivering.deaths, "workers died at every point"


class Tables:
    """The same books in the real tables: what guards a change there must guard it as well."""

    def __init__(self, database: str, provider: Provider) -> None:
        ways = {Channel.EMAIL: Taking(), Channel.SMS: Asked(provider)}
        self.still = Still(NOW)
        self.rt = replace(desk.runtime(database, Taking(), now=self.still), notifiers=ways)
        self.place = world.settle(self.rt.sessions, 1, now=NOW)[0]
        self.claims: dict[tuple[int, int], Claim] = {}

    def begin(self, channels: Iterable[Channel], now: datetime) -> None:
        to = {"programme_id": self.place.programme_id, "office_id": self.place.office_id}
        to |= {"contact_id": self.place.contact_id, "say": Say.DUE, "state": State.PENDING}
        with self.rt.sessions.begin() as session:
            for model in (DeliveryReport, Attempt, Message):
                session.execute(delete(model))
            session.execute(insert(Message), [to | {"channel": c, "created_at": now, "due_at": now} for c in channels])

    def rows(self) -> list[Row]:
        columns = [getattr(Message, name) for name in Row._fields[:-1]]
        with self.rt.sessions() as session:
            found = select(*columns, Message.repeated_at.is_not(None)).order_by(Message.id)
            return [Row(*row) for row in session.execute(found)]

    def claim(self, ids: Iterable[int], now: datetime) -> list[Held]:
        with self.rt.sessions.begin() as session:
            claims = claiming.claim(session, list(ids), lease=machine.POLICY.lease, now=now)
        self.claims |= {(c.id, c.fence): c for c in claims}
        return [Held(c.id, c.fence, c.tries) for c in claims]

    def settle(self, ended: Sequence[Ended], now: datetime) -> None:
        with self.rt.sessions.begin() as session:
            outcomes = [Outcome(self.claims[e.held.id, e.held.fence], e.verdict, "tried", e.provider_id) for e in ended]
            ending.settle(session, outcomes, now=now)

    def hear(self, id: int, provider_id: str, now: datetime) -> None:
        with self.rt.sessions.begin() as session:
            hearing.keep(session, Heard(message_id=id, fate=Fate.SENT, provider_id=provider_id), now=now)

    def rule_on_lost(self, now: datetime) -> None:
        self.still.at = now
        doubts.ask(self.rt, doubts.find_lost(self.rt, now=now))


class Asked(Taking):
    """A provider that answers what the machine's own says."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def lookup(self, letter: Letter, *, since: datetime, until: datetime) -> list[str]:
        found = self.provider.asked(letter.message_id)
        return [found] if found else []


def test_the_tables_guard_what_the_model_guards(migrated_url):
    tables = Tables(migrated_url, Provider())

    class InTables(Delivering):
        def made(self):
            tables.rt.notifiers[Channel.SMS].provider = self.provider
            return tables

    run_state_machine_as_test(InTables, settings=settings(max_examples=60, stateful_step_count=25))

    nothing_leaked(tables.rt.sessions)
    tables.rt.sessions.kw["bind"].dispose()


@pure
@pytest.mark.parametrize(
    ("protocol", "why"),
    [
        pytest.param(SendThenMark, "sent twice|sent three times", id="send, then mark: doubled"),
        pytest.param(MarkThenSend, "marked as sent and lost", id="mark, then send: lost"),
        pytest.param(WithoutFence, "settled too late changed something", id="no fence: a late worker settles"),
        pytest.param(ClaimedTwice, "sent twice|sent three times|became", id="no guard of the claim: two send it"),
        pytest.param(DoubtForgotten, "sent twice|sent three times", id="no doubt: doubled and not marked"),
    ],
)
def test_a_broken_protocol_is_found_out(protocol, why):
    with pytest.raises(AssertionError, match=why):
        run_state_machine_as_test(protocol, settings=BROKEN)
