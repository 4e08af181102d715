"""Tables that people fill in, as CSV or XLSX: every cell as the text that was meant, or a refusal with its place.

Nothing is guessed and nothing is computed: what could be read in two ways, or is only half there, is refused. In CSV an
apostrophe before a sign that a spreadsheet computes with (`=`, `+`, `-`, `@`) belongs to the file and is taken off
(`reports/sheets.py` puts it there).
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from enum import StrEnum
from io import BytesIO, StringIO
from itertools import zip_longest
from typing import Any, NamedTuple

LARGEST = 1_000_000
UNPACKED = 10_000_000
"""An XLSX is a packed folder: so much of it is unpacked, whatever it says to be."""
PARTS = 200
ROWS, COLUMNS, SIGNS = 2000, 200, 4000
SEPARATORS = ";,\t"

_COMPUTED = re.compile(r"'(?=[=+\-@\t\r])")


class Flaw(StrEnum):
    """What is wrong with a table; whoever shows it words it."""

    TOO_LARGE = "too_large"
    NO_TABLE = "no_table"
    NOT_UTF8 = "not_utf8"
    CUT_OFF = "cut_off"
    NO_COLUMNS = "no_columns"
    TWICE = "twice"
    TOO_MANY_CELLS = "too_many_cells"
    FORMULA = "formula"
    BROKEN_CELL = "broken_cell"


REMEDIES = {
    Flaw.TOO_LARGE: f"is too large: at most {LARGEST} bytes, {ROWS} rows and {SIGNS} signs in a cell",
    Flaw.NO_TABLE: "is no table: save it as XLSX, or as CSV in UTF-8",
    Flaw.NOT_UTF8: "is not UTF-8: save it as `CSV UTF-8`, or as XLSX, so that names stay intact",
    Flaw.CUT_OFF: "ends too early, as if the file were cut off",
    Flaw.NO_COLUMNS: "lacks columns",
    Flaw.TWICE: "has a column twice",
    Flaw.TOO_MANY_CELLS: "has more cells than the first row has headings",
    Flaw.FORMULA: "is a formula: paste it as a value",
    Flaw.BROKEN_CELL: "is an error, or a number that no longer shows what was typed",
}


class BadSheet(ValueError):
    """A table that is not taken. `row` counts from 1 with the headings, as spreadsheets do; 0: the whole file."""

    def __init__(self, flaw: Flaw, *, row: int = 0, about: str = "") -> None:
        place = f"row {row}: " if row else ""
        super().__init__(f"{place}{about + ' ' if about else ''}{REMEDIES[flaw]}")
        self.flaw = flaw
        self.row = row
        self.about = about


class Row(NamedTuple):
    """A row that is not empty, by heading, and its number in the file."""

    number: int
    cells: dict[str, str]


def read(content: bytes, wanted: Iterable[str]) -> list[Row]:
    """The rows below the headings. Headings are matched in small letters; those that are not known are kept too.

    Args:
        wanted: the headings that must be there, in small letters.

    Raises:
        BadSheet: it is too large, no table, half a table, or holds formulas.
    """
    wanted = list(wanted)
    if len(content) > LARGEST:
        raise BadSheet(Flaw.TOO_LARGE)
    if content.startswith(b"PK"):
        return _table(_xlsx(content), wanted)
    text = _text(content)
    return _table(_csv(text, _separator(text, wanted)), wanted)


def _table(rows: Iterator[list[str]], wanted: list[str]) -> list[Row]:
    headings = [_heading(cell) for cell in next(rows, [])]
    while headings and not headings[-1]:
        headings.pop()
    if missing := [name for name in wanted if name not in headings]:
        raise BadSheet(Flaw.NO_COLUMNS, row=1, about=", ".join(missing))
    named = [name for name in headings if name]
    if twice := next((name for name in named if named.count(name) > 1), ""):
        raise BadSheet(Flaw.TWICE, row=1, about=twice)
    found = []
    for number, cells in enumerate(rows, 2):
        if number > ROWS + 1:
            raise BadSheet(Flaw.TOO_LARGE, row=number)
        if any(cells):
            found.append(Row(number, _named(headings, cells, number)))
    return found


def _named(headings: list[str], cells: list[str], number: int) -> dict[str, str]:
    if any(cells[len(headings) :]):
        raise BadSheet(Flaw.TOO_MANY_CELLS, row=number)
    if any(len(cell) > SIGNS for cell in cells):
        raise BadSheet(Flaw.TOO_LARGE, row=number)
    return {name: cell for name, cell in zip_longest(headings, cells, fillvalue="") if name}


def _heading(cell: str) -> str:
    return " ".join(cell.split()).lower()


# -- CSV ---------------------------------------------------------------------------------------------------------------


def _text(content: bytes) -> str:
    """The text, where there can be no doubt which it is: names must not arrive half."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSheet(Flaw.NOT_UTF8) from error
    if "\0" in text or not text.strip():
        raise BadSheet(Flaw.NO_TABLE)
    return text


def _separator(text: str, wanted: list[str]) -> str:
    """The sign that parts the headings into those that are wanted."""
    first = text.lstrip("\n\r").splitlines()[0]
    for sign in SEPARATORS:
        cells = next(csv.reader([first], delimiter=sign), [])
        if set(wanted) <= {_heading(cell) for cell in cells}:
            return sign
    known = {_heading(cell) for sign in SEPARATORS for cell in next(csv.reader([first], delimiter=sign), [])}
    raise BadSheet(Flaw.NO_COLUMNS, row=1, about=", ".join(name for name in wanted if name not in known))


def _csv(text: str, separator: str) -> Iterator[list[str]]:
    width = 0
    rows = csv.reader(StringIO(text.lstrip("\n\r"), newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(rows, 1):
            width = width or len(cells)
            if any(cells) and len(cells) < width:
                raise BadSheet(Flaw.CUT_OFF, row=number)
            yield [_COMPUTED.sub("", cell, count=1) if cell.startswith("'") else cell.strip() for cell in cells]
    except csv.Error as error:
        raise BadSheet(Flaw.CUT_OFF) from error


# -- XLSX --------------------------------------------------------------------------------------------------------------


def _xlsx(content: bytes) -> Iterator[list[str]]:
    """The first sheet. openpyxl reads XML by defusedxml, which takes no entities."""
    from openpyxl import load_workbook  # 8 MB, in processes that seldom meet a spreadsheet

    _unpacks(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        for number, row in enumerate(sheet.iter_rows(), 1):
            if number > ROWS + 1:
                raise BadSheet(Flaw.TOO_LARGE, row=number)
            if len(row) > COLUMNS and any(cell.value is not None for cell in row[COLUMNS:]):
                raise BadSheet(Flaw.TOO_MANY_CELLS, row=number)
            yield [_cell(cell, number) for cell in row[:COLUMNS]]
    except BadSheet:
        raise
    except Exception as error:  # openpyxl raises whatever a broken file makes it stumble over
        raise BadSheet(Flaw.NO_TABLE) from error


def _unpacks(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadSheet(Flaw.NO_TABLE) from error
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise BadSheet(Flaw.TOO_LARGE)


def _cell(cell: Any, row: int) -> str:
    if cell.data_type == "f":
        raise BadSheet(Flaw.FORMULA, row=row, about=cell.coordinate)
    if cell.data_type == "e":
        raise BadSheet(Flaw.BROKEN_CELL, row=row, about=cell.coordinate)
    try:
        return _written(cell.value)
    except ValueError as error:
        raise BadSheet(Flaw.BROKEN_CELL, row=row, about=cell.coordinate) from error


def _written(value: object) -> str:
    """What somebody typed. A fraction gets a comma, so that nobody takes its point for one between thousands."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float) and not value.is_integer():
        return repr(value).replace(".", ",")
    if isinstance(value, int | float):
        if abs(value) >= 10**15:  # a spreadsheet keeps fifteen digits
            raise ValueError(value)
        return str(int(value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H.%M}" if value.time() != time() else f"{value:%Y-%m-%d}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H.%M}"
    return str(value).strip()
