"""Steps from one shape of the tables to the next, and back.

Every process asks for the shape when it starts. Only who changes it imports Alembic: 8 MB that would stay for ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, inspect, select, table

if TYPE_CHECKING:
    from alembic.config import Config

_MARK = table("alembic_version", column("version_num"))


def up(engine: Engine, to: str = "head") -> None:
    """Bring the database to `to`; safe to repeat. Progress is the caller's to show."""
    from alembic import command

    with _changing(engine) as connection:
        command.upgrade(_config(connection), to)


def down(engine: Engine, to: str = "base") -> None:
    """Take the database back to `to`; `base` removes every table and what is in it."""
    from alembic import command

    with _changing(engine) as connection:
        command.downgrade(_config(connection), to)


def behind(engine: Engine) -> bool:
    """Whether the database has another shape than this version needs."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_MARK.name):
            return True
        return connection.scalars(select(_MARK.c.version_num)).all() != [head()]


def head() -> str:
    """The newest shape this version knows: the highest number that a step's file begins with."""
    steps = (step.name for step in files("models.migrations").joinpath("versions").iterdir())
    return max(name.partition("_")[0] for name in steps if name.endswith(".py"))


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


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "models:migrations")
    config.attributes["connection"] = connection
    return config
