"""The board as it stood at some moments of a rehearsal: few figures, how far voting day is, and each district."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports.rehearsal.facts import Line
from reports.rehearsal.ledger import Ledger
from reports.rehearsal.words import clean, number, word
from rules.board import STANDS, Stand
from rules.issues import SEVERITIES
from rules.situation import WORDS, Shown

MARKS = {"on_time": "✓", "late": "T", "missing": "✗", "ahead": "·", "waived": "B"}
SIGNS = {"troubled": "‼", "attention": "!", "stale": "?", "unseen": "–", "nil": "0", "safe": "✓"}
KINDS = {"on_time": "on_time", "late": "late", "missing": "missing", "ahead": "ahead", "waived": "excused"}


@dataclass(frozen=True, slots=True)
class District:
    """`reports`: mark, words and kind of each report of the day; `wrong`: what its reports say is wrong, by group."""

    name: str
    reports: list[tuple[str, str, str] | None]
    wrong: str


@dataclass(frozen=True, slots=True)
class Look:
    at: datetime
    figures: list[tuple[str, str]]
    reached: list[str]
    gravest: list[tuple[str, str, str, str]]
    columns: list[str]
    districts: list[District]


def looks(ledger: Ledger) -> list[Look]:
    """Each moment, the first first."""
    return [_look(ledger, line) for line in ledger.facts.looks]


def _look(ledger: Ledger, line: Line) -> Look:
    today = {Stand(stand): count for stand, count in line["today"].items()}
    came = today.get(Stand.ON_TIME, 0) + today.get(Stand.LATE, 0)
    apart = [(STANDS[own].capitalize(), number(today[own])) for own in (Stand.LATE, Stand.MISSING) if own in today]
    return Look(
        at=ledger.local(line["at"], ""),
        figures=[
            ("Laporan hari ini masuk", f"{number(came)} dari {number(sum(today.values()))}"),
            *apart,
            ("Permasalahan terbuka", number(line["open"])),
            ("Di antaranya sangat rawan", number(line["grave"])),
        ],
        reached=[_reached(name, by_area, len(line["reports"])) for name, by_area in line["reached"].items()],
        gravest=[
            (clean(own["code"]), word(SEVERITIES, own["severity"]), ledger.area_name(own["area"]), clean(own["title"]))
            for own in line["gravest"]
        ],
        columns=[f"{ledger.local(at, ''):%H.%M}" for at in line["columns"]],
        districts=[_district(ledger, line, area) for area in line["reports"]],
    )


def _reached(name: str, by_area: Mapping[str, int], asked: int) -> str:
    told = f"{len(by_area)} yang melaporkan, seluruhnya {asked}"
    return f"{name}: {number(sum(by_area.values()))} (dari {told})"


def _district(ledger: Ledger, line: Line, area: str) -> District:
    return District(
        ledger.area_name(area).removeprefix("Kecamatan "),
        [_report(own) if own else None for own in line["reports"][area]],
        "; ".join(_wrong(line, area)),
    )


def _report(own: Mapping[str, Any]) -> tuple[str, str, str]:
    said = [name for name, true in (("nihil", own["nil"]), ("bermasalah", own["troubled"])) if true]
    mark = MARKS[own["stand"]] + ("0" if own["nil"] else "") + ("‼" if own["troubled"] else "")
    return mark, ", ".join([STANDS[Stand(own["stand"])], *said]), KINDS[own["stand"]]


def _wrong(line: Line, area: str) -> Iterator[str]:
    for group, shown in line["situation"][area].items():
        if shown in (Shown.TROUBLED, Shown.ATTENTION):
            yield f"{SIGNS[shown]} {clean(line['groups'][group])}: {WORDS[Shown(shown)]}"
