"""The closed days of Indonesia besides weekends: public holidays and collective leave (cuti bersama).

Collective leave is decided a year at a time, by a decree of three ministers. The library knows it up to a year and
is silent after; so what is known, and until when, is said in holidays/indonesia.yaml, which also mends it.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from config import checking, marked
from config.errors import ConfigError, Findings
from config.shapes.kit import Day, Line, Shape

FILE = Path(__file__).parent / "holidays" / "indonesia.yaml"


class ChangeShape(Shape):
    """A day that a decree added or took back."""

    day: Day = Field(description="The day.")
    name: Line = Field(description="Its name (Indonesian).")
    decree: Line = Field(description="What decided it.")


class HolidaysShape(Shape):
    """What the library is told to know, and what it does not know."""

    holidays: Line = Field(description="The country.")
    known_from: Day = Field(description="The first day for which closed days are known.")
    known_until: Day = Field(description="The last one; later due times reckon with weekends only.")
    add: list[ChangeShape] = Field([], description="Closed days that the library does not know.")
    remove: list[ChangeShape] = Field([], description="Days that the library has wrongly.")


@lru_cache(maxsize=4)
def closed_days(file: Path = FILE) -> tuple[frozenset[date], date]:
    """The closed days, and the day until which they are known.

    Raises:
        ConfigError: the override table is broken.
    """
    from holidays import country_holidays  # slow to load, and most commands do without it

    table = _table(file)
    years = range(table.known_from.year, table.known_until.year + 1)
    known = frozenset(country_holidays("ID", years=years, categories=("government", "public")))
    days = (known | {change.day for change in table.add}) - {change.day for change in table.remove}
    return frozenset(day for day in days if table.known_from <= day <= table.known_until), table.known_until


def _table(file: Path) -> HolidaysShape:
    findings = Findings(str(file))
    root = marked.read(file.read_bytes(), findings)
    check = checking.read(HolidaysShape, root, findings) if root else None
    if findings or check is None:
        raise ConfigError(findings.sorted())
    return check.shape
