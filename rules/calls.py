"""The call sheet: whom to phone now, and why. One call asks an office for everything.

Grave problems that nobody has taken on come first, then what has been late the longest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Why(StrEnum):
    """Why an office is to be phoned, the gravest first."""

    PROBLEM = "problem"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing to ask about. `since`: when the problem was opened, or the report was due."""

    why: Why
    matter_id: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One office to phone."""

    office: str
    reasons: tuple[Reason, ...]

    @property
    def order(self) -> tuple[int, datetime]:
        first = self.reasons[0]
        return tuple(Why).index(first.why), first.since


def sheet(reasons: Iterable[tuple[str, Reason]]) -> list[Call]:
    """Each office once, with all its reasons, in the order in which to phone.

    Args:
        reasons: codes of offices, each with something to ask.
    """
    by_office: dict[str, list[Reason]] = {}
    for office, reason in reasons:
        by_office.setdefault(office, []).append(reason)
    calls = [
        Call(office, tuple(sorted(own, key=lambda reason: (tuple(Why).index(reason.why), reason.since))))
        for office, own in by_office.items()
    ]
    return sorted(calls, key=lambda call: call.order)
