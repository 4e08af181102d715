"""Figures of the machine for whoever graphs them: counted from the database, since processes are several."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.matters import OPEN, Matter
from models.messages import WAITING, Attempt, Message
from rules.delivery import State
from rules.desk import Channel

WINDOW = timedelta(hours=1)


class Measures(NamedTuple):
    """`unnoticed`: how long the longest waiting matter is past its time. `queues`: by channel, how many messages wait
    and since when the oldest. `outcomes` of tries and `lags` from made to handed over are those of the last hour.
    """

    unnoticed: timedelta
    queues: Sequence[tuple[Channel, int, datetime]]
    outcomes: Sequence[tuple[Channel, str, int]]
    lags: Sequence[tuple[Channel, timedelta]]


def read(session: Session, *, now: datetime) -> Measures:
    """The figures now."""
    since = now - WINDOW
    first = session.scalar(select(func.min(Matter.next_at)).where(OPEN))
    waiting = select(Message.channel, func.count(), func.min(Message.created_at)).where(WAITING)
    tries = select(Message.channel, Attempt.outcome, func.count()).join(Message, Message.id == Attempt.message_id)
    sent = select(Message.channel, Message.created_at, Message.settled_at).where(
        Message.state == State.SENT, Message.settled_at >= since
    )
    return Measures(
        max(now - first, timedelta(0)) if first else timedelta(0),
        [(channel, n, at) for channel, n, at in session.execute(waiting.group_by(Message.channel))],
        [
            (channel, outcome, n)
            for channel, outcome, n in session.execute(
                tries.where(Attempt.ended_at >= since).group_by(Message.channel, Attempt.outcome)
            )
        ],
        [(channel, settled - made) for channel, made, settled in session.execute(sent) if settled],
    )
