"""What is asked of province and centre, frozen: of whom, what, for which problem, since when, and what came of it."""

from dataclasses import dataclass
from datetime import date

from rules.levels import Level


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal (permohonan dukungan). `district`: the area below whose desk asked; empty: this desk did.

    `answered_on` None: nobody has answered; `answer` then is empty. `problem`: the number of the one it is for.
    """

    code: str
    of: Level
    text: str
    on: date
    problem: str = ""
    district: str = ""
    answer: str = ""
    answered_on: date | None = None
