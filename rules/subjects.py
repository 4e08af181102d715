"""What a person may ask about his own data (UU 27/2022), and what of it may be erased."""

from datetime import datetime, timedelta
from enum import StrEnum

ANSWERED = timedelta(hours=3 * 24)
"""By when data that are wrong are corrected: 3 x 24 hours after it was asked (UU 27/2022, article 30)."""

SHORTEST = 4
"""Fewest characters of a name that is looked for."""


class Asks(StrEnum):
    """What he asks for: to know what is kept, to have it corrected, to have erased what is over."""

    KNOW = "know"
    CORRECT = "correct"
    ERASE = "be erased"


def erasable(until: datetime | None, *, now: datetime) -> bool:
    """Whether a name or an address is no longer needed for a public task: its time in office is over."""
    return until is not None and until <= now
