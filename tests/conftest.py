"""What every test may ask for: real databases, a real broker, a real mail server, all empty and all its own.

A server is started when a first test asks, once for each pytest process.
"""

import gc
import logging
import os
import sys
import time
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import structlog
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.util import LRUCache

from models import migrations
from models.base import Sessions, begun_by, connect
from tests import engines, migrated

# What a developer has set for a desk of their own must not reach a test, and no test may lean on this machine's zone.
_OF_RUNS = ("DESK_LOAD_REPLIES", "DESK_LOAD_REPORTS", "DESK_SOAK_KILLS", "DESK_SOAK_SEED")
for name in [name for name in os.environ if name.startswith(("DESK_", "TWILIO_"))]:
    if name not in {"DESK_HOME", "DESK_REQUIRE_TOOLS", *_OF_RUNS}:
        del os.environ[name]
os.environ["TZ"] = "America/St_Johns"
time.tzset()

# Twelve thousand tests and what they import are never garbage; looking through them took a seventh of all the time.
gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


hypothesis.settings.register_profile("desk", deadline=None, derandomize=bool(os.environ.get("CI")), database=None)
hypothesis.settings.load_profile("desk")


PROXY = type(structlog.get_logger())

_COMPILED: dict[str, tuple[Dialect, MutableMapping[Any, Any]]] = {}


@event.listens_for(Engine, "begin")
def _compiled_once(connection: Connection) -> None:
    """What one engine compiled serves the next of its kind, as if one process had run all along.

    A test's engine would compile most statements for a single use: a seventh of all the time that tests took.
    """
    engine = connection.engine
    dialect, compiled = _COMPILED.setdefault(engine.name, (engine.dialect, LRUCache(3000)))
    if engine.dialect is not dialect:
        engine.dialect = connection.dialect = dialect
    engine._compiled_cache = compiled


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """A command that sets up logging writes to an error stream that is closed with its test.

    A logger that was used meanwhile keeps what it was set up with, and hears nothing of another set-up.
    """
    heard_by = list(logging.getLogger().handlers)
    yield
    logging.getLogger().handlers[:] = heard_by
    structlog.reset_defaults()
    for module in list(sys.modules.values()):
        if isinstance(log := vars(module).get("log"), PROXY):
            vars(log).pop("bind", None)
    logging.raiseExceptions = True


@pytest.fixture(scope="session")
def postgres() -> Iterator[engines.Postgres]:
    """A PostgreSQL server; most tests want `database_url` or `postgres_url`."""
    with engines.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[engines.Valkey]:
    """A Valkey server; most tests want `broker_url`. One that kills it starts its own by `engines.valkey`."""
    with engines.valkey() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: engines.Postgres) -> Iterator[str]:
    """An empty PostgreSQL database, dropped afterwards with whoever is still connected."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind in turn: the test runs on both."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return str(request.getfixturevalue(fixture))


@pytest.fixture
def migrated_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that has the tables and no rows."""
    return migrated.sqlite(tmp_path / "desk.db")


@pytest.fixture(scope="session")
def _migrated_postgres(postgres: engines.Postgres) -> str:
    name = postgres.create()
    engine = connect(postgres.url(name))
    migrations.up(engine)
    engine.dispose()
    return name


@pytest.fixture
def migrated_postgres_url(postgres: engines.Postgres, _migrated_postgres: str) -> str:
    """A PostgreSQL database that has the tables and no rows: always the same, emptied, a hundred times as quick as a
    copy.
    """
    postgres.empty(_migrated_postgres)
    return postgres.url(_migrated_postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind in turn that has the tables and no rows."""
    return str(request.getfixturevalue(f"migrated_{'sqlite' if request.param == 'sqlite' else 'postgres'}_url"))


@pytest.fixture(scope="session")
def _kept(postgres: engines.Postgres, _migrated_postgres: str) -> Iterator[Engine]:
    engine = connect(postgres.url(_migrated_postgres))

    @event.listens_for(engine, "connect")
    def _name(connection: Any, _: object) -> None:
        connection.execute(f"set application_name = '{engines.KEPT}'")
        connection.commit()

    yield engine
    engine.dispose()


@pytest.fixture
def sessions(request: pytest.FixtureRequest, migrated_url: str) -> Iterator[Sessions]:
    """Transactions on a database that has the tables. On SQLite it does not wait for the disk; on PostgreSQL its
    connections serve the next test, too, unless this one leaves any in use.
    """
    if migrated_url.startswith("sqlite"):
        engine = connect(migrated_url, durable=False)
        yield begun_by(engine)
        engine.dispose()
        return
    kept: Engine = request.getfixturevalue("_kept")
    engine = kept.execution_options()  # an engine of its own for whoever listens, on the same connections
    yield begun_by(engine)
    engine.dispatch.engine_disposed(engine)
    if kept.pool.checkedout():
        kept.dispose()


@pytest.fixture
def broker_url(valkey: engines.Valkey) -> str:
    """An empty Valkey, as `redis://...`."""
    valkey.wipe()
    return valkey.url


@pytest.fixture
def smtp_server() -> Iterator[engines.MailServer]:
    """A mail server that keeps what it accepted, and answers as it is told."""
    with engines.mail_server() as server:
        yield server
