"""Tables that people fill in, as CSV or XLSX: every cell as the text that was meant, or a refusal with its place.

Nothing is guessed or computed: a cell that could be read in two ways, or is only half there, is refused. In CSV an
apostrophe before a character that starts a formula (`=`, `+`, `-`, `@`) is taken off; `reports/sheets.py` puts it
there.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple

from services import child
from services.child import Bounds, Ended, Why

LARGEST = 1_000_000
ROWS, COLUMNS, SIGNS, HEADING = 2000, 200, 4000, 300
TEXT = 4_000_000
"""Characters of a whole table: one text of an XLSX may stand in any number of its cells."""
SEPARATORS = ";,\t"
BOUNDS = Bounds(megabytes=512, work=timedelta(seconds=10), patience=timedelta(seconds=30))


class Flaw(StrEnum):
    """What is wrong with a table; the page words it."""

    TOO_LARGE = "too_large"
    NO_TABLE = "no_table"
    NOT_UTF8 = "not_utf8"
    CUT_OFF = "cut_off"
    NO_COLUMNS = "no_columns"
    TWICE = "twice"
    TOO_MANY_CELLS = "too_many_cells"
    FORMULA = "formula"
    BROKEN_CELL = "broken_cell"
    UNKNOWN_COLUMN = "unknown_column"
    NOT_NOW = "not_now"


REMEDIES = {
    Flaw.TOO_LARGE: f"is too large: at most {LARGEST} bytes, {ROWS} rows, {COLUMNS} columns, {SIGNS} characters a cell",
    Flaw.NO_TABLE: "is no table: save it as XLSX, or as CSV in UTF-8",
    Flaw.NOT_UTF8: "is not UTF-8: save it as `CSV UTF-8`, or as XLSX, so that names stay intact",
    Flaw.CUT_OFF: "ends too early, as if the file were cut off",
    Flaw.NO_COLUMNS: "lacks columns",
    Flaw.TWICE: "has a column twice",
    Flaw.TOO_MANY_CELLS: "has more cells than the first row has headings",
    Flaw.FORMULA: "is a formula: paste it as a value",
    Flaw.BROKEN_CELL: "is an error, or a number that no longer shows what was typed",
    Flaw.UNKNOWN_COLUMN: "is no heading that is known here: leave the column out, or name it as it is meant",
    Flaw.NOT_NOW: "could not be looked at now: try again",
}


class BadSheet(ValueError):
    """A refused table. `row` counts from 1 with the headings, as spreadsheets do; 0: the whole file."""

    def __init__(self, flaw: Flaw, *, row: int = 0, about: str = "", meant: str = "") -> None:
        place = f"row {row}: " if row else ""
        remedy = f"is no heading that is known here: did you mean {meant}?" if meant else REMEDIES[flaw]
        super().__init__(f"{place}{about + ' ' if about else ''}{remedy}")
        self.flaw = flaw
        self.row = row
        self.about = about
        self.meant = meant


class Row(NamedTuple):
    """A row that is not empty, by heading, and its number in the file."""

    number: int
    cells: dict[str, str]


def read(content: bytes, wanted: Iterable[str], *, bounds: Bounds = BOUNDS) -> list[Row]:
    """The rows below the headings that hold something, read in a child (`services.tables`).

    Args:
        wanted: the headings that must be there, in small letters.

    Raises:
        BadSheet: it is too large, no table, half a table, or holds formulas.
    """
    if len(content) > LARGEST:
        raise BadSheet(Flaw.TOO_LARGE)
    try:
        rows = json.loads(child.run("services.tables", *wanted, given=content, bounds=bounds))
    except Ended as error:
        raise _refused(error) from error
    return [Row(number, cells) for number, cells in rows]


def _refused(error: Ended) -> BadSheet:
    if error.why is Why.REFUSED:
        flaw, row, about = json.loads(error.said)
        return BadSheet(Flaw(flaw), row=row, about=about)
    return BadSheet({Why.TOO_MUCH: Flaw.TOO_LARGE, Why.NOT_NOW: Flaw.NOT_NOW}.get(error.why, Flaw.NO_TABLE))


def refuse_unknown(rows: Sequence[Row], known: Collection[str], called: Mapping[str, str]) -> None:
    """Refuse unknown headings: their column would be skipped, and the sender would believe it taken.

    Args:
        known: every heading that is read, in small letters.
        called: other names for some of them.

    Raises:
        BadSheet: with what was meant, if that can be said.
    """
    for heading in rows[0].cells if rows else ():
        if heading not in known:
            near = get_close_matches(heading, [*known, *called], 1, 0.75)
            meant = called.get(near[0], near[0]) if near else ""
            raise BadSheet(Flaw.UNKNOWN_COLUMN, row=1, about=heading[:40], meant=meant)
