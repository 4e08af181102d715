"""Access tokens: what a program, or the operator's browser, may read without signing in, and for how long.

A token belongs to one desk and is given out in the shell. `desk_` before it lets scanners find one that leaked.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from rules import links

PREFIX = "desk_"
LONGEST = timedelta(days=400)
NAME = 80
USED_EVERY = timedelta(minutes=1)
"""That a token was used is written down no more often than this; the log has every use."""


class Scope(StrEnum):
    """What a token opens."""

    OWED = "owed"
    RECAP = "recap"
    SITUATION = "situation"
    PROBLEMS = "problems"
    SUBMISSIONS = "submissions"
    OPERATOR = "operator"


FOR_PROGRAMS = frozenset(Scope) - {Scope.OPERATOR}


def new(luck: Random) -> str:
    """A new token, of 190 bits. `luck` is the system's own."""
    return PREFIX + links.token(luck) + links.token(luck)


def good(*, expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether a token still opens anything."""
    return revoked_at is None and now < expires_at


def mixed(scopes: Collection[Scope]) -> bool:
    """Whether one token would open the operator's page and something else: it would be kept in two places."""
    return Scope.OPERATOR in scopes and len(scopes) > 1
