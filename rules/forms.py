"""What a report asks for, and what is made of the answers. Forms are data; that they never ask for votes is a rule.

Field names are short because a page must be: `c.logistik` a condition, `n.tps-siap` a number, `k.logistik` a note,
`p.logistik` the wish to open a problem, `f.logistik` photos; the parts, `files` and `remarks` go by their names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules import typed
from rules.filing import Content
from rules.issues import Category
from rules.policy import Severity
from rules.typed import Fault, Mistyped

NOTE, PART = 500, 2000
"""Signs at most in a note, and in a part of the narrative."""

REMARKS = "remarks"
FILES = "files"


class Condition(StrEnum):
    """How an indicator looks. Not looked at is another thing than safe."""

    SAFE = "safe"
    ATTENTION = "attention"
    TROUBLED = "troubled"
    UNSEEN = "unseen"


CONDITIONS = {
    Condition.SAFE: "Aman",
    Condition.ATTENTION: "Perlu perhatian",
    Condition.TROUBLED: "Bermasalah",
    Condition.UNSEEN: "Belum dipantau",
}


class Part(StrEnum):
    """The four headings of an Indonesian situation report."""

    FACTS = "facts"
    ANALYSIS = "analysis"
    FORECAST = "forecast"
    ADVICE = "advice"


PARTS = {Part.FACTS: "Fakta", Part.ANALYSIS: "Analisa", Part.FORECAST: "Prediksi", Part.ADVICE: "Rekomendasi"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number asked for; above `most` it is asked about, not refused."""

    code: str
    name: str
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing to look at. `category` and `severity` are of a problem opened from it; no category: none is.

    `photo`: photos may be added here.
    """

    code: str
    name: str
    ask: str
    figures: tuple[Figure, ...]
    category: Category | None
    severity: Severity
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """Figures that should add up to another."""

    parts: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form; `digest` (SHA-256) goes with every report, so that it can be read as it was asked."""

    code: str
    name: str
    indicators: tuple[Indicator, ...]
    sums: tuple[Sum, ...] = ()
    digest: str = ""

    def attachable(self) -> set[str]:
        """Names of the fields that take files."""
        return {FILES} | {f"f.{own.code}" for own in self.indicators if own.photo}

    def figures(self) -> Iterator[Figure]:
        for indicator in self.indicators:
            yield from indicator.figures


PLAIN = Form("umum", "Laporan", ())
"""Where no form is written for a duty: the four headings alone."""


class Doubt(StrEnum):
    """What looks wrong and may be true: asked about once, then taken with a remark."""

    UNEXPLAINED = "unexplained"
    ABOVE_MOST = "above_most"
    NO_SUM = "no_sum"


@dataclass(frozen=True, slots=True)
class Trouble:
    """An indicator that somebody wants opened as a problem."""

    indicator: Indicator
    note: str


@dataclass(frozen=True, slots=True)
class Filled:
    """The answers to a form. `flaws` and `doubts` are by field name; with a flaw nothing is taken."""

    body: Mapping[str, Any]
    content: Content
    flaws: Mapping[str, Fault]
    doubts: Mapping[str, Doubt]
    troubles: tuple[Trouble, ...]


def read(form: Form, answers: Mapping[str, str], files: Mapping[str, Sequence[str]] | None = None) -> Filled:
    """What somebody answered. Names the form does not know are left aside.

    Args:
        files: by field name, the digests of the files that were sent.
    """
    return _Reading(form, answers, files or {}).filled()


class _Reading:
    """Reads one field after the other and gathers what is wrong."""

    def __init__(self, form: Form, answers: Mapping[str, str], files: Mapping[str, Sequence[str]]) -> None:
        self.form = form
        self.answers = answers
        self.files = files
        self.flaws: dict[str, Fault] = {}
        self.doubts: dict[str, Doubt] = {}
        self.troubles: list[Trouble] = []
        self.numbers: dict[str, int] = {}

    def filled(self) -> Filled:
        looked_at = {own.code: self._indicator(own) for own in self.form.indicators}
        parts = {part.value: text for part in Part if (text := self._words(part, PART))}
        remarks = self._words(REMARKS, NOTE)
        self._add_up()
        body: dict[str, Any] = {"form": self.form.code, "form_digest": self.form.digest}
        body |= {"indicators": looked_at, **parts} | ({REMARKS: remarks} if remarks else {})
        files = self.files.get(FILES)
        body |= {FILES: list(files)} if files else {}
        unseen = [own for own in looked_at.values() if own["condition"] == Condition.UNSEEN]
        looked = len(unseen) < len(looked_at) or any(len(own) > 1 for own in unseen)
        if not (looked or parts or files) and not self.flaws:
            self.flaws["form"] = Fault.EMPTY
        content = Content.PARTIAL if unseen else Content.FILLED
        return Filled(body, content, self.flaws, self.doubts, tuple(self.troubles))

    def _indicator(self, own: Indicator) -> dict[str, Any]:
        condition = self._condition(own)
        numbers = {figure.code: count for figure in own.figures if (count := self._number(figure)) is not None}
        note = self._words(f"k.{own.code}", NOTE)
        if condition in (Condition.ATTENTION, Condition.TROUBLED) and not note:
            self.doubts[f"k.{own.code}"] = Doubt.UNEXPLAINED
        if condition is Condition.TROUBLED and own.category and self.answers.get(f"p.{own.code}"):
            self.troubles.append(Trouble(own, note))
        found: dict[str, Any] = {"condition": condition.value}
        photos = self.files.get(f"f.{own.code}") if own.photo else None
        found |= {"numbers": numbers} if numbers else {}
        found |= {"note": note} if note else {}
        return found | ({"photos": list(photos)} if photos else {})

    def _condition(self, own: Indicator) -> Condition:
        word = self.answers.get(f"c.{own.code}", "")
        if word and word not in list(Condition):
            self.flaws[f"c.{own.code}"] = Fault.NO_CHOICE
        return Condition(word) if word in list(Condition) else Condition.UNSEEN

    def _number(self, figure: Figure) -> int | None:
        name = f"n.{figure.code}"
        try:
            count = typed.number(self.answers.get(name, ""))
        except Mistyped as error:
            self.flaws[name] = error.fault
            return None
        if count is not None:
            self.numbers[figure.code] = count
            if figure.most is not None and count > figure.most:
                self.doubts[name] = Doubt.ABOVE_MOST
        return count

    def _words(self, name: str, longest: int) -> str:
        try:
            return typed.words(self.answers.get(name, ""), longest)
        except Mistyped as error:
            self.flaws[name] = error.fault
            return ""

    def _add_up(self) -> None:
        for own in self.form.sums:
            given = [self.numbers[code] for code in own.parts if code in self.numbers]
            if own.total in self.numbers and len(given) == len(own.parts) and sum(given) != self.numbers[own.total]:
                self.doubts[f"n.{own.total}"] = Doubt.NO_SUM
