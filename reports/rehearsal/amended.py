"""Which changed files came into force in the middle of a rehearsal, and what they changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from reports.rehearsal.facts import Line
from reports.rehearsal.ledger import Ledger
from reports.rehearsal.words import clean, number
from rules import amending


class Amended(NamedTuple):
    """One amendment; each line says what changed for a duty, or for whom."""

    at: datetime
    files: list[str]
    lines: list[str]


def amended(ledger: Ledger) -> list[Amended]:
    """All of them, the first first."""
    return [
        Amended(ledger.local(line["at"], ""), [clean(name) for name in line["files"]], list(_lines(ledger, line)))
        for line in ledger.facts.amendments
    ]


def _lines(ledger: Ledger, line: Line) -> Iterator[str]:
    if not line["changed"]:
        yield "Sama dengan yang sudah berlaku: tidak ada yang berubah."
        return
    for duty, counted in line["duties"].items():
        what = ", ".join(f"{number(count)} {amending.word(act)}" for act, count in counted.items())
        yield f"{ledger.duty_name(clean(duty))}: {what}."
    if not line["duties"]:
        yield "Tidak ada laporan yang berubah."
    if line["otherwise"]:
        yield "Kebijakan umum ikut berubah: jenjang, jam tenang, harga, atau aturan lain untuk semua."
    yield f"Diberi tahu tentang perubahan ini: {number(line['told'])} jabatan."
