"""What Word can and python-docx has no name for: numbering, fields, edges, and widths that stay."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from reports import printable
from reports.government.counting import roman
from reports.government.document import Align

FONT = "Times New Roman"
SIZES = {"Normal": 11.0, "Heading 1": 11.0, "Heading 2": 10.5, "Heading 3": 10.5, "List Number": 11.0}
BLACK = RGBColor(0, 0, 0)
GREY = RGBColor(0x50, 0x50, 0x50)
SIDES = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
fit = printable.written
"""Every text passes here before it stands in the file."""


def style(word: Word) -> None:
    """A4, one typeface, black headings, Indonesian."""
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin, page.right_margin = Cm(2.2), Cm(1.8)
    page.top_margin = page.bottom_margin = Cm(2.1)
    for name, size in SIZES.items():
        own = word.styles[name]
        own.font.name, own.font.size = FONT, Pt(size)
        _typeface(own.element.get_or_add_rPr())
        if name.startswith("Heading"):
            own.font.color.rgb = BLACK
            own.paragraph_format.space_before, own.paragraph_format.space_after = Pt(12), Pt(6)
    word.styles["Normal"].paragraph_format.space_after = Pt(6)
    for lang in word.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "id-ID")


def describe(word: Word, title: str, author: str, made_at: datetime) -> None:
    """What the file says of itself. Its dates are the cut-off's."""
    at = made_at.astimezone(UTC).replace(tzinfo=None)
    own = word.core_properties
    own.title, own.author, own.last_modified_by = title[:255], author[:255], author[:255]
    own.created = own.modified = at
    own.language, own.comments, own.revision = "id-ID", "", 1


def edges(word: Word, mark: str, said: str) -> None:
    """The mark at the head of each page; at its foot what is said there, and which page it is of how many."""
    section = word.sections[0]
    if mark:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        head.add_run(mark).bold = True
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{mark} · {said} · halaman " if mark else f"{said} · halaman ")
    _field(foot, "PAGE")
    foot.add_run(" dari ")
    _field(foot, "NUMPAGES")
    for run in foot.runs:
        run.font.size = Pt(7.5)
    _border(foot, "top", "single", 4)


def counted(word: Word, labels: list[str]) -> int | None:
    """A numbering whose numbers are these labels, or None where no Roman numbering gives them."""
    patterns = {label.replace(roman(n), "%1") for n, label in enumerate(labels, 1)}
    if len(patterns) != 1 or "%1" not in (pattern := patterns.pop()):
        return None
    abstract = OxmlElement("w:abstractNum")
    own = _free(word, "w:abstractNum", "w:abstractNumId")
    abstract.set(qn("w:abstractNumId"), str(own))
    _with(abstract, "w:multiLevelType", "multilevel")
    for depth, (kind, said) in enumerate((("upperRoman", pattern), ("upperLetter", "%2."))):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(depth))
        for name, value in (("w:start", "1"), ("w:numFmt", kind), ("w:suff", "space"), ("w:lvlText", said)):
            _with(level, name, value)
        abstract.append(level)
    numbering = word.part.numbering_part.element
    numbering.insert(len(numbering.findall(qn("w:abstractNum"))), abstract)
    return int(numbering.add_num(own).numId)


def restarted(word: Word) -> int:
    """The numbering of the style List Number, from 1 again."""
    numbering = word.part.numbering_part.element
    listed = word.styles["List Number"].element.pPr.numPr.numId.val
    same = next(num for num in numbering.num_lst if num.numId == listed)
    num = numbering.add_num(same.abstractNumId.val)
    num.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(num.numId)


def number(paragraph: Paragraph, numbering: int, level: int = 0) -> None:
    """Count the paragraph by this numbering, which counts a level below anew after each one above."""
    own = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    own.get_or_add_ilvl().val = level
    own.get_or_add_numId().val = numbering


def widths(columns: list[tuple[float, float]], whole: float) -> list[float]:
    """Centimetres of each column of these widths and shares."""
    left = whole - sum(width for width, _ in columns)
    shares = sum(share for width, share in columns if not width)
    return [width or left * share / shares for width, share in columns]


def measured(table: Table, columns: list[float]) -> None:
    """Columns that stay as wide as they are given, whatever is in them."""
    table.autofit = False
    edges = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "60")
        edge.set(qn("w:type"), "dxa")
        edges.append(edge)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    table._tbl.tblPr.insert(list(table._tbl.tblPr).index(look), edges)
    for column, width in zip(table.columns, columns, strict=True):
        column.width = Cm(width)


def added(table: Table) -> list[_Cell]:
    """The cells of a new last row."""
    return list(table.add_row().cells)  # type: ignore[no-untyped-call]


def name(table: Table, said: str) -> None:
    """What the table is called, for who has it read out."""
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), said)
    table._tbl.tblPr.append(caption)


def repeated(table: Table, rows: int) -> None:
    """The first rows are its head, again on every page."""
    for row in table._tbl.tr_lst[:rows]:
        row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell in row.tc_lst:
            tight(Paragraph(cell.p_lst[0], table))
            shade = OxmlElement("w:shd")
            for key, value in (("val", "clear"), ("color", "auto"), ("fill", "ECECEC")):
                shade.set(qn(f"w:{key}"), value)
            cell.get_or_add_tcPr().append(shade)


def whole_rows(table: Table) -> None:
    """No row is torn by the end of a page."""
    for row in table._tbl.tr_lst:
        row.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def tight(paragraph: Paragraph, *, first: bool = False) -> None:
    """No air around it, but above the first."""
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.space_before = Pt(8 if first else 0)


def underlined(paragraph: Paragraph) -> None:
    """The line below a letterhead."""
    _border(paragraph, "bottom", "thickThinSmallGap", 18)


def boxed(paragraph: Paragraph) -> None:
    """A frame around what must not be overlooked."""
    for side in ("top", "left", "bottom", "right"):
        _border(paragraph, side, "single", 8)


def write(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    size: float = 0,
    side: Align | None = None,
    weak: bool = False,
) -> None:
    """Add a text to a paragraph. `size` in points; 0: as the style has it."""
    run = paragraph.add_run(fit(text))
    if bold:
        run.bold = True
    if size:
        run.font.size = Pt(size)
    if weak:
        run.font.color.rgb = GREY
    if side:
        paragraph.alignment = SIDES[side]


def _border(paragraph: Paragraph, side: str, kind: str, size: int) -> None:
    own = paragraph._p.get_or_add_pPr()
    edges = own.find(qn("w:pBdr"))
    if edges is None:
        edges = OxmlElement("w:pBdr")
        own.insert_element_before(
            edges, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    edge = OxmlElement(f"w:{side}")
    for key, value in (("val", kind), ("sz", str(size)), ("space", "4"), ("color", "auto")):
        edge.set(qn(f"w:{key}"), value)
    edges.append(edge)


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    run.font.size = Pt(7.5)
    field.append(deepcopy(run._r))
    run._r.getparent().replace(run._r, field)


def _typeface(look: Any) -> None:
    fonts = look.get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{key}"), FONT)


def _with(parent: Any, tag: str, value: str) -> None:
    child = OxmlElement(tag)
    child.set(qn("w:val"), value)
    parent.append(child)


def _free(word: Word, tag: str, key: str) -> int:
    return 1 + max((int(own.get(qn(key))) for own in word.part.numbering_part.element.findall(qn(tag))), default=0)
