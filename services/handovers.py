"""An office passes to another holder: his contacts in, the old ones out, old links shut. At once or on the day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.messages import messages, releasing
from models.offices import assignments, links, offices, sessions
from models.offices.offices import PLANNED, Contact, Office
from rules import quiet
from rules.assignments import Assignment
from rules.desk import Channel
from rules.quiet import Window

ERASED = ""
Addresses = Mapping[Channel, str]


def hand_over(session: Session, office_id: int, new: Assignment, addresses: Addresses, *, now: datetime) -> bool:
    """Give an office to `new` from his first day, with these addresses and no other; whether that changed anything.

    If he has a last day, today's contacts come back after it. Anything planned for later is dropped: whoever
    hands over knows best.
    """
    _lock(session, office_id)
    known = not assignments.begin(session, office_id, new, now=now)
    if known and _reached(session, office_id, new.since, now) == addresses:
        return False
    session.execute(delete(Contact).where(Contact.office_id == office_id, PLANNED, Contact.since >= new.since))
    before = _current(session, office_id)
    _plan(session, office_id, {**dict.fromkeys(before, ""), **addresses}, since=new.since)
    if new.until is not None and new.until > now:
        used = {channel: c.address for channel, c in before.items() if c.state is Contact.State.ACTIVE}
        _plan(session, office_id, {**dict.fromkeys(addresses, ""), **used}, since=new.until)
    if new.since <= now:
        _switch(session, office_id, _planned(session, now, office_id), now=now)
        shut(session, office_id, now=now)
    return True


def end(session: Session, office_id: int, *, now: datetime) -> None:
    """Nobody holds it any more, and nothing reaches it."""
    _lock(session, office_id)
    for assignment in assignments.of(session, office_id):
        if assignment.until is None or assignment.until > now:
            assignment.until = max(assignment.since, now)
    _plan(session, office_id, dict.fromkeys(_current(session, office_id), ""), since=now)
    _switch(session, office_id, _planned(session, now, office_id), now=now)
    shut(session, office_id, now=now)


def replace(session: Session, office_id: int, channel: Channel, address: str, *, now: datetime) -> None:
    """Reach the same holder by another address from now on; empty: no longer by this channel."""
    _lock(session, office_id)
    _plan(session, office_id, {channel: address}, since=now)
    _switch(session, office_id, _planned(session, now, office_id), now=now)


def confirm(session: Session, office_id: int, channel: Channel, *, now: datetime) -> None:
    """Use a dead contact again: somebody made sure that it takes messages, or that it is the office's after all."""
    _lock(session, office_id)
    if contact := _current(session, office_id).get(channel):
        if contact.withdrawn_at is not None:
            contact.withdrawn_at, contact.unconfirmed = None, True
            session.flush()
        offices.revive(session, [contact.id], now=now)


def leave_in_peace(
    session: Session, office: Office, asked: Window | None, everybodys: Iterable[Sequence[Window]], *, now: datetime
) -> bool:
    """Keep the quiet hours for texts that whoever holds an office asked for; None: he asks for none any more.

    False: they are too long (`rules.quiet.too_long`), and nothing changed.

    Args:
        everybodys: the quiet hours of each policy by which the office is told.
    """
    own = [window for window in (asked, quiet.read(office.quiet)) if window is not None]
    if any(quiet.too_long(own, windows) for windows in everybodys):
        return False
    office.own_quiet = quiet.spelt(asked) if asked else ""
    session.flush()
    releasing.decide_anew_to(session, office.id, now=now)
    return True


def take_effect(session: Session, *, now: datetime) -> list[int]:
    """Do the handovers whose day has come; their offices. Rows that another clock works on are skipped."""
    by_office: dict[int, list[Contact]] = defaultdict(list)
    for contact in _planned(session, now):
        by_office[contact.office_id].append(contact)
    for office_id, planned in by_office.items():
        _switch(session, office_id, planned, now=now)
        shut(session, office_id, now=now)
    return list(by_office)


def shut(session: Session, office_id: int, *, now: datetime) -> None:
    """Shut the links and sessions that an earlier holder may still have, and end the quiet hours that he asked for."""
    session.get_one(Office, office_id).own_quiet = ""
    links.revoke(session, office_id, now=now)
    sessions.end_all(session, office_id, why="handed over", now=now)


def erase(session: Session, office_id: int, *, now: datetime) -> tuple[int, int]:
    """Take names and addresses of past holders out of the books; how many of each. Reports stay as they were filed."""
    over = [a for a in assignments.of(session, office_id) if a.until is not None and a.until <= now and a.name]
    for assignment in over:
        assignment.name = ERASED
    ended = (Contact.office_id == office_id, Contact.state == Contact.State.ENDED, Contact.address != ERASED)
    old = session.scalars(select(Contact).where(*ended)).all()
    for contact in old:
        contact.address = ERASED
    session.flush()
    return len(over), len(old)


def _lock(session: Session, office_id: int) -> None:
    """Lock an office: two handovers of it wait for each other."""
    session.execute(select(Office.id).where(Office.id == office_id).with_for_update())


def _current(session: Session, office_id: int) -> dict[Channel, Contact]:
    return {contact.channel: contact for contact in offices.current(session, [office_id]).get(office_id, [])}


def _reached(session: Session, office_id: int, since: datetime, now: datetime) -> Addresses:
    """How an office is reached, or will be from `since` on where that is ahead."""
    if since <= now:
        return {channel: contact.address for channel, contact in _current(session, office_id).items()}
    planned = session.scalars(select(Contact).where(Contact.office_id == office_id, PLANNED, Contact.since == since))
    return {contact.channel: contact.address for contact in planned if contact.address}


def _plan(session: Session, office_id: int, addresses: Addresses, *, since: datetime) -> None:
    state = Contact.State.PLANNED
    for channel, address in sorted(addresses.items()):
        session.add(Contact(office_id=office_id, channel=channel, address=address, state=state, since=since))
    session.flush()


def _planned(session: Session, now: datetime, office_id: int | None = None) -> Sequence[Contact]:
    """What is to be in force by now, locked, the earliest first."""
    query = select(Contact).where(PLANNED, Contact.since <= now).order_by(Contact.since, Contact.id)
    if office_id is not None:
        query = query.where(Contact.office_id == office_id)
    return session.scalars(query.with_for_update(skip_locked=office_id is None)).all()


def _switch(session: Session, office_id: int, planned: Sequence[Contact], *, now: datetime) -> None:
    """Put planned contacts into force, for each channel the last. Messages that wait for an old address are decided
    on anew.
    """
    latest = {contact.channel: contact for contact in planned}
    current = _current(session, office_id)
    for new in planned:
        old = current.get(new.channel)
        same = old is not None and old.address == new.address and old.state is Contact.State.ACTIVE
        if new is not latest[new.channel] or same or not (new.address or old):
            session.delete(new)
            continue
        if old is not None:
            _end(session, old, now)
        if new.address:
            new.state, new.unconfirmed = Contact.State.ACTIVE, not _known(session, new)
        else:
            session.delete(new)
        session.flush()


def _known(session: Session, contact: Contact) -> bool:
    """Whether the office was reached by this address before, and somebody had answered for it."""
    same = Contact.office_id == contact.office_id, Contact.address == contact.address, Contact.id != contact.id
    query = select(Contact.id).where(*same, Contact.channel == contact.channel, Contact.unconfirmed.is_(False))
    return session.scalar(query.where(Contact.withdrawn_at.is_(None)).limit(1)) is not None


def _end(session: Session, contact: Contact, now: datetime) -> None:
    contact.state, contact.until = Contact.State.ENDED, now
    session.flush()  # before the next begins: one is in force at a time
    releasing.put_back(session, messages.take_back(session, [contact.id], now=now), now=now)
