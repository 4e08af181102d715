"""What a rehearsal left behind, as its page needs it: the programme in a few words, and the lines of its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rules.quiet import Window

Line = Mapping[str, Any]
"""One line of a `.jsonl` file (`models/desk/export.py`): text, numbers, None; times as ISO 8601 with offset."""


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

    Lines have what `models/desk/export.py` gives them. The rehearsal adds the `outcome` of an obligation, and of a
    message the masked address as `to`, its place in the folder as `file`, and what it costs as `cost`.

    Args:
        start: first local day of the rehearsal; `end` is its last.
        areas: who owes, districts first; the page orders them by code.
        offices: in the order in which they are to be listed.
        voting_day: H; None leaves out the voting week.
        urgent_ladders: ladders whose messages pass quiet hours, where a notice does not say so itself.
        brand: what a phone shows as the sender; empty: what stands before the first colon of a text.
        helped: reports about which villages were asked for figures (`models/desk/export.py`, as all of these).
        rearrangements: who reports, belongs or coordinates from a day on.
        shifts: who was at the posko, and `unmanned`: what was told of days without anybody.
        amendments: which files came into force in the middle, and what they changed.
        quiet_since: from which moments (aware, rising) on quiet hours were others.
        looks: what stood on the board at some moments (`jobs/rehearsal/looks.py`).
        summary: `counts` (`obligations`, `messages`, `notices`) are held against the lines; `promises` is a list
            of `{"text": ..., "kept": bool, "found": ...}`; `price_per_segment` is rupiah, an assumption;
            `own_prices`: messages cost what the policy says; `forecast`: `low` and `high`, each rupiah by stage. All
            optional.
        back: where a reader of the desk's own pages goes back to, seen from the folder; its files are not beside the
            pages then. Empty: the folder stands alone, with its files.
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
    quiet: tuple[Window, ...] = ()
    quiet_since: tuple[tuple[datetime, tuple[Window, ...]], ...] = ()
    outages: tuple[Outage, ...] = ()
    urgent_ladders: frozenset[str] = frozenset({"urgent"})
    brand: str = ""
    obligations: Sequence[Line] = ()
    messages: Sequence[Line] = ()
    notices: Sequence[Line] = ()
    problems: Sequence[Line] = ()
    looks: Sequence[Line] = ()
    helped: Sequence[Line] = ()
    rearrangements: Sequence[Line] = ()
    shifts: Sequence[Line] = ()
    unmanned: Sequence[Line] = ()
    amendments: Sequence[Line] = ()
    documents: tuple[Document, ...] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)
    back: str = ""
