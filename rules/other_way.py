"""When an office is told the same by another channel: never just because a delivery report is missing.

    told by A --no human sign within the rung's `other_way_after`----------------> told by the next channel of `by`
        |-----A refused it, or said afterwards that it was lost------------------> at once
        |-----not handed over yet, and A has been down for `down_for`------------> withdrawn from A first, then at once
        '-----filed, promised, answered, acknowledged, a later word, closed------> never

One way is always over before the next begins: a message that is being handed over, or may have been, is left alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rules.delivery import State
from rules.desk import Channel

LOOK_AGAIN = timedelta(minutes=1)
"""How soon we look again at something that is not over yet."""


class Turn(StrEnum):
    """What to do about another way. `withdraw`: only after the first was taken back."""

    WAIT = "wait"
    NEVER = "never"
    TELL = "tell"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Told:
    """Where telling an office by one channel stands.

    Args:
        current: its matter is open, not paused, in the same round, and has said no later word.
        state: of the message; None: it is in none yet.
        doubts: how often its outcome was unknown.
        settled_at: when the message was over; None while it is not.
        lost: the provider said that it did not arrive, or the address is gone.
        sign: a person of the office did something that only somebody who looked could do.
        passed_over: the channel has been down for long.
        free_at: from when a notice that is in no message may go.
    """

    current: bool
    state: State | None
    doubts: int
    settled_at: datetime | None
    lost: bool
    sign: bool
    passed_over: bool
    free_at: datetime


def decide(told: Told, after: timedelta | None, *, now: datetime) -> tuple[Turn, datetime | None]:
    """What to do, and when to look again if that is to wait.

    Args:
        after: how long a human sign is waited for; None: for ever.
    """
    if not told.current or told.state is State.CANCELLED:
        return Turn.NEVER, None
    if told.state is State.FAILED or told.lost:
        return Turn.TELL, None
    if told.state is None or (told.state is State.PENDING and not told.doubts):
        return (Turn.WITHDRAW, None) if told.passed_over else (Turn.WAIT, max(told.free_at, now + LOOK_AGAIN))
    if told.settled_at is None:
        return Turn.WAIT, now + LOOK_AGAIN
    if after is None or told.sign:
        return Turn.NEVER, None
    at = told.settled_at + after
    return (Turn.TELL, None) if at <= now else (Turn.WAIT, at)


def next_channel(
    by: Iterable[Channel], reaching: Collection[Channel], used: Collection[str], down: Collection[Channel]
) -> Channel | None:
    """The first channel of a rung that reaches the office, was not used for this yet, and is not down."""
    return next((c for c in by if c in reaching and c not in used and c not in down), None)
