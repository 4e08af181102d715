"""What a database holds, kept in memory and put into another one of its kind that has the tables."""

import sqlite3
from collections.abc import Callable
from typing import Any

from psycopg import sql
from sqlalchemy import Engine

from models.base import Base

Put = Callable[[Engine], None]
"""Puts what was kept into a database, in place of whatever is there."""

_NUMBERS = "select format('%I.%I', schemaname, sequencename), last_value from pg_sequences where last_value is not null"


def kept(engine: Engine) -> Put:
    """What this database holds now."""
    return _of_a_file(engine) if engine.dialect.name == "sqlite" else _of_a_server(engine)


def empty(engine: Engine) -> bool:
    """Whether no programme was loaded so far."""
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM document").scalar() == 0


def _of_a_file(engine: Engine) -> Put:
    memory = sqlite3.connect(":memory:", check_same_thread=False)
    _driven(engine, lambda driver: driver.backup(memory))
    return lambda other: _driven(other, memory.backup)


def _of_a_server(engine: Engine) -> Put:
    tables = [sql.Identifier(name) for name in Base.metadata.tables]
    rows: list[tuple[sql.Identifier, bytes]] = []
    numbers: list[tuple[str, int]] = []

    def keep(driver: Any) -> None:
        for table in tables:
            if driver.execute(sql.SQL("select exists(select from {})").format(table)).fetchone()[0]:
                with driver.cursor().copy(sql.SQL("copy {} to stdout (format binary)").format(table)) as copy:
                    rows.append((table, b"".join(copy)))
        numbers.extend(driver.execute(_NUMBERS).fetchall())

    def put(driver: Any) -> None:
        deletions = [sql.SQL("delete from {}").format(table) for table in tables]
        driver.execute("set local session_replication_role = replica")  # the order does not matter, and nothing is kept
        driver.execute(sql.SQL("; ").join(deletions))
        for table, bytes_ in rows:
            with driver.cursor().copy(sql.SQL("copy {} from stdin (format binary)").format(table)) as copy:
                copy.write(bytes_)
        for sequence, last in numbers:
            driver.execute("select setval(%s, %s)", (sequence, last))
        driver.commit()

    _driven(engine, keep)
    return lambda other: _driven(other, put)


def _driven(engine: Engine, act: Callable[[Any], object]) -> None:
    """Act on the driver's own connection; what it leaves open is undone."""
    connection = engine.raw_connection()
    try:
        act(connection.driver_connection)
    finally:
        connection.close()
