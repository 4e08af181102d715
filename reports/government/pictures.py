"""Photographs of reports and of follow-ups, frozen by the hash of their bytes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """One photograph. `group`: what it shows, an indicator group or what was done about a problem.

    `source`: the version of the report it came with, or the number of the problem. `district` empty: the whole area.
    """

    digest: str
    district: str
    group: str
    at: datetime
    source: str

    @property
    def of_problem(self) -> bool:
        return self.source.startswith("P-")
