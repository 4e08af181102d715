"""What of one programme goes out next, what is held, and what did not arrive today."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import table
from models.machine import clock
from models.matters.matters import Matter
from models.messages.messages import ENDED_BADLY, WAITING, Message
from models.messages.notices import PLANNED, Notice
from rules.delivery import State

LATELY = timedelta(hours=24)
_M = table(Message).c


class Going(NamedTuple):
    """`on_hold`: an operator, or the desk itself, holds all sending. `waiting`: messages that may go now.

    `held`: notices that wait, by why; `next_at`: when the first of them may go. `in_doubt` and `failed`: of a day.
    """

    on_hold: bool
    waiting: int
    held: Mapping[str, int]
    next_at: datetime | None
    in_doubt: int
    failed: int


def of(session: Session, programme_id: int, *, now: datetime) -> Going:
    """Count them; never whom they concern."""
    waiting = select(func.count()).where(WAITING, _M.programme_id == programme_id)
    planned = (
        select(Notice.held, func.count(), func.min(Notice.release_at))
        .join(Matter, Matter.id == Notice.matter_id)
        .where(PLANNED, Matter.programme_id == programme_id)
        .group_by(Notice.held)
    )
    badly = (
        select(_M.state, func.count())
        .where(ENDED_BADLY, _M.created_at > now - LATELY, _M.programme_id == programme_id)
        .group_by(_M.state)
    )
    rows = session.execute(planned).all()
    ended: dict[State, int] = dict(session.execute(badly).all())
    return Going(
        clock.marked(session, clock.HOLD) is not None,
        session.scalar(waiting) or 0,
        {str(held): count for held, count, _ in rows if held},
        min((first for _, _, first in rows), default=None),
        ended.get(State.IN_DOUBT, 0),
        ended.get(State.FAILED, 0),
    )
