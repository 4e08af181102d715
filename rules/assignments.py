"""Who holds an office when: the definitive holder, or one who acts for him while his dates run."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Definitive; penjabat; pelaksana tugas (the office is vacant); pelaksana harian (the holder is away)."""

    DEFINITIVE = "definitive"
    PJ = "pj"
    PLT = "plt"
    PLH = "plh"


PREFIXES = {Kind.DEFINITIVE: "", Kind.PJ: "Pj. ", Kind.PLT: "Plt. ", Kind.PLH: "Plh. "}


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person in an office from `since` up to, not including, `until`; None: until somebody follows."""

    name: str
    kind: Kind
    since: datetime
    until: datetime | None = None

    def runs(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


def holder(assignments: Iterable[Assignment], *, at: datetime) -> Assignment | None:
    """Who holds the office: whoever acts goes before the definitive holder, the latest begun before the others."""
    running = [a for a in assignments if a.runs(at)]
    return max(running, key=lambda a: (a.kind is not Kind.DEFINITIVE, a.since), default=None)


def ends(new: Assignment, earlier: Assignment) -> bool:
    """Whether an assignment ends with another's beginning.

    A definitive holder ends everybody who was there. An acting one leaves the definitive holder in place and ends
    those who acted before. A Plh. only stands in for a while, so he ends nobody but another Plh.
    """
    if earlier.until is not None and earlier.until <= new.since:
        return False
    if new.kind is Kind.DEFINITIVE:
        return True
    return earlier.kind is Kind.PLH or (new.kind is not Kind.PLH and earlier.kind is not Kind.DEFINITIVE)


def styled(kind: Kind, title: str) -> str:
    """How the holder is addressed: `Plt. Camat Tamban`."""
    return f"{PREFIXES[kind]}{title}"
