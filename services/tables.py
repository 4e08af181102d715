"""`python -m services.tables HEADING...`: a table on standard input, its rows as JSON on standard output.

It runs in a child (`services.sheets.read`): whatever a file makes the libraries do ends with it.
"""

import csv
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

from services.child import REFUSED
from services.sheets import COLUMNS, HEADING, LARGEST, ROWS, SEPARATORS, SIGNS, TEXT, BadSheet, Flaw, Row

UNPACKED = 10_000_000
"""An XLSX is a packed folder: at most this much is unpacked, whatever size it claims."""
PARTS = 200
LOOKS = 1_000_000
"""At most this much of it may be styles: each becomes objects that take a hundred times as much."""

_COMPUTED = re.compile(r"'(?=[=+\-@\t\r])")


def rows(content: bytes, wanted: Iterable[str]) -> list[Row]:
    """The rows that hold something. Headings are in small letters. See `services.sheets.read`."""
    wanted = list(wanted)
    if len(content) > LARGEST:
        raise BadSheet(Flaw.TOO_LARGE)
    if content.startswith(b"PK"):
        return _table(_xlsx(content), wanted)
    text = _text(content)
    return _table(_csv(text, _separator(text, wanted)), wanted)


def _table(lines: Iterator[list[str]], wanted: list[str]) -> list[Row]:
    headings = _headings(next(lines, []), wanted)
    kept: list[Row] = []
    left = TEXT
    for number, cells in enumerate(lines, 2):
        if not any(cells):
            continue
        left -= sum(map(len, cells))
        if len(kept) == ROWS or left < 0:
            raise BadSheet(Flaw.TOO_LARGE, row=number)
        kept.append(Row(number, _named(headings, cells, number)))
    return kept


def _headings(cells: list[str], wanted: list[str]) -> list[str]:
    if any(len(cell) > HEADING for cell in cells) or any(cells[COLUMNS:]):
        raise BadSheet(Flaw.TOO_LARGE, row=1)
    headings = [_heading(cell) for cell in cells[:COLUMNS]]
    if missing := [name for name in wanted if name not in headings]:
        raise BadSheet(Flaw.NO_COLUMNS, row=1, about=", ".join(missing))
    named = [name for name in headings if name]
    if twice := next((name for name in named if named.count(name) > 1), ""):
        raise BadSheet(Flaw.TWICE, row=1, about=twice)
    return headings


def _named(headings: list[str], cells: list[str], number: int) -> dict[str, str]:
    """A row by heading. Missing cells are blank: Excel leaves out the separators at the end of a row."""
    cells = cells + [""] * (len(headings) - len(cells))
    without = [cell for name, cell in zip(headings, cells, strict=False) if not name]
    if any(without) or any(cells[len(headings) :]):
        raise BadSheet(Flaw.TOO_MANY_CELLS, row=number)
    if any(len(cell) > SIGNS for cell in cells):
        raise BadSheet(Flaw.TOO_LARGE, row=number)
    return {name: cell for name, cell in zip(headings, cells, strict=False) if name}


def _heading(cell: str) -> str:
    return " ".join(cell.split()).lower()


# -- CSV ---------------------------------------------------------------------------------------------------------------


def _text(content: bytes) -> str:
    """The text, if its encoding is certain: names must not arrive garbled."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSheet(Flaw.NOT_UTF8) from error
    if "\0" in text or not text.strip():
        raise BadSheet(Flaw.NO_TABLE)
    return text


def _separator(text: str, wanted: list[str]) -> str:
    """The separator that splits the headings into the wanted ones."""
    first = text.lstrip("\n\r").splitlines()[0]
    for separator in SEPARATORS:
        cells = next(csv.reader([first], delimiter=separator), [])
        if set(wanted) <= {_heading(cell) for cell in cells}:
            return separator
    known = {_heading(cell) for separator in SEPARATORS for cell in next(csv.reader([first], delimiter=separator), [])}
    raise BadSheet(Flaw.NO_COLUMNS, row=1, about=", ".join(name for name in wanted if name not in known))


def _csv(text: str, separator: str) -> Iterator[list[str]]:
    width, ends = 0, text.endswith(("\n", "\r"))
    lines = csv.reader(StringIO(text.lstrip("\n\r"), newline=""), delimiter=separator, strict=True)
    try:
        for number, (cells, last) in enumerate(_and_whether_last(lines), 1):
            width = width or len(cells)
            if last and not ends and any(cells) and len(cells) < width:
                raise BadSheet(Flaw.CUT_OFF, row=number)
            yield [_COMPUTED.sub("", cell, count=1) if cell.startswith("'") else cell.strip() for cell in cells]
    except csv.Error as error:
        raise BadSheet(Flaw.CUT_OFF) from error


def _and_whether_last(lines: Iterator[list[str]]) -> Iterator[tuple[list[str], bool]]:
    """Refuse a last line that is cut off. A program that leaves out blanks still ends its last line."""
    before = next(lines, None)
    for cells in lines:
        assert before is not None
        yield before, False
        before = cells
    if before is not None:
        yield before, True


# -- XLSX --------------------------------------------------------------------------------------------------------------


def _xlsx(content: bytes) -> Iterator[list[str]]:
    """The first sheet. openpyxl reads XML by defusedxml, which takes no entities."""
    from openpyxl import load_workbook  # half a second, which CSV does without

    _unpacks(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # we do not trust a file's own statement of its size
        for number, row in enumerate(sheet.iter_rows(), 1):
            if any(cell.value is not None for cell in row[COLUMNS:]):
                raise BadSheet(Flaw.TOO_MANY_CELLS, row=number)
            yield [_cell(cell, number) for cell in row[:COLUMNS]]
    except (BadSheet, MemoryError):
        raise
    except Exception as error:  # openpyxl raises anything on a broken file
        raise BadSheet(Flaw.NO_TABLE) from error


def _unpacks(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadSheet(Flaw.NO_TABLE) from error
    looks = sum(part.file_size for part in parts if part.filename.endswith("styles.xml"))
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED or looks > LOOKS:
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


def main(wanted: list[str]) -> int:
    """Exit status 0 with the rows, 65 with the flaw, its row and what it is about on standard error."""
    try:
        table = rows(sys.stdin.buffer.read(), wanted)
    except BadSheet as error:
        json.dump([error.flaw, error.row, error.about], sys.stderr)
        return REFUSED
    json.dump(table, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
