"""The report as DOCX, for registries that take it and for who must go on writing: real styles, numbers and tables."""

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from itertools import groupby
from typing import Any

import docx as library
from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Cm, Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from reports import archives, typesetting
from reports.government import crests, docx_kop, photos
from reports.government import docx_parts as parts
from reports.government.crests import Drawn
from reports.government.document import (
    Align,
    Boxes,
    Cell,
    Chapter,
    Chart,
    Column,
    Document,
    Heading,
    Line,
    Numbered,
    Pairs,
    Paragraph,
    Photo,
    Row,
    Table,
    Tone,
)  # fmt: skip

WIDTH = 17.0
"""Centimetres between the margins."""
DOTS = 200


def docx(document: Document, given: Mapping[str, bytes]) -> bytes:
    """The same document gives the same bytes. `given`: photos by their digest. Raises: DocumentError."""
    shown, pictures = photos.drawn(document, given)
    return _Writer(shown, pictures, crests.drawn(document.crest, given)).written()


class _Writer:
    """One document on its way into Word's words."""

    def __init__(self, document: Document, pictures: Mapping[str, bytes], crest: Drawn | None) -> None:
        self.document = document
        self.pictures = pictures
        self.crest = crest
        self.word: Word = library.Document()
        self.blocks: dict[type, Callable[[Any], object]] = {
            Paragraph: self.paragraph,
            Numbered: self.numbered,
            Table: self.table,
            Boxes: self.boxes,
            Chart: self.chart,
            Photo: self.photo,
            Pairs: self.pairs,
        }

    def written(self) -> bytes:
        """The file, from the letterhead to the last line."""
        parts.style(self.word)
        parts.describe(
            self.word, parts.fit(self.document.title), parts.fit(self.document.author), self.document.made_at
        )
        parts.edges(self.word, parts.fit(self.document.mark), parts.fit(self.document.footer))
        self.head()
        self.chapters()
        self.end()
        self.annexes()
        file = BytesIO()
        self.word.save(file)
        return archives.timeless(file.getvalue())

    def head(self) -> None:
        own = self.document
        if own.notice:
            parts.boxed(self._said(own.notice, bold=True, side=Align.CENTER))
        docx_kop.put(self.word, own, self.crest)
        if own.heading:
            self._said(own.heading, bold=True, size=12.5, side=Align.CENTER)
        self._said(own.place_date, side=Align.RIGHT)
        rows = [(name, ":", "\n".join(map(parts.fit, lines))) for name, lines in own.reference]
        self._grid(rows, (2.3, 0.5, 10.9), size=11)
        for n, line in enumerate(own.addressee):
            within = 0 < n < len(own.addressee) - 1
            parts.tight(self._said(line, side=Align.LEFT, indent=0.8 if within else 0), first=n == 0)
        self._said(own.opening).paragraph_format.space_before = Pt(8)

    def chapters(self) -> None:
        own = self.document
        every = (*own.chapters, own.closing)
        counted = parts.counted(self.word, [part.label for part in every if part.level == 1])
        for part in own.chapters:
            self.chapter(part, counted)
        before = len(self.word.paragraphs)
        self.chapter(own.closing, counted)
        for paragraph in self.word.paragraphs[before:]:
            paragraph.paragraph_format.keep_with_next = True

    def annexes(self) -> None:
        counted = parts.counted(self.word, [part.label for part in self.document.annexes])
        for part in self.document.annexes:
            self.chapter(part, counted, anew=True)
        self.pairs(self.document.about)
        self._gap()

    def chapter(self, part: Chapter, counted: int | None, *, anew: bool = False) -> None:
        heading = self._said(part.title if counted else part.heading, f"Heading {part.level}")
        heading.paragraph_format.page_break_before = anew
        if counted:
            parts.number(heading, counted, part.level - 1)
        for block in part.blocks:
            if isinstance(block, Heading):
                self._said(block.title, f"Heading {part.level + 1}")
            else:
                self.blocks[type(block)](block)

    def end(self) -> None:
        """Signature and copies, on one page with each other."""
        own = self.document
        lines = [*own.signature, "", "", "", f"({'.' * 50})"]
        for line in lines:
            signed = self._said(line, side=Align.CENTER, indent=9)
            signed.paragraph_format.keep_with_next = True
            parts.tight(signed, first=line is lines[0])
        if own.copies:
            self._said("Tembusan:", size=9.5).paragraph_format.keep_with_next = True
            self.numbered(Numbered(own.copies), size=9.5)
        for line in own.approval:
            self._said(line, size=9)

    def paragraph(self, own: Paragraph) -> None:
        if own.tone is Tone.WEAK:
            self._said(own.text, size=8)
        else:
            self._said(own.text)

    def numbered(self, own: Numbered, *, size: float = 0) -> None:
        counted = parts.restarted(self.word)
        for item in own.items:
            parts.number(self._said(item, "List Number", size=size), counted)

    def boxes(self, own: Boxes) -> None:
        table = self._framed(1, len(own.items), [WIDTH / len(own.items)] * len(own.items))
        for cell, box in zip(table.rows[0].cells, own.items, strict=True):
            parts.write(cell.paragraphs[0], box.figure, bold=True, size=14, side=Align.CENTER)
            parts.write(cell.add_paragraph(), box.words, size=8.5, side=Align.CENTER)
            parts.tight(cell.paragraphs[0], first=True)
        self._gap()

    def chart(self, own: Chart) -> None:
        picture = typesetting.png(own.svg, dots_per_inch=DOTS)
        self._said(own.caption, bold=True, size=9).paragraph_format.keep_with_next = True
        self._picture(picture, parts.fit(own.alt), width=Cm(WIDTH))

    def photo(self, own: Photo) -> None:
        self._picture(self.pictures[own.digest], parts.fit(own.alt), height=Cm(7.5))
        self._said(own.caption, size=9)

    def pairs(self, own: Pairs) -> None:
        self._gap()
        self._grid([(parts.fit(name), parts.fit(value)) for name, value in own.rows], (4.0, 13.0), size=7.5)

    def table(self, own: Table) -> None:
        widths = parts.widths([(column.width, column.share) for column in own.columns], WIDTH)
        size = 9 if len(widths) < 6 else 8
        deep = 2 if any(column.group for column in own.columns) else 1
        table = self._framed(deep, len(widths), widths)
        parts.name(table, parts.fit(own.name))
        _heads(table, own.columns, deep, size)
        for row in own.rows:
            _fill(parts.added(table), row, own.columns, size)
        if own.foot:
            _foot(table, own, size)
        parts.whole_rows(table)
        self._gap()

    def _framed(self, rows: int, columns: int, widths: list[float]) -> WordTable:
        table: WordTable = self.word.add_table(rows, columns, style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        parts.measured(table, widths)
        return table

    def _grid(self, rows: Iterable[tuple[str, ...]], widths: tuple[float, ...], *, size: float) -> None:
        table = self.word.add_table(0, len(widths))
        parts.measured(table, list(widths))
        for row in rows:
            for cell, text in zip(parts.added(table), row, strict=True):
                cell.paragraphs[0].paragraph_format.space_after = Pt(2)
                cell.paragraphs[0].add_run(text).font.size = Pt(size)

    def _picture(self, content: bytes, alt: str, **measure: int) -> None:
        shape = self.word.add_picture(BytesIO(content), **measure)
        shape._inline.docPr.set("descr", alt)

    def _said(self, text: str, style: str = "Normal", *, indent: float = 0, **look: Any) -> WordParagraph:
        paragraph = self.word.add_paragraph(style=style)
        if indent:
            paragraph.paragraph_format.left_indent = Cm(indent)
        parts.write(paragraph, text, **look)
        return paragraph

    def _gap(self) -> None:
        """Two tables that touch would be one, and after the last one a whole line could begin an empty page."""
        between = self._said("")
        parts.tight(between)
        between.paragraph_format.line_spacing = Pt(6)


def _heads(table: WordTable, columns: tuple[Column, ...], deep: int, size: float) -> None:
    for n, column in enumerate(columns):
        top, bottom = table.cell(0, n), table.cell(deep - 1, n)
        cell = bottom if column.group or deep == 1 else top.merge(bottom)
        parts.write(cell.paragraphs[0], column.head, bold=True, size=size, side=Align.CENTER)
    for first, last in _groups(columns):
        group = table.cell(0, first).merge(table.cell(0, last))
        parts.write(group.paragraphs[0], columns[first].group, bold=True, size=size, side=Align.CENTER)
    parts.repeated(table, deep)


def _groups(columns: tuple[Column, ...]) -> Iterable[tuple[int, int]]:
    """Where each run of neighbours with one head together begins and ends."""
    for group, run in groupby(enumerate(columns), key=lambda own: own[1].group):
        places = [n for n, _ in run]
        if group:
            yield places[0], places[-1]


def _fill(cells: Iterable[Any], row: Row, columns: tuple[Column, ...], size: float) -> None:
    for place, cell, column in zip(cells, row, columns, strict=True):
        _lines(place, cell, column.align, size)


def _foot(table: WordTable, own: Table, size: float) -> None:
    cells = parts.added(table)
    apart = len(cells) - len(own.foot) + 1
    _lines(cells[0].merge(cells[apart - 1]), own.foot[0], Align.LEFT, size)
    _fill(cells[apart:], own.foot[1:], own.columns[apart:], size)


def _lines(place: Any, cell: Cell, side: Align, size: float) -> None:
    for n, line in enumerate(cell.lines):
        paragraph = place.paragraphs[0] if n == 0 else place.add_paragraph()
        _line(paragraph, line, side, size)


def _line(paragraph: WordParagraph, line: Line, side: Align, size: float) -> None:
    if line.lead:
        lead = paragraph.add_run(f"{parts.fit(line.lead)}: ")
        lead.font.size, lead.font.color.rgb = Pt(size), parts.GREY
    weak = line.tone is Tone.WEAK
    parts.write(
        paragraph, line.text, bold=line.tone is Tone.STRONG, size=size * 0.9 if weak else size, side=side, weak=weak
    )
    parts.tight(paragraph)
