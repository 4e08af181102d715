"""What somebody who signed in for an office may do: it follows from the office's place in the desk's file alone.

Nobody decides about a report that his own team owes: as in the chase, he is skipped. The secretariat reads all, asks
for improvements and notes advice; it does not pause, extend or waive, for it keeps the books of those who do.
"""

from enum import StrEnum

from rules import people
from rules.desk import Desk


class May(StrEnum):
    """What can be done with a matter once somebody is signed in."""

    READ = "read"
    ACKNOWLEDGE = "acknowledge"
    EXTEND = "extend"
    WAIVE = "waive"
    RETURN = "return"
    ADVISE = "advise"
    RESOLVE = "resolve"


DECIDING = frozenset({May.ACKNOWLEDGE, May.EXTEND, May.WAIVE, May.RETURN})
"""What nobody does to his own team's report."""

OF_SECRETARIAT = frozenset({May.READ, May.RETURN, May.ADVISE})


def places(desk: Desk) -> tuple[str, ...]:
    """Everything a matter can be about: the districts in the file's order, the teams, the desk itself."""
    return (*(d.code for d in desk.districts), *(t.code for t in desk.teams), desk.regency_code)


def coordinated(desk: Desk, office: str) -> tuple[str, ...]:
    """What `office` coordinates, in the file's order; all of it for the secretary and the chair."""
    if office in (desk.secretary, desk.chair):
        return places(desk)
    return tuple(place for place in places(desk) if people.coordinator(desk, place) == office)


def readable(desk: Desk, office: str) -> tuple[str, ...]:
    """The places of which `office` sees what is owed, open and filed."""
    return places(desk) if keeps_books(desk, office) else coordinated(desk, office)


def keeps_books(desk: Desk, office: str) -> bool:
    """Whether it is the secretariat, or the secretary above it: they record on behalf of others, and see to tasks and
    contacts.
    """
    return office in (desk.secretariat, desk.secretary)


def leads(desk: Desk, office: str) -> bool:
    """Whether it coordinates anything."""
    return bool(coordinated(desk, office))


def files(desk: Desk, office: str) -> bool:
    """Whether it has reports of its own to file."""
    return bool(desk.filed_by(office))


def enters(desk: Desk, office: str) -> bool:
    """Whether there is anything behind the door for it."""
    return leads(desk, office) or keeps_books(desk, office) or files(desk, office)


def may(desk: Desk, office: str, act: May, place: str, *, report: bool) -> bool:
    """Whether `office` may do this to a report (else: a problem) of `place`."""
    if report and act in DECIDING and office in people.owing(desk, place)[1]:
        return False
    if place in coordinated(desk, office):
        return True
    return keeps_books(desk, office) and act in OF_SECRETARIAT
