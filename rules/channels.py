"""A channel that is down stops for everybody, and is tried with one message at a time until one gets through.

    up --a try, or a receipt, says that it is down--> down --a probe shows that it works--> up
                                                       |  ^
                                                       '--'  nothing learnt: the next probe after the policy's next wait

Our own fault or the provider's says nothing about a recipient: no try is spent on it.

What a probe shows depends on who said that it is down. The answer to a try: then an answer that takes the message, or
refuses its recipient, shows the contrary. A receipt, of a message that was taken (a suspended account, a blocked
sender): then to be taken shows nothing by itself. The channel works once a probe is delivered, or once one was taken
and no receipt has named the fault again by the time of the next.

An opening that fails may be one lost packet, or a server that starts anew. Only several in a row, of all workers
together, say that nobody is there.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from rules.receipts import Fate

WAITS = (timedelta(minutes=1),)
"""Between probes where no policy says anything."""


PATIENCE, HICCUP = 3, timedelta(seconds=30)
"""So many openings may fail, and a server may be away for so long, before its channel is down."""


class Sign(StrEnum):
    """What the end of a try, or a receipt, says about its channel."""

    WORKS = "works"
    TAKEN = "taken"  # which shows something only if nothing else is heard
    DOWN = "down"
    NOTHING = "nothing"


def sign(outcome: str, *, by_receipt: bool = False) -> Sign:
    """A refused recipient was refused by a channel that works; a busy one or a lost answer tells nothing.

    Args:
        by_receipt: the channel is down by the word of a receipt.
    """
    if outcome == "channel_down":
        return Sign.DOWN
    if by_receipt:
        return Sign.TAKEN if outcome == "accepted" else Sign.NOTHING
    return Sign.WORKS if outcome in ("accepted", "refused") else Sign.NOTHING


def heard(
    fate: Fate,
    *,
    ours: bool,
    tried_at: datetime,
    down_since: datetime | None,
    up_since: datetime | None,
    by_receipt: bool,
) -> Sign:
    """What a receipt says about its channel, however late and often it comes.

    Args:
        ours: it names a fault that is no recipient's.
        tried_at: when its message was tried; what went before the channel last came up tells of what is mended.
        up_since: when it last came up; None: it was never down.
    """
    if ours and fate.lost:
        return Sign.DOWN if up_since is None or tried_at >= up_since else Sign.NOTHING
    probed = by_receipt and down_since is not None and tried_at >= down_since
    return Sign.WORKS if probed and fate in (Fate.DELIVERED, Fate.READ) else Sign.NOTHING


def out_of_reach(failed: int, since: datetime, *, now: datetime) -> bool:
    """Whether so many openings in a row, the first at `since`, mean a channel that is down.

    Those of one moment are one hiccup, however many workers had it.
    """
    return failed >= PATIENCE and now - since >= HICCUP


def probe_at(probes: int, waits: Sequence[timedelta], *, now: datetime) -> datetime:
    """When to try again, after so many probes since it went down."""
    return now + waits[min(probes, len(waits) - 1)]
