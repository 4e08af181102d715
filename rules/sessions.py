"""Signing in by a link that works once, and how long whoever did so stays signed in.

link: good -> spent (somebody pressed the button)      session: open -> ended (signed out, holder changed)
           -> expired                                                -> over (8 hours, or an hour of silence)
"""

from datetime import datetime, timedelta

from rules.ladder import Say

ASKED_LASTS = timedelta(minutes=30)
"""A link that was asked for: whoever asked is waiting for it."""

TOLD_LASTS = timedelta(days=3)
"""The link of an escalation is read when there is time; as long as the slowest step of the chase to the next office."""

LASTS = timedelta(hours=8)
IDLE = timedelta(minutes=60)

MOST = 3
WITHIN = timedelta(minutes=15)
"""So many links may be asked for an address within this time; what is above is not answered."""

SIGN_SIZE = 32
"""Letters and digits in a session's token: 190 bits."""

TELLING = frozenset({Say.ESCALATION, Say.PROBLEM, Say.NOBODY, Say.TASK})
"""What tells an office of others' matters, which it may look at once it is signed in."""


def lasts(say: Say) -> timedelta:
    """How long the link in such a message is good."""
    return ASKED_LASTS if say is Say.SIGN_IN else TOLD_LASTS


def stale(asked_at: datetime, *, now: datetime) -> bool:
    """Whether a message with a link comes too late to be of use: nobody waits for it any more."""
    return now >= asked_at + ASKED_LASTS


def over(opened_at: datetime, seen_at: datetime, *, now: datetime) -> bool:
    """Whether a session has run out."""
    return now >= opened_at + LASTS or now >= seen_at + IDLE
