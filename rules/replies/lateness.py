"""Whether what somebody wrote is read so late that it may not hold any more."""

from collections.abc import Iterable
from datetime import datetime, timedelta

LATE = timedelta(hours=2)
"""A mail may lie so long before it is read: a server was away, or the desk stood still."""


def late(written_at: datetime, gaps: Iterable[datetime], *, now: datetime) -> bool:
    """Whether it must be asked about before anything follows.

    Args:
        gaps: when older copies of the books were put back: of what followed on what was written before, nothing is
            known any more.
    """
    return now - written_at > LATE or any(written_at <= ended_at for ended_at in gaps)
