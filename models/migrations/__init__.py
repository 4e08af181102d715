"""Steps from one shape of the tables to the next, and back."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

HERE = "models:migrations"


def up(engine: Engine, to: str = "head") -> None:
    """Bring the database to `to`; safe to repeat. Progress is the caller's to show."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), to)


def down(engine: Engine, to: str = "base") -> None:
    """Take the database back to `to`; `base` removes every table and what is in it."""
    with engine.begin() as connection:
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


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", HERE)
    config.attributes["connection"] = connection
    return config
