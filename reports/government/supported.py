"""The chapter on the support that offices give: how ready each preparation is, what is late, and what holds what up."""

from collections.abc import Callable, Iterable, Mapping

from reports.government.document import (
    Align,
    Block,
    Cell,
    Chapter,
    Column,
    Heading,
    Line,
    Numbered,
    Paragraph,
    Row,
    Table,
)
from reports.government.facts import Weekly
from reports.government.figures import printed
from reports.government.rows import NUMBER, counted, dated, said
from reports.government.support import Item, Prepared
from rules.indonesian import listed, local, moment, number, of_them
from rules.readiness import APPLYING, READY, Ready

Labels = Mapping[str, str]

TITLE = "Dukungan perangkat daerah"
TOLD = tuple(reversed(APPLYING))
COUNTS = ("total", *TOLD, "late")
"""What is counted of each preparation, in the order of the columns."""
NAMED = 12
"""So many that are late, or hold others up, are named; the spreadsheet has them all."""
UNREADY = (
    NUMBER,
    Column("Kode", 1.6),
    Column("Dukungan"),
    Column("Pemberi"),
    Column("Batas jawaban", 3.2),
    Column("Keadaan", share=1.4),
)
SUPPORT = (
    NUMBER,
    Column("Persiapan"),
    Column("Harus siap", 2.2),
    Column("Diperlukan", 1.9, align=Align.RIGHT),
    Column("Siap", 1.2, align=Align.RIGHT),
    Column("Sebagian", 1.6, align=Align.RIGHT),
    Column("Belum siap", 1.4, align=Align.RIGHT),
    Column("Belum dijawab", 1.6, align=Align.RIGHT),
    Column("Terlambat", 1.8, align=Align.RIGHT),
)


def chapter(facts: Weekly, _: Labels) -> Chapter:
    """Each preparation that was told of; nothing where there is none."""
    every = facts.findings.support if facts.findings else ()
    if not every:
        return Chapter("support", TITLE, ())
    told = printed(facts)
    blocks: list[Block] = [Paragraph(_summed(facts, told)), _table(every, told)]
    if told["support.late"]:
        late = _named(every, lambda own: own.late, told["support.late"], _short)
        blocks.append(Paragraph(f"Terlambat dijawab: {listed(late)}."))
    if told["support.holding"]:
        blocks += [Heading("Yang menahan dukungan lain"), Numbered(tuple(_holding(every, told["support.holding"])))]
    return Chapter("support", TITLE, tuple(blocks))


def _summed(facts: Weekly, told: Mapping[str, int]) -> str:
    total, until = told["support.total"], moment(facts.header.cut_off, facts.header.zone)
    if not total:
        return f"Menurut jawaban sampai dengan {until}, tidak ada dukungan yang diperlukan."
    parts = [f"{number(many)} {READY[own]}" for own in TOLD if (many := told[f"support.{own}"])]
    late = of_them(told["support.late"], "terlambat dijawab")
    return (
        f"Dari {number(total)} dukungan yang diperlukan, {listed(parts)} menurut jawaban sampai dengan {until}; {late}."
    )


def _table(every: Iterable[Prepared], told: Mapping[str, int]) -> Table:
    rows = tuple(
        (
            counted(n),
            said(own.name),
            dated(own.begins) if own.begins else said("–"),
            *(counted(told[f"support.{own.code}.{what}"]) for what in COUNTS),
        )
        for n, own in enumerate(every, 1)
    )
    return Table("Dukungan", SUPPORT, rows, (said("Jumlah"), *(counted(told[f"support.{what}"]) for what in COUNTS)))


def _named(
    every: Iterable[Prepared], held: Callable[[Item], object], many: int, words: Callable[[Item], str]
) -> list[str]:
    """The first of those of which it holds, and how many more there are."""
    found = [own for each in every for own in each.items if held(own)]
    rest = [f"{number(many - NAMED)} lainnya"] if many > NAMED else []
    return [*(words(own) for own in found[:NAMED]), *rest]


def _short(own: Item) -> str:
    return f"{own.name} ({own.office})"


def _holding(every: tuple[Prepared, ...], many: int) -> list[str]:
    names = {own.code: own.name for each in every for own in each.items}

    def words(own: Item) -> str:
        lacking = f", yaitu {listed(own.lacking)}" if own.lacking else ""
        waiting = listed(list(dict.fromkeys(names[code] for code in own.holds if code in names)))
        return f"{_short(own)}: {READY[own.ready]}{lacking}. Menahan {number(len(own.holds))} dukungan: {waiting}."

    return _named(every, lambda own: own.holds, many, words)


def annex(facts: Weekly) -> Chapter:
    """What is not wholly ready, item by item, each preparation in the order of the plan; nothing where all is."""
    blocks: list[Block] = []
    for each in facts.findings.support if facts.findings else ():
        open_ = [own for own in each.items if own.ready in APPLYING and own.ready is not Ready.READY]
        if open_:
            rows = tuple(_row(n, own, facts.header.zone) for n, own in enumerate(open_, 1))
            blocks += [Heading(each.name), Table(each.name, UNREADY, rows)]
    return Chapter("support", "Dukungan yang belum siap", tuple(blocks))


def _row(n: int, own: Item, zone: str) -> Row:
    late = ", terlambat dijawab" if own.late else ""
    lacking = f": {listed(own.lacking)}" if own.lacking else ""
    return (
        counted(n),
        said(own.code),
        said(own.name),
        said(own.office),
        Cell((Line(moment(own.due_at, zone)),), local(own.due_at, zone)),
        said(f"{READY[own.ready]}{late}{lacking}"),
    )


def data(facts: Weekly) -> Table:
    """Every item for a spreadsheet, one value a cell."""
    heads = ("Kode", "Persiapan", "Dukungan", "Pemberi", "Batas waktu", "Keadaan", "Dijawab", "Terlambat",
             "Belum siap", "Menahan")  # fmt: skip
    zone = facts.header.zone
    rows = tuple(
        (
            said(own.code),
            said(each.name),
            said(own.name),
            said(own.office),
            Cell((Line(moment(own.due_at, zone)),), local(own.due_at, zone)),
            said(READY[own.ready]),
            Cell((Line(moment(own.received_at, zone)),), local(own.received_at, zone)) if own.received_at else said(""),
            said("ya" if own.late else "tidak"),
            said(", ".join(own.lacking)),
            said(", ".join(own.holds)),
        )
        for each in (facts.findings.support if facts.findings else ())
        for own in each.items
    )
    return Table("Rincian dukungan", tuple(map(Column, heads)), rows)
