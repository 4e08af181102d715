"""Steps from one shape of the tables to the next, and back."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

HERE = "models:migrations"


def up(engine: Engine, to: str = "head") -> None:
    """Bring the database to `to`; safe to repeat. Progress is the caller's to show."""
    with _changing(engine) as connection:
        command.upgrade(_config(connection), to)


def down(engine: Engine, to: str = "base") -> None:
    """Take the database back to `to`; `base` removes every table and what is in it."""
    with _changing(engine) as connection:
        command.downgrade(_config(connection), to)


def behind(engine: Engine) -> bool:
    """Whether the database has another shape than this version needs."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != head()


def head() -> str:
    """The newest shape this version knows."""
    config = Config()
    config.set_main_option("script_location", HERE)
    newest = ScriptDirectory.from_config(config).get_current_head()
    assert newest is not None
    return newest


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """One transaction. SQLite makes a changed table anew: what points to it is looked at only at the end."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all(), "a row points to nothing"
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", HERE)
    config.attributes["connection"] = connection
    return config
