"""The roll call (apel kontak): every office says whether its number and address are right and who holds it.

A policy says on which days everybody is asked, and for how long an answer counts. A number or address that is new is
asked about at once, and is no office's first way until somebody has answered for it.
"""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from operator import attrgetter
from typing import NamedTuple

from rules.calendar import VOTING_DAY, Anchor, Election
from rules.desk import Desk
from rules.duties import instant

CONFIRMED = "confirmed"
"""Why a roll call is closed that an office answered."""
ENDED = "the contact is not used"
"""Why it is closed where the one number or address that it asks about is gone."""
AHEAD = timedelta(days=7)
"""So long before its time a roll call is planned."""
NOTE = 300
"""Most characters of what an office says is wrong."""


class RollCalls(NamedTuple):
    """On which days everybody is asked, and at what time there; for how long; and how long an answer counts.

    `ladder`: counted from the moment of asking.
    """

    days: tuple[Anchor, ...]
    at: time
    ladder: str
    lasts: timedelta
    stale_after: timedelta


class Answered(NamedTuple):
    """How many offices the last roll call asked, and which of them nobody has answered for since: their titles."""

    name: str
    total: int
    silent: tuple[str, ...]

    @property
    def lacking(self) -> int:
        return len(self.silent)

    @property
    def words(self) -> str:
        """`27 dari 29 kantor sudah menjawab, belum 2`."""
        rest = f", belum {self.lacking}" if self.silent else ""
        return f"{self.total - self.lacking} dari {self.total} kantor sudah menjawab{rest}"


class Call(NamedTuple):
    """One that is due: its name (`H-30`), and since when it is asked."""

    name: str
    since: datetime


def due(policy: RollCalls, election: Election, zone: str, *, now: datetime) -> Call | None:
    """The roll call that will be asked within `AHEAD`, or else the last that began and lasts. None: there is none.

    One that no clock could make while it lasted, or before a later one began, is left out: the later one asks the same.
    """
    days = [(anchor, anchor.on(election)) for anchor in policy.days]
    calls = [Call(named(anchor), instant(day, policy.at, zone)) for anchor, day in days if day is not None]
    here = [call for call in calls if call.since - AHEAD <= now < call.since + policy.lasts]
    ahead = [call for call in here if call.since > now]
    return min(ahead, default=None, key=_SINCE) or max(here, default=None, key=_SINCE)


_SINCE = attrgetter("since")


def named(anchor: Anchor) -> str:
    """`H-30`; of another stage than voting day `kampanye-7`."""
    day = f"{anchor.days:+d}" if anchor.days else ""
    return f"H{day}" if anchor.role == VOTING_DAY else f"{anchor.role or 'start'}{day}"


def place(desk: Desk, office: str) -> str:
    """The district whose coordinator hears when an office does not answer; empty: the secretary does."""
    own = (*desk.reports_for(office), *(d for team in desk.teams if office in team.members for d in team.districts))
    return next((district for district in own if district in desk.coordinators), "")


def stale(verified_at: datetime | None, since: datetime, after: timedelta, *, now: datetime) -> bool:
    """Whether nobody has answered for a number or address for too long."""
    return (verified_at or since) + after <= now


def concerns(desk: Desk, office: str, areas: Collection[str]) -> bool:
    """Whether an office is counted where these districts are looked at: it works there, or all of them are."""
    own = place(desk, office)
    return own in areas or (not own and all(each.code in areas for each in desk.districts))


def sees(desk: Desk, office: str, asked: str) -> bool:
    """Whether `office` sees the answer of another, and may phone it: it keeps the books, or coordinates its place."""
    above = desk.coordinators.get(place(desk, asked), desk.secretary)
    return office in (desk.secretariat, desk.secretary, above)
