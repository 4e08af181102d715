"""What all tables share: the base class, instants in UTC, and engines for the two databases."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnClause,
    DateTime,
    Engine,
    FromClause,
    Insert,
    MetaData,
    Select,
    String,
    Table,
    TypeDecorator,
    bindparam,
    column,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeEngine

Sessions = sessionmaker[Session]
Columns = tuple[ColumnClause[Any], ...]

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
        assert max(map(len, words)) <= length
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
    """Insert rows in one statement, leaving out those whose unique key is there already: safe to repeat.

    All rows name the same columns.
    """
    batch = list(rows)
    if batch:
        columns = tuple(table(model).c[name] for name in batch[0])
        connection = session.connection()
        statement = _insert_new(connection.dialect.name, table(model), columns)
        connection.execute(statement, given(connection, columns, [row.values() for row in batch]))


@cache
def _insert_new(dialect: str, into: Table, columns: Columns) -> Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(into).from_select([c.name for c in columns], select_new(dialect, columns)).on_conflict_do_nothing()


def new(dialect: str, columns: Columns) -> FromClause:
    """Rows that come with a statement, as a table `new` with these columns and `nth`, which counts them.

    The statement reads the same however many there are: with a place for each value the driver and the database took
    longer to read it than to write the rows.
    """
    if dialect == "postgresql":
        arrays = [bindparam(f"new_{c.name}", type_=postgresql.ARRAY(_unbounded(c.type))) for c in columns]
        shape = [column(c.name, c.type) for c in columns]
        return func.unnest(*arrays).table_valued(*shape, with_ordinality="nth", name="new").render_derived()
    each = func.json_each(bindparam("new_rows", type_=_Rows(tuple(c.type for c in columns)))).table_valued(
        "key", "value"
    )
    values = [func.json_extract(each.c.value, f"$[{n}]", type_=c.type).label(c.name) for n, c in enumerate(columns)]
    return select(*values, each.c.key.label("nth")).subquery("new")


def select_new(dialect: str, columns: Columns) -> Select[Any]:
    """The rows of `new` in the order in which they were given."""
    rows = new(dialect, columns)
    return select(*(rows.c[c.name] for c in columns)).order_by(rows.c.nth)


def given(connection: Connection, columns: Columns, rows: Sequence[Iterable[Any]]) -> dict[str, object]:
    """The parameters that fill the table `new`."""
    if connection.dialect.name == "postgresql":
        return {f"new_{c.name}": list(values) for c, values in zip(columns, zip(*rows, strict=True), strict=True)}
    return {"new_rows": rows}


class _Rows(TypeDecorator[Sequence[Iterable[Any]]]):
    """Rows as one JSON document; each value as SQLite keeps it."""

    impl = String
    cache_ok = True

    def __init__(self, types: tuple[TypeEngine[Any], ...]) -> None:
        super().__init__()
        self.types = types

    def process_bind_param(self, value: Sequence[Iterable[Any]] | None, dialect: Dialect) -> str:
        kept = [type_.dialect_impl(dialect).bind_processor(dialect) for type_ in self.types]
        return json.dumps([[keep(v) if keep else v for keep, v in zip(kept, row, strict=True)] for row in value or ()])


def _unbounded(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Without a length: a cast to one would cut what is too long instead of refusing it."""
    return String() if isinstance(type_, String) else type_
