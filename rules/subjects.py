"""What a person may ask about his own data (UU 27/2022), and what of it may be erased."""

from datetime import datetime, timedelta
from enum import StrEnum

from rules.indonesian import number

ANSWERED = timedelta(hours=3 * 24)
"""By when data that are wrong are corrected: 3 x 24 hours after it was asked (UU 27/2022, article 30)."""

SHORTEST = 4
"""Fewest characters of a name that is looked for."""


class Asks(StrEnum):
    """What he asks for: to know what is kept, to have it corrected, to have erased what is over."""

    KNOW = "know"
    CORRECT = "correct"
    ERASE = "be erased"


def erased(contacts: int, names: int, messages: int) -> str:
    """What an erasure takes out, or took: `2 kontak, 1 nama, dan isi 3 pesan masuk`."""
    return f"{number(contacts)} kontak, {number(names)} nama, dan isi {number(messages)} pesan masuk"


def erasable(until: datetime | None, *, now: datetime) -> bool:
    """Whether a name or an address is no longer needed for a public task: its time in office is over."""
    return until is not None and until <= now
