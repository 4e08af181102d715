"""The chapters that look ahead: analysis, and the conclusion, by rule."""

from collections import Counter
from collections.abc import Iterable, Mapping

from reports.government import monitoring
from reports.government.document import Block, Chapter, Column, Heading, Numbered, Paragraph, Table, Tone
from reports.government.facts import Course, Weekly
from reports.government.figures import printed
from reports.government.findings import Findings
from reports.government.found import OPEN
from reports.government.outlook import Judged
from reports.government.rows import NUMBER, counted, said
from rules import levels
from rules.indonesian import day, listed, moment, number, percent
from rules.situation import Shown

Labels = Mapping[str, str]

JUDGED = (Column("Analisis"), Column("Prediksi"), Column("Rekomendasi"))
FEW = 6
"""So many districts the chapter lets speak; if more do, all of them speak in the annex."""
NEXT = 8
"""So many things that fall due are named."""


def outlook(facts: Weekly, labels: Labels) -> Chapter:
    """Places at risk, silence, what comes next, and what districts expect themselves."""
    own = facts.findings
    blocks = (
        (*_risks(facts, own), *_silent(facts, own), *_ahead(facts, own), *_expected(facts, own, labels)) if own else ()
    )
    return Chapter("outlook", "Analisis, prediksi, dan antisipasi", blocks)


def conclusion(facts: Weekly, _: Labels) -> Chapter:
    """What follows from the figures; never more than the reports carry."""
    said = [text for text in (_looks(facts), _unsolved(facts), _carried(facts)) if text] if facts.findings else []
    return Chapter("conclusion", "Kesimpulan", tuple(map(Paragraph, said)))


def judged(facts: Weekly) -> Chapter:
    """The annex with what every district judges, if the chapter has no room for all."""
    own = facts.findings
    blocks = (_judged(facts, own.judged),) if own and len(own.judged) > FEW else ()
    return Chapter("judged", f"Analisis dan prediksi {facts.header.unit}", blocks)


def _risks(facts: Weekly, own: Findings) -> Iterable[Block]:
    told = printed(facts)
    if not told["risks"]:
        return
    kinds = [name.removeprefix("risks.") for name in told if name.startswith("risks.")]
    parts = [f"{kind} {number(told[f'risks.{kind}'])}" for kind in kinds if kind not in ("problems", "unheard")]
    sources = listed(sorted({place.source for place in own.risks.places}))
    several = "; satu tempat dapat rawan karena beberapa hal" if any(len(p.kinds) > 1 for p in own.risks.places) else ""
    yield Heading("Tempat rawan")
    yield Paragraph(f"Diketahui {number(told['risks'])} tempat rawan ({'; '.join(parts)}{several}), menurut {sources}.")
    places = Counter(place.district for place in own.risks.places)
    yield Paragraph(
        f"Sebarannya: {', '.join(f'{d.name} {number(places[d.code])}' for d in facts.districts if places[d.code])}.",
        Tone.WEAK,
    )
    yield Paragraph(_lying(own))
    if own.risks.unheard:
        names = listed([d.name for d in facts.districts if d.code in own.risks.unheard])
        yield Paragraph(
            f"Dari {facts.header.unit} dengan tempat rawan, pada periode ini belum ada laporan dari {names}."
        )


def _lying(own: Findings) -> str:
    if own.risks.problems:
        return f"Permasalahan yang belum selesai di tempat rawan: {listed(own.risks.problems)}."
    return "Tidak ada permasalahan yang belum selesai di tempat yang diketahui rawan."


def _silent(facts: Weekly, own: Findings) -> Iterable[Block]:
    if own.silent:
        names = [d.name for d in facts.districts if d.code in {one.district for one in own.silent}]
        since = min(one.since for one in own.silent)
        yield Paragraph(
            f"Sejak {moment(since, facts.header.zone)} tidak terdengar kabar dari {listed(names)} yang saling "
            f"bertetangga. Gangguan jaringan lebih mungkin menjadi sebabnya daripada kelalaian; keadaannya perlu "
            f"dipastikan dengan cara lain."
        )


def _ahead(facts: Weekly, own: Findings) -> Iterable[Block]:
    """Stages that begin soon, and advice that falls due."""
    on, zone = facts.header.cut_off_day, facts.header.zone
    begin = [f"{s.name}, mulai {day(s.start)}" for s in facts.stages if s.course(on) is Course.AHEAD and s.start]
    due = sorted((a for a in own.advice if a.stage in OPEN and a.due_at > facts.header.cut_off), key=lambda a: a.due_at)
    items = [*begin, *(f"{a.code} kepada {a.to}, batas {moment(a.due_at, zone)}" for a in due[:NEXT])]
    if items:
        yield Heading("Yang perlu diantisipasi")
        yield Numbered(tuple(items))


def _expected(facts: Weekly, own: Findings, labels: Labels) -> Iterable[Block]:
    told = printed(facts)
    if not (told["judged"] or told["judged.withheld"]):
        return
    yield Heading(f"Analisis dan prediksi {facts.header.unit}")
    if told["judged.withheld"]:
        yield Paragraph(
            f"Dari {number(told['judged.withheld'])} {facts.header.unit} tidak dirinci, karena memuat hal terbatas."
        )
    if told["judged"] <= FEW or "judged" not in labels:
        yield _judged(facts, own.judged[:FEW])
    else:
        yield Paragraph(
            f"{number(told['judged'])} {facts.header.unit} menyampaikannya; seluruhnya pada {labels['judged']}."
        )


def _judged(facts: Weekly, every: Iterable[Judged]) -> Table:
    names = {district.code: district.name for district in facts.districts}
    columns = (NUMBER, Column(levels.heading(facts.header.level), 2.6), *JUDGED)
    rows = (
        (
            counted(n),
            said(names[own.district]),
            *map(said, (own.analysis or "–", own.forecast or "–", own.advice or "–")),
        )
        for n, own in enumerate(every, 1)
    )
    return Table("Analisis", columns, tuple(rows))


def _looks(facts: Weekly) -> str:
    """Nothing is called safe that was not looked at."""
    if not (facts.findings and facts.findings.situation):
        return ""
    every = {shown for group in facts.findings.situation for shown in group.all}
    if every <= {Shown.SAFE, Shown.NIL}:
        return f"Pada semua bidang, seluruh {facts.header.unit} melaporkan keadaan aman atau nihil."
    return f"{monitoring.wrong(facts)}. {_sentence(monitoring.unknown(facts))}".strip()


def _sentence(text: str) -> str:
    return f"{text}." if text else ""


def _unsolved(facts: Weekly) -> str:
    """Of the period, and of what came after it until the cut-off: nobody is told that nothing is left where it is."""
    told = printed(facts)
    said = [_left(told, "problems", "permasalahan belum selesai")]
    if facts.since:
        said.append(_left(told, "since.problems", "permasalahan yang tercatat setelah periode ini belum selesai"))
    secret = told["problems.restricted"] + told.get("since.problems.restricted", 0)
    besides = f"Selain itu tercatat {number(secret)} permasalahan terbatas." if secret else ""
    parts = [one for one in (*said, besides) if one]
    if any(said):
        return " ".join(parts)
    return besides or "Tidak ada permasalahan yang belum selesai."


def _left(told: Mapping[str, int], of: str, what: str) -> str:
    """How many are not resolved; empty: none."""
    unsolved, grave = told[f"{of}.unresolved"], told[f"{of}.grave"]
    worst = f", {number(grave)} di antaranya sangat rawan dan memerlukan penanganan segera" if grave else ""
    return f"{number(unsolved)} {what}{worst}." if unsolved else ""


def _carried(facts: Weekly) -> str:
    """On how many reports all this rests."""
    told = printed(facts)
    owed, received, turnout = told["reports.owed"], told["reports.received"], monitoring.turnout(facts)
    came = f" Pemilih yang hadir menurut laporan {facts.header.unit}: {turnout}." if turnout else ""
    if not owed:
        return came.strip()
    share = percent(received, owed)
    return f"Kesimpulan ini bersandar pada {number(received)} dari {number(owed)} laporan ({share}).{came}"
