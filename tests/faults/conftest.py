"""A database with its tables and one desk in it, for processes that are started on it."""

from collections.abc import Iterator, Sequence
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


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    engine = base.connect(database_url)
    migrations.up(engine)
    sessions = sessionmaker(engine)
    yield House(database_url, sessions, world.settle(sessions, 20, now=NOW))
    engine.dispose()
