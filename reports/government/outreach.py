"""Who did not report in time, frozen: why as far as it is known, and what was done to reach him."""

from dataclasses import dataclass
from datetime import datetime

from rules.desk import Audience
from rules.fairness import Cause
from rules.reaching import End


@dataclass(frozen=True, slots=True)
class Late:
    """A report of the period that was not there in time, by its number, and on whose side the reason lies."""

    report: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class Word:
    """One message about a report that was not there, by its number in the books; 0, and no channel: none reaches the
    office.
    """

    at: datetime
    office: str
    audience: Audience
    channel: str
    end: End
    message: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of it: a promise, with until when; or what whoever coordinates granted, and why."""

    at: datetime
    office: str
    what: str
    text: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chased:
    """A report that was not received, by its number, with every word about it until the cut-off, the first first."""

    report: str
    words: tuple[Word, ...] = ()
    said: tuple[Said, ...] = ()
