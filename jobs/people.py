"""Who holds which office and how he is reached: taken in from a list, shown masked, erased when it is over."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session

from config import contacts
from config.errors import ConfigError
from config.sheets import Row
from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import assignments, changes, handovers, offices
from models.changes import Hand, Way
from models.offices import Contact, Office
from notifiers.mask import mask
from rules import handovers as rules
from rules.assignments import Assignment, styled
from rules.desk import Channel
from rules.typed import Mistyped

HEADINGS = {
    "kantor": "office",
    "nama": "name",
    "jenis": "kind",
    "sejak": "since",
    "sampai": "until",
    "hp": Channel.SMS,
    "whatsapp": Channel.WHATSAPP,
    "surel": Channel.EMAIL,
}
WANTED = ("kantor",)
UNCHANGED = "unchanged"
_READERS = {Channel.SMS: contacts.phone, Channel.WHATSAPP: contacts.phone, Channel.EMAIL: contacts.email}


class Line(NamedTuple):
    """What one row of a list does, or why it is refused."""

    row: int
    office: str
    does: str
    refused: bool = False


class Person(NamedTuple):
    """One office as it is listed: addresses masked."""

    office: str
    title: str
    holder: str
    since: datetime | None
    contacts: tuple[str, ...]


def take(rt: Runtime, desk: str, rows: Iterable[Row], *, dry: bool) -> list[Line]:
    """Take a list of holders in: all of it, or nothing if one row is refused. The same list again changes nothing."""
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        known = {office.code: office for office in offices.all_of(session, desk)}
        lines = list(_lines(session, _hand(rt, session, desk), known, rows, now))
        if dry or any(line.refused for line in lines):
            session.rollback()
    return lines


def listed(rt: Runtime, desk: str) -> list[Person]:
    """Every office of a desk, who holds it now, and how he is reached, masked."""
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        known = offices.all_of(session, desk)
        held = assignments.holders(session, desk, at=now)
        reached = offices.current(session, [office.id for office in known])
    return [_person(office, held.get(office.code), reached.get(office.id, [])) for office in known]


def erase(rt: Runtime, desk: str, code: str) -> tuple[int, int]:
    """Take past holders' names and addresses out of the books; how many of each. Raises: Refusal: no such office."""
    with rt.sessions.begin() as session:
        office = offices.by_code(session, desk, code)
        if office is None:
            raise Refusal(f"{code!r}: no such office at {desk}: see ./desk people list")
        now = rt.clock(session)
        erased = handovers.erase(session, office.id, now=now)
        if any(erased):
            changes.record(session, _hand(rt, session, desk), "erased", code, now=now)
        return erased


def _hand(rt: Runtime, session: Session, desk: str) -> Hand:
    """Whoever sits at the machine does it for the secretariat. Raises: ConfigError: the desk cannot be read now."""
    secretariat = next((p.desk.secretariat for p in rt.live(session).values() if p.desk.code == desk), None)
    if secretariat is None:
        raise ConfigError([f for one in rt.unread(session).values() if one.desk == desk for f in one.findings])
    office = offices.by_code(session, desk, secretariat)
    assert office is not None
    return Hand(office.id, office.title, Way.COMMAND)


def desk_of(rt: Runtime, named: str) -> str:
    """The desk that is meant: the one named, or the only one there is. Raises: Refusal."""
    with rt.sessions.begin() as session:
        desks = {programme.desk.code for programme in rt.live(session).values()}
        desks |= {unread.desk for unread in rt.unread(session).values()}
    if named and named not in desks:
        raise Refusal(f"{named!r}: no such desk is loaded: {', '.join(sorted(desks)) or 'none is'}")
    if not named and len(desks) != 1:
        raise Refusal(f"say which desk with --desk: {', '.join(sorted(desks)) or 'none is loaded'}")
    return named or desks.pop()


def _lines(
    session: Session, hand: Hand, known: Mapping[str, Office], rows: Iterable[Row], now: datetime
) -> Iterator[Line]:
    seen: set[str] = set()
    for row in rows:
        fields = {HEADINGS[name]: text for name, text in row.cells.items() if name in HEADINGS}
        code = fields.get("office", "").strip()
        if code not in known:
            yield Line(row.number, code, "no such office: see ./desk people list", refused=True)
        elif code in seen:
            yield Line(row.number, code, "this office stands above already", refused=True)
        else:
            seen.add(code)
            line = _line(session, known[code], fields, row.number, now)
            if not line.refused and line.does != UNCHANGED:
                changes.record(session, hand, "imported", code, now=now)
            yield line


def _line(session: Session, office: Office, fields: Mapping[str, str], row: int, now: datetime) -> Line:
    try:
        new = rules.holder(fields, office.zone, now=now)
        given = {channel: _address(channel, fields[channel]) for channel in Channel if fields.get(channel, "").strip()}
    except Mistyped as error:
        why = f"{error.fault}: write days as 2024-02-14, and the kind as definitif, Pj., Plt. or Plh."
        return Line(row, office.code, why, refused=True)
    except PydanticCustomError as error:
        context = error.context or {}
        return Line(row, office.code, f"{context['what']}. {context['remedy']}", refused=True)
    held = assignments.holder(session, office.id, at=now)
    if held is not None and new is not None and (held.name, held.kind, held.until) == (new.name, new.kind, new.until):
        new = None
    return Line(row, office.code, _done(session, office.id, new, given, now))


def _done(session: Session, office_id: int, new: Assignment | None, given: Mapping[Channel, str], now: datetime) -> str:
    before = {c.channel: c.address for c in offices.current(session, [office_id]).get(office_id, [])}
    after = {channel: address for channel, address in {**before, **given}.items() if address}
    if new is not None:
        changed = handovers.hand_over(session, office_id, new, after, now=now)
        return f"{new.name} from {new.since.isoformat()}" if changed else UNCHANGED
    changed_by = [channel for channel, address in given.items() if before.get(channel, "") != address]
    for channel in changed_by:
        handovers.replace(session, office_id, channel, given[channel], now=now)
    return f"new {', '.join(changed_by)}" if changed_by else UNCHANGED


def _address(channel: Channel, written: str) -> str:
    """An address as it is kept; empty where somebody wrote that there is none. Raises: PydanticCustomError."""
    return "" if written.strip() == rules.NONE else _READERS[channel](written)


def _person(office: Office, holder: Assignment | None, reached: Iterable[Contact]) -> Person:
    shown = tuple(f"{c.channel} {mask(c.address)}{' (dead)' if c.state is Contact.State.DEAD else ''}" for c in reached)
    name = f"{styled(holder.kind, holder.name)}" if holder else ""
    return Person(office.code, office.title, name, holder.since if holder else None, shown)
