"""What every test may ask for: real databases, a real broker, a real mail server, all empty and all its own.

A server is started when a first test asks, once for each pytest process.
"""

import logging
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog

from models import migrations
from models.base import Sessions, begun_by, connect
from tests import engines

# What a developer has set for a desk of their own must not reach a test, and no test may lean on this machine's zone.
_OF_RUNS = ("DESK_LOAD_REPLIES", "DESK_LOAD_REPORTS", "DESK_SOAK_KILLS", "DESK_SOAK_SEED")
for name in [name for name in os.environ if name.startswith(("DESK_", "TWILIO_"))]:
    if name not in {"DESK_HOME", "DESK_REQUIRE_TOOLS", *_OF_RUNS}:
        del os.environ[name]
os.environ["TZ"] = "America/St_Johns"
time.tzset()

hypothesis.settings.register_profile("desk", deadline=None, derandomize=bool(os.environ.get("CI")), database=None)
hypothesis.settings.load_profile("desk")


PROXY = type(structlog.get_logger())


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
        if isinstance(log := getattr(module, "log", None), PROXY):
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


def _migrate(url: str) -> None:
    engine = connect(url, durable=False)
    migrations.up(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "desk.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _migrated_postgres(postgres: engines.Postgres) -> str:
    name = postgres.create()
    _migrate(postgres.url(name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind in turn that has the tables and no rows.

    On SQLite a copy of one that was migrated; on PostgreSQL the same one emptied, a hundred times as quick as a copy.
    """
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('_migrated_sqlite'), tmp_path / 'desk.db')}"
    server: engines.Postgres = request.getfixturevalue("postgres")
    name: str = request.getfixturevalue("_migrated_postgres")
    server.empty(name)
    return server.url(name)


@pytest.fixture
def sessions(migrated_url: str) -> Iterator[Sessions]:
    """Transactions on a database that has the tables; on SQLite it does not wait for the disk."""
    engine = connect(migrated_url, durable=False)
    yield begun_by(engine)
    engine.dispose()


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
