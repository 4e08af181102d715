"""The chapter on what reports say of the regency, by indicator group, and the annex with every word of it."""

from collections.abc import Iterable, Mapping

from reports.government.document import Align, Block, Cell, Chapter, Column, Heading, Line, Paragraph, Row, Table, Tone
from reports.government.facts import Weekly
from reports.government.figures import printed
from reports.government.rows import counted, said, share
from reports.government.situation import Figure, Group, Seen
from rules import levels
from rules.forms import CONDITIONS
from rules.indonesian import age, listed, local_date, moment, number, percent, period
from rules.situation import WORDS, Shown

Labels = Mapping[str, str]
Told = Mapping[str, int]
Names = Mapping[str, str]

WRONG = (Shown.TROUBLED, Shown.ATTENTION)
NAMED = 4
"""So many districts the chapter names for one group; the annex has them all."""
MISSING = 6
"""So many districts that gave no number a milestone names."""

GROUPS = (Column("Bidang", 2.9), Column("Keadaan menurut laporan terakhir", share=1), Column("Angka", share=0.8))
MILESTONES = (
    Column("Perkembangan"),
    Column("Jumlah", 2.0, align=Align.RIGHT),
    Column("Dari", 2.0, align=Align.RIGHT),
    Column("Bagian (%)", 1.8, align=Align.RIGHT),
    Column("Yang melaporkan", 3.0),
    Column("Data paling akhir", 3.4),
)
WORDING = (Column("Keadaan", 2.3), Column("Keterangan pelapor"), Column("Sumber", 3.6))


def chapter(facts: Weekly, labels: Labels) -> Chapter:
    """How every group looks, with its denominators; what nobody looked at is said."""
    blocks: tuple[Block, ...] = ()
    if facts.findings and facts.findings.situation:
        told = printed(facts)
        table = Table("Keadaan per bidang", GROUPS, tuple(_group(facts, own, told) for own in _together(facts)))
        blocks = (Paragraph(_overall(facts, labels)), table, *_withheld(facts), *_milestones(facts, told))
    return Chapter("situation", "Pemantauan menurut bidang", blocks)


def annex(facts: Weekly) -> Chapter:
    """Every district whose group is not called safe, with what its report says, where the chapter did not name all."""
    groups = facts.findings.situation if facts.findings else ()
    title = f"Keadaan menurut bidang dan {facts.header.unit}"
    if all(sum(own.shown in WRONG for own in group.seen) <= NAMED for group in groups):
        return Chapter("situation", title, ())
    names = _names(facts)
    columns = (Column("Bidang", 2.9), Column(levels.heading(facts.header.level), 2.6), *WORDING)
    told = [(group, own) for group in groups for own in group.seen if own.shown in WRONG]
    rows = tuple(_wording(facts, group, own, names) for group, own in told)
    return Chapter("situation", title, (Table("Keterangan pelapor", columns, rows),))


def wrong(facts: Weekly) -> str:
    """`Dari 14 bidang, 2 dilaporkan bermasalah (Logistik, Keamanan)`; without a stop."""
    groups, told = (facts.findings.situation if facts.findings else ()), printed(facts)
    parts = []
    for shown in WRONG:
        named = [group.name for group in groups if group.worst is shown]
        if named:
            parts.append(f"{number(told[f'situation.groups.{shown}'])} dilaporkan {WORDS[shown]} ({', '.join(named)})")
    whole = number(told["situation.groups"])
    if groups and all(shown is Shown.UNSEEN for group in groups for shown in group.all):
        return f"Dari {whole} bidang pemantauan, belum ada yang dilaporkan"
    if parts:
        return f"Dari {whole} bidang yang dipantau, {' dan '.join(parts)}"
    return f"Dari {whole} bidang yang dipantau, tidak ada yang dilaporkan bermasalah atau perlu perhatian"


def unknown(facts: Weekly) -> str:
    """The groups that no district, or not every one, told of lately; empty: all did. Without a stop."""
    groups, told = (facts.findings.situation if facts.findings else ()), printed(facts)
    gaps = [
        (unseen + stale, told[f"situation.{group.code}.districts"])
        for group in groups
        if (unseen := told[f"situation.{group.code}.{Shown.UNSEEN}"])
        + (stale := told[f"situation.{group.code}.{Shown.STALE}"])
    ]
    every, unit = sum(many == whole for many, whole in gaps), facts.header.unit
    where = ((len(gaps) - every, f"sebagian {unit}"), (every, f"seluruh {unit}"))
    parts = [f"pada {number(many)} bidang, {whose}" for many, whose in where if many]
    if not parts:
        return ""
    said = " dan ".join(parts)
    return (
        f"{said[:1].upper()}{said[1:]} belum dipantau atau datanya tidak mutakhir, "
        f"sehingga di sana keadaannya tidak dapat disebut aman"
    )


def _overall(facts: Weekly, labels: Labels) -> str:
    until = moment(facts.header.cut_off, facts.header.zone)
    annexed = f" Keterangan selengkapnya pada {labels['situation']}." if "situation" in labels else ""
    gaps = unknown(facts)
    more = f" {gaps}." if gaps else ""
    return f"{wrong(facts)}, menurut laporan terakhir setiap {facts.header.unit} sampai dengan {until}.{more}{annexed}"


def _together(facts: Weekly) -> Iterable[tuple[Group, ...]]:
    """The groups, one a row; in a brief report those share one that look alike everywhere and are nowhere wrong."""
    alike: dict[object, list[Group]] = {}
    for group in facts.findings.situation if facts.findings else ():
        shares = facts.kind.brief and group.worst not in WRONG and not group.withheld
        look = tuple((own.district, own.shown, own.said) for own in group.seen) if shares else group.code
        alike.setdefault(look, []).append(group)
    return map(tuple, alike.values())


def _group(facts: Weekly, groups: tuple[Group, ...], told: Told) -> Row:
    names, group = _names(facts), groups[0]
    wrong = [own for own in group.seen if own.shown in WRONG]
    lines = [Line(_counts(group, told, facts.header.unit), tone=Tone.STRONG if wrong else Tone.PLAIN)]
    lines += [Line(_said(facts, own), names[own.district]) for own in wrong[:NAMED]]
    if len(wrong) > NAMED:
        lines.append(Line(f"dan {number(len(wrong) - NAMED)} {facts.header.unit} lain", tone=Tone.WEAK))
    lines += [] if group.withheld else _gaps(facts, groups, names)
    figures = [(one, own) for one in groups for own in one.figures if own.counts and not _below(facts, own)]
    numbers = tuple(Line(_figure(facts, one, own, told), own.name) for one, own in figures) or (
        Line("–", tone=Tone.WEAK),
    )
    return Cell(tuple(Line(one.name) for one in groups)), Cell(tuple(lines)), Cell(numbers)


def _below(facts: Weekly, own: Figure) -> bool:
    """A brief report says it once, in the table of milestones."""
    return facts.kind.brief and own.milestone


def _counts(group: Group, told: Told, unit: str) -> str:
    """`2 bermasalah, 12 aman, 3 belum dipantau, dari 17 kecamatan`."""
    name = f"situation.{group.code}"
    parts = [f"{number(told[f'{name}.{own}'])} {WORDS[own]}" for own in Shown if told[f"{name}.{own}"]]
    return f"{', '.join(parts)}, dari {number(told[f'{name}.districts'])} {unit}"


def _figure(facts: Weekly, group: Group, own: Figure, told: Told) -> str:
    name = f"situation.{group.code}.{own.code}"
    of = f" dari {number(told[f'{name}.of'])}" if f"{name}.of" in told else ""
    whole, counted = told[f"situation.{group.code}.districts"], told[f"{name}.counted"]
    heard = f"{number(counted)} dari {number(whole)} {facts.header.unit} melaporkan{_old(facts, own)}"
    return f"{number(told[name])}{of} ({heard})"


def _old(facts: Weekly, own: Figure) -> str:
    """Of which days it is, where some of it was counted before the period."""
    days = sorted(local_date(one.tells_of, _zone(facts, one.district)) for one in own.counts)
    return f", data {period(days[0], days[-1])}" if days and days[0] < facts.header.period_start else ""


def _said(facts: Weekly, own: Seen) -> str:
    """What the report called it, in whose words, of when."""
    note = f". {own.note}" if own.note else ""
    return f"{WORDS[own.shown]}{note} ({_when(facts, own)})"


def _when(facts: Weekly, own: Seen) -> str:
    return moment(own.tells_of, _zone(facts, own.district)) if own.tells_of else "waktu tidak diketahui"


def _gaps(facts: Weekly, groups: tuple[Group, ...], names: Names) -> Iterable[Line]:
    """Who was not looked at, and what is old: by name where they are few.

    Not of a group of which something is withheld: whoever is named nowhere would be known.
    """
    group = groups[0]
    unseen = [names[own.district] for own in group.seen if own.shown is Shown.UNSEEN]
    if unseen and len(unseen) < len(group.seen):
        yield Line(_few(facts, unseen), "Belum dipantau", Tone.WEAK)
    stale = [own for own in group.seen if own.shown is Shown.STALE]
    for last in dict.fromkeys(own.said for own in stale):
        alike = [own for own in stale if own.said == last]
        word = CONDITIONS[last].lower() if last else "nihil"
        where = _few(facts, [names[own.district] for own in alike])
        every = [own for one in groups for own in one.seen if own.shown is Shown.STALE and own.said == last]
        yield Line(f"terakhir {word}, {_ages(facts, every)} lalu ({where})", "Tidak mutakhir", Tone.WEAK)


def _few(facts: Weekly, names: list[str]) -> str:
    """Their names, or how many they are."""
    return ", ".join(names) if len(names) <= NAMED else f"{number(len(names))} {facts.header.unit}"


def _ages(facts: Weekly, alike: list[Seen]) -> str:
    """`8 hari`, `8 s.d. 15 hari`: from the newest to the oldest."""
    at = sorted((own.tells_of for own in alike if own.tells_of), reverse=True)
    newest, oldest = (age(one, facts.header.cut_off) for one in (at[0], at[-1]))
    if newest == oldest:
        return newest
    same_unit = newest.partition(" ")[2] == oldest.partition(" ")[2]
    return f"{newest.partition(' ')[0] if same_unit else newest} s.d. {oldest}"


def _withheld(facts: Weekly) -> Iterable[Paragraph]:
    groups = facts.findings.situation if facts.findings else ()
    named = [group.name for group in groups if group.withheld]
    if named:
        yield Paragraph(
            f"Pada bidang {listed(named)} terdapat {facts.header.unit} yang dihitung tetapi tidak dirinci, karena "
            f"memuat hal terbatas; angkanya tidak termasuk dalam jumlah."
        )


def _milestones(facts: Weekly, told: Told) -> Iterable[Block]:
    groups = facts.findings.situation if facts.findings else ()
    found = [(group, own) for group in groups for own in group.figures if own.milestone and own.counts]
    if found:
        yield Heading("Perkembangan hari pemungutan suara")
        yield Table("Hari pemungutan suara", MILESTONES, tuple(_milestone(facts, *own, told) for own in found))


def _milestone(facts: Weekly, group: Group, own: Figure, told: Told) -> Row:
    name = f"situation.{group.code}.{own.code}"
    last = max(own.counts, key=lambda one: one.tells_of)
    of = told.get(f"{name}.of")
    whole = told[f"situation.{group.code}.districts"]
    return (
        said(own.name),
        counted(told[name]),
        counted(of) if of is not None else said("tidak diketahui", Tone.WEAK),
        share(told[name], of) if of else said("–"),
        _told_by(facts, own, f"{number(told[f'{name}.counted'])} dari {number(whole)}"),
        said(moment(last.tells_of, _zone(facts, last.district))),
    )


def _told_by(facts: Weekly, own: Figure, how_many: str) -> Cell:
    """How many districts gave a number, and which did not; where any is withheld that would tell which."""
    given = {one.district for one in own.counts}
    missing = [district.name for district in facts.districts if district.code not in given]
    withheld = any(group.withheld for group in facts.findings.situation) if facts.findings else False
    if withheld or not missing:
        return said(how_many)
    rest = [f"{number(len(missing) - MISSING)} lainnya"] if len(missing) > MISSING else []
    return Cell((Line(how_many), Line(f"belum: {listed([*missing[:MISSING], *rest])}", tone=Tone.WEAK)))


def _wording(facts: Weekly, group: Group, own: Seen, names: Names) -> Row:
    source = f"{own.by}, {_when(facts, own)} ({own.source})"
    note = own.note or "tanpa keterangan"
    return said(group.name), said(names[own.district]), said(WORDS[own.shown]), said(note), said(source, Tone.WEAK)


def _names(facts: Weekly) -> Names:
    return {district.code: district.name for district in facts.districts}


def _zone(facts: Weekly, district: str) -> str:
    return next((own.zone for own in facts.districts if own.code == district), facts.header.zone)


def lines(facts: Weekly, group: Group, told: Told) -> Iterable[Line]:
    """The group in short: how it looks, and its milestones."""
    yield Line(_counts(group, told, facts.header.unit), group.name)
    for own in group.figures:
        if own.milestone and own.counts:
            yield Line(_figure(facts, group, own, told), own.name)


def turnout(facts: Weekly) -> str:
    """`84.000 dari 98.000 pemilih (85,7%)`, where it is known out of how many; empty: nobody told."""
    told = printed(facts)
    came, of = told.get("situation.partisipasi.hadir"), told.get("situation.partisipasi.hadir.of")
    return f"{number(came)} dari {number(of)} pemilih ({percent(came, of)})" if came is not None and of else ""
