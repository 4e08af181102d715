"""Leaves of the books of desks, and the rows that are on them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Index, String, Table, func, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, table
from models.desk.changes import Change
from models.matters.issues import IssueEvent
from models.matters.reports import Report
from models.matters.submissions import SubmissionEvent
from models.messages.notices import Notice
from models.offices.offices import Office


class Folio(Base):
    """One leaf of a desk's books, numbered from 1. Appended, never changed; see `rules.folios`.

    It holds all rows of the desk after the leaf before, `until` included.
    """

    __tablename__ = "folio"

    desk: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant)
    rows: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class Book(NamedTuple):
    """A table whose rows are on leaves, by which column they are dated, and what of a row is never changed.

    A column that is added later to `kept` makes every leaf misfit that was closed before.
    """

    table: Table
    written: str
    kept: str

    @property
    def at(self) -> ColumnElement[datetime]:
        return self.table.c[self.written]

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        return [self.table.c[name] for name in self.kept.split()]


BOOKS: Mapping[str, Book] = {
    "change": Book(
        table(Change), "at", "id programme_id matter_id at office_id title way through what subject until text"
    ),
    "report": Book(  # who held the office may be erased
        table(Report),
        "recorded_at",
        "id obligation_id version content body digest via office_id title received_at observed_at recorded_at reason"
        " proof",
    ),
    "issue_event": Book(
        table(IssueEvent), "at", "id issue_id step office_id at text until way severity owner_id due_at"
    ),
    "submission_event": Book(
        table(SubmissionEvent), "at", "id submission_id step edition office_id way through at text"
    ),
    "notice": Book(  # how it ended comes later
        table(Notice),
        "planned_at",
        "id occasion matter_id round rung office_id channel audience say ladder urgent planned_at policy",
    ),
}
for _name, _book in BOOKS.items():
    Index(f"{_name}_written_ix", _book.at, postgresql_using="brin").ddl_if(dialect="postgresql")


class Row(NamedTuple):
    """A row of a book: whose it is, when it was written, and what of it is kept."""

    desk: str
    at: datetime
    values: tuple[object, ...]


def rows(session: Session, book: str, *, after: datetime | None, until: datetime) -> Iterator[Row]:
    """The rows of all desks in a book, in the order of their time, then of their number; read as they are asked for."""
    own, at = BOOKS[book].table, BOOKS[book].at
    columns = at.label("written"), *BOOKS[book].columns
    query = select(Office.desk, *columns).join_from(own, Office, Office.id == own.c.office_id)
    query = query.where(at <= until) if after is None else query.where(at > after, at <= until)
    found = session.execute(query.order_by(at, own.c.id), execution_options={"yield_per": 1000})
    return (Row(row[0], row[1], tuple(row[2:])) for row in found)


def last(session: Session) -> dict[str, Folio]:
    """By desk, the last leaf of each that has one."""
    newest = select(Folio.desk, func.max(Folio.number)).group_by(Folio.desk)
    found = session.scalars(select(Folio).where(tuple_(Folio.desk, Folio.number).in_(newest)))
    return {folio.desk: folio for folio in found}


def of(session: Session, desk: str) -> Folio | None:
    """The last leaf of one desk; None: it has none yet."""
    return session.scalar(select(Folio).where(Folio.desk == desk).order_by(Folio.number.desc()).limit(1))


def by_desk(session: Session) -> dict[str, list[Folio]]:
    """All leaves, by desk, the first first."""
    found: dict[str, list[Folio]] = {}
    for folio in session.scalars(select(Folio).order_by(Folio.desk, Folio.number)):
        found.setdefault(folio.desk, []).append(folio)
    return found
