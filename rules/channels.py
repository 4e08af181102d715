"""A channel that is down stops for everybody, and is tried with one message at a time until one gets through.

    up --channel down--> down --a probe was accepted, or its recipient refused--> up
                          |  ^
                          '--'  nothing learnt: the next probe after the policy's next wait

Our own fault or the provider's says nothing about a recipient: no try is spent on it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

WAITS = (timedelta(minutes=1),)
"""Between probes where no policy says anything."""


class Sign(StrEnum):
    """What the end of a try says about its channel."""

    WORKS = "works"
    DOWN = "down"
    NOTHING = "nothing"


def sign(outcome: str) -> Sign:
    """A refused recipient was refused by a channel that works; a busy one or a lost answer tells nothing."""
    if outcome in ("accepted", "refused"):
        return Sign.WORKS
    return Sign.DOWN if outcome == "channel_down" else Sign.NOTHING


def probe_at(probes: int, waits: Sequence[timedelta], *, now: datetime) -> datetime:
    """When to try again, after so many probes since it went down."""
    return now + waits[min(probes, len(waits) - 1)]
