"""Which problems are confided to a few offices, as a report that is known as of a moment asks."""

from collections.abc import Set
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from models import direct
from models.base import table
from models.direct import fixed
from models.matters.issues import Issue, IssueEvent, Step
from models.matters.matters import PROBLEM, Matter


class Confided(NamedTuple):
    """The problems that a report does not tell of. `places`: area and category, and area and indicator, of each that
    was open in its time.
    """

    problems: Set[int]
    places: Set[tuple[str, str]]

    @property
    def areas(self) -> Set[str]:
        return {area for area, _ in self.places}


_M, _I, _E = table(Matter), table(Issue), table(IssueEvent)
_OWN = select(_I.c.id).join_from(_M, _I, _I.c.id == _M.c.id).where(PROBLEM, _M.c.programme_id == bindparam("programme"))
_SECRET = _OWN.where(_I.c.restricted.is_(True))
_TURNS = (
    select(_E.c.issue_id, _E.c.step)
    .where(_E.c.issue_id.in_(_OWN), _E.c.at > bindparam("known_at"))
    .where(or_(_E.c.step == fixed(Step.RESTRICTED), _E.c.step == fixed(Step.UNRESTRICTED)))
    .order_by(_E.c.at.desc(), _E.c.id.desc())
)
_OPEN = _OWN.add_columns(_M.c.area, _I.c.category, _I.c.indicator).where(
    _I.c.resolved_at.is_(None) | (_I.c.resolved_at >= bindparam("since"))
)


def known(session: Session, programme_id: int, *, since: datetime, known_at: datetime) -> Confided:
    """What was confided at a moment, and where, of what was open at some time since then."""
    secret = problems(session, programme_id, known_at=known_at)
    if not secret:  # nearly always
        return Confided(secret, frozenset())
    rows = [
        row for id, *row in direct.rows(session, _OPEN, {"programme": programme_id, "since": since}) if id in secret
    ]
    return Confided(secret, {(str(area), str(what)) for area, *both in rows for what in both if what})


def problems(session: Session, programme_id: int, *, known_at: datetime) -> Set[int]:
    """Those that are restricted now, and those that were at that moment: what is confided later is not told either.

    What was opened as restricted has no step that says so: the first step after the moment says what it was before.
    """
    session.flush()  # what was confided a moment ago counts
    asked = {"programme": programme_id, "known_at": known_at}
    first: dict[int, Step] = dict(direct.rows(session, _TURNS, asked))
    then = {id for id, step in first.items() if step is Step.UNRESTRICTED}
    return {id for (id,) in direct.rows(session, _SECRET, {"programme": programme_id})} | then


def places(session: Session, programme_id: int, *, since: datetime, known_at: datetime) -> Set[tuple[str, str]]:
    """Where such problems lie that were open at some time since then."""
    return known(session, programme_id, since=since, known_at=known_at).places
