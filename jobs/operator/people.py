"""Who holds which office and how he is reached: take in a list, show it masked, erase past holders."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session

import rules.handovers
from config import contacts
from config.errors import ConfigError
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import changes, programmes
from models.desk.changes import Hand, Way
from models.offices import aides, assignments, offices
from models.offices.offices import Contact, Office
from notifiers.mask import mask
from rules.assignments import Assignment, styled
from rules.desk import Channel
from rules.typed import Mistyped
from services import aides as helping_on
from services import handovers, reviving, sheets
from services.sheets import Row

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
CALLED = {
    **dict.fromkeys(("jabatan", "kode", "kode kantor", "office"), "kantor"),
    **dict.fromkeys(("name", "pejabat", "nama pejabat", "nama lengkap"), "nama"),
    **dict.fromkeys(("status", "kind", "jenis jabatan"), "jenis"),
    **dict.fromkeys(("mulai", "tmt", "since", "tanggal mulai", "sejak tanggal"), "sejak"),
    **dict.fromkeys(("hingga", "until", "berakhir", "s.d.", "sampai tanggal"), "sampai"),
    **dict.fromkeys(("telepon", "telp", "no hp", "nomor hp", "handphone", "ponsel", "phone", "sms"), "hp"),
    **dict.fromkeys(("wa", "no wa", "nomor wa", "nomor whatsapp"), "whatsapp"),
    **dict.fromkeys(("email", "e-mail", "mail", "alamat email", "alamat surel"), "surel"),
}
"""Other names that people give to columns, and our heading for each."""
UNCHANGED = "unchanged"


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


def read(content: bytes) -> list[Row]:
    """The rows of a list of holders. Raises: BadSheet: it cannot be read, or has a column that we do not know."""
    rows = sheets.read(content, WANTED)
    sheets.refuse_unknown(rows, HEADINGS, CALLED)
    return rows


def take(rt: Runtime, desk: str, rows: Iterable[Row], *, dry: bool) -> list[Line]:
    """Take in a list of holders: all of it, or nothing if one row is refused. The same list again changes nothing."""
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        known = {office.code: office for office in offices.all_of(session, desk)}
        lines = list(_lines(session, secretariats_hand(rt, session, desk), known, rows, now))
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


def helping(rt: Runtime, desk: str) -> list[Person]:
    """Every aide of a desk who is still known by a name or an address, also those taken out; masked."""
    with rt.sessions.begin() as session:
        known = aides.every(session, desk)
        reached = offices.current(session, [own.office.id for own in known])
    return [
        Person(
            own.office.code,
            own.office.title,
            own.name,
            own.aide.named_at.astimezone(ZoneInfo(own.office.zone)),
            _shown(reached.get(own.office.id, [])),
        )
        for own in known
    ]


def file(rt: Runtime, desk: str) -> str:
    """The desk's file as it is in force, with what was changed on the pages."""
    with rt.sessions.begin() as session:
        live = programmes.live(session)
    return next(own.desk.text for own in live if own.desk.code == desk)


def revive(rt: Runtime, desk: str, channel: Channel | None) -> list[str]:
    """Use again every address that was given up; a line for each, with its office and channel."""
    with rt.sessions.begin() as session:
        revived = reviving.revive(
            session, secretariats_hand(rt, session, desk), desk, channel=channel, now=rt.clock(session)
        )
        return [f"{office.code}: {contact.channel}" for office, contact in revived]


def erase(rt: Runtime, desk: str, code: str) -> tuple[int, int]:
    """Erase the names and addresses of past holders; how many of each. An aide is taken out, and his are erased too.

    Raises:
        Refusal: no such office.
    """
    with rt.sessions.begin() as session:
        office = offices.by_code(session, desk, code)
        if office is None:
            raise Refusal(f"{code!r}: no such office at {desk}: see ./desk people list")
        now, hand = rt.clock(session), secretariats_hand(rt, session, desk)
        if office.aide:
            helping_on.forget(session, office, hand=hand, now=now)
        erased = handovers.erase(session, office.id, now=now)
        if any(erased):
            changes.record(session, hand, "erased", code, now=now)
        return erased


def secretariats_hand(rt: Runtime, session: Session, desk: str) -> Hand:
    """The operator acts for the secretariat, also of a desk that is closed. Raises: ConfigError: it cannot be read."""
    secretariat = next((p.desk.secretariat for p in rt.live(session).values() if p.desk.code == desk), None)
    if secretariat is None and not any(own.desk == desk for own in rt.unread(session).values()):
        secretariat = rt.past(session, programmes.closed(session, desk)[-1]).desk.secretariat
    if secretariat is None:
        raise ConfigError([f for one in rt.unread(session).values() if one.desk == desk for f in one.findings])
    office = offices.by_code(session, desk, secretariat)
    assert office is not None
    return Hand(office.id, office.title, Way.COMMAND)


def desk_of(rt: Runtime, named: str) -> str:
    """The desk that is meant: the one named, or the only one that is live, or was. Raises: Refusal."""
    with rt.sessions.begin() as session:
        desks = {programme.desk.code for programme in rt.live(session).values()}
        desks |= {unread.desk for unread in rt.unread(session).values()}
        closed = {programmes.desk_of(session, id) for id in programmes.closed(session)}
    desks |= closed if named in closed or not desks else set()
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
        new = rules.handovers.holder(fields, office.zone, now=now)
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
    return Line(row, office.code, _done(session, office, new, given, now))


def _done(session: Session, office: Office, new: Assignment | None, given: Mapping[Channel, str], now: datetime) -> str:
    known = offices.current(session, [office.id]).get(office.id, [])
    before = {c.channel: c.address for c in known}
    dead = {c.channel for c in known if c.state is Contact.State.DEAD}
    after = {channel: address for channel, address in {**before, **given}.items() if address}
    if new is not None:
        changed = handovers.hand_over(session, office.id, new, after, now=now)
        _close_tasks(session, office.id, given, now)
        since = new.since.astimezone(ZoneInfo(office.zone))
        return f"{new.name} from {since:%Y-%m-%d %H.%M %Z}" if changed else UNCHANGED
    changed_by = [c for c, address in given.items() if before.get(c, "") != address or c in dead]
    for channel in changed_by:
        handovers.replace(session, office.id, channel, given[channel], now=now)
    _close_tasks(session, office.id, changed_by, now)
    return f"new {', '.join(changed_by)}" if changed_by else UNCHANGED


def _close_tasks(session: Session, office_id: int, channels: Iterable[Channel], now: datetime) -> None:
    for channel in channels:
        reviving.mended(session, office_id, channel, now=now)


def _address(channel: Channel, written: str) -> str:
    """An address as it is kept; empty if somebody wrote that there is none. Raises: PydanticCustomError."""
    return "" if written.strip() == rules.handovers.NONE else contacts.READERS[channel](written)


def _shown(reached: Iterable[Contact]) -> tuple[str, ...]:
    return tuple(f"{c.channel} {mask(c.address)}{' (dead)' if c.state is Contact.State.DEAD else ''}" for c in reached)


def _person(office: Office, holder: Assignment | None, reached: Iterable[Contact]) -> Person:
    name = f"{styled(holder.kind, holder.name)}" if holder else ""
    since = holder.since.astimezone(ZoneInfo(office.zone)) if holder else None
    return Person(office.code, office.title, name, since, _shown(reached))
