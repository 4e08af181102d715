"""What all tables share: the base class, instants in UTC, and engines for the two databases."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Engine,
    FromClause,
    MetaData,
    TypeDecorator,
    bindparam,
    cast,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

Sessions = sessionmaker[Session]

NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. A naive value is refused, for it would be a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: an instant needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def connect(url: str, *, durable: bool = True) -> Engine:
    """An engine for PostgreSQL (psycopg) or SQLite (WAL).

    On SQLite every transaction is BEGIN IMMEDIATE: row locks do not exist there, so writers wait in line.

    Args:
        durable: False only for a rehearsal's throw-away database: SQLite then does not wait for the disk.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def insert_new(session: Session, table: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows in one statement, leaving out those whose unique key is there already: safe to repeat."""
    batch = list(rows)
    if batch:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(dialect.insert(table).on_conflict_do_nothing(), batch)


def pairs(session: Session, rows: Iterable[tuple[int, int]]) -> FromClause:
    """Rows of two numbers as a table with columns `left` and `right`, to update many rows in one statement."""
    lefts, rights = zip(*rows, strict=True)
    if session.get_bind().dialect.name == "postgresql":
        numbers = postgresql.ARRAY(BigInteger)
        both = func.unnest(bindparam(None, list(lefts), numbers), bindparam(None, list(rights), numbers))
        return both.table_valued("left", "right", name="pair").render_derived()
    each = func.json_each(json.dumps(list(zip(lefts, rights, strict=True)))).table_valued("value")
    return select(
        cast(func.json_extract(each.c.value, "$[0]"), BigInteger).label("left"),
        cast(func.json_extract(each.c.value, "$[1]"), BigInteger).label("right"),
    ).subquery("pair")
