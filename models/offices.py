"""Offices and how they are reached. Addresses live in `contact` and nowhere else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, bindparam, literal_column, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base, Instant, Word, insert_new, table
from models.direct import among, fixed
from rules.desk import Channel
from rules.desk import Office as OfficeRule


class Contact(Base):
    """One way to reach an office; one at a time is current (active or dead) by each channel.

    ::

        planned --its `since` comes--> active <--> dead      dead: it takes nothing; kept until confirmed or replaced
                                          |          |
                                          +--ended---+       ended: of an earlier holder; never used again

    A planned one without an address says that the channel ends.
    """

    __tablename__ = "contact"
    __table_args__ = (Index("contact_address_ix", "address"),)

    class State(StrEnum):
        ACTIVE = "active"
        DEAD = "dead"
        PLANNED = "planned"
        ENDED = "ended"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    channel: Mapped[Channel] = mapped_column(Word(Channel, 10))
    address: Mapped[str] = mapped_column(String(254))
    state: Mapped[State] = mapped_column(Word(State, 10), default=State.ACTIVE)
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    wrote_at: Mapped[datetime | None] = mapped_column(Instant)  # when the office last wrote to us by this channel


CURRENT = Contact.state.in_([literal_column("'active'"), literal_column("'dead'")])
PLANNED = Contact.state == literal_column("'planned'")
Index(
    "contact_current_key",
    Contact.office_id,
    Contact.channel,
    unique=True,
    sqlite_where=CURRENT,
    postgresql_where=CURRENT,
)
Index("contact_planned_ix", Contact.since, sqlite_where=PLANNED, postgresql_where=PLANNED)


class Office(Base):
    """An office (jabatan) of a desk; who holds it changes, the row stays."""

    __tablename__ = "office"
    __table_args__ = (UniqueConstraint("desk", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    sms_name: Mapped[str] = mapped_column(String(20))
    zone: Mapped[str] = mapped_column(String(40))


class Reach(NamedTuple):
    """An office's row and the channels that reach it now."""

    id: int
    code: str
    channels: tuple[Channel, ...]


def put(session: Session, desk: str, offices: Iterable[OfficeRule], *, now: datetime) -> None:
    """Store a desk's offices and their first contacts; what is there already stays as people have since changed it."""
    offices = list(offices)
    insert_new(
        session,
        Office,
        [{"desk": desk, "code": o.code, "title": o.title, "sms_name": o.sms_name, "zone": o.zone} for o in offices],
    )
    ids = ids_of(session, desk)
    known = set(session.execute(select(Contact.office_id, Contact.channel).where(Contact.office_id.in_(ids.values()))))
    contacts = [
        {"office_id": ids[o.code], "channel": channel, "address": address, "state": Contact.State.ACTIVE, "since": now}
        for o in offices
        for channel, address in ((Channel.EMAIL, o.email), (Channel.SMS, o.phone))
        if address and (ids[o.code], channel) not in known
    ]
    insert_new(session, Contact, contacts)


def correct(session: Session, desk: str, offices: Iterable[OfficeRule]) -> None:
    """Write titles, short names and zones as a desk's file has them now; contacts are left to people."""
    for office in offices:
        known = update(Office).where(Office.desk == desk, Office.code == office.code)
        session.execute(known.values(title=office.title, sms_name=office.sms_name, zone=office.zone))


def ids_of(session: Session, desk: str) -> dict[str, int]:
    """Row ids by office code."""
    return {code: id for id, code in session.execute(select(Office.id, Office.code).where(Office.desk == desk))}


_REACH = (
    select(Office.id, Office.code, Contact.channel)
    .outerjoin(Contact, (Contact.office_id == Office.id) & (Contact.state == fixed(Contact.State.ACTIVE)))
    .where(Office.desk == bindparam("desk"))
    .order_by(Office.id, Contact.id)
)
_REACH_ONE = _REACH.where(Office.code == bindparam("code"))


def reach(session: Session, desk: str, code: str | None = None) -> dict[str, Reach]:
    """The offices of a desk with the channels that reach them, by office code; all, or the one with `code`."""
    query, facts = (_REACH_ONE, {"desk": desk, "code": code}) if code else (_REACH, {"desk": desk})
    found: dict[str, Reach] = {}
    for id, own_code, channel in direct.rows(session, query, facts):
        before = found.get(own_code, Reach(id, own_code, ()))
        found[own_code] = Reach(id, own_code, (*before.channels, channel) if channel else before.channels)
    return found


_C, _SHARED = table(Contact), table(Contact).alias("shared")
_SHARING = (
    select(_C.c.id, _SHARED.c.id)
    .join_from(_C, _SHARED, (_SHARED.c.address == _C.c.address) & (_SHARED.c.channel == _C.c.channel))
    .where(among(_C.c.id, "ids"))
)


def sharing(session: Session, contact_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """By contact, all contacts with its address, itself among them: several offices may answer one phone."""
    found: dict[int, set[int]] = defaultdict(set)
    for id, shared in direct.rows(session, _SHARING, {"ids": list(contact_ids)}):
        found[id].add(shared)
    return {id: frozenset(shared) for id, shared in found.items()}


_OFFICE = select(Office).where(Office.desk == bindparam("desk"), Office.code == bindparam("code"))


def by_code(session: Session, desk: str, code: str) -> Office | None:
    return session.scalar(_OFFICE, {"desk": desk, "code": code})


def all_of(session: Session, desk: str) -> list[Office]:
    """The offices of a desk, in order of code."""
    return list(session.scalars(select(Office).where(Office.desk == desk).order_by(Office.code)))


def current(session: Session, office_ids: Iterable[int]) -> dict[int, list[Contact]]:
    """The contacts in force, dead ones too, by office."""
    found: dict[int, list[Contact]] = {}
    query = select(Contact).where(Contact.office_id.in_(list(office_ids)), CURRENT).order_by(Contact.channel)
    for contact in session.scalars(query):
        found.setdefault(contact.office_id, []).append(contact)
    return found


def give_up(session: Session, contact_id: int) -> bool:
    """Never use a contact again: whatever goes there is lost. Whether it was in use until now; safe to repeat."""
    alive = update(_C).where(_C.c.id == contact_id, _C.c.state == Contact.State.ACTIVE)
    return bool(session.connection().execute(alive.values(state=Contact.State.DEAD)).rowcount)


def wrote(session: Session, channel: Channel, address: str, *, now: datetime) -> int:
    """Note that whoever has this address wrote to us by this channel; for how many contacts. Safe to repeat."""
    theirs = update(_C).where(_C.c.channel == channel, _C.c.address == address, _C.c.state == Contact.State.ACTIVE)
    return session.connection().execute(theirs.values(wrote_at=now)).rowcount
