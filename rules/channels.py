"""A channel that is down stops for everybody. One message at a time probes it until one gets through.

    up --a try, or a delivery report, says so--> down --a probe shows that it works--> up
                                                       |  ^
                                                       '--'  nothing learnt: the next probe after the policy's next wait

Our own fault or the provider's says nothing about a recipient: no try is spent on it.

What a probe shows depends on who said that the channel is down. If the answer to a try said so, any answer that takes
the message or refuses its recipient shows that it works. If a delivery report said so, about a message that was taken
(a suspended account, a blocked sender), then being taken shows nothing. The channel works once a probe is delivered,
or once one was taken and no delivery report has named the fault again by the time of the next.

Several mail domains that refuse alike in a row are not bad addresses either: our relay is at fault, or its name
server. The addresses are used again, and the mails wait.

One connection that fails may be a lost packet or a server that restarts. Only several in a row, counted over all
workers, say that nobody is there.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple

from rules.delivery_reports import ARRIVED, Fate

WAITS = (timedelta(minutes=1),)
"""Between probes where no policy says anything."""


PATIENCE, HICCUP = 3, timedelta(seconds=30)
"""How many connections may fail, and how long a server may be away, before its channel is down."""


class Sign(StrEnum):
    """What the end of a try, or a delivery report, says about its channel."""

    WORKS = "works"
    TAKEN = "taken"  # this counts only if nothing else is heard
    DOWN = "down"
    NOTHING = "nothing"


def sign(outcome: str, *, by_delivery_report: bool = False) -> Sign:
    """A channel that refuses a recipient works. A busy one, or a lost answer, says nothing.

    Args:
        by_delivery_report: the channel is down by the word of a delivery report.
    """
    if outcome == "channel_down":
        return Sign.DOWN
    if by_delivery_report:
        return Sign.TAKEN if outcome == "accepted" else Sign.NOTHING
    return Sign.WORKS if outcome in ("accepted", "refused") else Sign.NOTHING


def heard(
    fate: Fate,
    *,
    ours: bool,
    tried_at: datetime,
    down_since: datetime | None,
    up_since: datetime | None,
    by_delivery_report: bool,
) -> Sign:
    """What a delivery report says about its channel, however late and often it comes.

    Args:
        ours: it names a fault that is no recipient's.
        tried_at: when its message was tried. A try from before the channel last came up tells of a fault that is
            mended.
        up_since: when it last came up; None: it was never down.
    """
    if ours and fate.lost:
        return Sign.DOWN if up_since is None or tried_at >= up_since else Sign.NOTHING
    probed = by_delivery_report and down_since is not None and tried_at >= down_since
    return Sign.WORKS if probed and fate in ARRIVED else Sign.NOTHING


ALIKE, DOMAINS = 3, 2
"""This many refusals of one kind in a row, from this many mail domains, do not mean bad addresses."""

_REFUSAL = re.compile(r"(?:\b(5\.\d{1,3}\.\d{1,3})\b.*)?\((5\d\d)\)")


class Tried(NamedTuple):
    """A try that a mail server refused for good, or that ended otherwise: then `answer` is empty."""

    message_id: int
    domain: str
    answer: str


def answer(outcome: str, why: str) -> str:
    """What a server refused with, by its codes; empty: it took the mail, or may take it later."""
    codes = _REFUSAL.search(why) if outcome in ("refused", "temporary", "channel_down") else None
    return f"{codes[2]} {codes[1] or ''}".strip() if codes else ""


def alike(tries: Sequence[Tried]) -> list[Tried]:
    """The last tries in a row that several domains refused alike: the channel is at fault, not the recipients.

    Args:
        tries: the newest first.
    """
    row = list(takewhile(lambda tried: tried.answer and tried.answer == tries[0].answer, tries))
    many = len({tried.message_id for tried in row}) >= ALIKE and len({tried.domain for tried in row}) >= DOMAINS
    return row if many else []


def out_of_reach(failed: int, since: datetime, *, now: datetime) -> bool:
    """Whether this many failed connections in a row, the first at `since`, mean a channel that is down.

    Failures at one moment are one hiccup, however many workers had it.
    """
    return failed >= PATIENCE and now - since >= HICCUP


def probe_at(probes: int, waits: Sequence[timedelta], *, now: datetime) -> datetime:
    """When to try again, after this many probes since it went down."""
    return now + waits[min(probes, len(waits) - 1)]
