"""Why a report came late or not at all: because of the team, or because of us. Nobody is blamed for what he could not
know.

The first that is true, in this order:

    lost           it may have come in a time of which the books were lost, and could hardly be sent again; or it was
                   due then, and nobody knows what it was told
    stopped        the desk stood still when the report was due, or all the time in which it could be filed
    told_late      the office was told, but only after the due time, or too late to answer
    too_dear       nothing of what was to tell it arrived, and the budget for messages held some of it back
    not_reached    everything that was to tell it is known not to have arrived, or it could not be told at all
    own            none of these, and it is a report that the desk itself owes
    team           none of these
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from rules import costs, moot
from rules.delivery import State
from rules.dispatch import Held, NoticeState

TOLERATED = timedelta(minutes=10)
"""A message may leave this much later than the ladder asks and still be in time; the desk promises one minute."""

OF_USE = timedelta(hours=1)
"""What leaves this long before the due time is of use, however much earlier the ladder asked for it."""


class Cause(StrEnum):
    """Why a report is late or missing."""

    LOST = "lost"
    STOPPED = "stopped"
    TOLD_LATE = "told_late"
    TOO_DEAR = "too_dear"
    NOT_REACHED = "not_reached"
    OWN = "own"
    TEAM = "team"

    @property
    def ours(self) -> bool:
        return self is not Cause.TEAM


CAUSES = {
    Cause.LOST: "catatan kami hilang",
    Cause.STOPPED: "sistem Tim DESK terhenti",
    Cause.TOLD_LATE: "terlambat kami beri tahu",
    Cause.TOO_DEAR: "anggaran pesan terpakai",
    Cause.NOT_REACHED: "pemberitahuan tidak sampai",
    Cause.OWN: "laporan Tim DESK sendiri",
    Cause.TEAM: "di pihak tim",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """A time in which no clock of the desk turned, or of which the books were lost."""

    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """One telling of the reporter before or at the due time, as the ladder asked for it.

    Args:
        asked_at: when it was to be told, quiet hours and closed days reckoned with.
        left_at: when a provider took it; None: it never left.
        lost: it is known that it did not arrive, or that no channel reaches the office.
        too_dear: the budget for messages held it back.
    """

    asked_at: datetime
    left_at: datetime | None
    lost: bool
    too_dear: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """A decision to tell the reporter, and what became of it.

    Args:
        asked_at: see `Word`.
        reason: why it was not told after all.
        message: the state of the message it went into; None: it went into none.
        left_at: when a provider took that message, or may have.
        lost: the provider said that it did not arrive, or it was only written to the outbox folder.
    """

    asked_at: datetime
    state: NoticeState
    held: Held
    reason: str
    message: State | None = None
    left_at: datetime | None = None
    lost: bool = False


def word(telling: Telling, *, now: datetime) -> Word | None:
    """What a decision says about whether the reporter knew. None: nothing, as when he had asked for time, or when it
    is still on its way.
    """
    if telling.state is NoticeState.NOBODY or telling.message is State.FAILED:
        return Word(telling.asked_at, None, lost=True, too_dear=telling.reason == costs.TOO_DEAR)
    if telling.left_at is not None:
        return Word(telling.asked_at, telling.left_at, telling.lost)
    came_too_late = telling.state is NoticeState.MOOT and telling.reason == moot.TOO_LATE
    waits = telling.state is NoticeState.PLANNED and telling.held is not Held.PROMISE
    stuck = (waits or telling.message in (State.PENDING, State.SENDING)) and now > telling.asked_at + TOLERATED
    return Word(telling.asked_at, None, lost=False) if came_too_late or stuck else None


class Asked(NamedTuple):
    """A report that is late or missing. `closes_at`: until when it was taken; None: for good. `came`: it is there.
    `own`: the desk itself owes it.
    """

    opens_at: datetime
    judged_by: datetime
    closes_at: datetime | None = None
    came: bool = False
    own: bool = False


def cause(words: Sequence[Word], stops: Iterable[Stop], asked: Asked, *, lost: Sequence[Stop] = ()) -> Cause:
    """Why a report that was not there in time was not. Words asked for after `judged_by` do not count.

    Args:
        lost: the times of which the books were lost; each ends when whoever owed a report was asked for it again.
    """
    if any(_may_have_come(asked, gap) for gap in lost):
        return Cause.LOST
    opens_at, judged_by = asked.opens_at, asked.judged_by
    words = [word for word in words if word.asked_at <= judged_by]
    if stop := next((own for own in stops if _in_the_way(own, opens_at, judged_by)), None):
        return Cause.LOST if any(_within(stop, gap) for gap in lost) else Cause.STOPPED
    arrived = [word.left_at for word in words if word.left_at is not None and not word.lost]
    if words and not arrived:
        return Cause.TOO_DEAR if any(word.too_dear for word in words) else Cause.NOT_REACHED
    if words and min(arrived) > _in_time(words, judged_by):
        return Cause.TOLD_LATE
    return Cause.OWN if asked.own else Cause.TEAM


def _may_have_come(asked: Asked, gap: Stop) -> bool:
    """Whether it may be among what was lost, and it was taken no longer, or hardly, when it was asked for again."""
    closes_at = asked.closes_at
    ended = closes_at is not None and gap.began_at < closes_at < gap.ended_at + OF_USE
    return not asked.came and ended and asked.opens_at < gap.ended_at


def _within(stop: Stop, gap: Stop) -> bool:
    """Whether the desk only seems to have stood still then: it went on, and its books of that time were lost."""
    return gap.began_at <= stop.began_at and stop.ended_at <= gap.ended_at + TOLERATED


def _in_the_way(stop: Stop, opens_at: datetime, judged_by: datetime) -> bool:
    at_the_due_time = stop.began_at <= judged_by < stop.ended_at
    return at_the_due_time or (stop.began_at <= opens_at and stop.ended_at >= judged_by)


def _in_time(words: Sequence[Word], judged_by: datetime) -> datetime:
    """By when the first message had to leave: as the ladder asked, or early enough before the due time."""
    first = min(word.asked_at for word in words)
    return max(first + TOLERATED, judged_by - OF_USE)
