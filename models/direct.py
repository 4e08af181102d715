"""Statements that run for every mail: compiled once, and handed to the driver as text.

SQLAlchemy writes them and knows their types. Sending each one through it costs three times what the driver takes. They
run in the session's transaction like all others, and their errors are SQLAlchemy's.
"""

from collections.abc import Collection, Mapping
from typing import Any, cast

from sqlalchemy import Boolean, ColumnElement, Connection, String, TypeDecorator, bindparam, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import GenerativeSelect

from models import postgres

Statement = GenerativeSelect | UpdateBase
Values = Mapping[str, Any]
Row = tuple[Any, ...]

_ready: dict[tuple[Statement, str], "Ready"] = {}


def rows(session: Session, statement: Statement, values: Values = {}) -> list[Row]:  # noqa: B006 - never written to
    """The rows that a statement answers with. The statement is kept for ever; columns are known by their order."""
    connection = session.connection()
    return _made(statement, connection.dialect).rows(connection, values)


def run(session: Session, statement: Statement, values: Values) -> int:
    """Run a statement without an answer; how many rows it changed."""
    connection = session.connection()
    return int(_made(statement, connection.dialect).execute(connection, values).rowcount)


def _made(statement: Statement, dialect: Dialect) -> "Ready":
    place = statement, dialect.name
    if place not in _ready:
        _ready[place] = Ready(statement, dialect)
    return _ready[place]


class Ready:
    """A statement as text, with what turns our values into the driver's and its answers into ours.

    A list can be a parameter only as `among` and `base.new` take it: the text must always be the same.
    """

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        assert not compiled.post_compile_params, "a list changes the text: use `among`"
        self._dialect = dialect
        self._error: Any = dialect.loaded_dbapi.Error
        self.text, self._order = compiled.string, compiled.positiontup
        self._write = {
            name: write
            for bind, name in compiled.bind_names.items()
            if (write := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        defaults = {column.key: cast(Any, column.default).arg for column in compiled.insert_prefetch}
        self._fixed = self._written(compiled.params | defaults)
        self._read = [
            (n, read)
            for n, column in enumerate(statement.exported_columns)
            if (read := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def rows(self, connection: Connection, values: Values) -> list[Row]:
        fetched: list[Row] = self.execute(connection, values).fetchall()
        return [self.read(row) for row in fetched] if self._read else fetched

    def execute(self, connection: Connection, values: Values) -> Any:
        """The driver's own cursor. Raises: sqlalchemy.exc.DBAPIError, without the values."""
        driver: Any = connection.connection.driver_connection
        try:
            return driver.execute(self.text, self.given(values))
        except self._error as error:
            lost = postgres.lost(error) or self._dialect.is_disconnect(error, driver, None)
            if lost:
                connection.invalidate(error)
            raise DBAPIError.instance(
                self.text, None, error, self._error, hide_parameters=True, connection_invalidated=lost
            ) from error

    def given(self, values: Values) -> Any:
        """The parameters of `text` as the driver takes them."""
        given = self._fixed | self._written(values)
        return [given[name] for name in self._order] if self._order else given

    def read(self, row: Row) -> Row:
        values = list(row)
        for n, read in self._read:
            values[n] = read(values[n])
        return tuple(values)

    def _written(self, values: Values) -> dict[str, Any]:
        return {name: write(v) if (write := self._write.get(name)) else v for name, v in values.items()}


def fixed(word: str) -> ColumnElement[str]:
    """A word of ours in the statement's text. A parameter would need a new plan at every call, and would hide an index.

    Only for words that stand in the code.
    """
    assert word.replace("_", "").replace(" ", "").isalpha()
    return literal_column(f"'{word}'")


class among(FunctionElement[bool]):  # noqa: N801 - reads like the functions of SQLAlchemy
    """Whether a column is among the numbers of a parameter. The statement's text is the same for any numbers."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[int], name: str) -> None:
        super().__init__(column, bindparam(name, type_=_Numbers()))

    def self_group(self, against: Any = None) -> "among":
        """As it is: SQLAlchemy would write "= 1" behind it for SQLite, which then reads the whole table."""
        return self


class one_of(among):  # noqa: N801
    """The same if something else selects the rows first: no index of the column is asked."""

    inherit_cache = True


class _Numbers(TypeDecorator[Collection[int]]):
    """Numbers as one word, an array or a JSON document: quicker for the driver than a list."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> str:
        numbers = ",".join(map(str, value or ()))
        return f"{{{numbers}}}" if dialect.name == "postgresql" else f"[{numbers}]"


@compiles(among, "postgresql")
def _in_array(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, numbers = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY (CAST({numbers} AS INTEGER[]))"


@compiles(one_of, "postgresql")
def _in_hash(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, numbers = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} IN (SELECT unnest(CAST({numbers} AS INTEGER[])))) IS TRUE"


@compiles(among, "sqlite")
def _in_document(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, numbers = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 - both are written by the compiler


@compiles(one_of, "sqlite")
def _in_document_read_last(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"+{_in_document(element, compiler, **kw)}"  # the sign hides the column's index
