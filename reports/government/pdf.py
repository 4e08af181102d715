"""The report as PDF/A: the tree, with every text fit to print, handed to typst."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reports import printable, typesetting
from reports.government import crests, photos
from reports.government.crests import Drawn
from reports.government.document import Block, Cell, Chapter, Chart, Document, Photo, Table

TEMPLATE = Path(__file__).parent / "templates" / "document.typ"


def pdf(document: Document, given: Mapping[str, bytes]) -> bytes:
    """The same document gives the same bytes. Its date of creation is the cut-off. `given`: photos by their digest.

    Raises:
        DocumentError: typst refused; its message says what.
    """
    shown, pictures = photos.drawn(document, given)
    files = {f"{digest}.jpg": content for digest, content in pictures.items()}
    crest = crests.drawn(document.crest, given)
    if crest:
        files[crest.name] = crest.content
    return typesetting.pdf_a(TEMPLATE, view(shown, crest), created_at=document.made_at, files=files)


def view(document: Document, crest: Drawn | None = None) -> dict[str, Any]:
    """What the template reads: the tree as lists and mappings, every text printable."""
    around = {
        name: printable.every(getattr(document, name))
        for name in ("title", "author", "letterhead", "address", "place_date", "reference", "addressee", "heading",
                     "opening", "signature", "copies", "approval", "footer", "notice", "mark")
    }  # fmt: skip
    return {
        **around,
        "crest": {"file": crest.name, "alt": printable.plain(crest.alt)} if crest else None,
        "chapters": [_chapter(part) for part in document.chapters],
        "closing": _chapter(document.closing),
        "annexes": [_chapter(part) for part in document.annexes],
        "about": printable.every(document.about.rows),
    }


def _chapter(part: Chapter) -> dict[str, Any]:
    return {
        "level": part.level,
        "heading": printable.text(part.heading),
        "blocks": [_block(block) for block in part.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    if isinstance(block, Table):
        return {"kind": kind, **_table(block)}
    if isinstance(block, Chart):
        said = printable.text(block.caption), printable.plain(block.alt)
        return {"kind": kind, "svg": block.svg, "caption": said[0], "alt": said[1]}
    if isinstance(block, Photo):
        said = printable.text(block.caption), printable.plain(block.alt)
        return {"kind": kind, "file": f"{block.digest}.jpg", "caption": said[0], "alt": said[1]}
    return {"kind": kind, **printable.every(asdict(block))}


def _table(table: Table) -> dict[str, Any]:
    heads = [(printable.text(column.head), printable.text(column.group)) for column in table.columns]
    return {
        "heads": heads,
        "widths": [[column.width, column.share] for column in table.columns],
        "align": [column.align for column in table.columns],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "foot": [_cell(cell) for cell in table.foot],
    }


def _cell(cell: Cell) -> list[list[str]]:
    return [[printable.text(line.lead), printable.text(line.text), line.tone] for line in cell.lines]
