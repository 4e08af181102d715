"""A report that is owed, locked while something is done about it; and what its reporter is told of that."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.matters import numbers, obligations
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.messages import notices
from models.messages.notices import About, To
from models.offices import offices
from models.offices.offices import Office
from rules import people
from rules.desk import Channel
from rules.filing import NotOwed, NotTaken
from rules.ladder import Say, preferred
from rules.programme import Programme


def locked(session: Session, key: str) -> tuple[Matter, Obligation]:
    """An obligation by its key or number, its matter locked: two reports of one obligation wait for each other.

    Raises:
        NotOwed: there is none, or several desks have the number.
    """
    owed = obligations.locked(session, key)
    if owed is None:
        raise NotOwed(numbers.unnamed(session, key, "no such report is owed: see ./desk status"))
    return owed


def office_of(session: Session, programme: Programme, code: str) -> Office:
    """The row of an office of this desk. Raises: NotTaken when there is none."""
    office = offices.by_code(session, programme.desk.code, code)
    if office is None:
        raise NotTaken(f"{code!r}: no such office at {programme.desk.code}: see its file in config/desks")
    return office


def tell_reporter(
    session: Session, programme: Programme, matter: Matter, say: Say, occasion: str, round: int, now: datetime
) -> None:
    """A notice to the office that files for the area, by the first channel that reaches it."""
    reporter, _ = people.owing(programme.desk, matter.area)
    tell(session, programme, reporter, About(matter.id, matter.ladder, round, occasion), say, now=now)


def tell(
    session: Session,
    programme: Programme,
    code: str,
    about: About,
    say: Say,
    *,
    urgent: bool = False,
    by: Sequence[Channel] = (),
    now: datetime,
) -> bool:
    """A notice to an office by the first channel that reaches it; whether one does.

    `by`: an order of preference; none: that of receipts.
    """
    office = offices.reach(session, programme.desk.code, code)[code]
    new = office.unconfirmed if programme.policy.roll_call else frozenset[Channel]()
    ways = by or programme.policy.receipt_by or tuple(Channel)
    channel: Channel | None = next(iter(preferred(ways, office.channels, new)), None)
    if channel is None:
        return False
    to = To(office.id, programme.desk.office(code).zone, channel)
    notices.add(session, [notices.new(programme, about, to, say, urgent=urgent, now=now)])
    return True
