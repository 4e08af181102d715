"""Counts that show how the machine is; never whom it concerns."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import channels, clock
from models.matters import OPEN, Matter
from models.messages import ENDED_BADLY, WAITING, Message
from models.notices import PLANNED, Notice
from models.tasks import Task
from rules.delivery import State
from rules.desk import Channel

MOST = 100_000


class Pulse(NamedTuple):
    """`swept_at`: when the clock last finished a turn; None: never. `on_hold`: why sending is held, or empty.

    `held_by_itself`: no operator said so. `down`: the channels that are down. Of each kind no more than `MOST` are
    counted: whoever asks every few seconds must not have a million rows read.
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


class Waiting(NamedTuple):
    """Notices that are held for one reason, and when the first of them may go."""

    why: str
    notices: int
    first_at: datetime


def held(session: Session) -> list[Waiting]:
    """What planned notices wait for, by reason."""
    rows = session.execute(
        select(Notice.held, func.count(), func.min(Notice.release_at)).where(PLANNED).group_by(Notice.held)
    )
    return [Waiting(why or "next turn", count, first_at) for why, count, first_at in rows]


def pulse(session: Session) -> Pulse:
    """The machine's figures now."""
    swept, held = clock.marked(session, clock.SWEEP), clock.marked(session, clock.HOLD)
    waiting = [
        select(Matter.id).where(OPEN),
        select(Notice.id).where(PLANNED),
        select(Message.id).where(WAITING),
        select(Message.id).where(ENDED_BADLY, Message.state == State.IN_DOUBT),
        select(Message.id).where(ENDED_BADLY, Message.state == State.FAILED),
        select(Task.id).where(Task.done_at.is_(None)),
    ]
    counts = [select(func.count()).select_from(query.limit(MOST).subquery()) for query in waiting]
    return Pulse(
        swept[0] if swept else None,
        held[1] or "ditahan" if held else "",
        clock.marked(session, clock.UNORDERED) is not None,
        [channel for channel, known in channels.every(session).items() if known.down_since],
        *(session.scalar(count) or 0 for count in counts),
    )
