"""Take in a list of who holds which office and how it is reached, in the caller's transaction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session

import rules.handovers
from models.desk import changes
from models.desk.changes import Hand
from models.matters import tasks
from models.matters.tasks import Task
from models.offices import assignments, offices
from models.offices.offices import Contact, Office
from rules.assignments import Assignment, styled
from rules.desk import Channel
from rules.handovers import CALLED, HEADINGS, WANTED, Does, Line, Refused, Why
from rules.typed import Mistyped
from services import handovers, sheets
from services.sheets import Row

Readers = Mapping[Channel, Callable[[str], str]]
"""What reads an address of each channel; it raises PydanticCustomError."""


class _Asked(NamedTuple):
    """A row that can be read: who is to hold the office (None: nobody new), and the addresses that were typed."""

    row: int
    office: Office
    holder: Assignment | None
    given: Mapping[Channel, str]


def read(content: bytes) -> list[Row]:
    """The rows of a list of holders. Raises: BadSheet: it cannot be read, or has a column that we do not know."""
    rows = sheets.read(content, WANTED)
    sheets.refuse_unknown(rows, HEADINGS, CALLED)
    return rows


def take(
    session: Session, desk: str, rows: Iterable[Row], *, readers: Readers, hand: Hand, reason: str = "", now: datetime
) -> list[Line]:
    """Do what rows say, and return what each does. The same rows again change nothing.

    The caller undoes all of it where a row is refused, or where he only looks. Offices are locked in the order of
    their codes, so that two lists never block each other.
    """
    known = {office.code: office for office in offices.all_of(session, desk)}
    read = _read(rows, known, readers, now)
    asked = sorted((one for one in read if isinstance(one, _Asked)), key=lambda one: one.office.code)
    lines = [one for one in read if isinstance(one, Line)]
    for one in asked:
        lines.append(_done(session, hand, one, now))
        if lines[-1].does is not Does.SAME:
            changes.record(session, hand, "imported", one.office.code, text=reason, now=now)
    return sorted(lines, key=lambda line: line.row)


def mended(session: Session, hand: Hand, office_id: int, given: Mapping[Channel, str], *, now: datetime) -> None:
    """End the tasks that asked for what these addresses mend; an empty one is a way that is not used any more."""
    subjects = {tasks.of_contact(office_id, channel) for channel in given}
    for task in tasks.undone(session) if given else ():
        if task.office_id != office_id or not _mends(task, given, subjects):
            continue
        if tasks.done(session, task.why, task.subject, now=now):
            named = f"S-{task.id:04d}"
            text = "kontak diperbarui"
            changes.record(session, hand, "settled", named, task.programme_id, task.matter_id, text=text, now=now)


def _mends(task: Task, given: Mapping[Channel, str], subjects: set[str]) -> bool:
    match task.why:
        case tasks.Why.NOBODY_TO_TELL | tasks.Why.CONTACT_CHANGED:
            return any(given.values())
        case tasks.Why.DEAD_CONTACT | tasks.Why.NOT_DELIVERED:
            return task.channel in (None, *given)
        case tasks.Why.WRONG_RECIPIENT:
            return task.subject in subjects
        case _:
            return False


def _read(rows: Iterable[Row], known: Mapping[str, Office], readers: Readers, now: datetime) -> list[_Asked | Line]:
    seen: set[str] = set()
    read: list[_Asked | Line] = []
    for row in rows:
        fields = {HEADINGS[name]: text for name, text in row.cells.items() if name in HEADINGS}
        code = fields.get("office", "").strip()
        office = known.get(code)
        if office is None or code in seen:
            why = Why.TWICE if office else Why.UNKNOWN
            read.append(Line(row.number, code, Does.REFUSED, refused=Refused(why)))
        else:
            read.append(_asked(row.number, office, fields, readers, now))
        seen.add(code)
    return read


def _asked(row: int, office: Office, fields: Mapping[str, str], readers: Readers, now: datetime) -> _Asked | Line:
    try:
        new = rules.handovers.holder(fields, office.zone, now=now)
    except Mistyped as error:
        return Line(row, office.code, Does.REFUSED, refused=Refused(Why.MISTYPED, fault=error.fault))
    given = {}
    for heading, channel in HEADINGS.items():
        typed = fields.get(channel, "").strip() if isinstance(channel, Channel) else ""
        if typed:
            try:
                given[Channel(channel)] = "" if typed == rules.handovers.NONE else readers[Channel(channel)](typed)
            except PydanticCustomError as error:
                context = error.context or {}
                told = str(context.get("why", "")), f"{context['what']}. {context['remedy']}"
                return Line(row, office.code, Does.REFUSED, refused=Refused(Why.NO_ADDRESS, heading, told=told))
    return _Asked(row, office, new, given)


def _done(session: Session, hand: Hand, asked: _Asked, now: datetime) -> Line:
    office, given = asked.office, asked.given
    held = assignments.holder(session, office.id, at=now)
    new = None if _holds(held, asked.holder) else asked.holder
    known = offices.current(session, [office.id]).get(office.id, [])
    before = {c.channel: c.address for c in known}
    dead = {c.channel for c in known if c.state is Contact.State.DEAD}
    wanted = {**dict.fromkeys(dead, ""), **given} if new else given  # who comes gets none that was given up
    changed = {c: address for c, address in wanted.items() if before.get(c, "") != address or c in dead}
    line = Line(
        asked.row,
        office.code,
        Does.REACHES if changed else Does.SAME,
        before=styled(held.kind, held.name) if held else "",
        new=changed,
        kept={c: address for c, address in before.items() if c not in changed},
    )
    if new is not None:
        after = {c: address for c, address in {**before, **wanted}.items() if address}
        begins = handovers.hand_over(session, office.id, new, after, now=now)
        mended(session, hand, office.id, given, now=now)
        return replace(line, does=Does.BEGINS, holder=new) if begins else Line(asked.row, office.code, Does.SAME)
    for channel, address in changed.items():
        handovers.replace(session, office.id, channel, address, now=now)
    mended(session, hand, office.id, changed, now=now)
    return line


def _holds(held: Assignment | None, asked: Assignment | None) -> bool:
    """Whether whoever is asked for holds the office already, in the same way."""
    if held is None or asked is None:
        return False
    return (held.name, held.kind, held.until) == (asked.name, asked.kind, asked.until)
