"""Steps from one shape of the tables to the next, and back.

Every process asks for the shape when it starts. Only a process that changes it imports Alembic, which keeps 8 MB.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, inspect, select, table

if TYPE_CHECKING:
    from alembic.config import Config

_MARK = table("alembic_version", column("version_num"))


class Shape(StrEnum):
    """How a database compares with this version. `BARE`: no tables. `STRANGE`: the tables are not ours."""

    READY = "ready"
    BARE = "bare"
    OLDER = "older"
    NEWER = "newer"
    STRANGE = "strange"


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


def shape(engine: Engine) -> Shape:
    """How the database compares with this version."""
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
        marks = connection.scalars(select(_MARK.c.version_num)).all() if _MARK.name in names else []
    if not marks:
        return Shape.STRANGE if names - {_MARK.name} else Shape.BARE
    return _stands(marks[0]) if len(marks) == 1 else Shape.STRANGE


def mark(engine: Engine) -> str:
    """The number of the shape that the database has. Raises: SQLAlchemyError: it is away, or has none."""
    with engine.connect() as connection:
        return str(connection.scalars(select(_MARK.c.version_num)).one())


def _stands(mark: str) -> Shape:
    known = _steps()
    if mark in known:
        return Shape.READY if mark == max(known) else Shape.OLDER
    alike = mark.isascii() and mark.isdecimal() and len(mark) == len(max(known))
    return Shape.NEWER if alike and mark > max(known) else Shape.STRANGE


def head() -> str:
    """The newest shape this version knows."""
    return max(_steps())


def _steps() -> set[str]:
    """The numbers that the steps' files begin with."""
    steps = (step.name for step in files("models.migrations").joinpath("versions").iterdir())
    return {name.partition("_")[0] for name in steps if name.endswith(".py")}


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """One transaction. SQLite builds a changed table anew, so foreign keys to it are checked only at the end."""
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
