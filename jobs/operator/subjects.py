"""What is known of one person, and what of it is erased, as the operator does it for the secretariat."""

from typing import NamedTuple

from config import contacts
from jobs.operator import second
from jobs.operator.people import secretariats_hand
from jobs.operator.refusals import Refusal
from jobs.operator.second import Asked
from jobs.runtime import Runtime
from models.offices import offices
from models.offices import subjects as books
from models.offices.subjects import Known, now_over
from rules.subjects import SHORTEST, erasable
from services import subjects
from services.subjects import Erased, Several, Typed


class Told(NamedTuple):
    """One row that is his: the office, what it is, and whether it may be erased. His address is not repeated."""

    office: str
    what: str
    over: bool


class Found(NamedTuple):
    """What is known: rows, and counts by what they count."""

    rows: list[Told]
    counts: dict[str, int]


def known(rt: Runtime, desk: str, person: str) -> Found:
    """What the books know of whoever has this number, address or name. That it was looked at is recorded."""
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        found = _found(subjects.find(session, desk, _typed(person)))
        subjects.shown(session, found, hand=secretariats_hand(rt, session, desk), now=now)
        rows = [Told(office.code, f"{c.channel} contact", now_over(c, now)) for c, office in found.contacts]
        rows += [Told(o.code, f"holder, {held.kind}", erasable(held.until, now=now)) for held, o in found.assignments]
        counts = {"sent to it": found.sent, "written from it": found.written}
        counts |= {"reports under the name": found.reports, "guest links": found.guests}
        return Found(rows, {what: count for what, count in counts.items() if count})


def erase(rt: Runtime, desk: str, person: str, *, reason: str) -> Erased | Asked:
    """Erase what is not needed any more; how many addresses, names and messages. Much of it waits for a second person.

    Raises:
        Refusal: no reason, or a part of the names of several people.
    """
    if not reason.strip():
        raise Refusal("erasing needs a reason: add --reason")
    with rt.sessions.begin() as session:
        typed = _typed(person)
        try:
            rows = subjects.rows(subjects.of_one(_found(subjects.find(session, desk, typed)), typed))
        except Several as error:
            raise Refusal(str(error)) from error
    return second.erasure(rt, desk, rows, reason=reason.strip())


def erase_past(rt: Runtime, desk: str, code: str, *, reason: str = "") -> Erased | Asked:
    """Erase the names and addresses of past holders, and what they wrote to us; how much that was.

    An aide is taken out, and his are erased too. Much of it waits for a second person.

    Raises:
        Refusal: no such office.
    """
    with rt.sessions.begin() as session:
        office = offices.by_code(session, desk, code)
        if office is None:
            raise Refusal(f"{code!r}: no such office at {desk}: see ./desk people list")
        rows = subjects.over(books.by_office(session, office.id), now=rt.clock(session))
    return second.erasure(rt, desk, rows, reason=reason.strip() or f"past holders of {code}")


def _typed(person: str) -> Typed:
    return Typed(*contacts.person(person.strip()))


def _found(known: Known | None) -> Known:
    if known is None:
        raise Refusal(f"no number, no address, and a name has {SHORTEST} letters at least")
    return known
