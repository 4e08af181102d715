"""A database with its tables and one desk in it, for processes that are started on it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from models import base, migrations
from models.base import Sessions
from models.messages import Message
from rules.delivery import State
from tests.load import world
from tests.load.world import Place

NOW = datetime(2024, 2, 13, 6, 0, tzinfo=UTC)


class House(NamedTuple):
    """`url` for the children, `sessions` for the test, `places` to owe something in."""

    url: str
    sessions: Sessions
    places: Sequence[Place]

    def owes(self, count: int) -> None:
        """So many reports are due now, each in a district of its own, and nobody was told."""
        with self.sessions.begin() as session:
            world.owe(session, self.places, count, prefix="F", since=NOW)

    def count(self, *states: State) -> int:
        """How many messages stand there."""
        with self.sessions() as session:
            return session.scalar(select(func.count()).where(Message.state.in_(states))) or 0

    def pending(self, count: int) -> list[int]:
        """So many e-mails due now, each about a report of its own."""
        with self.sessions.begin() as session:
            owed = world.owe(session, self.places, count, prefix="F", since=NOW)
            return world.tell(session, self.places, owed, now=NOW)


@contextmanager
def built(url: str, places: int = 20, **delivery: str) -> Iterator[House]:
    """A house on an empty database; `delivery` as in `world.policy`."""
    engine = base.connect(url)
    migrations.up(engine)
    sessions = sessionmaker(engine)
    yield House(url, sessions, world.settle(sessions, places, now=NOW, **delivery))
    engine.dispose()


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with built(database_url) as house:
        yield house


def until(true: Callable[[], object], *, every: float = 0.05, patience: float = 120.0) -> None:
    """Wait until it is true; a machine on which much else runs may take long."""
    give_up = time.monotonic() + patience
    while not true():
        assert time.monotonic() < give_up, "it never came true"
        time.sleep(every)
