"""Why reports are late or missing, and what was done to reach whoever owes them: part of the chapter on the missing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from reports.government.document import Block, Cell, Column, Heading, Line, Paragraph, Row, Table, Tone
from reports.government.facts import District, Weekly
from reports.government.figures import printed
from reports.government.findings import Findings
from reports.government.found import chased, late, words
from reports.government.outreach import Chased, Said, Word
from reports.government.rows import said
from rules import levels
from rules.desk import Audience
from rules.fairness import CAUSES, Cause
from rules.indonesian import moment, number
from rules.reaching import ENDS, End

Told = Mapping[str, int]

COLUMNS = (Column("Sebab sejauh diketahui"), Column("Upaya menghubungi", share=1.2))
CHANNELS = {"email": "surel", "sms": "SMS", "whatsapp": "WhatsApp"}
ABOVE = {Audience.COORDINATOR: "koordinator", Audience.SECRETARY: "sekretaris", Audience.CHAIR: "ketua"}
DONE = {
    "extended": "batas waktu diperpanjang",
    "paused": "diberi waktu tambahan",
    "waived": "dikecualikan",
    "revoked": "kelonggaran dicabut",
    "acknowledged": "ditangani",
}


def blocks(facts: Weekly) -> Iterable[Block]:
    """Nothing where nothing was late, or where the report was frozen without it."""
    told = printed(facts)
    if facts.findings and told["late"]:
        yield Heading("Sebab dan upaya yang dilakukan")
        yield Paragraph(_fairly(facts.findings, told))
        if facts.kind.brief:
            return
        rows = tuple(_district(facts, facts.findings, *own, told) for own in chased(facts, facts.findings).items())
        if rows:
            yield Table("Upaya", (Column(levels.heading(facts.header.level), 2.6), *COLUMNS), rows)


def _fairly(own: Findings, told: Told) -> str:
    """Ours apart from theirs. Nobody is blamed for a report about which we told him nothing."""
    all_, ours = told["late"], told["late.ours"]
    reasons = [
        f"{CAUSES[cause]} {number(told[f'late.{cause}'])}" for cause in Cause if cause.ours and told[f"late.{cause}"]
    ]
    on_us = (
        f"{number(ours)} karena sebab pada kami ({'; '.join(reasons)})"
        if ours
        else "tidak ada yang karena sebab pada kami"
    )
    theirs = f"{number(told[f'late.{Cause.TEAM}'])} di pihak tim."
    if any(not _below((one,)) for one in own.chased):
        theirs = (
            f"{number(told[f'late.{Cause.TEAM}'])} tanpa sebab yang tercatat pada kami. Untuk laporan yang belum ada "
            f"pemberitahuannya, sebabnya belum dapat dinilai."
        )
    return f"Dari {number(all_)} laporan yang terlambat atau belum diterima, {on_us}; {theirs}"


def _below(reports: Sequence[Chased]) -> list[Word]:
    """What the team itself was told."""
    return [word for word in words(reports) if not word.audience.above_team]


def _district(facts: Weekly, own: Findings, code: str, reports: Sequence[Chased], told: Told) -> Row:
    district = next(one for one in facts.districts if one.code == code)
    known = Cell(tuple(_known(facts, own, district, reports)))
    return said(district.name), known, Cell(tuple(_tried(district, reports, told)))


def _known(facts: Weekly, own: Findings, district: District, reports: Sequence[Chased]) -> Iterable[Line]:
    codes = {one.report for one in reports}
    causes = Counter(one.cause for one in late(facts, own) if one.report in codes and one.cause.ours)
    yield from (Line(f"{CAUSES[cause]} ({number(many)} laporan)") for cause, many in causes.items())
    if any(one.district == district.code for one in own.silent):
        yield Line("tidak terdengar kabarnya bersama tetangganya")
    told = [(one.report, word) for one in reports for word in one.said]
    yield from (Line(_explained(district, word), report) for report, word in told)
    if not (causes or told or any(one.district == district.code for one in own.silent)):
        yield Line("belum ada keterangan", tone=Tone.WEAK)


def _explained(district: District, own: Said) -> str:
    until = f" sampai {moment(own.until, district.zone)}" if own.until else ""
    why = f": {own.text}" if own.text else ""
    what = (
        f"dijanjikan{until.replace('sampai', 'paling lambat')}"
        if own.what == "promised"
        else f"{DONE[own.what]}{until}"
    )
    return f"{what} oleh {own.office}{why}"


def _tried(district: District, reports: Sequence[Chased], told: Told) -> Iterable[Line]:
    name = f"chased.{district.code}"
    below = _below(reports)
    if not below:
        yield Line("belum ada pemberitahuan", tone=Tone.WEAK)
        return
    ways = Counter(word.channel for word in below if word.channel)
    by = ", ".join(f"{CHANNELS[way]} {number(many)}" for way, many in sorted(ways.items()))
    yield Line(f"{number(told[f'{name}.words'])} pemberitahuan{f' ({by})' if by else ''}, {_span(below, district)}")
    yield Line("; ".join(f"{number(told[f'{name}.{end}'])} {ENDS[end]}" for end in End if told[f"{name}.{end}"]))
    raised = [
        f"{who} {number(told[f'{name}.{audience}'])}" for audience, who in ABOVE.items() if told[f"{name}.{audience}"]
    ]
    if raised:
        yield Line(f"{', '.join(raised)} kali", "Diteruskan kepada")


def _span(below: Sequence[Word], district: District) -> str:
    first, last = (moment(word.at, district.zone) for word in (below[0], below[-1]))
    return f"{first} s.d. {last}" if first != last else first
