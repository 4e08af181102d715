"""Everything that is chased has an outcome: the first of a fixed order that holds. If none holds, a promise is
broken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rules.filing import Standing
from rules.ladder import paused


class Outcome(StrEnum):
    """What may be said of a due obligation, a problem or a task, in the order in which it is asked."""

    RECEIVED = "received"
    WAIVED = "waived"
    CANCELLED = "cancelled"
    CLOSED = "closed"  # its closing time passed; it stays missing
    ON_HOLD = "on_hold"  # the hold switch
    PROMISED = "promised"
    ACKNOWLEDGED = "acknowledged"
    HELD = "held"  # a notice waits for quiet hours, a cap, a merge
    ON_ITS_WAY = "on_its_way"  # a message is pending or being sent
    IN_DOUBT = "in_doubt"
    CHASED = "chased"  # told within its step; the next look is ahead
    EXHAUSTED = "exhausted"  # the last rung was told; waits for its closing time, or for somebody to end it
    BROKEN = "broken"


def failure(*, broken: int, unordered: str, cut_off: bool, unread: Sequence[str] = ()) -> str:
    """Why the monitor outside must hear of a failure, in words that name nobody; empty: there is none.

    These are failures that nobody inside can be told of, or that may mean the clock is not working.

    Args:
        broken: how many promises are broken.
        unordered: why sending is on hold though no operator ordered it. An operator's own hold is no failure.
        cut_off: no channel that reaches a secretariat works.
        unread: the codes of programmes that cannot be read.
    """
    reasons = (
        f"sending is on hold by itself: {unordered}" if unordered else "",
        "no channel that reaches the secretariat works" if cut_off else "",
        f"cannot be read: {', '.join(unread)}" if unread else "",
        f"without an outcome: {broken}" if broken else "",
    )
    return "; ".join(reason for reason in reasons if reason)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the books say of one due obligation, or of a problem or a task, which have no `standing`.

    `returned`: it was received, and something is to be improved.
    """

    standing: Standing | None
    closed_at: datetime | None
    next_at: datetime | None
    reached: int
    last_rung: bool
    promised_until: datetime | None
    acknowledged_until: datetime | None
    notices_held: int
    messages_waiting: int
    messages_in_doubt: int
    on_hold: bool
    returned: bool = False


def outcome(evidence: Evidence, *, slack: timedelta, now: datetime) -> Outcome:
    """The first outcome that holds.

    Args:
        slack: how far a look may lie in the past before the clock has broken its promise.
    """
    by_standing = {
        Standing.RECEIVED: Outcome.RECEIVED,
        Standing.WAIVED: Outcome.WAIVED,
        Standing.CANCELLED: Outcome.CANCELLED,
    }
    chased_again = evidence.returned and evidence.closed_at is None
    if evidence.standing in by_standing and not chased_again:
        return by_standing[evidence.standing]
    waits_for_somebody = evidence.standing is None and evidence.next_at is None and evidence.last_rung
    looked_after = waits_for_somebody or (evidence.next_at is not None and now <= evidence.next_at + slack)
    answers = (
        (Outcome.CLOSED, evidence.closed_at is not None),
        (Outcome.ON_HOLD, evidence.on_hold),
        (Outcome.PROMISED, paused(now, evidence.promised_until) is not None and looked_after),
        (Outcome.ACKNOWLEDGED, paused(now, evidence.acknowledged_until) is not None and looked_after),
        (Outcome.HELD, evidence.notices_held > 0 and looked_after),
        (Outcome.ON_ITS_WAY, evidence.messages_waiting > 0 and looked_after),
        (Outcome.IN_DOUBT, evidence.messages_in_doubt > 0 and looked_after),
        (Outcome.EXHAUSTED, evidence.last_rung and looked_after),
        (Outcome.CHASED, looked_after),
    )
    return next((answer for answer, holds in answers if holds), Outcome.BROKEN)
