"""The tables of the report as XLSX, one sheet a table: numbers, days and instants as such, and no text computes."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports import printable
from reports.government.document import Cell, Column, Document, Row, Table

LONGEST = 32_000
"""Characters of a cell; a spreadsheet takes 32,767."""
NARROWEST, WIDEST = 8, 60
LINE, TALLEST = 13.5, 405
"""Points of a line of text, and of the tallest row that a spreadsheet takes."""
MONTHS = "[$-421]"
"""Days are written in Indonesian wherever the file is opened."""
FORMATS = {
    "text": "@",
    "number": "#,##0",
    "share": "0.0%",
    "day": f"{MONTHS}d mmmm yyyy",
    "moment": f'{MONTHS}d mmmm yyyy hh"."mm',
}
_NO_NAME = re.compile(r"[\[\]:*?/\\']")


def workbook(document: Document) -> bytes:
    """The report's summary, and each of its tables in full. The same document gives the same bytes."""
    return written(document, (_summary(document), *document.tables()))


def typed(document: Document) -> bytes:
    """The sheet that an operator types over into SIPANTAU."""
    return written(document, (document.typed,))


def written(document: Document, tables: Iterable[Table]) -> bytes:
    """These tables as a file of that document."""
    file = BytesIO()
    # Without these a text that begins with = or http:// is no text any more.
    book = Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties(
        {
            "title": printable.written(document.title)[:255],
            "author": printable.written(document.author)[:255],
            "created": document.made_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    looks = {
        (name, bold): book.add_format(
            {"num_format": code, "bold": bold, "valign": "top", "text_wrap": name == "text", "font_size": 10}
        )
        for name, code in FORMATS.items()
        for bold in (False, True)
    }
    head = book.add_format({"bold": True, "bg_color": "#ECECEC", "border": 1, "text_wrap": True, "valign": "vcenter"})
    taken: set[str] = set()
    for table in tables:
        _sheet(book.add_worksheet(_name(table.name, taken)), table, looks, head)
    book.close()
    return file.getvalue()


def _summary(document: Document) -> Table:
    texts = [
        ("Laporan", document.title),
        ("Keadaan", document.mark or document.notice or " ".join(document.approval)),
        *((name, " ".join(lines)) for name, lines in document.reference if name != "Hal"),
        *document.about.rows,
    ]
    columns = (Column("Hal"), Column("Isi"))
    return Table("Ringkasan", columns, tuple((Cell.of(name), Cell.of(value)) for name, value in texts))


def _sheet(sheet: Worksheet, table: Table, looks: dict[tuple[str, bool], Format], head: Format) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    widths = []
    for n, column in enumerate(table.columns):
        said = f"{column.group}: {column.head}" if column.group else column.head
        widths.append(_width(said, [row[n] for row in table.rows]))
        sheet.write_string(0, n, printable.written(said), head)
        sheet.set_column(n, n, widths[n])
    for down, row in enumerate(table.rows, 1):
        if (lines := _lines(row, widths)) > 1:
            sheet.set_row(down, min(LINE * lines, TALLEST))
        _row(sheet, down, 0, row, looks, bold=False)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    _foot(sheet, table, looks)


def _foot(sheet: Worksheet, table: Table, looks: dict[tuple[str, bool], Format]) -> None:
    if table.foot:
        down, apart = len(table.rows) + 1, len(table.columns) - len(table.foot) + 1
        _row(sheet, down, 0, table.foot[:1], looks, bold=True)
        _row(sheet, down, apart, table.foot[1:], looks, bold=True)


def _row(
    sheet: Worksheet, down: int, across: int, row: Row, looks: dict[tuple[str, bool], Format], *, bold: bool
) -> None:
    for n, cell in enumerate(row, across):
        value = cell.value
        if isinstance(value, datetime):
            sheet.write_datetime(down, n, value.replace(tzinfo=None), looks["moment", bold])
        elif isinstance(value, date):
            sheet.write_datetime(down, n, value, looks["day", bold])
        elif isinstance(value, Fraction):
            sheet.write_number(down, n, float(value), looks["share", bold])
        elif isinstance(value, int):
            sheet.write_number(down, n, value, looks["number", bold])
        elif text := "\n".join(printable.written(str(line)) for line in cell.lines):
            sheet.write_string(down, n, text[:LONGEST], looks["text", bold])
        else:
            sheet.write_blank(down, n, None, looks["text", bold])


def _width(head: str, cells: list[Cell]) -> int:
    longest = max((len(str(line)) for cell in cells for line in cell.lines), default=0)
    return min(max(NARROWEST, len(head) + 3, longest + 1), WIDEST)


def _lines(row: Row, widths: Sequence[int]) -> int:
    """How many lines a row needs. Not every program finds that out by itself: then one row hides the next."""
    needed = (
        sum(-(-max(len(str(line)), 1) // width) for line in cell.lines) for cell, width in zip(row, widths, strict=True)
    )
    return max(needed, default=1)


def _name(said: str, taken: set[str]) -> str:
    """What a sheet may be called: at most 31 characters, none of them forbidden, and as no other is."""
    plain = _NO_NAME.sub(" ", printable.written(said)).strip() or "Lembar"
    names = (plain[:31].strip(), *(f"{plain[:26].strip()} ({n})" for n in range(2, 100)))
    name = next(own for own in names if own.lower() not in taken)
    taken.add(name.lower())
    return name
