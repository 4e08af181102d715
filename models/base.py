"""What all tables share: the base class, instants in UTC, and engines for the two databases."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Engine,
    FromClause,
    Insert,
    MetaData,
    String,
    Table,
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


class Word(TypeDecorator[StrEnum]):
    """A word of a `StrEnum`: the enum in Python, plain text in the database. An unknown word is an error."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum], length: int) -> None:
        super().__init__(length)
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


def connect(url: str, *, durable: bool = True) -> Engine:
    """An engine for PostgreSQL (psycopg) or SQLite (WAL).

    On SQLite every transaction is BEGIN IMMEDIATE: row locks do not exist there, so writers wait in line. Only a
    connection made by `reader` begins otherwise.

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
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))

    return engine


def reader(engine: Engine) -> Connection:
    """A connection to keep for short questions: it waits for no writer, and on PostgreSQL opens no transactions."""
    if engine.dialect.name == "sqlite":
        return engine.connect().execution_options(begin="BEGIN")
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def table(model: type[Base]) -> Table:
    """The bare table of a model: statements on it skip the object layer, which the hot path cannot afford."""
    bare = model.__table__
    assert isinstance(bare, Table)
    return bare


def insert_new(session: Session, model: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows in one statement, leaving out those whose unique key is there already: safe to repeat."""
    batch = list(rows)
    if batch:
        session.connection().execute(_insert_new(session.get_bind().dialect.name, table(model)), batch)


@cache
def _insert_new(dialect: str, into: Table) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(into).on_conflict_do_nothing()
    return sqlite.insert(into).on_conflict_do_nothing()


Pairs = Sequence[tuple[int, int]]


@cache
def pairs(dialect: str) -> FromClause:
    """A table with columns `left` and `right`, whose rows come with `paired`: to update many rows in one statement."""
    if dialect == "postgresql":
        numbers = postgresql.ARRAY(BigInteger)
        both = func.unnest(bindparam("lefts", type_=numbers), bindparam("rights", type_=numbers))
        return both.table_valued("left", "right", name="pair").render_derived()
    each = func.json_each(bindparam("pairs")).table_valued("value")
    return select(
        cast(func.json_extract(each.c.value, "$[0]"), BigInteger).label("left"),
        cast(func.json_extract(each.c.value, "$[1]"), BigInteger).label("right"),
    ).subquery("pair")


def paired(dialect: str, rows: Pairs) -> dict[str, object]:
    """The parameters that fill the table of `pairs`."""
    if dialect == "postgresql":
        return {"lefts": [left for left, _ in rows], "rights": [right for _, right in rows]}
    return {"pairs": json.dumps(rows)}
