"""What a desk does beside reports and problems: villages asked for figures, changes of teams, the duty roster."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reports.rehearsal.facts import Line
from reports.rehearsal.ledger import Ledger
from reports.rehearsal.words import clean, instant, number
from rules.indonesian import day
from rules.rearranging import NAMES, What


class Group(NamedTuple):
    """Sentences of one kind, the first first."""

    name: str
    lines: list[str]


def beside(ledger: Ledger) -> list[Group]:
    """All that there was of it; no group without a line."""
    facts = ledger.facts
    made = (
        Group("Isian dari desa", [_helped(ledger, line) for line in facts.helped]),
        Group("Susunan tim", [_rearranged(ledger, line) for line in facts.rearrangements]),
        Group("Piket posko", list(_posko(ledger))),
    )
    return [group for group in made if group.lines]


def _helped(ledger: Ledger, line: Line) -> str:
    asked, sent = number(line["asked"]), number(line["sent"])
    what = f"{ledger.duty_name(clean(line['duty']))} {ledger.area_name(clean(line['area']))} ({clean(line['code'])})"
    told = f"{what}: {asked} desa diminta pada {instant(ledger.local(line['asked_at'], ''))}, {sent} mengisi"
    if not line["received_at"]:
        return f"{told}; laporan belum diterima."
    return f"{told}; laporan diterima dari pelapornya pada {instant(ledger.local(line['received_at'], ''))}."


def _rearranged(ledger: Ledger, line: Line) -> str:
    place, office = ledger.area_name(clean(line["place"])), ledger.title(clean(line["office"]))
    told = f"{NAMES[What(line['what'])]} {place}: {office}, sejak {day(ledger.local(line['since'], '').date())}"
    if line["ended"] != "done":
        return f"{told}; belum diberlakukan."
    return f"{told}. Laporan sebelum hari itu: {_filed(line['before'])}; sesudahnya: {_filed(line['after'])}."


def _filed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number(count)} dari {clean(title)}" for title, count in counts.items()) or "tidak ada"


def _posko(ledger: Ledger) -> Iterator[str]:
    for line in ledger.facts.unmanned:
        done = f", dilengkapi {instant(ledger.local(line['done_at'], ''))}" if line["done_at"] else ", belum dilengkapi"
        yield f"{clean(line['text']).rstrip('.')}: diketahui {instant(ledger.local(line['opened_at'], ''))}{done}."
    for line in ledger.facts.shifts:
        starts, ends = (ledger.local(line[name], "") for name in ("starts_at", "ends_at"))
        note = f" Catatan untuk piket berikutnya: {clean(line['note'])}" if line["note"] else ""
        yield f"{ledger.title(clean(line['office']))}, {instant(starts)} sampai {instant(ends)}.{note}"
