"""What somebody who signed in for an office may do: it follows from the office's place in the desk's file alone.

Nobody decides about a report that his own team owes; the chase skips him there too. The secretariat reads everything,
asks for improvements and notes advice. It does not pause, extend or waive: it keeps the books of those who do.

A restricted problem (terbatas) is read by whoever has it, whoever opened it, and those who coordinate its place: the
coordinator, the secretary, the chair. Never by whom it is about.
"""

from enum import StrEnum

from rules import people
from rules.desk import Desk
from rules.ladder import Circle
from rules.people import Parties


class May(StrEnum):
    """What can be done with a matter once somebody is signed in."""

    READ = "read"
    ACKNOWLEDGE = "acknowledge"
    EXTEND = "extend"
    WAIVE = "waive"
    RETURN = "return"
    ADVISE = "advise"
    RESOLVE = "resolve"
    HAND_ON = "hand_on"
    POSTPONE = "postpone"
    SET_DUE = "set_due"
    GRADE = "grade"
    MERGE = "merge"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    RESTRICT = "restrict"
    REPORT = "report"


DECIDING = frozenset({May.ACKNOWLEDGE, May.EXTEND, May.WAIVE, May.RETURN})
"""What nobody does to his own team's report."""

OF_SECRETARIAT = frozenset({May.READ, May.RETURN, May.ADVISE})

OF_OWNER = frozenset({May.READ, May.ACKNOWLEDGE, May.POSTPONE, May.ADVISE, May.RESOLVE, May.HAND_ON, May.REOPEN})
"""What the office that has a problem does with it, wherever it is. How grave it is, by when its next step is due and
whether it is another's twin is for those above: each would loosen his own chase.
"""

OF_REPORTER = frozenset({May.READ, May.CONFIRM, May.REOPEN})
"""What whoever reported a problem, or reports for its district, does with it: he knows whether it is over."""


def places(desk: Desk) -> tuple[str, ...]:
    """Everything a matter can be about: the districts in the file's order, the teams, the offices that owe support, the
    desk itself.
    """
    return (*(d.code for d in desk.districts), *(t.code for t in desk.teams), *desk.supporting, desk.regency_code)


def coordinated(desk: Desk, office: str) -> tuple[str, ...]:
    """What `office` coordinates, in the file's order; all of it for the secretary and the chair."""
    if above_all(desk, office):
        return places(desk)
    return tuple(place for place in places(desk) if people.coordinator(desk, place) == office)


def readable(desk: Desk, office: str) -> tuple[str, ...]:
    """The places of which `office` sees what is owed, open and filed."""
    return places(desk) if keeps_books(desk, office) else coordinated(desk, office)


def above_all(desk: Desk, office: str) -> bool:
    """Whether it is the secretary or the chair: what nobody below settled climbs to them, and they see who read a
    restricted problem.
    """
    return office in (desk.secretary, desk.chair)


def seen(desk: Desk, office: str) -> tuple[str, ...]:
    """The places of which `office` sees how their reports came in, in the file's order: it reads or files them."""
    own = {*readable(desk, office), *desk.filed_by(office)}
    return tuple(place for place in places(desk) if place in own)


def watched(desk: Desk, office: str) -> tuple[str, ...]:
    """The districts whose situation `office` sees, in the file's order."""
    own = seen(desk, office)
    return tuple(district.code for district in desk.districts if district.code in own)


def confirms(desk: Desk, office: str) -> tuple[str, ...]:
    """The districts of whose problems `office` is asked whether they are over: those that it files for or coordinates.

    The secretary and the chair may say so too, and are not asked.
    """
    own = {*desk.reports_for(office), *(() if above_all(desk, office) else coordinated(desk, office))}
    return tuple(district.code for district in desk.districts if district.code in own)


def speaks_of(desk: Desk, office: str) -> tuple[str, ...]:
    """The districts of which `office` may record an incident: those that it oversees."""
    return tuple(place for place in readable(desk, office) if place in desk.coordinators)


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
    """Whether it may come in: every office of the desk, for any may be given an advice, or a problem."""
    return desk.knows(office)


def handed_to(desk: Desk) -> tuple[str, ...]:
    """The offices that a problem can be handed to, in the file's order: whoever can open it afterwards."""
    return tuple(own.code for own in desk.offices if enters(desk, own.code))


def reads(desk: Desk, office: str, place: str, parties: Parties) -> bool:
    """Whether `office` may hear and read of a problem of `place` at all, if it is restricted or about somebody."""
    if office == parties.subject:
        return False
    if not parties.restricted:
        return True
    above = (people.coordinator(desk, place), desk.secretary, desk.chair)
    return office in (parties.owner, parties.giver, *above)


def confided(desk: Desk, place: str, circle: Circle, parties: Parties) -> Circle:
    """The circle without those who may not read of it. An audience may be left empty."""
    if parties.subject is None and not parties.restricted:
        return circle
    return {
        audience: tuple(who for who in told if reads(desk, who.office, place, parties))
        for audience, told in circle.items()
    }


def phones(desk: Desk, office: str, place: str) -> bool:
    """Whether it sees whole phone numbers beside what is late in `place`. Only whoever has to phone there does."""
    return keeps_books(desk, office) or people.coordinator(desk, place) == office


def may(
    desk: Desk, office: str, act: May, place: str, *, report: bool, owner: bool = False, reporter: bool = False
) -> bool:
    """Whether `office` may do this to a report (else: a problem) of `place`.

    ::

        a problem            read  take on, postpone,      advise,    grade, merge,  confirm  reopen
                                   hand on, resolve        follow up  next step due
        owner                yes   yes                     yes                                yes
        reporter             yes                                                     yes      yes
        coordinator, secretary, chair: all of it
        secretariat          yes                           yes

    A special report about it to the Government (REPORT) is asked for by those who keep the books.

    Nobody confirms what he resolved himself (`services.outcomes`), and whom it is about does nothing with it.

    Args:
        owner: it has the problem.
        reporter: it reported the problem, or reports for its district.
    """
    if act is May.REPORT:
        return not report and keeps_books(desk, office)
    if not report and ((owner and act in OF_OWNER) or (reporter and act in OF_REPORTER)):
        return True
    if report and act in DECIDING and office in people.owing(desk, place)[1]:
        return False
    if place in coordinated(desk, office):
        return True
    return keeps_books(desk, office) and act in OF_SECRETARIAT
