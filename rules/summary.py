"""The evening summary: what the chair reads of a day, once, by mail. When it is due is a policy's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rules.calendar import Anchor, Election

LASTS = timedelta(hours=6)
"""A summary that could not leave for so long is not sent any more: the next one is better."""


class Evening(NamedTuple):
    """On these days around voting day, at this local time."""

    at: time
    days: tuple[Anchor, Anchor]

    def bounds(self, election: Election) -> tuple[date, date] | None:
        """The first and the last day; None while the calendar does not give them."""
        first, last = (anchor.on(election) for anchor in self.days)
        return (first, last) if first is not None and last is not None else None


@dataclass(frozen=True, slots=True)
class Summaries:
    """On each day the first evening that fits counts."""

    ladder: str
    evenings: tuple[Evening, ...]


class Section(NamedTuple):
    """A part of a summary, in words."""

    title: str
    lines: tuple[str, ...]


def next_at(summaries: Summaries, election: Election, zone: str, *, after: datetime) -> datetime | None:
    """When the first summary after this moment is due; None: there is none any more."""
    bounds = [(evening, bound) for evening in summaries.evenings if (bound := evening.bounds(election))]
    if not bounds:
        return None
    day = max(after.astimezone(ZoneInfo(zone)).date(), min(first for _, (first, _) in bounds))
    last = max(last for _, (_, last) in bounds)
    while day <= last:
        at = _on(bounds, day, zone)
        if at is not None and at > after:
            return at
        day += timedelta(days=1)
    return None


def _on(bounds: Sequence[tuple[Evening, tuple[date, date]]], day: date, zone: str) -> datetime | None:
    evening = next((evening for evening, (first, last) in bounds if first <= day <= last), None)
    return datetime.combine(day, evening.at, ZoneInfo(zone)) if evening else None
