"""Who holds which office and how he is reached: take in a list, show it masked."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from config import contacts
from config.errors import ConfigError
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import programmes
from models.desk.changes import Hand, Way
from models.offices import aides, assignments, offices
from models.offices.offices import Contact, Office
from notifiers.mask import mask
from rules.assignments import Assignment, styled
from rules.desk import Channel
from rules.handovers import Does, Refused, Why
from rules.handovers import Line as Held
from services import holders, reviving
from services.sheets import Row

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


def take(rt: Runtime, desk: str, rows: Iterable[Row], *, dry: bool) -> list[Line]:
    """Take in a list of holders: all of it, or nothing if one row is refused. The same list again changes nothing."""
    with rt.sessions.begin() as session:
        hand = secretariats_hand(rt, session, desk)
        lines = holders.take(session, desk, rows, readers=contacts.READERS, hand=hand, now=rt.clock(session))
        zones = {office.code: office.zone for office in offices.all_of(session, desk)}
        if dry or any(line.refused for line in lines):
            session.rollback()
    return [_told(line, zones.get(line.office, "UTC")) for line in lines]


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


def _told(line: Held, zone: str) -> Line:
    """A row in the words of the command."""
    if line.refused is not None:
        return Line(line.row, line.office, _refused(line.refused), refused=True)
    if line.does is Does.BEGINS:
        assert line.holder is not None
        return Line(line.row, line.office, f"{line.holder.name} from {_local(line.holder.since, zone)}")
    return Line(line.row, line.office, f"new {', '.join(line.new)}" if line.does is Does.REACHES else UNCHANGED)


def _refused(refused: Refused) -> str:
    match refused.why:
        case Why.UNKNOWN:
            return "no such office: see ./desk people list"
        case Why.TWICE:
            return "this office stands above already"
        case Why.MISTYPED:
            return f"{refused.fault}: write days as 2024-02-14, and the kind as definitif, Pj., Plt. or Plh."
        case Why.NO_ADDRESS:
            return refused.told[1]


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H.%M %Z}"


def _shown(reached: Iterable[Contact]) -> tuple[str, ...]:
    return tuple(f"{c.channel} {mask(c.address)}{' (dead)' if c.state is Contact.State.DEAD else ''}" for c in reached)


def _person(office: Office, holder: Assignment | None, reached: Iterable[Contact]) -> Person:
    name = f"{styled(holder.kind, holder.name)}" if holder else ""
    since = holder.since.astimezone(ZoneInfo(office.zone)) if holder else None
    return Person(office.code, office.title, name, since, _shown(reached))
