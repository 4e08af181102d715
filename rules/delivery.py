"""The four bad ends of a try, and what each makes of the message. Classes exist because we act in four ways.

    message     pending --claim--> sending --accepted--> sent          accepted is not delivered
                 ^  |                 |----refused-----> failed        or given up after the policy's tries
                 |  |                 |----lost answer-> in_doubt      or the worker fell silent
                 |  |                 |----moot--------> cancelled     nothing of it is owed, and none is in doubt
                 |  |                 |
                 |  |--taken back into a later message-> cancelled
                 |  '--to be tried once more, and the provider tells of the first try -> sent
                 |--busy, channel down, not tried----- sending
                 |--asked, or a mail once more-------- in_doubt        in_doubt -> sent, once the provider tells of it
                 '--an operator asks once more-------- failed, in_doubt

    attempt     one call to a provider, appended when the message is settled, never changed:
                accepted | refused | temporary | unknown | channel_down | lost (its worker fell silent)
                moot: nobody was called, for nothing in it was owed any more
                unwritable, misaddressed, withdrawn: nobody was called, for there was no text, or no address
                found: an unknown or lost one that the provider told of later, or when it was asked

    delivery report: what the provider said afterwards (rules/delivery_reports.py)

`MOVES` is the upper drawing as data. Every UPDATE of a message's state asks it in its WHERE, so a move that is not
drawn here cannot happen, whoever writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rules.desk import Channel
from rules.policy import Delivery


class DeliveryError(Exception):
    """A try that did not end in acceptance; `code` is the provider's own. Never holds an address."""

    def __init__(self, why: str, *, code: str = "") -> None:
        super().__init__(f"{why} ({code})" if code else why)
        self.why = why
        self.code = code


class Refused(DeliveryError):
    """This recipient will not take it: no such number, address unknown, opted out."""


class Misaddressed(Refused):
    """What is written down is no address of this channel: nobody was asked."""


class Temporary(DeliveryError):
    """Not accepted, but a later try may work: throttled, busy, connection refused.

    Args:
        wait: how long the provider asked to be left alone, zero or less if it did not; not yet bounded.
        reached: whether the server heard who the recipient is. If it did not, it cannot be the recipient's fault.
    """

    def __init__(self, why: str, *, code: str = "", wait: timedelta = timedelta(0), reached: bool = True) -> None:
        super().__init__(why, code=code)
        self.wait = wait
        self.reached = reached


class Unknown(DeliveryError):
    """It may have been accepted: the answer was lost. Ask before any second try."""


class ChannelDown(DeliveryError):
    """Nobody can be reached this way: wrong password, no credit, sender blocked."""


class Unwritable(DeliveryError):
    """No text could be made: a row or a template makes no sense. Nobody was called."""


class State(StrEnum):
    """Where a message is; drawn above."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    IN_DOUBT = "in_doubt"
    FAILED = "failed"
    CANCELLED = "cancelled"


def possibly_doubled(state: State, *, doubts: int, repeated: bool) -> bool:
    """Whether a message may have arrived twice: a second try left, or may have left, after one of unknown end.

    Not while the second waits, and not if it was refused, given up or no longer needed.

    Args:
        doubts: how many tries ended so that nobody knows.
        repeated: a second try was decided on though the first may have arrived.
    """
    return repeated and (doubts > 1 or state in (State.SENDING, State.SENT, State.IN_DOUBT))


MOVES: Mapping[State, frozenset[State]] = {
    State.PENDING: frozenset({State.SENDING, State.SENT, State.CANCELLED}),
    State.SENDING: frozenset({State.PENDING, State.SENT, State.IN_DOUBT, State.FAILED, State.CANCELLED}),
    State.IN_DOUBT: frozenset({State.IN_DOUBT, State.PENDING, State.SENT}),
    State.FAILED: frozenset({State.PENDING}),
    State.SENT: frozenset(),
    State.CANCELLED: frozenset(),
}
"""The allowed moves between states. A doubt may be left standing but never becomes a failure, since nobody knows."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one try made of a message: its state, when it is looked at again (None: it is over), and why.

    `rest_until`: the provider asked for no tries before then; None: it did not. `reached`: whether it was there.
    """

    state: State
    due_at: datetime | None
    why: str
    tries_spent: int = 1
    rest_until: datetime | None = None
    reached: bool = True


AGAIN = "will be tried again: "
"""How `why` begins if a later try may work."""

LONGEST_REST = timedelta(minutes=5)
"""A channel rests no longer than this, whatever the provider asks. Then one message finds out, so that no delay goes
unseen."""


POISON_TRIES = 3
"""A message that makes no sense is set aside after this many tries (promise 6). Only an operator has it tried again."""

UNWRITABLE = "cannot be written"
"""How `why` begins while such a message waits for its next try. It is never taken back into a later message."""


def judge(error: DeliveryError | None, *, tries: int, delivery: Delivery, now: datetime) -> Verdict:
    """What becomes of a message after its try number `tries` (from 1) ended with `error`; None: accepted.

    A channel that is down burns no try: the message is due as ever and waits for the channel (`rules.channels`).
    """
    if error is None:
        return Verdict(State.SENT, None, "accepted")
    if isinstance(error, Refused):
        return Verdict(State.FAILED, None, f"refused: {error}")
    if isinstance(error, Unknown):
        return Verdict(State.IN_DOUBT, now + delivery.doubt, f"in doubt: {error}")
    if isinstance(error, ChannelDown):
        return Verdict(State.PENDING, now, f"channel down: {error}", tries_spent=0)
    if isinstance(error, Unwritable):
        return _judge_poison(error, tries=tries, delivery=delivery, now=now)
    return _judge_busy(error, tries=tries, delivery=delivery, now=now)


def _judge_busy(error: DeliveryError, *, tries: int, delivery: Delivery, now: datetime) -> Verdict:
    """A server that was not reached costs no try either: soon it is reached, or the channel is down.

    If the provider asks to be left alone, the channel rests. This message waits as long as it asks, within the policy's
    longest wait. The try is spent, so that one message that always gets this answer cannot stop the others for ever.
    """
    again = f"{AGAIN}{error}"
    if isinstance(error, Temporary) and not error.reached:
        soon = now + min(delivery.retry_after, default=timedelta(0))
        return Verdict(State.PENDING, soon, again, tries_spent=0, reached=False)
    pause = error.wait if isinstance(error, Temporary) else timedelta(0)
    rest_until = now + min(pause, LONGEST_REST) if pause > timedelta(0) else None
    if tries <= len(delivery.retry_after):
        wait = max(delivery.retry_after[tries - 1], min(pause, max(delivery.retry_after)))
        return Verdict(State.PENDING, now + wait, again, rest_until=rest_until)
    return Verdict(State.FAILED, None, f"given up after {tries} tries: {error}", rest_until=rest_until)


def _judge_poison(error: Unwritable, *, tries: int, delivery: Delivery, now: datetime) -> Verdict:
    if tries >= POISON_TRIES:
        return Verdict(State.FAILED, None, f"set aside after {tries} tries: {UNWRITABLE}: {error}")
    waits = delivery.retry_after or (timedelta(minutes=1),)
    return Verdict(State.PENDING, now + waits[min(tries, len(waits)) - 1], f"{UNWRITABLE}: {error}")


def dropped(why: str, *, doubts: int) -> Verdict:
    """What becomes of a message that is no longer needed. One that may have arrived is not called cancelled.

    Args:
        doubts: how many of its tries ended so that nobody knows.
    """
    if doubts:
        return Verdict(
            State.IN_DOUBT, None, f"left in doubt: it may have arrived; not tried again: {why}", tries_spent=0
        )
    return Verdict(State.CANCELLED, None, why, tries_spent=0)


def judge_lost(state: State, *, channel: Channel, doubts: int, delivery: Delivery, now: datetime) -> Verdict:
    """What becomes of a message whose worker fell silent (SENDING), or whose doubt has lasted (IN_DOUBT).

    A mail is tried once more under the same Message-ID, which the receiver may recognise. A text stays in doubt if its
    provider cannot be asked, since nobody could tell a second text from the first.
    """
    if state is State.SENDING:
        return Verdict(State.IN_DOUBT, now + delivery.doubt, "in doubt: the worker fell silent while sending")
    if channel is Channel.EMAIL and doubts <= 1:
        return Verdict(State.PENDING, now, "tried once more under the same Message-ID: it may arrive twice")
    return Verdict(State.IN_DOUBT, None, "left in doubt: it may have arrived")


def judge_answer(*, fits: int, repeated: bool, now: datetime) -> Verdict:
    """What becomes of a doubt about which the provider was asked. At most one more is sent, whatever it says.

    Args:
        fits: how many texts at the provider may be this one and belong to no other message in our books.
    """
    if fits == 1:
        return Verdict(State.SENT, None, "accepted: the provider was asked and has it")
    if fits > 1:
        return Verdict(State.IN_DOUBT, None, f"left in doubt: {fits} texts that the provider has may be it")
    if repeated:
        return Verdict(State.IN_DOUBT, None, "left in doubt: the provider was asked and knows of none, after two tries")
    return Verdict(State.PENDING, now, "tried once more: the provider was asked and knows of none; it may arrive twice")


QUESTIONS = 6
"""How many times the length of a doubt we keep asking a provider that does not answer."""


def judge_silence(error: DeliveryError, *, ended_at: datetime, delivery: Delivery, now: datetime) -> Verdict:
    """What becomes of a doubt when the provider could not be asked: we ask again, but not for ever.

    Args:
        ended_at: when the try in doubt was over.
    """
    if now - ended_at >= (QUESTIONS + 1) * delivery.doubt:
        return Verdict(State.IN_DOUBT, None, f"left in doubt: the provider could not be asked for long: {error}")
    return Verdict(State.IN_DOUBT, now + delivery.doubt, f"in doubt: the provider could not be asked: {error}")
