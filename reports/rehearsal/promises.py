"""What the desk promises about its messages, held against the lines of the rehearsal."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reports.rehearsal.ledger import Ledger
from reports.rehearsal.lines import Message, Row
from reports.rehearsal.stories import Climb
from reports.rehearsal.words import clean, number


@dataclass(frozen=True, slots=True)
class Promise:
    """`found` says what was seen; `hrefs` lead to what broke it, `(name, href)`, at most a few."""

    text: str
    kept: bool
    found: str
    hrefs: tuple[tuple[str, str], ...] = ()


def promises(ledger: Ledger, climbs: Sequence[Climb]) -> list[Promise]:
    """Those that can be counted from the lines."""
    long = [m for m in ledger.gone if m.channel == "sms" and m.segments > 1]
    woken = [m for m in ledger.gone if m.quiet and not m.urgent]
    unsettled = [row for row in ledger.rows if not row.settled]
    skipped = [climb.row for climb in climbs if not climb.proved and climb.row.team]
    twice = sum(n - 1 for n in Counter(k for line in ledger.facts.messages for k in line.get("notices") or ()).values())
    texts = sum(m.channel == "sms" for m in ledger.gone)
    counted = [
        _of_messages("Setiap SMS muat dalam satu segmen", long, f" dari {number(texts)} SMS"),
        _of_messages("Tidak ada pesan pada jam istirahat pesan, kecuali jalur mendesak", woken, _rest(ledger)),
        _of_rows(
            "Setiap laporan yang batas waktunya tiba ada hasilnya",
            unsettled,
            f" dari {number(len(ledger.rows))} laporan",
        ),
        _of_rows("Tim wilayah selalu dihubungi sebelum pimpinannya", skipped, f" dari {number(len(climbs))} penerusan"),
        Promise("Tidak ada pemberitahuan yang dikirim dua kali", not twice, f"{number(twice)} kali"),
    ]
    return counted + _counted(ledger)


def _rest(ledger: Ledger) -> str:
    urgent = sum(m.quiet and m.urgent for m in ledger.gone)
    return f"; {number(urgent)} pesan mendesak melewatinya"


def _of_messages(text: str, broken: Sequence[Message], of: str) -> Promise:
    return Promise(
        text, not broken, f"{number(len(broken))} menyimpang{of}", tuple((m.id, m.place) for m in broken[:5])
    )


def _of_rows(text: str, broken: Sequence[Row], of: str) -> Promise:
    links = tuple((row.code or row.slot, row.place) for row in broken[:5])
    return Promise(text, not broken, f"{number(len(broken))} menyimpang{of}", links)


def _counted(ledger: Ledger) -> list[Promise]:
    """Whether the summary's own counts agree with the lines."""
    stated = ledger.facts.summary.get("counts") or {}
    counted = {"obligations": len(ledger.rows), "messages": len(ledger.messages), "notices": len(ledger.notices)}
    shared = [name for name in counted if isinstance(stated.get(name), int)]
    if not shared:
        return []
    wrong = [
        f"{name}: {stated[name]} di ringkasan, {counted[name]} baris"
        for name in shared
        if stated[name] != counted[name]
    ]
    return [Promise("Ringkasan sama dengan hitungan baris", not wrong, "; ".join(wrong) or "semua cocok")]


def brought(ledger: Ledger) -> list[Promise]:
    """Promises as the summary counts them. Others counted these, so the two counts check each other."""
    lines = ledger.facts.summary.get("promises") or []
    return [Promise(clean(line["text"]), bool(line["kept"]), clean(line.get("found"))) for line in lines]
