"""File the rows of an upload, one after the other, in the caller's transaction. The caller keeps or undoes it."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.matters import owing
from models.matters.owing import Item
from rules import people, uploads
from rules.filing import BY_HAND, Incoming, NilRefused, NotTaken, RefusedTime, Unexplained, Via
from rules.programme import Programme
from rules.uploads import Does, Filing, Place, Proposed, Refused, Why
from services import filing, sheets, telling
from services.decisions import Owed
from services.sheets import Row
from web import words
from web.books import Books
from web.door.who import Who
from web.secretariat import keeping

USUAL = Via.EMAIL
"""How a report came if its row does not say: with the file, by mail."""


class Done(NamedTuple):
    """What each row does, in the file's order, and how many rows were left blank."""

    lines: Sequence[Proposed]
    blank: int

    @property
    def refused(self) -> int:
        return sum(line.does is Does.REFUSED for line in self.lines)


def template(session: Session, books: Books, at: Who, id: int, programme: Programme) -> list[list[str]]:
    """The headings, and a row for each report that is owed now."""
    desk = programme.desk
    places = [d.code for d in desk.districts] + [t.code for t in desk.teams]
    owed = owing.open_(session, id, places, now=at.now)
    forms = dict.fromkeys(programme.policy.duty(item.duty, item.key).form for item in owed)
    headings = uploads.columns(map(books.form, forms), desk.level)
    rows = [_given(programme, item) for item in sorted(owed, key=lambda i: (places.index(i.area), i.due_at))]
    return [headings, *([*row, *[""] * (len(headings) - len(row))] for row in rows)]


def refuse_unknown(books: Books, programme: Programme, rows: Sequence[Row]) -> None:
    """Raises: BadSheet: a column that no report of this programme has."""
    forms = [books.form(duty.form) for duty in programme.policy.duties]
    given = rows[0].cells if rows else ()
    sheets.refuse_unknown(rows, uploads.known(forms, given), uploads.CALLED)


class Told(NamedTuple):
    """A row that reports something, and the report it is about."""

    row: Row
    item: Item
    place: Place
    filing: Filing


def do(session: Session, books: Books, at: Who, id: int, programme: Programme, rows: Iterable[Row]) -> Done:
    """File what the rows report.

    Locks are taken in the order of the reports, so two uploads never block each other. All are taken before the first
    is filed: others who hold a report may wait for a problem's number.
    """
    named = [(row, keeping.owed(session, id, row.cells[uploads.NUMBER.lower()].strip().upper())) for row in rows]
    told: list[Told] = []
    lines, blank = [], 0
    for row, item in sorted(named, key=lambda pair: pair[1].id if pair[1] else 0):
        try:
            reporting = _told(books, at, programme, row, item, {t.item.id for t in told})
        except Refused as refused:
            code = item.code if item else row.cells[uploads.NUMBER.lower()].strip()[:12]
            lines.append(Proposed(row.number, code, Does.REFUSED, refused=refused))
            continue
        told += [reporting] if reporting else []
        blank += reporting is None
    owed = {t.item.id: telling.locked(session, t.item.key) for t in told}
    lines += [_line(session, at, programme, t, owed[t.item.id]) for t in told]
    return Done(sorted(lines, key=lambda line: line.row), blank)


def _told(
    books: Books, at: Who, programme: Programme, row: Row, item: Item | None, before: Collection[int]
) -> Told | None:
    """One row; None: it was left blank. Raises: Refused."""
    if item is None:
        raise Refused(Why.UNKNOWN, column=uploads.NUMBER)
    place = _place(books, programme, item)
    reported = uploads.reported(row.cells, place)
    if reported is None:
        return None
    if item.id in before:
        raise Refused(Why.TWICE, column=uploads.NUMBER)
    if item.opens_at > at.now:
        raise Refused(Why.NOT_YET)
    return Told(row, item, place, reported)


def _line(session: Session, at: Who, programme: Programme, told: Told, owed: Owed) -> Proposed:
    try:
        return _filed(session, at, programme, told, owed)
    except Refused as refused:
        return Proposed(told.row.number, told.item.code, Does.REFUSED, refused=refused)


def _filed(session: Session, at: Who, programme: Programme, told: Told, owed: Owed) -> Proposed:
    row, item, place, reported = told
    reporter, _ = people.owing(programme.desk, item.area)
    try:
        kept, again, problems = filing.file(
            session,
            programme,
            owed,
            place.form,
            Incoming(
                reported.content,
                reported.body,
                reported.via,
                reported.by or reporter,
                at=reported.at,
                reason=reported.reason,
            ),
            hand=at.hand,
            now=at.now,
        )
    except Unexplained as error:
        raise Refused(Why.NO_REASON, column=uploads.REASON) from error
    except RefusedTime as error:
        raise Refused(Why.AHEAD, column=uploads.AT) from error
    except NilRefused as error:
        raise Refused(Why.NO_NIL, column=uploads.NIL) from error
    except NotTaken as error:
        raise Refused(Why.NOT_OWED) from error
    does = Does.SAME if again else Does.FILES if kept.version == 1 else Does.CORRECTS
    return Proposed(row.number, item.code, does, kept.version, reported.digest(), problems=len(problems))


def _place(books: Books, programme: Programme, item: Item) -> Place:
    desk, duty = programme.desk, programme.policy.duty(item.duty, item.key)
    answering = people.answering(desk, item.area)
    offices = {name.lower(): code for code in answering for name in (code, desk.office(code).title)}
    ways = {name.lower(): via for via, name in words.VIAS.items() if via in BY_HAND}
    return Place(desk.area_name(item.area), item.zone, duty.nil, books.form(duty.form), offices, ways, USUAL)


def _given(programme: Programme, item: Item) -> list[str]:
    duty = programme.policy.duty(item.duty, item.key)
    return [item.code, programme.desk.area_name(item.area), duty.name, words.due(item)]
