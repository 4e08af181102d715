"""Counts that show how the machine is; never whom it concerns."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import false, func, select, update
from sqlalchemy.orm import Session

from models.machine import clock
from models.matters.matters import OPEN, Matter
from models.matters.tasks import Task
from models.messages import channels
from models.messages.messages import ENDED_BADLY, KEPT_BACK, WAITING, Message
from models.messages.notices import PLANNED, Notice
from rules.delivery import State
from rules.desk import Channel

MOST = 100_000
LATELY = timedelta(hours=24)


class Pulse(NamedTuple):
    """`swept_at`: when the clock last finished a turn; None: never. `on_hold`: why sending is held, or empty.

    `held_by_itself`: no operator ordered it. `down`: the channels that are down. `kept_back` counts messages written to
    the outbox folder instead of being sent, by trial mode or because no way out is set; `kept_back_lately`: in a day.
    Each kind is counted up to `MOST`: a monitor that asks every few seconds must not make us read a million rows.
    """

    swept_at: datetime | None
    on_hold: str
    held_by_itself: bool
    down: Sequence[Channel]
    open_matters: int
    notices_waiting: int
    messages_waiting: int
    messages_in_doubt: int
    messages_failed: int
    tasks_open: int
    kept_back: int
    kept_back_lately: int


class Waiting(NamedTuple):
    """Notices that are held for one reason, and when the first of them may go."""

    why: str
    notices: int
    first_at: datetime


def try_to_write(session: Session) -> None:
    """Write nothing, by a statement that a read-only database refuses. Raises: sqlalchemy.exc.DBAPIError."""
    session.execute(update(clock.Mark).where(false()).values(reason=""))


def held(session: Session) -> list[Waiting]:
    """What planned notices wait for, by reason."""
    rows = session.execute(
        select(Notice.held, func.count(), func.min(Notice.release_at)).where(PLANNED).group_by(Notice.held)
    )
    return [Waiting(why or "next turn", count, first_at) for why, count, first_at in rows]


def pulse(session: Session, *, now: datetime) -> Pulse:
    """The machine's figures now."""
    swept, held = clock.marked(session, clock.SWEEP), clock.marked(session, clock.HOLD)
    waiting = [
        select(Matter.id).where(OPEN),
        select(Notice.id).where(PLANNED),
        select(Message.id).where(WAITING),
        select(Message.id).where(ENDED_BADLY, Message.state == State.IN_DOUBT),
        select(Message.id).where(ENDED_BADLY, Message.state == State.FAILED),
        select(Task.id).where(Task.done_at.is_(None)),
        select(Message.id).where(KEPT_BACK),
        select(Message.id).where(KEPT_BACK, Message.settled_at > now - LATELY),
    ]
    counts = [select(func.count()).select_from(query.limit(MOST).subquery()) for query in waiting]
    return Pulse(
        swept[0] if swept else None,
        held[1] or "ditahan" if held else "",
        clock.marked(session, clock.UNORDERED) is not None,
        [channel for channel, known in channels.every(session).items() if known.down_since],
        *(session.scalar(count) or 0 for count in counts),
    )
