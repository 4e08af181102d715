"""How far the warnings of a round have come. Only when all have ended may the chase go over the team's head."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GivenWarning:
    """How far one warning of a round has come.

    Args:
        waits: it is planned, and in no message yet.
        under_way: its message may still be tried, or is in doubt for a while.
        failed: it reached nobody.
        other_way: another channel is still looked for.
    """

    waits: bool = False
    under_way: bool = False
    failed: bool = False
    other_way: bool = False


def warned(warnings: Iterable[GivenWarning]) -> bool:
    """Whether all warnings of a round have ended, however they did: cooling begins then.

    `models.messages.untold` says the same in SQL; a test holds the two together.
    """
    return not any(w.waits or w.under_way or (w.failed and w.other_way) for w in warnings)
