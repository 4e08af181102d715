"""What a rehearsal left behind, as its page needs it: the programme in a few words, and the lines of its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

Line = Mapping[str, Any]
"""One line of a `.jsonl` file (DESIGN, section 10): text, numbers, None; times as ISO 8601 with offset."""


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Area:
    """Whatever owes a report: a district with its team's name, a team, or the regency for the desk's own reports."""

    code: str
    name: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """An office that may be told something. `zone` (IANA) empty: the desk's."""

    code: str
    title: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    code: str
    name: str
    ladder: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A legal stage with inclusive local dates; None where the regulation left one open."""

    code: str
    name: str
    start: date | None
    end: date | None
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """A daily stretch of local time in which nothing routine is sent; `weekdays` (Monday = 0) empty: every day."""

    start: time
    end: time
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Outage:
    """What did not work, from `start` up to `end` (aware)."""

    start: datetime
    end: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Document:
    """A report to the Government; files of one report differ in their ending alone. `figures`: label, value."""

    path: str
    title: str
    period_start: date | None = None
    period_end: date | None = None
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RehearsalFacts:
    """Everything the page shows. Counts come from the lines, never from `summary`.

    Lines may hold, besides what DESIGN section 10 asks: obligations `code`, `slot`, `zone`, `rule`, `outcome`;
    messages `state`, `file` (its place in the folder), `possibly_doubled`; notices `audience`, `say`, `urgent`.

    Args:
        start: first local day of the rehearsal; `end` is its last.
        areas: who owes, districts first; the page orders them by code.
        offices: in the order in which they are to be listed.
        voting_day: H; None leaves out the voting week.
        urgent_ladders: ladders whose messages pass quiet hours, where a notice does not say so itself.
        brand: what a phone shows as the sender; empty: what stands before the first colon of a text.
        summary: `counts` (`obligations`, `messages`, `notices`) are held against the lines; `promises` is a list
            of `{"text": ..., "kept": bool, "found": ...}`; `price_per_segment` is rupiah, an assumption. All optional.
    """

    programme: str
    desk: str
    election: str
    zone: str
    start: date
    end: date
    seed: int
    scenario: Scenario
    areas: tuple[Area, ...]
    offices: tuple[Office, ...]
    duties: tuple[Duty, ...]
    stages: tuple[Stage, ...]
    voting_day: date | None = None
    quiet: tuple[Quiet, ...] = ()
    outages: tuple[Outage, ...] = ()
    urgent_ladders: frozenset[str] = frozenset({"urgent"})
    brand: str = ""
    obligations: Sequence[Line] = ()
    messages: Sequence[Line] = ()
    notices: Sequence[Line] = ()
    problems: Sequence[Line] = ()
    documents: tuple[Document, ...] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)
