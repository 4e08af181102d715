"""What shows that all districts are treated alike: the same rungs for all, and how often each was said to whom."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rules.desk import Audience, Desk
from rules.duties import Per
from rules.ladder import Ladder, Rung, Say
from rules.policy import Policy

GRANTS = {
    "extended": "Batas waktu diperpanjang",
    "paused": "Diberi waktu",
    "waived": "Dibebaskan",
    "revoked": "Pembebasan atau perpanjangan dicabut",
    "returned": "Dikembalikan untuk diperbaiki",
}
"""What was decided about a report, as the record of changes calls it."""

REMINDERS = frozenset({Say.REMINDER, Say.DUE})
"""Said before the due time, or when it comes."""
LATE = frozenset({Say.OVERDUE, Say.WARNING})
"""Said to the team after the due time."""


class Counts(NamedTuple):
    """How often a district was reminded, how often its team was told that a report is late or was warned, and how
    often somebody above was told. What was granted: extensions and time, waivers, what was taken back, and returns.
    """

    reminders: int = 0
    late: int = 0
    above: int = 0
    extended: int = 0
    waived: int = 0
    revoked: int = 0
    returned: int = 0


def count(said: Iterable[tuple[Say, Audience, int]], granted: Iterable[str]) -> Counts:
    """The counts of one district. What is none of these words is not counted."""
    told, decided = list(said), list(granted)
    return Counts(
        reminders=sum(times for say, audience, times in told if say in REMINDERS and not audience.above_team),
        late=sum(times for say, audience, times in told if say in LATE and not audience.above_team),
        above=sum(times for say, audience, times in told if audience.above_team),
        extended=sum(what in ("extended", "paused") for what in decided),
        waived=decided.count("waived"),
        revoked=decided.count("revoked"),
        returned=decided.count("returned"),
    )


def rules(policy: Policy) -> Iterator[tuple[str, Ladder, Rung]]:
    """Every rung of every duty that districts owe, with the duty's name: there is no other for any district."""
    for duty in policy.duties:
        if duty.per is Per.DISTRICT:
            ladder = policy.ladders[duty.ladder]
            yield from ((duty.name, ladder, rung) for rung in ladder.rungs)


def excepted(desk: Desk) -> dict[str, float]:
    """By district, how many minutes its chase waits longer: the one difference that a desk's file can make."""
    return {own.code: own.grace.total_seconds() / 60 for own in desk.districts if own.grace}
