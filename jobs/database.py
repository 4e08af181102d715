"""Check the database that a command works on: it exists, has the shape this version needs, and is a desk's own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from config.errors import ConfigError, Finding
from jobs.seldom import Seldom
from models import migrations
from models.machine import rehearsals
from models.migrations import Shape
from notifiers.mask import scrub

log = structlog.get_logger()

AGAIN = 2.0
"""Seconds after which a database that is away is asked again."""


class Use(Enum):
    """What a command may do: `ASK` only reads the database, `CHANGE` changes one that exists, `MAKE` also makes it.

    A rehearsal's database can only be asked.
    """

    ASK = "ask"
    CHANGE = "change"
    MAKE = "make"


_BRINGS_UP = {
    Use.ASK: frozenset[Shape](),
    Use.CHANGE: frozenset({Shape.OLDER}),
    Use.MAKE: frozenset({Shape.OLDER, Shape.BARE}),
}
"""The shapes that are brought up to date at once, if there is only one process."""


def named(engine: Engine) -> str:
    """The database as people name it: its file, or host and name; never user or password."""
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.get_backend_name()}://{url.host or ''}{f':{url.port}' if url.port else ''}/{url.database or ''}"


class Away(ConfigError):
    """The database does not answer now, and may later. The setting may be right."""

    status = 69


@contextmanager
def reached(engine: Engine) -> Iterator[None]:
    """Ask the database for the first time in here: what its driver raises becomes an error that people can read.

    Raises:
        Away: it does not answer, or is starting.
        ConfigError: anything else, with what it or its driver said.
    """
    try:
        yield
    except (DBAPIError, UnicodeError) as error:
        said = str(getattr(error, "orig", error))
        why = scrub(said, str(engine.url.password or ""))
        finding = Finding("DESK_DATABASE_URL", 0, "", f"cannot be used: {why}", "Start it, or mend the setting")
        raise (Away if _away(said) else ConfigError)([finding]) from error


def _away(said: str) -> bool:
    """Whether a driver says that the server does not answer, or not yet. Errors of connecting have no SQLSTATE."""
    if "FATAL:" in said:
        return any(word in said for word in _NOT_YET)
    return any(word in said for word in _NO_ANSWER) and not any(word in said for word in _NO_LINE)


_NOT_YET = (
    *("starting up", "shutting down", "not yet accepting", "in recovery mode"),
    *("too many clients", "slots are reserved"),
)
_NO_LINE = ("SSL", "certificate", "no password supplied")
_NO_ANSWER = ("connection failed:", "failed to resolve host", "connection timeout", "server closed the connection")


def awaited(engine: Engine) -> None:
    """Wait while the database is away. When a machine boots, the server may come later than its users.

    Raises:
        ConfigError: it answers, and cannot be used.
    """
    seldom = Seldom()
    while True:
        try:
            with reached(engine), engine.connect():
                return
        except Away as away:
            if times := seldom.times("away"):
                log.warning("database away", database=named(engine), why=away.findings[0].message, times=times)
        time.sleep(AGAIN)


def fit(engine: Engine, use: Use, *, alone: bool) -> None:
    """Check that this database may be used so. `alone`: this process is the only one, and updates its shape.

    Raises:
        ConfigError: it is not there, is a rehearsal's, or has another shape.
    """
    there(engine, use)
    shape = migrations.shape(engine)
    if alone and shape in _BRINGS_UP[use]:
        migrations.up(engine)
    elif why := misshapen(engine, shape):
        raise _wrong(*why)


def there(engine: Engine, use: Use) -> None:
    """Check that there is a database, unless it may be made, and that no rehearsal left it, unless it is only asked.

    Raises:
        ConfigError: there is none, or it is a rehearsal's.
    """
    if use is not Use.MAKE and absent(engine):
        what = f"there is no database {named(engine)}"
        raise _wrong(what, "Give this command the service's settings, or make a desk with ./desk load")
    if use is not Use.ASK and rehearsal(engine):
        what = f"{named(engine)} is a rehearsal's database, and no desk works in it"
        raise _wrong(what, "Name the desk's own, or unset the setting")


def absent(engine: Engine) -> bool:
    """Whether the database is a file that does not exist. To connect would make it."""
    file = _file(engine)
    return file is not None and not file.exists()


def rehearsal(engine: Engine) -> bool:
    """Whether a rehearsal left it."""
    file = _file(engine)
    return file is not None and rehearsals.marked(file)


def misshapen(engine: Engine, shape: Shape) -> tuple[str, str] | None:
    """What is wrong with a shape, and the remedy; None if nothing is."""
    name, newest = named(engine), migrations.head()
    if shape is Shape.OLDER and rehearsal(engine):
        return f"{name} was left by a rehearsal of an older version", "Run the rehearsal again"
    return {
        Shape.READY: None,
        Shape.BARE: (f"{name} is an empty database", "Run ./desk migrate"),
        Shape.OLDER: (f"{name} has the shape of an older version, this one needs {newest}", "Run ./desk migrate"),
        Shape.NEWER: (
            f"{name} has the shape of a newer version, this one knows {newest} at most",
            "Start that version, or restore the backup from before it",
        ),
        Shape.STRANGE: (
            f"{name} holds tables that are not this program's",
            "Name a database of the desk's own in DESK_DATABASE_URL",
        ),
    }[shape]


def _file(engine: Engine) -> Path | None:
    name = engine.url.database
    return Path(name) if engine.url.get_backend_name() == "sqlite" and name else None


def _wrong(what: str, remedy: str) -> ConfigError:
    return ConfigError([Finding("DESK_DATABASE_URL", 0, "", what, remedy)])
