"""Tables to fill in or to look at, as CSV and XLSX. A cell is a text: no spreadsheet computes with what it holds."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPE_CSV = "text/csv; charset=utf-8"

_COMPUTED = ("=", "+", "-", "@", "\t", "\r")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Rows = Iterable[Sequence[str]]


def xlsx(headings: Sequence[str], rows: Rows) -> bytes:
    """A sheet whose cells are all of type text: leading zeros stay, and `=1+1` is four characters."""
    from openpyxl import Workbook  # 8 MB, in processes that seldom write a spreadsheet
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.freeze_panes = "A2"
    for column in range(len(headings)):
        sheet.column_dimensions[get_column_letter(column + 1)].width = 18
    for number, row in enumerate([headings, *rows]):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=_UNWRITABLE.sub("", text))
            cell.data_type = "s"
            cell.number_format = "@"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def csv_(headings: Sequence[str], rows: Rows) -> bytes:
    """UTF-8 with its mark and `;`, as spreadsheets set to Indonesian open it.

    An apostrophe stands before what a spreadsheet would compute with (`=`, `+`, `-`, `@`, tab); reading takes it off.
    """
    file = StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    for row in [headings, *rows]:
        writer.writerow([f"'{text}" if text.startswith(_COMPUTED) else text for text in row])
    return file.getvalue().encode("utf-8-sig")
