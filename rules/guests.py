"""Guests of the desk: named offices outside it that read its board by a link, for a while.

Polres, Kodim, Kejari, KPU, Bawaslu, the province; also the screen on the wall of the posko, which nobody signs in at.
A guest never sees a contact, who has a problem, a note, or anything "terbatas".
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from rules.desk import Desk

LENGTHS = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
"""For how long the secretary may let somebody look."""

NAME = 80
"""Characters at most in what a guest is called."""

LOOK_EVERY = timedelta(hours=1)
"""That a page was looked at is written down no more often than this: the wall asks every minute."""


def invites(desk: Desk, office: str) -> bool:
    """Whether `office` decides who may look: the secretary of the desk."""
    return office == desk.secretary


def sees(desk: Desk, areas: Collection[str]) -> tuple[str, ...]:
    """The districts a guest reads, in the file's order; none named: all of them."""
    return tuple(own.code for own in desk.districts if not areas or own.code in areas)


def good(*, expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether a guest may still look."""
    return revoked_at is None and now < expires_at
