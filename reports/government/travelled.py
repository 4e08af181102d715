"""What the chapter on the desk's own activities says of field trips."""

from reports.government.document import Block, Cell, Column, Heading, Line, Paragraph, Row, Table, Tone
from reports.government.facts import Weekly
from reports.government.figures import printed
from reports.government.rows import NUMBER, counted, said, short
from reports.government.trips import Trip
from rules.indonesian import listed, moment, number

TRIPS = (
    NUMBER,
    Column("Waktu", 3.0),
    Column("Tempat", 3.2),
    Column("Uraian kegiatan"),
    Column("Pelaksana", share=0.7),
    Column("Orang", 1.4),
)
NAMED = 12
"""So many trips that nobody told of are named."""


def blocks(facts: Weekly) -> tuple[Block, ...]:
    """The trips that were made, each with what was seen, and which of the planned ones were not told of."""
    own = facts.findings
    if own is None or not own.trips:
        return ()
    told = printed(facts)
    made = [one for one in own.trips if one.told]
    rows = tuple(_row(facts, n, one, told[f"trip.{one.code}.people"]) for n, one in enumerate(made, 1))
    lines: list[Block] = [Heading("Kunjungan lapangan"), Paragraph(_sentence(told))]
    if rows:
        lines.append(Table("Kunjungan lapangan", TRIPS, rows))
    if told["trips.unreported"]:
        lines.append(Paragraph(_unreported(facts, [one for one in own.trips if not one.told])))
    return tuple(lines)


def _sentence(told: dict[str, int]) -> str:
    if not told["trips"]:
        return "Tidak ada kunjungan lapangan yang hasilnya tercatat pada periode ini."
    return (
        f"Tim DESK melaksanakan {number(told['trips'])} kunjungan lapangan pada periode ini, "
        f"seluruhnya diikuti {number(told['trips.people'])} orang."
    )


def _unreported(facts: Weekly, waiting: list[Trip]) -> str:
    named = [f"{one.code} ({moment(one.at, facts.header.zone)})" for one in waiting[:NAMED]]
    rest = [f"{number(len(waiting) - NAMED)} lainnya"] if len(waiting) > NAMED else []
    return f"Direncanakan, dan hasilnya belum tercatat: {listed([*named, *rest])}."


def _row(facts: Weekly, n: int, own: Trip, people: int) -> Row:
    name = next((district.name for district in facts.districts if district.code == own.district), "")
    where = [Line(own.place)] if own.place else []
    what = [Line(own.purpose), *(Line(text) for text in own.seen), Line(f"{own.code} · {own.team}", tone=Tone.WEAK)]
    place = Cell((*where, Line(short(facts, name), tone=Tone.WEAK)))
    return (
        counted(n),
        said(moment(own.at, facts.header.zone)),
        place,
        Cell(tuple(what)),
        said(own.going),
        counted(people),
    )
