"""What messages cost, how the budgets stand, and more money for one of them."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from sqlalchemy.orm import Session

from config.errors import ConfigError
from jobs.operator import acting
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk.changes import Hand
from models.messages import spending as books
from models.messages.spending import BudgetRaise, Spent
from rules.costs import Stand
from rules.programme import Programme
from services import spending


class Budget(NamedTuple):
    """How the budget of one election stands. `unmailed`: the titles of offices that no mail reaches."""

    programme: str
    election: str
    stand: Stand
    spent: Sequence[Spent]
    raises: Sequence[BudgetRaise] = ()
    unmailed: Sequence[str] = ()
    closed: bool = False


def look(rt: Runtime) -> list[Budget]:
    """Every live election whose policy has prices."""
    with rt.sessions.begin() as session:
        return [_look(rt, session, id) for id, own in rt.live(session).items() if own.policy.costs.prices]


def closed(rt: Runtime) -> list[Budget]:
    """Every closed election whose messages cost something, the last that was closed first."""
    with rt.sessions.begin() as session:
        found = spending.closed(session, partial(_past, rt, session))
        return [Budget(own.code, own.code, own.stand, books.by_carrier(session, own.id), closed=True) for own in found]


def _past(rt: Runtime, session: Session, id: int) -> Programme | None:
    with suppress(ConfigError):
        return rt.past(session, id)
    return None


def fits(rt: Runtime, code: str, rupiah: int, *, by: str, reason: str) -> str:
    """The desk of a live election, if this sum may be added to its budget. Raises: Refusal: as `raise_`."""
    with rt.sessions.begin() as session, acting.answered():
        programme = _live(rt, session, code)[1]
        spending.check(programme, rupiah, reason)
        acting.hand(session, programme, by)
        return programme.desk.code


def raise_(rt: Runtime, code: str, rupiah: int, *, by: str | Hand, reason: str) -> Budget:
    """Add to the budget of an election, in the name of an office.

    Raises:
        Refusal: there is no such live election, no such office, no budget, no reason, or it is no sum.
    """
    with rt.sessions.begin() as session, acting.answered():
        id, programme = _live(rt, session, code)
        hand = by if isinstance(by, Hand) else acting.hand(session, programme, by)
        spending.raise_budget(session, id, programme, rupiah, hand, reason, now=rt.clock(session))
        return _look(rt, session, id)


def _live(rt: Runtime, session: Session, code: str) -> tuple[int, Programme]:
    live = rt.live(session)
    for id, programme in live.items():
        if programme.code == code:
            return id, programme
    raise Refusal(f"{code!r}: no such election is live: {', '.join(own.code for own in live.values())}")


def _look(rt: Runtime, session: Session, id: int) -> Budget:
    programme = rt.programme(session, id)
    stand = spending.stand(session, id, programme)
    spent, raises = books.by_carrier(session, id), books.raises(session, id)
    unmailed = spending.unmailed(session, programme)
    return Budget(programme.code, programme.election.short, stand, spent, raises, unmailed)
