"""A whole database as files, and back: for SQLite one file, for PostgreSQL a packed file a table.

A copy is of one moment, though the desk goes on working meanwhile.
"""

import errno
import gzip
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from models import migrations
from models.base import connect
from models.tables import ALL

SQLITE, PACKED = "desk.db", ".copy.gz"
PIECE = 1 << 20
MANY = 500


def write(engine: Engine, folder: Path) -> str:
    """Copy the database into a folder; its shape (the number of its newest migration)."""
    folder.mkdir(parents=True, exist_ok=True)
    if engine.dialect.name == "sqlite":
        return _write_file(engine, folder / SQLITE)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        connection.execute(text("SET TRANSACTION READ ONLY"))
        for place, table in enumerate(_tables()):
            _unload(connection, table, folder / f"{place:02}-{table.name}{PACKED}")
        return _shape(connection)


def read(engine: Engine, folder: Path, shape: str) -> None:
    """Put a copy into an empty database, and bring it to the newest shape. All of it or nothing."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(folder / SQLITE)) as copy, engine.connect() as connection:
            copy.backup(_driver(connection))
    else:
        migrations.up(engine, shape)
        with engine.begin() as connection:
            packed = {_table(file): file for file in sorted(folder.glob(f"*{PACKED}"))}
            connection.execute(text(f"TRUNCATE {', '.join(packed)}"))
            for name, file in packed.items():
                _load(connection, name, file)
            _set_sequences(connection)
    migrations.up(engine)


def into_file(engine: Engine, file: Path) -> None:
    """Copy the database of one moment into a new SQLite file, whatever it runs on.

    Raises:
        OSError: there is no room, or the file cannot be written.
    """
    if engine.dialect.name == "sqlite":
        _write_file(engine, file)
        return
    with written(file):
        _carry_over(engine, file)


def _carry_over(engine: Engine, file: Path) -> None:
    copy = connect(f"sqlite:///{file}", durable=False)
    migrations.up(copy)
    snapshot = engine.connect().execution_options(isolation_level="REPEATABLE READ")
    with snapshot as connection, connection.begin(), copy.connect() as into:
        _driver(into).execute("PRAGMA foreign_keys=OFF")  # tables point to each other in a circle
        with into.begin():
            for table in _tables():
                for rows in connection.execute(select(table)).mappings().partitions(MANY):
                    into.execute(insert(table), [dict(row) for row in rows])
    copy.dispose()


def whole(folder: Path) -> bool:
    """Whether a copy can be opened: SQLite's own check, or every packed table to its last line."""
    file = folder / SQLITE
    if file.exists():
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            return bool(copy.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    try:
        for own in folder.glob(f"*{PACKED}"):
            for _ in _pieces(own):
                pass
    except (OSError, EOFError, zlib.error):
        return False
    return True


def _tables() -> list[Table]:
    """Every table, those that others point to first."""
    assert ALL
    return list(ALL[0].metadata.sorted_tables)


def _table(file: Path) -> str:
    """The table in a file that is called `07-office.copy.gz`."""
    return file.name.removesuffix(PACKED).partition("-")[2]


def _write_file(engine: Engine, file: Path) -> str:
    with written(file), engine.connect() as connection, closing(sqlite3.connect(file)) as copy:
        _driver(connection).backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        (shape,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(shape)


@contextmanager
def written(file: Path | str) -> Iterator[None]:
    """A copy that cannot be written or read is a file that cannot, whatever its driver calls it."""
    try:
        yield
    except (sqlite3.DatabaseError, DBAPIError) as error:
        own = error.orig if isinstance(error, DBAPIError) else error
        if type(own) not in (sqlite3.OperationalError, sqlite3.DatabaseError):  # the others are faults of ours
            raise
        raise OSError(errno.EIO, str(own), str(file)) from error


def _shape(connection: Connection) -> str:
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _unload(connection: Connection, table: Table, file: Path) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    with gzip.open(file, "wb", compresslevel=6) as packed, _driver(connection).cursor() as cursor:
        packed.write(f"{columns}\n".encode())
        with cursor.copy(f'COPY "{table.name}" ({columns}) TO STDOUT') as rows:
            for piece in rows:
                packed.write(piece)


def _load(connection: Connection, name: str, file: Path) -> None:
    pieces = _pieces(file)
    into = f'COPY "{name}" ({next(pieces).decode().strip()}) FROM STDIN'
    with _driver(connection).cursor() as cursor, cursor.copy(into) as rows:
        for piece in pieces:
            rows.write(piece)


def _pieces(file: Path) -> Iterator[bytes]:
    """First the names of the columns, then the rows."""
    with gzip.open(file, "rb") as packed:
        yield packed.readline()
        while piece := packed.read(PIECE):
            yield piece


def _set_sequences(connection: Connection) -> None:
    """Let every table go on numbering after its last row."""
    for table in _tables():
        id = table.columns.get("id")
        if id is not None and connection.scalar(select(func.pg_get_serial_sequence(table.name, "id"))):
            last = connection.scalar(select(func.max(id))) or 0
            sequence = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(sequence, max(last, 1), last > 0)))
