"""Reports of the level below that arrive: which version counts, and what they say to a form of the level above."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from rules.forms import Condition, Form


class Fate(StrEnum):
    """What became of a version that came. HISTORY: a newer one counts. UNOWED: no such report is owed."""

    COUNTS = "counts"
    HISTORY = "history"
    UNOWED = "unowed"


class Other(ValueError):
    """This version came before, and said something else."""


def again(versions: Mapping[int, str], version: int, digest: str) -> bool:
    """Whether exactly this came before.

    Args:
        versions: the digest of the facts of each version that came.

    Raises:
        Other: the version came before with other facts.
    """
    if version in versions and versions[version] != digest:
        raise Other(f"version {version} came before with other facts: send a correction as a version of its own")
    return version in versions


def fate(versions: Mapping[int, str], version: int, *, owed: bool) -> Fate:
    """What becomes of a version that comes after these."""
    if not owed:
        return Fate.UNOWED
    return Fate.HISTORY if any(known > version for known in versions) else Fate.COUNTS


FIGURES: Mapping[str, str] = {
    "laporan-wajib": "reports.owed",
    "laporan-diterima": "reports.received",
    "laporan-dikecualikan": "reports.waived",
    "laporan-belum": "reports.missing",
    "masalah-tercatat": "problems",
    "masalah-selesai": "problems.resolved",
    "masalah-belum": "problems.unresolved",
    "masalah-rawan": "problems.grave",
}
"""By number of a form of the level above, the figure of the report below that answers it."""


def body(form: Form, figures: Mapping[str, int]) -> dict[str, Any]:
    """What a report of the level below says to such a form: its own figures, nothing else.

    Reports that are missing want attention, and so do problems that are open; grave ones are trouble.
    """
    asked = {own.code: [figure.code for figure in own.figures if figure.code in FIGURES] for own in form.indicators}
    looked_at = {code: _indicator(codes, figures) for code, codes in asked.items() if codes}
    return {"indicators": looked_at} if looked_at else {"note": "Disampaikan oleh desk di bawahnya."}


def _indicator(codes: Iterable[str], figures: Mapping[str, int]) -> dict[str, Any]:
    numbers = {code: figures.get(FIGURES[code], 0) for code in codes}
    wrong = any(numbers.get(code) for code in ("laporan-belum", "masalah-belum"))
    condition = Condition.ATTENTION if wrong else Condition.SAFE
    return {"condition": (Condition.TROUBLED if numbers.get("masalah-rawan") else condition).value, "numbers": numbers}
