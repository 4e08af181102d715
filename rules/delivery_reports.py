"""Delivery reports: what a provider says later about a message it took, and what that makes of the message.

Keep three things apart: the message (what we did), the attempt (one call to a provider and how it ended), the
delivery report (what the provider said about that attempt afterwards).

    message   pending -> sending -> sent | in_doubt | failed          (rules/delivery.py)
    attempt   accepted | refused | temporary | unknown ...            appended, never changed
    report    accepted .. queued .. sent .. failed | undelivered | delivered .. read

Accepted is not delivered, and delivered is not done: only a filed report, a waiver or a cancellation ends a chase. A
delivery report never stops a chase and never sends anything again. It does three things:

- It settles a doubt: the provider speaks of the message, so it was accepted. If it did not arrive, that is shown and
  another way is looked for, as for any accepted message.
- If it says that the address is dead, it stops that channel for that office.
- If it names a fault of ours or the provider's, it stops the channel for everybody (`rules.channels`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from rules.delivery import State, Verdict

LONGEST_MAILBOX = 30
"""Characters before the @ of the address that bounces are collected at: with number and seal there may be 64."""


class Fate(StrEnum):
    """Where an attempt stood at the provider, in a fixed order: of all that was said, the last in this list counts.

    The words are Twilio's (`message_enum_status` of its OpenAPI document); `delayed` is a mail server's (RFC 3464,
    2.3.3).
    """

    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENDING = "sending"
    DELAYED = "delayed"
    SENT = "sent"
    CANCELED = "canceled"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    DELIVERED = "delivered"
    READ = "read"

    @property
    def lost(self) -> bool:
        """Whether it will not arrive any more."""
        return self in LOST


LOST = frozenset({Fate.CANCELED, Fate.FAILED, Fate.UNDELIVERED})
ARRIVED = frozenset({Fate.DELIVERED, Fate.READ})
_ORDER = tuple(Fate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One thing a provider said about a message; it is proved that the provider said it.

    Args:
        provider_id: of the attempt it is about; empty where the provider does not name attempts.
        code: the provider's own reason, without an address.
        dead: the code says that nothing will ever reach this address.
        ours: the code names a fault that is no recipient's (`rules.channels`).
        raw: the fields that were read, as they came.
    """

    message_id: int
    fate: Fate
    provider_id: str = ""
    code: str = ""
    dead: bool = False
    ours: bool = False
    raw: str = ""


def end(fates: Iterable[Fate]) -> Fate | None:
    """Where an attempt stands after everything that was said about it, in any order; None: nothing was said."""
    return max(fates, key=_ORDER.index, default=None)


def settles(state: State, *, doubts: int, known: bool) -> bool:
    """Whether a delivery report ends a doubt: the provider knows a try whose end we do not know.

    Args:
        known: it is about an attempt that has ended in our books; then it says nothing about any other.
    """
    return not known and doubts > 0 and state in (State.IN_DOUBT, State.PENDING)


def awaited(state: State, doubts: int, told_since: int, *, named: bool) -> bool:
    """Whether a try may exist whose provider id our books lack; if not, an unknown id is not ours.

    Args:
        doubts: how many tries ended so that nobody knows.
        told_since: of how many of these the provider has told since.
        named: our books have the id of some try.
    """
    return state is State.SENDING or doubts > told_since or (state is State.SENT and not named)


def settled(now: datetime) -> Verdict:
    """What becomes of a message whose doubt a delivery report has ended."""
    return Verdict(State.SENT, None, f"accepted: the provider told of it later ({now:%Y-%m-%d %H:%M} UTC)")


def kills(*, dead: bool, address_since: datetime, sent_at: datetime) -> bool:
    """Whether to give a contact up: the address is dead, and the message went to the address it still has."""
    return dead and address_since <= sent_at


ENOUGH, OFTEN = 10, 5
"""A carrier errs often if it called so many texts lost, and every fifth of them was answered from its own link."""


class Truth(NamedTuple):
    """What a carrier's delivery reports said of texts with a link, and from how many of these somebody answered.

    An answer from a text's own link proves that it arrived. That nobody answered proves nothing.
    """

    arrived: int = 0
    arrived_seen: int = 0
    lost: int = 0
    lost_seen: int = 0
    silent: int = 0
    silent_seen: int = 0

    @property
    def errs(self) -> bool:
        """Whether it often calls lost what arrived: then that alone is no reason to tell an office by another way."""
        return self.lost >= ENOUGH and self.lost_seen * OFTEN >= self.lost


def truth(said: Iterable[tuple[Fate | None, bool]]) -> Truth:
    """The truth of one carrier, from where each text stands at the provider and whether it was answered."""
    counts = Counter[str]()
    for fate, seen in said:
        name = "lost" if fate in LOST else "arrived" if fate in ARRIVED else "silent"
        counts[name] += 1
        counts[f"{name}_seen"] += seen
    return Truth(**counts)
