"""What a turn of the clock does when much is due at once: desk by desk, each as a whole."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from jobs.delivery import deliver
from jobs.runtime import Runtime
from jobs.turn import tick
from models.matters import matters
from models.messages.messages import Message
from notifiers.base import Letter
from rules.desk import Channel
from tests.load import desk, world

NOW = datetime(2024, 2, 5, 6, 0, tzinfo=UTC)
PLACES, OWED = world.DISTRICTS + 10, 900
"""Two desks, of which the first owes more than is planned at once."""


@dataclass
class Watched:
    """A bell that notes how many reports still wait to be planned when it rings."""

    rt: Runtime | None = None
    unplanned: list[int] = field(default_factory=list)

    def ring(self, channel: Channel, message_ids: object) -> None:
        assert self.rt is not None
        with self.rt.sessions() as session:
            self.unplanned.append(sum(matters.waiting(session, now=NOW).values()))


class Taking:
    """A mail server that takes everything."""

    repeatable = False

    def send(self, letter: Letter) -> str:
        return "taken"

    def close(self) -> None:
        pass


@pytest.fixture
def bell(migrated_url):
    bell = Watched()
    bell.rt = desk.runtime(migrated_url, desk.mail(9), now=lambda _: NOW, bell=bell)
    with bell.rt.sessions.begin() as session:
        places = world.settle(bell.rt.sessions, PLACES, now=NOW)
        world.owe(session, places, OWED, prefix="R", since=NOW)
    yield bell
    bell.rt.sessions.kw["bind"].dispose()


def test_workers_are_rung_for_one_desk_before_the_next_is_planned(bell):
    tick.run(bell.rt, documents=False)

    assert bell.unplanned[0] > 0
    assert bell.unplanned[-1] == 0


def test_an_office_that_owes_many_reports_still_gets_one_message(bell):
    tick.run(bell.rt, documents=False)

    with bell.rt.sessions() as session:
        messages = Counter(session.scalars(select(Message.office_id)))
    assert len(messages) == PLACES
    assert set(messages.values()) == {1}


def test_a_worker_reads_no_desk_but_those_that_it_writes_to(bell, migrated_url):
    tick.run(bell.rt, documents=False)
    with bell.rt.sessions() as session:
        first, last = (session.get_one(Message, id) for id in (1, PLACES))
    rt = desk.runtime(migrated_url, Taking(), now=lambda _: NOW)

    deliver.run(rt, Channel.EMAIL, [last.id])

    assert first.programme_id != last.programme_id
    assert set(rt.shelf._read) == {last.programme_id}
    rt.sessions.kw["bind"].dispose()
