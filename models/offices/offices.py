"""Offices and how they are reached. Addresses live in `contact` and nowhere else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    bindparam,
    false,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base, Instant, Word, insert_new, table
from models.direct import among, fixed
from rules import quiet
from rules.desk import Channel
from rules.desk import Office as OfficeRule


class Contact(Base):
    """One way to reach an office; one at a time is current (active or dead) by each channel.

    ::

        planned --its `since` comes--> active <--> dead      dead: it takes nothing; kept until confirmed or replaced
                                          |          |
                                          +--ended---+       ended: of an earlier holder; never used again

    A planned one without an address says that the channel ends.

    `verified_at`: when somebody last answered for it. `unconfirmed`: it is new, and nobody has; another way goes first.
    `withdrawn_at`: whoever got a message said that it is not this office's; it is dead, and nothing but a person's word
    makes it live again.
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
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    unconfirmed: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


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
    """An office (jabatan) of a desk. Its holders change, the row stays.

    `aide`: it is none of them, but somebody in a village whom a district's reporter asks (`rules.aides`). What lists
    the offices of a desk leaves it out. `quiet`: its own quiet hours for texts, by the desk's file
    (`rules.quiet.spelt`); `own_quiet`: those that whoever holds it asked for, until another does.
    """

    __tablename__ = "office"
    __table_args__ = (UniqueConstraint("desk", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    sms_name: Mapped[str] = mapped_column(String(20))
    zone: Mapped[str] = mapped_column(String(40))
    aide: Mapped[bool] = mapped_column(default=False, server_default=false())
    quiet: Mapped[str] = mapped_column(String(11), default="", server_default="")
    own_quiet: Mapped[str] = mapped_column(String(11), default="", server_default="")


class Reach(NamedTuple):
    """An office's row and the channels that reach it now. `unconfirmed`: those whose address is new and unanswered."""

    id: int
    code: str
    channels: tuple[Channel, ...]
    unconfirmed: frozenset[Channel] = frozenset()


def put(session: Session, desk: str, offices: Iterable[OfficeRule], *, now: datetime) -> None:
    """Store a desk's offices and their first contacts. Rows that exist stay as people have since changed them."""
    offices = list(offices)
    insert_new(
        session,
        Office,
        [
            {"desk": desk, "code": o.code, "title": o.title, "sms_name": o.sms_name, "zone": o.zone, "quiet": _quiet(o)}
            for o in offices
        ],
    )
    ids = ids_of(session, desk)
    known = set(session.execute(select(Contact.office_id, Contact.channel).where(Contact.office_id.in_(ids.values()))))
    contacts = [
        {
            "office_id": ids[o.code],
            "channel": channel,
            "address": address.lower(),
            "state": Contact.State.ACTIVE,
            "since": now,
        }
        for o in offices
        for channel, address in ((Channel.EMAIL, o.email), (Channel.SMS, o.phone))
        if address and (ids[o.code], channel) not in known
    ]
    insert_new(session, Contact, contacts)


def correct(session: Session, desk: str, offices: Iterable[OfficeRule]) -> None:
    """Write titles, short names and zones as a desk's file has them now; contacts are left to people."""
    for office in offices:
        known = update(Office).where(Office.desk == desk, Office.code == office.code)
        told = {"title": office.title, "sms_name": office.sms_name, "zone": office.zone, "quiet": _quiet(office)}
        session.execute(known.values(told))


def _quiet(office: OfficeRule) -> str:
    return quiet.spelt(office.quiet) if office.quiet else ""


def at_peace(channel: str, own: Iterable[str]) -> tuple[str, str]:
    """The own quiet hours of an office and of its holder, where a channel rings."""
    by_file, by_wish = own
    return ("", "") if channel == Channel.EMAIL else (by_file, by_wish)


def _of(desk: str) -> tuple[ColumnElement[bool], ...]:
    return (Office.desk == desk, Office.aide.is_(False))


def ids_of(session: Session, desk: str) -> dict[str, int]:
    """Row ids by office code."""
    session.flush()
    return dict(direct.rows(session, _IDS, {"desk": desk}))


_O = table(Office)
_IDS = select(_O.c.code, _O.c.id).where(_O.c.desk == bindparam("desk"), _O.c.aide.is_(false()))


_REACH = (
    select(Office.id, Office.code, Contact.channel, Contact.unconfirmed)
    .outerjoin(Contact, (Contact.office_id == Office.id) & (Contact.state == fixed(Contact.State.ACTIVE)))
    .where(Office.desk == bindparam("desk"), Office.aide.is_(false()))
    .order_by(Office.id, Contact.id)
)
_REACH_ONE = _REACH.where(Office.code == bindparam("code"))


def reach(session: Session, desk: str, code: str | None = None) -> dict[str, Reach]:
    """The offices of a desk with the channels that reach them, by office code; all, or the one with `code`."""
    query, facts = (_REACH_ONE, {"desk": desk, "code": code}) if code else (_REACH, {"desk": desk})
    reached: dict[str, Reach] = {}
    for id, own_code, channel, new in direct.rows(session, query, facts):
        before = reached.get(own_code, Reach(id, own_code, ()))
        channels = (*before.channels, channel) if channel else before.channels
        reached[own_code] = Reach(id, own_code, channels, before.unconfirmed | ({channel} if new else set()))
    return reached


class Resting(NamedTuple):
    """An office with quiet hours of its own for texts, as its row spells them, and what reaches it."""

    hours: tuple[str, str]
    reach: Reach


def resting(session: Session, desk: str) -> dict[str, Resting]:
    """By code, the offices of a desk that have quiet hours of their own."""
    session.flush()
    rows = direct.rows(session, _RESTING, {"desk": desk})
    return {code: Resting((quiet, own_quiet), reach(session, desk, code)[code]) for code, quiet, own_quiet in rows}


_RESTING = select(_O.c.code, _O.c.quiet, _O.c.own_quiet).where(
    _O.c.desk == bindparam("desk"), (_O.c.quiet != "") | (_O.c.own_quiet != "")
)
_C, _SHARED = table(Contact), table(Contact).alias("shared")
_SHARING = (
    select(_C.c.id, _SHARED.c.id)
    .join_from(_C, _SHARED, (_SHARED.c.address == _C.c.address) & (_SHARED.c.channel == _C.c.channel))
    .where(among(_C.c.id, "ids"))
)


def sharing(session: Session, contact_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """By contact, all contacts with the same address, itself included: several offices may answer one phone."""
    alike: dict[int, set[int]] = defaultdict(set)
    for id, shared in direct.rows(session, _SHARING, {"ids": list(contact_ids)}):
        alike[id].add(shared)
    return {id: frozenset(shared) for id, shared in alike.items()}


_OFFICE = select(Office).where(Office.desk == bindparam("desk"), Office.code == bindparam("code"))


def by_code(session: Session, desk: str, code: str) -> Office | None:
    """An office of a desk. One that was found is kept as long as the session, which lives for one transaction: what is
    done is done by one office, and it is asked for at every step.
    """
    found: dict[tuple[str, str], Office] = session.info.setdefault(by_code, {})
    if (desk, code) not in found:
        office = session.scalar(_OFFICE, {"desk": desk, "code": code})
        if office is None:
            return None
        found[desk, code] = office
    return found[desk, code]


def titles(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """By id, what some offices are called."""
    query = select(Office.id, Office.title).where(Office.id.in_({id for id in ids if id is not None}))
    return dict(session.execute(query).all())


def all_of(session: Session, desk: str) -> list[Office]:
    """The offices of a desk, in order of code."""
    return list(session.scalars(select(Office).where(*_of(desk)).order_by(Office.code)))


def current(session: Session, office_ids: Iterable[int]) -> dict[int, list[Contact]]:
    """The contacts in force, dead ones too, by office."""
    by_office: dict[int, list[Contact]] = {}
    query = select(Contact).where(Contact.office_id.in_(list(office_ids)), CURRENT).order_by(Contact.channel)
    for contact in session.scalars(query):
        by_office.setdefault(contact.office_id, []).append(contact)
    return by_office


_MAILBOX = select(Contact.address).where(
    Contact.office_id
    == select(Office.id).where(Office.desk == bindparam("desk"), Office.code == bindparam("code")).scalar_subquery(),
    Contact.channel == fixed(Channel.EMAIL),
    Contact.state == fixed(Contact.State.ACTIVE),
)
"""The office first, as a number: as a join, PostgreSQL went through every mail address there is."""


def mailbox(session: Session, desk: str, code: str) -> str | None:
    """The address that mail to an office goes to now; None: it has none."""
    return next((address for (address,) in direct.rows(session, _MAILBOX, {"desk": desk, "code": code})), None)


def give_up(session: Session, contact_id: int) -> bool:
    """Never use a contact again, since nothing arrives there. Whether it was in use until now; safe to repeat."""
    alive = update(_C).where(_C.c.id == contact_id, _C.c.state == Contact.State.ACTIVE)
    return bool(session.connection().execute(alive.values(state=Contact.State.DEAD)).rowcount)


def dead(session: Session, desk: str, channel: Channel | None = None) -> list[tuple[Office, Contact]]:
    """The contacts given up at a desk, in order of office; `channel` None: of any channel. Not those withdrawn."""
    query = select(Office, Contact).join(Contact, Contact.office_id == Office.id)
    query = query.where(*_of(desk), Contact.state == Contact.State.DEAD, Contact.withdrawn_at.is_(None))
    query = query.where(Contact.channel == channel) if channel else query
    return [(office, contact) for office, contact in session.execute(query.order_by(Office.code, Contact.channel))]


def withdraw(session: Session, contact_ids: Iterable[int], *, now: datetime) -> list[int]:
    """Stop contacts that are not this office's, as a recipient said; those that were in use. Safe to repeat."""
    alive = update(_C).where(_C.c.id.in_(list(contact_ids)), _C.c.state == Contact.State.ACTIVE)
    change = alive.values(state=Contact.State.DEAD, withdrawn_at=now).returning(_C.c.id)
    withdrawn = list(session.connection().execute(change).scalars())
    session.expire_all()
    return withdrawn


def verify(session: Session, contact_ids: Iterable[int], *, now: datetime) -> None:
    """Note that somebody answered for contacts that are in use."""
    theirs = update(_C).where(_C.c.id.in_(list(contact_ids)), _C.c.state == Contact.State.ACTIVE)
    session.connection().execute(theirs.values(verified_at=now, unconfirmed=False))
    session.expire_all()


def revive(session: Session, contact_ids: Iterable[int], *, now: datetime) -> list[tuple[int, Channel]]:
    """Use dead contacts again from `now` on; their offices and channels. One that was withdrawn stays so."""
    theirs = update(_C).where(_C.c.id.in_(list(contact_ids)), _C.c.state == Contact.State.DEAD)
    theirs = theirs.where(_C.c.withdrawn_at.is_(None))
    change = theirs.values(state=Contact.State.ACTIVE, since=now).returning(_C.c.office_id, _C.c.channel)
    revived = [(office_id, channel) for office_id, channel in session.connection().execute(change)]
    session.expire_all()
    return revived


def wrote(session: Session, channel: Channel, address: str, *, now: datetime) -> int:
    """Note that whoever has this address wrote to us by this channel; for how many contacts. Safe to repeat."""
    theirs = update(_C).where(_C.c.channel == channel, _C.c.address == address, _C.c.state == Contact.State.ACTIVE)
    return session.connection().execute(theirs.values(wrote_at=now)).rowcount
