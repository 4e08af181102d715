"""Field trips of the teams, frozen: where, when, who, how many, and what was seen."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Trip:
    """One trip that was to be by the cut-off. `going`: which offices, in words; `people`: how many went.

    `told`: what was seen had been told by then; else it is only known that it was planned. `seen`: that, in short
    lines; nothing of it where a restricted problem lies.
    """

    code: str
    district: str
    team: str
    at: datetime
    place: str
    going: str
    purpose: str
    told: bool
    people: int = 0
    seen: tuple[str, ...] = ()
