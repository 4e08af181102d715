"""The chapter on what is asked of province and centre: each appeal with what came of it."""

from collections.abc import Mapping

from reports.government import words
from reports.government.appeals import Appeal
from reports.government.document import Block, Cell, Chapter, Column, Line, Paragraph, Row, Table, Tone
from reports.government.facts import Weekly
from reports.government.figures import printed
from reports.government.rows import NUMBER, counted, dated, said
from rules import levels
from rules.appeals import NAMES
from rules.indonesian import day, number

Labels = Mapping[str, str]

TITLE = "Permohonan kepada Pemerintah Provinsi dan Pusat"
NONE = "Tidak ada permohonan kepada Pemerintah Provinsi maupun Pemerintah Pusat yang dicatat {}."
APPEALS = (
    NUMBER,
    Column("Kepada", 2.6),
    Column("Yang dimohonkan", share=1.3),
    Column("Permasalahan", 2.6),
    Column("Sejak", 1.9),
    Column("Jawaban"),
)


def chapter(facts: Weekly, _: Labels) -> Chapter:
    """The appeals of this desk first, then those that the desks below it told of."""
    blocks: tuple[Block, ...] = ()
    if own := facts.findings:
        rows = tuple(_row(facts, n, one) for n, one in enumerate(own.appeals, 1))
        blocks = (Paragraph(_summed(facts)), *((Table("Permohonan", APPEALS, rows),) if rows else ()))
    return Chapter("requests", TITLE, blocks)


def _summed(facts: Weekly) -> str:
    told = printed(facts)
    many, answered, secret = told["appeals"], told["appeals.answered"], told["appeals.withheld"]
    besides = f" Selain itu, {number(secret)} mengenai permasalahan terbatas, yang tidak dirinci." if secret else ""
    if not many:
        return f"{NONE.format(words.meant(facts))}{besides}"
    done = f"{number(answered)} telah dijawab" if answered else "belum ada yang dijawab"
    rest = f", {number(many - answered)} belum dijawab" if 0 < answered < many else ""
    return f"Dimohonkan dukungan atas {number(many)} hal: {done}{rest}.{besides}"


def _row(facts: Weekly, n: int, own: Appeal) -> Row:
    names = {d.code: levels.named(facts.header.level, d.name) for d in facts.districts}
    origin = (Line(f"dari {names.get(own.district, own.district)}", tone=Tone.WEAK),) if own.district else ()
    titles = {problem.code: problem.title for problem in facts.problems}
    about = [Line(own.problem or "–")]
    if own.problem in titles:
        about.append(Line(titles[own.problem], tone=Tone.WEAK))
    answer = [Line(own.answer, day(own.answered_on))] if own.answered_on else [Line("belum dijawab", tone=Tone.WEAK)]
    what = Cell((Line(own.text), Line(own.code, tone=Tone.WEAK)))
    to = Cell((Line(NAMES[own.of]), *origin))
    return counted(n), to, what, Cell(tuple(about)), dated(own.on), Cell(tuple(answer))


def data(facts: Weekly) -> Table:
    """The same for a spreadsheet, one value a cell."""
    columns = ("Kode", "Asal", "Kepada", "Yang dimohonkan", "Permasalahan", "Sejak", "Dijawab", "Jawaban")
    names = {d.code: levels.named(facts.header.level, d.name) for d in facts.districts}
    every = facts.findings.appeals if facts.findings else ()
    rows = tuple(
        (
            said(own.code),
            said(names.get(own.district, own.district) or facts.header.regency),
            said(NAMES[own.of]),
            said(own.text),
            said(own.problem),
            dated(own.on),
            dated(own.answered_on) if own.answered_on else said(""),
            said(own.answer),
        )
        for own in every
    )
    return Table("Permohonan", tuple(map(Column, columns)), rows)
