"""All that the tree says is in the PDF and in Word, and whatever is written in any field stays text in every form."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from reports import printable
from reports.government import facts, forms, letter
from reports.government.document import (
    Block,
    Boxes,
    Chart,
    Heading,
    Numbered,
    Pairs,
    Paragraph,
    Photo,
    Table,
)  # fmt: skip
from tests.reports import found_samples, reading

WEEK = found_samples.week()


def told(block: Block) -> Iterator[str]:
    """Every text of a block that a reader sees."""
    match block:
        case Paragraph():
            yield block.text
        case Heading():
            yield block.title
        case Numbered():
            yield from block.items
        case Boxes():
            yield from (text for box in block.items for text in (box.figure, box.words))
        case Chart():
            yield block.caption
        case Photo():
            yield f"Foto tidak dapat ditampilkan: {block.caption}"
        case Pairs():
            yield from (text for row in block.rows for text in row)
        case Table():
            yield from (text for column in block.columns for text in (column.head, column.group))
            yield from (str(line) for row in (*block.rows, block.foot) for cell in row for line in cell.lines)


READ = {"pdf": reading.text, "docx": reading.word}


@pytest.mark.parametrize("form", READ)
def test_all_that_the_report_says_is_in_it(form):
    document = letter.document(WEEK)
    shown = reading.letters(READ[form](forms.make(form, facts.to_json(WEEK))))

    for part in document.parts():
        assert reading.letters(part.title) in shown
        for text in (text for block in part.blocks for text in told(block)):
            assert reading.letters(printable.plain(text)) in shown, part.code
    for text in (*document.letterhead, *document.addressee, document.opening, *document.signature, *document.copies):
        assert reading.letters(text) in shown


def test_a_spreadsheet_has_every_table_of_the_report_as_a_sheet():
    book = openpyxl.load_workbook(BytesIO(forms.make("xlsx", facts.to_json(WEEK))))

    for table in letter.document(WEEK).tables():
        sheet = book[re.sub(r"[\[\]:*?/\\']", " ", table.name)[:31].strip()]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        assert len(rows) == len(table.rows) + bool(table.foot)
        for row, own in zip(rows, table.rows, strict=False):
            counts = [(shown, cell.value) for shown, cell in zip(row, own, strict=True) if isinstance(cell.value, int)]
            assert all(shown == value for shown, value in counts)


def test_a_row_of_several_lines_is_as_tall_as_they_are_wherever_it_is_opened():
    book = openpyxl.load_workbook(BytesIO(forms.make("xlsx", facts.to_json(WEEK))))

    long = [
        sheet.row_dimensions[cell.row].height
        for sheet in book
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if isinstance(cell.value, str) and (len(cell.value) > 60 or "\n" in cell.value)
    ]
    assert long
    assert all(height and height >= 27 for height in long)


KEPT = {
    "zone",
    "district",
    "digest",
    "policy_digest",
    "calendar_digest",
    "version",
    "code",
    "report",
    "what",
    "channel",
}
"""What no person writes, and names that hold the report together."""
EVIL = '=1+1 </w:t> #read("/etc/passwd") {{7*7}} *b* \u202e \x00 \ud800 ' + "x" * 300


def poisoned(value: Any, name: str = "") -> Any:
    """The same facts with that text in every field that is a text."""
    if is_dataclass(value):
        if name == "kind":
            return value
        own = {f.name: poisoned(getattr(value, f.name), f.name) for f in fields(value)}
        return replace(
            value, **(own | ({"code": value.code} if hasattr(value, "zone") and hasattr(value, "code") else {}))
        )
    if isinstance(value, tuple):
        return tuple(poisoned(item, name) for item in value)
    return EVIL if type(value) is str and name not in KEPT else value


@pytest.mark.parametrize("form", forms.FORMS, ids=lambda form: form.code)
def test_a_report_with_hostile_text_in_every_field_is_written(form):
    some = facts.to_json(poisoned(WEEK))

    content = forms.make(form.code, some)

    assert content == forms.make(form.code, some)
    if form.suffix.endswith(".xlsx"):
        book = openpyxl.load_workbook(BytesIO(content))
        assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    if form.code in READ:
        shown = READ[form.code](content)
        assert "root:x:0" not in shown
        assert reading.letters('#read("/etc/passwd"){{7*7}}*b*[U+202E][U+0000]') in reading.letters(shown)
