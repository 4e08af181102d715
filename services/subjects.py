"""A person asks what is known of him: it is shown, corrected in time, and erased where the law allows that.

What was typed to find him is kept nowhere; the record names offices and counts.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.matters import tasks
from models.matters.tasks import Why
from models.offices import subjects
from models.offices.subjects import Known
from rules.desk import Channel
from rules.indonesian import moment
from rules.programme import Programme
from rules.subjects import ANSWERED, SHORTEST, Asks, erasable
from services import aides

ASKED, ERASED, SHOWN = "subject asked", "subject erased", "subject shown"
"""What the record of changes calls a request, an erasure, and that somebody was shown what is known."""


class Several(ValueError):
    """A part of a name fits several people: what is asked for one must not be done to the others."""


class Typed(NamedTuple):
    """Whom somebody looks for: an address with its channels, or a name."""

    channels: tuple[Channel, ...]
    address: str
    name: str


def find(session: Session, desk: str, typed: Typed) -> Known | None:
    """What is known of a person; None: too little was typed."""
    if typed.address:
        return subjects.by_address(session, desk, typed.channels, typed.address)
    if sum(map(str.isalpha, typed.name)) < SHORTEST:
        return None
    return subjects.by_name(session, desk, " ".join(typed.name.split()))


def of_one(known: Known, typed: Typed) -> Known:
    """The rows of the one person that is meant: whoever has this name as it was typed, or else the only one it fits.

    Raises:
        Several: it is a part of the names of several people.
    """
    names = {_plain(held.name) for held, _ in known.assignments}
    whole = _plain(typed.name)
    if whole in names:
        own = [(held, office) for held, office in known.assignments if _plain(held.name) == whole]
        return known._replace(assignments=own)
    if len(names) > 1:
        raise Several(f"{len(names)} people have a name with this in it: give the whole name, or the number")
    return known


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def shown(session: Session, known: Known, *, hand: Hand, now: datetime) -> None:
    """Write down that it was looked at."""
    changes.record(session, hand, SHOWN, "data subject", text=_counts(known), now=now)


def ask(
    session: Session,
    programme_id: int,
    programme: Programme,
    known: Known,
    asks: Asks,
    *,
    hand: Hand,
    reason: str,
    now: datetime,
) -> datetime:
    """Write a request down, with a task for the secretariat for each office; by when it is to be answered."""
    until = now + ANSWERED
    zone = programme.desk.zone
    offices = {office.id: office for _, office in (*known.contacts, *known.assignments)}
    for office in offices.values() or [None]:
        place = office.title if office else programme.desk.name
        text = f"{place}: {WORDS[asks]}. Batas {moment(until, zone)}."
        subject = f"subject:{asks}:{office.id if office else 0}:{now:%Y%m%dT%H%M%S}"
        tasks.open_(session, programme_id, Why.SUBJECT, subject, text, now=now, office_id=office.id if office else None)
    codes = ", ".join(sorted(office.code for office in offices.values()))
    changes.record(session, hand, ASKED, asks, programme_id, until=until, text=f"{codes}: {reason}", now=now)
    return until


WORDS = {
    Asks.KNOW: "seseorang menanyakan data pribadinya",
    Asks.CORRECT: "seseorang meminta data pribadinya diperbaiki",
    Asks.ERASE: "seseorang meminta data pribadinya dihapus",
}


class Erased(NamedTuple):
    """How many addresses, names and messages from him an erasure takes out."""

    contacts: int
    names: int
    messages: int

    @property
    def reach(self) -> int:
        return sum(self)


def erase(session: Session, known: Known, *, hand: Hand, reason: str, now: datetime) -> Erased:
    """Take out what is not needed any more; how much that was. Reports stay.

    Whoever is in office is reached for a public task: his number is corrected, and goes when he does. An aide has none:
    he is taken out at once.
    """
    helping = {office.id: office for _, office in (*known.contacts, *known.assignments) if office.aide}
    for office in helping.values():
        aides.forget(session, office, hand=hand, now=now)
    contacts, names = over(known, now=now).values()
    done = Erased(*subjects.erase(session, contacts, names))
    offices = {office.code for own, office in known.contacts if own.id in contacts}
    offices |= {office.code for held, office in known.assignments if held.id in names}
    whose = ", ".join(sorted(offices)) or "nobody"
    text = f"{done.contacts} addresses, {done.names} names, {done.messages} messages of {whose}: {reason}"
    changes.record(session, hand, ERASED, "data subject", text=text, now=now)
    return done


def takes(session: Session, known: Known, *, now: datetime) -> Erased:
    """How much an erasure would take out for good."""
    contacts, names = over(known, now=now).values()
    return Erased(len(contacts), len(names), subjects.written(session, contacts))


def over(known: Known, *, now: datetime) -> dict[str, list[int]]:
    """The rows whose address or name may be erased. Of an aide all of it goes."""
    reached = [(own, at) for own, at in known.contacts if own.address and (at.aide or subjects.now_over(own, now))]
    held = [(own, at) for own, at in known.assignments if own.name and (at.aide or erasable(own.until, now=now))]
    return rows(known._replace(contacts=reached, assignments=held))


def rows(known: Known) -> dict[str, list[int]]:
    """What names these rows without saying whose they are."""
    return {"contacts": [own.id for own, _ in known.contacts], "names": [own.id for own, _ in known.assignments]}


def _counts(known: Known) -> str:
    return f"{len(known.contacts)} contacts, {len(known.assignments)} names"
