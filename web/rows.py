"""The rows of an upload, done one after the other in the caller's transaction: he keeps it, or undoes it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from config.sheets import Row
from models import filing, owing
from models.owing import Item
from rules import people
from rules import uploads as rules
from rules.filing import NilRefused, NoReason, NotTaken, RefusedTime, Via
from rules.programme import Programme
from rules.uploads import Does, Filing, Line, Place, Refused, Why
from web import keeping, words
from web.books import Books
from web.who import Who

USUAL = Via.EMAIL
"""How a report came whose row does not say: with the file."""
MOST = 500


class Done(NamedTuple):
    """What rows do, in the file's order, and how many were left blank."""

    lines: Sequence[Line]
    blank: int

    @property
    def refused(self) -> int:
        return sum(line.does is Does.REFUSED for line in self.lines)


def template(session: Session, books: Books, at: Who, id: int, programme: Programme) -> list[list[str]]:
    """The headings, and a row for each report that is owed now."""
    desk = programme.desk
    places = [d.code for d in desk.districts] + [t.code for t in desk.teams]
    owed = owing.open_(session, id, places, now=at.now, limit=MOST)
    forms = {duty: books.form(programme.policy.duty(duty).form) for duty in dict.fromkeys(i.duty for i in owed)}
    headings = rules.columns(forms.values())
    rows = [_given(programme, item) for item in sorted(owed, key=lambda i: (places.index(i.area), i.due_at))]
    return [headings, *([*row, *[""] * (len(headings) - len(row))] for row in rows)]


def do(session: Session, books: Books, at: Who, id: int, programme: Programme, rows: Iterable[Row]) -> Done:
    """File what the rows report. Locks are taken in the order of the reports: two uploads never block each other."""
    named = [(row, keeping.owed(session, id, row.cells[rules.NUMBER.lower()].strip().upper())) for row in rows]
    lines, blank = [], 0
    seen: set[int] = set()
    for row, item in sorted(named, key=lambda pair: pair[1].id if pair[1] else 0):
        code = item.code if item else row.cells[rules.NUMBER.lower()].strip()[:12]
        try:
            line = _line(session, books, at, id, programme, row, item, seen)
        except Refused as refused:
            line = Line(row.number, code, Does.REFUSED, refused=refused)
        if line is None:
            blank += 1
        else:
            lines.append(line)
    return Done(sorted(lines, key=lambda line: line.row), blank)


def _line(
    session: Session, books: Books, at: Who, id: int, programme: Programme, row: Row, item: Item | None, seen: set[int]
) -> Line | None:
    """One row; None: it was left blank. Raises: Refused."""
    if item is None:
        raise Refused(Why.UNKNOWN, column=rules.NUMBER)
    place = _place(books, programme, item)
    found = rules.reported(row.cells, place)
    if found is None:
        return None
    if item.id in seen:
        raise Refused(Why.TWICE, column=rules.NUMBER)
    seen.add(item.id)
    if item.opens_at > at.now:
        raise Refused(Why.NOT_YET)
    return _filed(session, at, id, programme, row, item, found)


def _filed(session: Session, at: Who, id: int, programme: Programme, row: Row, item: Item, found: Filing) -> Line:
    reporter, _ = people.owing(programme.desk, item.area)
    try:
        kept, again = filing.file(
            session,
            programme,
            filing.locked(session, item.key),
            content=found.content,
            body=found.body,
            via=found.via,
            by=found.by or reporter,
            at=found.at,
            reason=found.reason,
            now=at.now,
        )
    except NoReason as error:
        raise Refused(Why.NO_REASON, column=rules.REASON) from error
    except RefusedTime as error:
        raise Refused(Why.AHEAD, column=rules.AT) from error
    except NilRefused as error:
        raise Refused(Why.NO_NIL, column=rules.NIL) from error
    except NotTaken as error:
        raise Refused(Why.NOT_OWED) from error
    if not again:
        keeping.recorded(session, at, id, item, kept)
    does = Does.SAME if again else Does.FILES if kept.version == 1 else Does.CORRECTS
    return Line(row.number, item.code, does, kept.version, found.digest())


def _place(books: Books, programme: Programme, item: Item) -> Place:
    desk, duty = programme.desk, programme.policy.duty(item.duty)
    reporter, team = people.owing(desk, item.area)
    offices = {name.lower(): code for code in (reporter, *team) for name in (code, desk.office(code).title)}
    ways = {name.lower(): via for via, name in words.VIAS.items() if via is not Via.LINK}
    return Place(desk.area_name(item.area), item.zone, duty.nil, books.form(duty.form), offices, ways, USUAL)


def _given(programme: Programme, item: Item) -> list[str]:
    duty = programme.policy.duty(item.duty)
    return [item.code, programme.desk.area_name(item.area), duty.name, words.due(item)]
