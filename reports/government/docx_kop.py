"""The letterhead (kop) in Word's words: its lines, with the crest at their left where there is one."""

from io import BytesIO
from typing import Any

from docx.document import Document as Word
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from reports.government import crests
from reports.government import docx_parts as parts
from reports.government.crests import Drawn
from reports.government.document import Align, Document

WIDTH = 17.0
SIDE = 2.2
"""Centimetres of the crest's column, and of the one at the right that keeps the lines in the middle."""
WIDEST = 1.9


def put(word: Word, document: Document, crest: Drawn | None) -> None:
    """Add the letterhead with the line below it."""
    parts.underlined(_beside(word, document, crest) if crest else _lines(word, document))


def _lines(place: Any, document: Document) -> Paragraph:
    """The lines, in the body or in a cell; the last of them."""
    for n, line in enumerate(document.letterhead, 1):
        last: Paragraph = place.add_paragraph()
        parts.write(last, line, bold=True, size=16 if n == len(document.letterhead) else 12.5, side=Align.CENTER)
    for line in document.address:
        last = place.add_paragraph()
        parts.write(last, line, size=9.5, side=Align.CENTER)
        parts.tight(last)
    return last


def _beside(word: Word, document: Document, crest: Drawn) -> Paragraph:
    """Crest and lines side by side; the empty line below both."""
    table = word.add_table(1, 3)
    parts.measured(table, [SIDE, WIDTH - 2 * SIDE, SIDE])
    left, middle, _ = table.rows[0].cells
    for cell in (left, middle):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    shape = left.paragraphs[0].add_run().add_picture(BytesIO(crests.raster(crest)), height=Cm(crests.HEIGHT))
    if shape.width > Cm(WIDEST):
        shape.width, shape.height = Cm(WIDEST), round(Cm(WIDEST) * shape.height / shape.width)
    shape._inline.docPr.set("descr", parts.fit(crest.alt))
    _lines(middle, document)
    middle._tc.remove(middle.paragraphs[0]._p)
    below = word.add_paragraph()
    parts.tight(below)
    below.paragraph_format.line_spacing = Pt(4)
    return below
