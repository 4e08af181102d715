"""A gap in the books: an older copy of them was put back, and nothing is known of what happened since it was made.

What is told afterwards must be true, and no number may come to mean something else.
"""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from rules.filing import judged_by

RESEND = timedelta(hours=6)
"""So long a report is waited for that may have been lost with the books, counted from when sending goes on."""

AGAIN = timedelta(days=3)
"""So long after a gap what the clock tells of a time within it may be a second telling."""


EXPLAINED = timedelta(days=30)
"""So long after a gap a provider's news of a message that the books do not know is of what was lost in it."""


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


_CODE = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{1,2}-\d{4}(?:-\d+)?(?![0-9])")


class Left(NamedTuple):
    """What left in a gap, as its provider says. `codes`: the matters that its words name; empty: not known, or none."""

    at: datetime
    codes: frozenset[str]


def named_in(words: str) -> frozenset[str]:
    """The numbers of matters in a text: R-0805, A-0012-1."""
    return frozenset(_CODE.findall(words))


def told(left: Left, *, code: str, since: datetime) -> bool:
    """Whether what left may have told of a matter, which began at `since`: it names that one, or we do not know."""
    return since <= left.at and (code in left.codes or not left.codes)


def may_be(left: Left, *, codes: frozenset[str], created_at: datetime) -> bool:
    """Whether what left is a message that the copy had not written yet: it tells of the same matters."""
    return bool(codes) and left.codes == codes and created_at <= left.at
