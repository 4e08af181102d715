"""Photographs that came with reports, frozen by the hash of their bytes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """One photograph. `group`: the indicator group it shows; `source`: the version of the report it came with."""

    digest: str
    district: str
    group: str
    at: datetime
    source: str
