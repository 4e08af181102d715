"""A database with its tables and one desk in it, for processes that are started on it; searched when it is left."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from models import base, migrations
from models.base import Sessions
from models.messages.messages import Message
from rules.delivery import State
from tests.faults.places import places as where
from tests.faults.privacy import leaks
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
    """A house on an empty database; `delivery` as in `world.policy`. When it is left it is searched."""
    engine = base.connect(url)
    migrations.up(engine)
    sessions = sessionmaker(engine)
    try:
        yield House(url, sessions, world.settle(sessions, places, now=NOW, **delivery))
    except BaseException:
        where.unsearched = "it failed before"
        raise
    nothing_leaked(sessions)
    engine.dispose()


def nothing_leaked(sessions: Sessions) -> None:
    if not where.unsearched:
        assert leaks(sessions) == [], "whole numbers or addresses"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "unsearched(why): nobody's address can have leaked, or it was meant to")


@pytest.fixture(autouse=True)
def _searched(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test here logs, tables, broker and metrics are searched for numbers and addresses.

    By its house, by its `sessions`, or because it asks for `leaks` itself; one that does none of it must say why not.
    """
    mark = request.node.get_closest_marker("unsearched")
    where.begin(mark.args[0] if mark else "")
    if "broker_url" in request.fixturenames:
        where.brokers.append(request.getfixturevalue("broker_url"))
    sessions = request.getfixturevalue("sessions") if "sessions" in request.fixturenames else None
    console = structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, where.overhear, console])
    yield
    if sessions is not None:
        nothing_leaked(sessions)
    searched = where.searched or where.unsearched
    where.end()
    assert searched, "build its house by `built`, ask for `sessions`, or mark it unsearched(why)"


@pytest.fixture
def database_url(migrated_url: str) -> str:
    """Here it has its tables already, which saves `built` to make them."""
    return migrated_url


@pytest.fixture
def sqlite_url(migrated_sqlite_url: str) -> str:
    """The same of a file."""
    return migrated_sqlite_url


@pytest.fixture
def postgres_url(migrated_postgres_url: str) -> str:
    """The same on the server."""
    return migrated_postgres_url


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
