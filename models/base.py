"""What all tables share: the base class, instants in UTC, and engines for the two databases."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    ColumnClause,
    ColumnElement,
    DateTime,
    Engine,
    FromClause,
    Insert,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    TypeDecorator,
    bindparam,
    cast,
    column,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError, TimeoutError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeEngine, UserDefinedType

from models import direct, postgres

Sessions = sessionmaker[Session]
Columns = tuple[ColumnClause[Any], ...]
Rows = TypeVar("Rows", bound=Select[Any])

NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. A naive value is refused: its zone would be a guess."""

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
        self._known = {word.value: word for word in words}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self._word(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self._word(value)

    def _word(self, value: str) -> StrEnum:
        """A mail reads and writes twelve of them: the enum itself takes five times as long to find one."""
        return self._known.get(value) or self.words(value)


def connect(url: str, *, durable: bool = True) -> Engine:
    """An engine for PostgreSQL (psycopg) or SQLite (WAL).

    On SQLite every transaction is BEGIN IMMEDIATE: it has no row locks, so writers wait in line. Errors leave out the
    statement's values: they may hold addresses and report texts, and errors are logged. On PostgreSQL every wait has a
    limit (`models.postgres`).

    Args:
        durable: False only for a rehearsal's throw-away database: SQLite then does not wait for the disk.
    """
    place = make_url(url)
    if place.get_backend_name() != "sqlite":
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=postgres.line(place))
        postgres.guard(engine)
        return engine
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        _keep_private(place.database)
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("BEGIN IMMEDIATE")

    return engine


def _keep_private(file: str | None) -> None:
    """Let nobody but the desk's own user read a database: it holds numbers and reports. So are its journals."""
    for own in [Path(f"{file}{journal}") for journal in ("", "-wal", "-shm")] if file else ():
        with suppress(OSError):  # it is not there, or belongs to another user, who alone can close it
            if own.stat().st_mode & 0o077:
                own.chmod(0o600)


def begun_by(engine: Engine) -> Sessions:
    """What begins transactions. A session that has ended refuses to be used again: on SQLite what it began anew by
    itself, and nobody ends, would keep everybody else from writing.
    """
    return sessionmaker(engine, expire_on_commit=False, close_resets_only=False)


def passing(error: SQLAlchemyError) -> bool:
    """Whether trying again soon may work: a connection was lost, a lock was held, a disk was full."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or isinstance(error, OperationalError | InterfaceError | TimeoutError)


def table(model: type[Base]) -> Table:
    """The bare table of a model: statements on it skip the object layer, which the hot path cannot afford."""
    bare = model.__table__
    assert isinstance(bare, Table)
    return bare


def without(query: Rows, column: ColumnElement[int], ids: Collection[int]) -> Rows:
    """`query` without rows whose `column` is among `ids`; the very same statement if there are none."""
    return query.where(column.not_in(list(ids))) if ids else query


def insert_new(session: Session, model: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows in one statement, leaving out those whose unique key is there already: safe to repeat.

    All rows name the same columns.
    """
    batch = list(rows)
    if batch:
        dialect = session.get_bind().dialect.name
        direct.run(session, _insert_new(dialect, table(model), tuple(batch[0])), {"rows": batch})


@cache
def _insert_new(dialect: str, into: Table, names: tuple[str, ...]) -> Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    rows = select_new(dialect, tuple(into.c[name] for name in names))
    return insert(into).from_select(names, rows).on_conflict_do_nothing()


def new(dialect: str, columns: Columns) -> FromClause:
    """The rows in a statement's parameter `rows`, as a table with these columns.

    They are one JSON document, so the statement reads the same for any number of rows. With a place for each value, or
    an array for each column, the driver took longer to write them than the database to store them.
    """
    shape = [column(c.name, c.type) for c in (*columns, column("nth", Integer))]
    rows = bindparam("rows", type_=_Rows(tuple((c.name, c.type) for c in columns)))
    if dialect == "postgresql":
        given = func.json_to_recordset(cast(rows, JSON)).table_valued(*shape, name="new")
        return given.render_derived(with_types=True)
    each = func.json_each(rows).table_valued("value")
    return select(
        *(func.json_extract(each.c.value, f"$.{c.name}", type_=c.type).label(c.name) for c in shape)
    ).subquery("new")


def select_new(dialect: str, columns: Columns) -> Select[Any]:
    """The rows of `new` in the order in which they were given."""
    rows = new(dialect, columns)
    return select(*(rows.c[c.name] for c in columns)).order_by(rows.c.nth)


class _Rows(UserDefinedType[Sequence[Mapping[str, Any]]]):
    """Rows as one JSON document, each value as the database writes it; `nth` counts them."""

    cache_ok = True

    def __init__(self, columns: tuple[tuple[str, TypeEngine[Any]], ...]) -> None:
        self.columns = columns

    def bind_processor(self, dialect: Dialect) -> Callable[[Sequence[Mapping[str, Any]] | None], str]:
        written = [
            (name, write)
            for name, type_ in self.columns
            if (write := type_.dialect_impl(dialect).bind_processor(dialect)) is not None
        ]

        def document(rows: Sequence[Mapping[str, Any]] | None) -> str:
            plain = [dict(row, nth=n) for n, row in enumerate(rows or ())]
            for name, write in written:
                for row in plain:
                    row[name] = write(row[name])
            return json.dumps(plain, default=str)

        return document
