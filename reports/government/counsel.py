"""What the desk did itself, frozen: meetings, advice and directions, and what came of them."""

from dataclasses import dataclass
from datetime import date, datetime

from rules.advice import Sort, Stage


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting that began by the cut-off, with titles of offices. `recorded`: of how many we know if they came."""

    code: str
    agenda: str
    place: str
    starts_at: datetime
    called_by: str
    invited: tuple[str, ...]
    attended: tuple[str, ...]
    recorded: int


@dataclass(frozen=True, slots=True)
class Advice:
    """One advice or direction as one office has it.

    `problem`: the number of the one it is about, or empty; `outcome`: what was done, or why it was withdrawn.
    """

    code: str
    sort: Sort
    text: str
    giver: str
    to: str
    given_on: date
    due_at: datetime
    stage: Stage
    district: str = ""
    problem: str = ""
    outcome: str = ""
