"""The closed days of Indonesia besides weekends: public holidays and collective leave (cuti bersama).

They are decided a year at a time, by a decree of three ministers; holidays/indonesia.yaml says which, and until when
they are known (ADR 25).
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from config import checking, marked
from config.errors import ConfigError, Findings
from config.shapes.kit import Day, Line, Shape, Year

FILE = Path(__file__).parent / "holidays" / "indonesia.yaml"


class HolidaysShape(Shape):
    """The days that decrees name, and for which time they name all."""

    holidays: Line = Field(description="The country.")
    known_from: Day = Field(description="The first day for which closed days are known.")
    known_until: Day = Field(description="The last one; later due times reckon with weekends only.")
    decrees: dict[Year, Line] = Field({}, description="The decree that names those of a year, as notices cite it.")
    days: dict[Day, Line] = Field(description="Closed days besides weekends, each with its name (Indonesian).")


class ClosedDays(NamedTuple):
    """The closed days, from when and until when all are known, and by year the decree that names them."""

    days: frozenset[date]
    since: date
    until: date
    decrees: Mapping[int, str]


@lru_cache(maxsize=4)
def closed_days(file: Path = FILE) -> ClosedDays:
    """What the table says.

    Raises:
        ConfigError: the table is broken.
    """
    table = _table(file)
    days = frozenset(day for day in table.days if table.known_from <= day <= table.known_until)
    return ClosedDays(days, table.known_from, table.known_until, dict(table.decrees))


def _table(file: Path) -> HolidaysShape:
    findings = Findings(str(file))
    root = marked.read(file.read_bytes(), findings)
    check = checking.read(HolidaysShape, root, findings) if root else None
    if findings or check is None:
        raise ConfigError(findings.sorted())
    return check.shape
