"""Charts as SVG, drawn from the facts: bars with their numbers, told apart by pattern and not by colour alone."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Template

from reports import printable, templates
from reports.government import words
from reports.government.document import Chart
from reports.government.facts import District, Problem, Status, Weekly
from reports.government.figures import categories
from rules.indonesian import number
from rules.issues import SEVEN

WIDTH = 482
"""Points: the width between the margins of the page."""

RECEIVED = (
    ("filled_on_time", "Diterima, berisi"),
    ("nil_on_time", "Diterima, nihil"),
    ("late", "Diterima setelah batas waktu"),
    ("missing", "Belum diterima"),
    ("waived", "Dikecualikan"),
)
TREATMENT = tuple(
    (status, f"{words.STATUSES[status][0].upper()}{words.STATUSES[status][1:]}")
    for status in (Status.RESOLVED, Status.ACKNOWLEDGED, Status.FOLLOWED_UP, Status.OPEN, Status.POSTPONED)
)


def received(facts: Weekly) -> Chart:
    """Reports per district, in order of code: filled, nil, received later, not yet received, waived."""
    tall = min(17.0, 600 / max(len(facts.districts), 1))
    rows = [(d.name, _counts(d)) for d in facts.districts]
    labels = [label for _, label in RECEIVED]
    caption = f"Laporan yang wajib disampaikan menurut {facts.header.unit}, urut kode wilayah"
    return Chart(_bars(rows, labels, label_width=112, tall=tall), caption, _said(caption, rows, labels))


def treatment(facts: Weekly) -> Chart:
    """Problems by category and state: the seven variables always, then whatever else occurs."""
    named = list(SEVEN)
    codes = [*named, *(code for code in categories(facts.problems) if code not in named)]
    rows = [(words.category(code), _states(code, facts.problems)) for code in codes]
    labels = [label for _, label in TREATMENT]
    caption = "Permasalahan menurut kategori dan penanganan"
    return Chart(_bars(rows, labels, label_width=140, tall=13.0), caption, _said(caption, rows, labels))


def _said(caption: str, rows: list[tuple[str, list[int]]], labels: list[str]) -> str:
    """The chart in words, with every figure in it."""
    return f"Diagram batang. {caption}. {' '.join(_sentence(name, counts, labels) for name, counts in rows)}".strip()


def _sentence(name: str, counts: list[int], labels: list[str]) -> str:
    parts = [f"{label.lower()} {number(many)}" for label, many in zip(labels, counts, strict=True) if many]
    return f"{name}: {number(sum(counts))} ({'; '.join(parts)})." if parts else f"{name}: tidak ada."


def _counts(district: District) -> list[int]:
    return [getattr(district, name) for name, _ in RECEIVED]


def _states(code: str, problems: tuple[Problem, ...]) -> list[int]:
    of_it = [problem.status for problem in problems if problem.category == code]
    return [of_it.count(status) for status, _ in TREATMENT]


def _bars(rows: list[tuple[str, list[int]]], labels: list[str], *, label_width: int, tall: float) -> str:
    most = max((sum(counts) for _, counts in rows), default=0)
    unit = min(50.0, (WIDTH - label_width - 34) / max(most, 1))
    return _template().render(
        width=WIDTH,
        left=label_width,
        tall=tall,
        size=min(8.5, tall * 0.62),
        rows=[_row(name, counts, label_width, unit) for name, counts in rows],
        legend=_legend(labels, rows),
    )


def _legend(labels: list[str], rows: list[tuple[str, list[int]]]) -> list[dict[str, Any]]:
    """What each pattern means, of those that occur, side by side: a letter is some 4 points wide."""
    placed: list[dict[str, Any]] = []
    x = 1
    for kind, label in enumerate(labels):
        if any(counts[kind] for _, counts in rows):
            placed.append({"kind": kind, "text": label, "x": x})
            x += 28 + round(4.1 * len(label))
    return placed


def _row(name: str, counts: list[int], left: int, unit: float) -> dict[str, Any]:
    segments, x = [], float(left)
    for kind, many in enumerate(counts):
        if many:
            segments.append({"kind": kind, "x": round(x, 2), "wide": round(many * unit, 2), "text": number(many)})
            x += many * unit
    return {"name": _short(name, left // 4), "segments": segments, "end": round(x, 2), "total": number(sum(counts))}


def _short(name: str, longest: int) -> str:
    shown = printable.text(name).replace(printable.BREAK, "")
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


@cache
def _template() -> Template:
    return templates.environment(Path(__file__).parent / "templates").get_template("bars.svg.j2")
