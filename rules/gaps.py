"""A gap in the books: an older copy of them was put back, and nothing is known of what happened since it was made.

What is told afterwards must be true, and no number may come to mean something else.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from rules.filing import judged_by

RESEND = timedelta(hours=6)
"""So long a report is waited for that may have been lost with the books, counted from when sending goes on."""

AGAIN = timedelta(days=3)
"""So long after a gap what the clock tells of a time within it may be a second telling."""


class Seen(NamedTuple):
    """How far the books were when last looked at. `identity`: what was loaded first and when; a copy has the same.

    `withdrawn`: the ids of contacts of which their receivers had said "bukan saya".
    """

    identity: str
    swept_at: datetime
    receipts: int
    messages: int
    withdrawn: tuple[int, ...] = ()


def behind(seen: Seen, books: Seen) -> bool:
    """Whether these books are an older copy of those that were seen. Of another database nothing is known."""
    fewer = books.receipts < seen.receipts or books.messages < seen.messages
    return seen.identity == books.identity and (fewer or books.swept_at < seen.swept_at)


def floor(highest: int, *, step: int) -> int:
    """The first number to give after a gap, so far above the highest known one that no lost one is given again.

    At least half a `step` lies between, and the first of a round number is easy to recognise: 30 -> 1001.
    """
    return (highest + step // 2) // step * step + step + 1


RECEIPTS, CODES = 10_000, 1_000
"""Steps of receipts of all desks, and of the numbers of one desk's reports, problems and the like."""


def waited_until(
    due_at: datetime, extended_until: datetime | None, closes_after: datetime | None, *, now: datetime
) -> datetime | None:
    """Until when a report is waited for that may be lost; None: its own time is later, or nobody waits any more."""
    until = min(now + RESEND, closes_after) if closes_after else now + RESEND
    return until if until > max(now, judged_by(due_at, extended_until)) else None
