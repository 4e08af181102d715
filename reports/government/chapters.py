"""The chapters and annexes of the report, each made from frozen facts. A kind of report names them by their codes."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from reports.government import (
    appealed,
    charts,
    corrections,
    deeds,
    enclosed,
    monitoring,
    prospects,
    pursuit,
    realised,
    rows,
    since,
    supported,
    words,
)
from reports.government.approved import Narrative
from reports.government.corrections import Correction
from reports.government.counting import counted, roman
from reports.government.document import Block, Boxes, Chapter, Heading, Numbered, Paragraph, Tone
from reports.government.facts import Recommendation, Status, Weekly
from reports.government.figures import printed
from rules import government, levels
from rules.indonesian import listed, moment, number, of_them, percent, period, spelled

NOT_OFFICIAL = "Angka dalam laporan ini adalah hasil pemantauan, bukan data resmi KPU maupun Bawaslu."

ENCLOSED = "1 (satu) lampiran terbatas disampaikan kepada yang dituju."

CLOSING = "closing"

CONTENTS = (("filled", "berisi perkembangan"), ("nil", "nihil"), ("partial", "terisi sebagian"))

Labels = Mapping[str, str]
"""How the annexes that there are, by their codes, are referred to: `Lampiran II`."""


def narrated(chapter: Chapter, narrative: tuple[Narrative, ...]) -> Chapter:
    """The chapter with what the secretariat says in it: after its own sentences, in the last one before them."""
    said = (own.text for own in narrative if own.chapter == chapter.code)
    added = tuple(Paragraph(text) for own in said for text in _paragraphs(own))
    apart = (n for n, block in enumerate(chapter.blocks) if not isinstance(block, Paragraph | Boxes | Numbered))
    at = 0 if chapter.code == CLOSING else next(apart, len(chapter.blocks))
    return replace(chapter, blocks=(*chapter.blocks[:at], *added, *chapter.blocks[at:])) if added else chapter


def _paragraphs(text: str) -> list[str]:
    return [own for own in (" ".join(part.split()) for part in re.split(r"\n\s*\n", text)) if own]


def chapters(facts: Weekly, labels: Labels) -> tuple[Chapter, ...]:
    """The chapters of the report's kind that have something to say, in their order and counted.

    Raises:
        KeyError: there is no chapter of that code.
    """
    parts = [
        (part.title, [_worded(CHAPTERS[own.code](facts, labels), own) for own in part.chapters])
        for part in words.kind(facts).parts
    ]
    if facts.correction:
        title, first = parts[0]
        parts[0] = (title, [_correction(facts, facts.correction), *first])
    return counted((title, [chapter for chapter in made if chapter.blocks]) for title, made in parts)


def _worded(chapter: Chapter, own: government.Chapter) -> Chapter:
    """The chapter with the heading and the first words that its kind gives it."""
    first = (Paragraph(own.words),) if own.words else ()
    return replace(chapter, title=own.title or chapter.title, blocks=(*first, *chapter.blocks))


def _correction(facts: Weekly, own: Correction) -> Chapter:
    """What is corrected and why, what came since, and which figures are others now."""
    zone, kept = facts.header.zone, not own.later and not own.figures
    blocks: list[Block] = [Paragraph(corrections.opening(own, facts.header.ralat, zone))]
    if own.figures:
        changed = tuple(f"Semula: {one.before} Menjadi: {one.now}" for one in own.figures)
        blocks += [Heading("Angka yang berubah"), Numbered(changed)]
    if own.later:
        came = tuple(corrections.sentence(one, zone) for one in own.later)
        blocks += [Heading("Yang masuk atau berubah sesudah versi sebelumnya"), Numbered(came)]
    if kept:
        blocks.append(Paragraph("Angka tidak berubah; yang diperbaiki adalah uraiannya."))
    return Chapter("correction", "Yang diralat", tuple(blocks))


def annexes(facts: Weekly) -> tuple[Chapter, ...]:
    """The annexes of the report's kind that have something to say, counted in Roman numerals."""
    made = [annex for code in facts.kind.annexes if (annex := ANNEXED[code](facts)).blocks]
    return tuple(replace(annex, label=f"Lampiran {roman(n)}.") for n, annex in enumerate(made, 1))


def closing(facts: Weekly, enclosed: tuple[Chapter, ...] = ()) -> Chapter:
    """The last chapter, which stands with the signature. It names the annexes that there are, and is yet to count."""
    listing = (_enclosed(enclosed),) if enclosed else ()
    corrected = (corrections.named(own, facts.header.zone) for own in facts.corrected)
    apart = (ENCLOSED,) if facts.enclosed else ()
    said = (NOT_OFFICIAL, *corrected, *listing, *apart, words.kind(facts).closing)
    return Chapter(CLOSING, "Penutup", tuple(map(Paragraph, said)))


def _enclosed(annexes: tuple[Chapter, ...]) -> str:
    named = "; ".join(f"{annex.label.rstrip('.')} ({annex.title})" for annex in annexes)
    return f"Laporan ini disertai {spelled(len(annexes))} lampiran: {named}."


def _basis(facts: Weekly, _: Labels) -> Chapter:
    said = Numbered(facts.legal_bases) if facts.legal_bases else Paragraph("Belum diisi.")
    return Chapter("basis", "Dasar", (said,))


def _asked(facts: Weekly, _: Labels) -> Chapter:
    """By whom a special report was asked for, and why; in his words."""
    own, title = facts.asked, "Alasan laporan"
    if own is None:
        return Chapter("asked", title, ())
    reason = f" Alasan: {own.reason.rstrip(' .')}." if own.reason else ""
    said = f"Laporan khusus ini diminta oleh {own.office} pada {moment(own.at, facts.header.zone)}.{reason}"
    return Chapter("asked", title, (Paragraph(said),))


def _condition(facts: Weekly, _: Labels) -> Chapter:
    said = map(Paragraph, (_places(facts), _received(facts), _treated(facts), *_lost(facts)))
    return Chapter("condition", "Kondisi umum", (Boxes(rows.summary(facts)), *said))


def _lost(facts: Weekly) -> Iterator[str]:
    """Whoever reads must know of which hours the desk lost its books."""
    zone = facts.header.zone
    for own in facts.findings.lost if facts.findings else ():
        yield (
            f"Karena gangguan pada sistem kami, catatan dari {moment(own.began_at, zone)} sampai dengan "
            f"{moment(own.ended_at, zone)} hilang. Laporan dan permasalahan yang disampaikan pada waktu itu termuat di "
            "sini hanya bila sudah disampaikan lagi."
        )


def _places(facts: Weekly) -> str:
    polling, head = facts.polling, facts.header
    known = []
    if polling and polling.stations is not None:
        known.append(f"{number(polling.stations)} TPS")
    if polling and polling.voters is not None:
        known.append(f"{number(polling.voters)} pemilih terdaftar")
    more = f", dengan {' dan '.join(known)} (sumber: {polling.source})" if polling and known else ""
    return f"Pemantauan meliputi {number(len(facts.districts))} {head.unit} di {head.regency}{more}."


def _received(facts: Weekly) -> str:
    told, until = printed(facts), moment(facts.header.cut_off, facts.header.zone)
    owed, received = told["reports.owed"], told["reports.received"]
    when = f"dalam waktu {words.span(facts.header)}" if facts.header.begins_at else "pada periode ini"
    if not owed:
        return f"{when[:1].upper()}{when[1:]} tidak ada laporan {facts.header.unit} yang jatuh tempo."
    fell_due = f"Dari {number(owed)} laporan {facts.header.unit} yang jatuh tempo {when}"
    rest = since.rest(told, "reports")
    if not received:
        return f"{fell_due}, sampai dengan {until} belum ada yang diterima: {rest}."
    kinds = listed([of_them(told[f"reports.{name}"], word) for name, word in CONTENTS])
    late = of_them(told["reports.late"], "diterima setelah batas waktu")
    came = f"{number(received)} ({percent(received, owed)})"
    others = f" Selebihnya {rest}." if rest else ""
    return f"{fell_due}, sampai dengan {until} diterima {came}: {kinds}; di antaranya {late}.{others}"


def _treated(facts: Weekly) -> str:
    told = printed(facts)
    if not told["problems"]:
        return f"Permasalahan yang tercatat pada periode ini: {_restricted(facts.restricted) or 'nihil.'}"
    besides = f" Selain itu, {_restricted(facts.restricted)}" if facts.restricted else ""
    before = told["problems.before"]
    which = f" ({number(before)} di antaranya dari sebelum periode ini)" if before else ""
    return f"Pada periode ini terdapat {_states(told, 'problems', which)}{besides}"


def _states(told: Mapping[str, int], of: str, which: str) -> str:
    """How many problems there are, and how far they are."""
    parts = [(told[f"{of}.{status}"], word) for status, word in words.STATUSES.items() if status is not Status.RESOLVED]
    unsolved = told[f"{of}.unresolved"]
    how = f" ({listed([f'{number(many)} {word}' for many, word in parts if many])})" if unsolved else ""
    done = of_them(told[f"{of}.resolved"], "selesai")
    return f"{number(told[of])} permasalahan{which}: {done} dan {of_them(unsolved, 'belum selesai')}{how}."


def _restricted(many: int) -> str:
    """That there is something nobody else reads of; no word of what it is."""
    return f"{number(many)} permasalahan terbatas, yang tidak dirinci." if many else ""


def _problems(facts: Weekly, labels: Labels) -> Chapter:
    blocks = _problem_table(facts, labels) if facts.problems else (_no_problems(facts),)
    advised = (Heading("Saran penyelesaian"), Numbered(tuple(_advised(facts.recommendations))))
    return Chapter("problems", "Permasalahan dan tindak lanjut", blocks + (advised if facts.recommendations else ()))


def _no_problems(facts: Weekly) -> Paragraph:
    restricted = _restricted(facts.restricted)
    return Paragraph(
        f"{restricted[:1].upper()}{restricted[1:]}" or "Nihil. Tidak ada permasalahan yang tercatat pada periode ini."
    )


def _problem_table(facts: Weekly, labels: Labels) -> tuple[Block, ...]:
    chart = (charts.treatment(facts),) if facts.kind.of_days else ()
    if facts.kind.brief:
        return tuple(_briefly(facts))
    chosen = rows.gravest(facts)
    table = rows.problems(facts, chosen)
    if len(chosen) == len(facts.problems):
        return (*chart, table)
    note = (
        f"Ditampilkan {len(chosen)} dari {number(len(facts.problems))} permasalahan: yang belum selesai lebih dahulu, "
        f"menurut tingkat kerawanan dan tanggal.{_whole('Seluruhnya', labels.get('problems'))}"
    )
    return (*chart, Paragraph(note), table)


def _briefly(facts: Weekly) -> Iterable[Block]:
    """What is not resolved in full, the gravest first; of the rest the number and name of each."""
    unsolved = rows.gravest(replace(facts, problems=tuple(own for own in facts.problems if not own.resolved)))
    over = [f"{own.code} {own.title}" for own in facts.problems if own.resolved]
    many = printed(facts)["problems.unresolved"]
    if unsolved:
        if len(unsolved) < many:
            yield Paragraph(f"Ditampilkan {number(len(unsolved))} dari {number(many)} yang belum selesai.")
        yield rows.problems(facts, unsolved)
    if over:
        named = over[: rows.BOUNDS.problems]
        rest = f"; dan {number(len(over) - len(named))} lainnya" if len(over) > len(named) else ""
        yield Paragraph(f"Selesai ({number(len(over))}): {'; '.join(named)}{rest}.")


def _whole(what: str, annex: str | None) -> str:
    """Where the rest is; a report without that annex does not say."""
    return f" {what} pada {annex}." if annex else ""


def _advised(recommendations: Iterable[Recommendation]) -> Iterator[str]:
    """Each advice once, with every problem that it was given about."""
    about: dict[tuple[str, str], list[str]] = {}
    for own in recommendations:
        about.setdefault((own.to, own.text), []).extend([own.problem] if own.problem else [])
    for (to, text), problems in about.items():
        named = f" ({listed(problems)})" if problems else ""
        yield f"{to}: {text}{named}" if to else f"{text}{named}"


def _missing(facts: Weekly, labels: Labels) -> Chapter:
    many = facts.total("missing")
    detailed = many <= rows.BOUNDS.missing
    said = Paragraph(_missing_said(facts, "" if detailed else labels.get("missing", "")))
    title = f"{levels.heading(facts.header.level)} yang belum melapor"
    told = (said, rows.missing(facts, detailed=detailed)) if many else (said,)
    return Chapter("missing", title, (*told, *pursuit.blocks(facts)))


def _missing_said(facts: Weekly, annex: str) -> str:
    told, head = printed(facts), facts.header
    if many := told["reports.missing"]:
        where = _whole("Kode laporan dan batas waktu masing-masing", annex)
        return (
            f"Sampai dengan {moment(head.cut_off, head.zone)}, {number(many)} laporan dari "
            f"{number(told['districts.missing'])} {head.unit} berikut belum kami terima.{where}"
        )
    if facts.reports:
        return "Nihil. Seluruh laporan yang jatuh tempo pada periode ini telah diterima atau dikecualikan."
    return "Nihil. Tidak ada laporan yang jatuh tempo pada periode ini."


def _districts(facts: Weekly) -> Chapter:
    head, waived = facts.header, rows.waived(facts)
    blocks: list[Block] = [Paragraph(f"{head.desk}, periode {period(head.period_start, head.period_end)}")]
    if facts.reports:
        blocks.append(charts.received(facts))
    blocks.append(rows.districts(facts))
    note = "Jumlah diterima = berisi + nihil + sebagian; yang lewat waktu sudah termasuk di dalamnya."
    blocks.append(Paragraph(note, Tone.WEAK))
    if waived:
        blocks += [Heading("Laporan yang dikecualikan"), Numbered(waived)]
    return Chapter("receipts", f"Penerimaan laporan per {head.unit}", tuple(blocks))


def _all_problems(facts: Weekly) -> Chapter:
    many = len(facts.problems) > rows.BOUNDS.problems
    return Chapter("problems", "Seluruh permasalahan", (rows.problems(facts, facts.problems),) if many else ())


def _all_missing(facts: Weekly) -> Chapter:
    many = facts.total("missing") > rows.BOUNDS.missing
    return Chapter("missing", "Laporan yang belum diterima", (rows.missing(facts, detailed=True),) if many else ())


CHAPTERS: dict[str, Callable[[Weekly, Labels], Chapter]] = {
    "basis": _basis,
    "purpose": lambda facts, labels: Chapter("purpose", "Maksud dan tujuan", ()),
    "scope": lambda facts, labels: Chapter("scope", "Ruang lingkup", ()),
    "asked": _asked,
    "condition": _condition,
    "activities": deeds.activities,
    "support": supported.chapter,
    "situation": monitoring.chapter,
    "advice": deeds.advice,
    "outlook": prospects.outlook,
    "requests": appealed.chapter,
    "conclusion": prospects.conclusion,
    "stages": realised.chapter,
    "problems": _problems,
    "missing": _missing,
    "since": since.chapter,
}
ANNEXED: dict[str, Callable[[Weekly], Chapter]] = {
    "receipts": _districts,
    "situation": monitoring.annex,
    "problems": _all_problems,
    "support": supported.annex,
    "judged": prospects.judged,
    "missing": _all_missing,
    "photos": enclosed.photos,
    "team": enclosed.team,
}
