"""How a try ended: written down by the worker that holds the claim, or ruled on when it fell silent."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import String, and_, bindparam, case, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from models import direct
from models.base import insert_new, new, table, without
from models.direct import fixed
from models.messages import spending
from models.messages.claiming import Claim, Said
from models.messages.messages import WAITING, Attempt, Message, may_move
from models.messages.spending import Charge
from rules.delivery import State, Verdict
from rules.desk import Channel

_T = table(Message)

NOT_TRIED = "not_tried"
UNWRITABLE = "unwritable"
REFUSED, MISADDRESSED, WITHDRAWN = "refused", "misaddressed", "withdrawn"
UNTRIED = frozenset({"moot", NOT_TRIED, UNWRITABLE, MISADDRESSED, WITHDRAWN})
"""Outcomes of claims by which nobody was called."""


class Outcome(NamedTuple):
    """What became of one claim.

    `outcome`: accepted, refused, temporary, unknown, channel_down, or one of UNTRIED. `cost`: rupiah that it may be
    charged, by the `carrier` of the number.
    """

    claim: Claim
    verdict: Verdict
    outcome: str
    provider_id: str | None = None
    said: Said = Said("", "", 0)
    cost: int = 0
    carrier: str = ""


def settle(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> list[int]:
    """Write how tries ended; the ids that were still ours. A claim that outlived its lease settles nothing.

    What follows from that is `services.ending`'s.
    """
    if not outcomes:
        return []
    settling = _settling(session.get_bind().dialect.name)
    rows = [_ended(outcome, now) for outcome in outcomes]
    held = {id for (id,) in direct.rows(session, settling, {"rows": rows})}
    kept = [o for o in outcomes if o.claim.id in held]
    tried = [_attempt(outcome, now) for outcome in kept if outcome.outcome != NOT_TRIED]
    insert_new(session, Attempt, tried)
    spending.charge(session, [_charge(outcome) for outcome in kept])
    return [o.claim.id for o in kept]


_OF_TRY = ("provider_id", "subject", "text", "segments")
_KEPT = ("state", "due_at", "settled_at", "why", *_OF_TRY)


@cache
def _settling(dialect: str) -> ReturningUpdate[Any]:
    """`tries` and `doubts` of the rows are what a try adds to those of the claim.

    A claim by which nobody was called leaves what the last try said, and its id, as they are. Where it ends in doubt,
    the second try that was decided on is not made: it did not arrive twice.
    """
    end = new(dialect, tuple(_T.c[name] for name in ("id", "fence", "tries", "doubts", *_KEPT)))
    unrepeated = and_(end.c.state == fixed(State.IN_DOUBT), end.c.tries == 0, _T.c.doubts <= 1)
    return (
        update(_T)
        .where(
            _T.c.id == end.c.id, _T.c.fence == end.c.fence, _T.c.state == fixed(State.SENDING), may_move(end.c.state)
        )
        .values(
            {name: end.c[name] for name in _KEPT}
            | {name: func.coalesce(end.c[name], _T.c[name]) for name in _OF_TRY}
            | {"repeated_at": case((unrepeated, None), else_=_T.c.repeated_at)}
            | {"bell_at": None, "tries": _T.c.tries - 1 + end.c.tries, "doubts": _T.c.doubts + end.c.doubts}
        )
        .returning(_T.c.id)
    )


def _ended(outcome: Outcome, now: datetime) -> dict[str, object]:
    claim, verdict = outcome.claim, outcome.verdict
    return {
        "id": claim.id,
        "fence": claim.fence,
        "tries": verdict.tries_spent,
        "doubts": int(verdict.state is State.IN_DOUBT and verdict.tries_spent > 0),
        "state": verdict.state,
        "due_at": verdict.due_at,
        "settled_at": now if verdict.due_at is None else None,
        "provider_id": outcome.provider_id,
        "why": verdict.why[:200],
        **(outcome.said._asdict() if outcome.said.text else dict.fromkeys(Said._fields)),
    }


def _attempt(outcome: Outcome, now: datetime) -> dict[str, object]:
    return {
        "message_id": outcome.claim.id,
        "number": outcome.claim.tries,
        "ended_at": now,
        "outcome": outcome.outcome,
        "why": outcome.verdict.why[:200],
        "provider_id": outcome.provider_id,
        "cost": outcome.cost,
    }


def _charge(outcome: Outcome) -> Charge:
    parts = max(outcome.said.segments, 1)
    return Charge(outcome.claim.id, outcome.claim.channel, outcome.carrier, parts, outcome.cost)


class Lost(NamedTuple):
    """A message whose worker fell silent, or whose doubt has lasted long enough."""

    id: int
    programme_id: int
    channel: Channel
    state: State
    doubts: int
    tries: int
    due_at: datetime


def lost(session: Session, *, now: datetime, limit: int = 500, aside: Collection[int] = ()) -> list[Lost]:
    """Messages being sent past their lease, and in doubt past their time, locked; `aside` as in `bells.ring`."""
    query = (
        select(*(_T.c[name] for name in Lost._fields))
        .where(WAITING, _T.c.due_at <= now, _T.c.state.in_([State.SENDING, State.IN_DOUBT]))
        .order_by(_T.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Lost(*row) for row in session.execute(without(query, _T.c.programme_id, aside))]


def rule_on(session: Session, id: int, verdict: Verdict, *, now: datetime) -> None:
    """Write what was decided about a lost message, under a new fence: its old worker settles nothing any more."""
    doubted = verdict.state is State.IN_DOUBT and verdict.due_at is not None
    again = {"repeated_at": now} if verdict.state is State.PENDING else {}
    write(session, id, verdict, now=now, doubts=_T.c.doubts + int(doubted), **again)


def write(session: Session, id: int, verdict: Verdict, *, now: datetime, **more: object) -> None:
    """Write a verdict on a message, and `more` columns, under a new fence."""
    change = (
        update(_T)
        .where(_T.c.id == id, may_move(bindparam("new_state", type_=String)))
        .values(
            state=bindparam("new_state"),
            due_at=verdict.due_at,
            bell_at=None,
            fence=_T.c.fence + 1,
            settled_at=now if verdict.due_at is None else None,
            why=verdict.why[:200],
            **more,
        )
    )
    session.connection().execute(change, {"new_state": verdict.state})
