"""The gate before a preparation begins: some days before it the secretary of the desk hears what is not ready yet.

A policy says how long before, and by which ladder. If everything is ready nobody hears of it.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple

from rules.calendar import Election
from rules.desk import Desk
from rules.duties import instant

AHEAD = timedelta(days=7)
"""So long before its time a gate is planned."""
LASTS = timedelta(days=2)
"""One that could not be told for so long is not told any more: the next one says how things stand then."""
READY = "everything is ready"
MOVED = "the calendar was changed"
"""Why a gate is closed that nobody had to hear of."""


class Gates(NamedTuple):
    """How long before a preparation begins the secretary hears, at what time there, and by which ladder."""

    before: tuple[timedelta, ...]
    at: time
    ladder: str


class Gate(NamedTuple):
    """One gate of one preparation, by its code."""

    preparation: str
    since: datetime

    def key(self, programme: str) -> str:
        return f"{programme}/gate/{self.preparation}/{self.since:%Y-%m-%d}"


def preparation(key: str) -> str:
    """The code of the preparation that the gate with this key is of."""
    return key.split("/")[-2]


def due(policy: Gates, desk: Desk, election: Election, *, now: datetime) -> list[Gate]:
    """Every gate whose time has come lately, or comes within `AHEAD`."""
    return [own for own in _gates(policy, desk, election) if own.since - AHEAD <= now < own.since + LASTS]


def _gates(policy: Gates, desk: Desk, election: Election) -> Iterator[Gate]:
    for each in desk.preparations:
        begins = each.begins.on(election)
        if begins is not None:
            yield from (Gate(each.code, instant(begins - own, policy.at, desk.zone)) for own in policy.before)


def stands(policy: Gates, desk: Desk, election: Election, gate: Gate) -> bool:
    """Whether the calendar still has this gate at this time."""
    return gate in _gates(policy, desk, election)
