"""Signing in by a link that works once, and how long a session lasts.

link: good -> spent (somebody pressed the button)      session: open -> ended (signed out, holder changed)
           -> expired                                                -> over (8 hours, or an hour of silence)
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from rules.ladder import Say

ASKED_LASTS = timedelta(minutes=30)
"""A link that was asked for: whoever asked is waiting for it."""

TOLD_LASTS = timedelta(days=3)
"""The link of an escalation is read when there is time. It lasts as long as the slowest step to the next office."""

LASTS = timedelta(hours=8)
IDLE = timedelta(minutes=60)

MOST = 3
WITHIN = timedelta(minutes=15)
"""How many links may be asked for one address within this time; more are not answered."""

DAY = timedelta(days=1)
MOST_A_DAY, MOST_AT_A_DESK, MOST_IN_ALL = 10, 100, 300
"""How many unused sign-in texts may be asked for within a day: for one number, for the offices of a desk, and for
all desks of the installation. They cost money, and anybody may order them. Mails cost nothing and do not count."""

SIGN_SIZE = 32
"""Letters and digits in a session's token: 190 bits."""

TELLING = frozenset(
    {
        Say.RESOLVED,
        Say.ROLL_CALL,
        Say.APPROVED,
        Say.SENT_BACK,
        Say.ESCALATION,
        Say.APPROVAL,
        Say.GATE,
        Say.SILENCE,
        Say.ADVICE,
        Say.TRIP,
        Say.PROBLEM,
        Say.NOBODY,
        Say.SUMMARY,
        Say.TASK,
    }
)
"""Words that tell an office of matters which it may look at once it is signed in."""


class Asked(NamedTuple):
    """How many links were asked for: for an address lately, and by text in the last day without being used."""

    lately: int
    for_number: int = 0
    at_desk: int = 0
    in_all: int = 0


def answered(asked: Asked) -> bool:
    """Whether one more link is sent to whoever asks."""
    bounds = Asked(MOST, MOST_A_DAY, MOST_AT_A_DESK, MOST_IN_ALL)
    return all(count < most for count, most in zip(asked, bounds, strict=True))


def lasts(say: Say) -> timedelta:
    """How long the link in such a message works."""
    return ASKED_LASTS if say is Say.SIGN_IN else TOLD_LASTS


def stale(asked_at: datetime, *, now: datetime) -> bool:
    """Whether a message with a link comes too late to be of use."""
    return now >= asked_at + ASKED_LASTS


def over(opened_at: datetime, seen_at: datetime, *, now: datetime) -> bool:
    """Whether a session has run out."""
    return now >= opened_at + LASTS or now >= seen_at + IDLE
