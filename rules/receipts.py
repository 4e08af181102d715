"""What providers tell us later about a message they took, and what it makes of the message.

Three things that are never one: the message (what we did), the attempt (one call to a provider and how it ended), the
receipt (what the provider said of that attempt afterwards).

    message   pending -> sending -> sent | in_doubt | failed          (rules/delivery.py)
    attempt   accepted | refused | temporary | unknown ...            appended, never changed
    receipt   accepted .. queued .. sent .. failed | undelivered | delivered .. read

Accepted is not delivered, and delivered is not done: only a report, a waiver or a cancellation ends a chase. A receipt
never stops one and never sends anything again. It does three things: it settles a doubt, for what a provider tells of
was accepted, even where it did not arrive (that is shown, and another way looked for, as of anything accepted); one
that says that the address is dead stops that channel for that office; and one that names a fault of ours or of the
provider's stops the channel for everybody (`rules.channels`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.delivery import State, Verdict


class Fate(StrEnum):
    """Where an attempt stood at the provider, in a fixed order: of all that was ever said the last here counts.

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
_ORDER = tuple(Fate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One thing a provider said of a message, proved to be the provider's.

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
    """Where an attempt stands after all that was said of it, in whatever order it came; None: nothing was said."""
    return max(fates, key=_ORDER.index, default=None)


def settles(state: State, *, doubts: int, known: bool) -> bool:
    """Whether a receipt tells the end of a doubt: the provider knows a try of which we know no end.

    Args:
        known: it is about an attempt that has ended in our books; then it says nothing about any other.
    """
    return not known and doubts > 0 and state in (State.IN_DOUBT, State.PENDING)


def settled(now: datetime) -> Verdict:
    """What becomes of a message whose doubt a receipt has ended."""
    return Verdict(State.SENT, None, f"accepted: the provider told of it later ({now:%Y-%m-%d %H:%M} UTC)")


def kills(*, dead: bool, address_since: datetime, sent_at: datetime) -> bool:
    """Whether a contact is given up: the address is dead, and it is still the one that the message went to."""
    return dead and address_since <= sent_at
