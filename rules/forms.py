"""What a report asks for, and what becomes of the answers. Forms are data; no form ever asks for votes.

Field names are short because a page must be: `c.logistik` a condition, `n.tps-siap` a number, `k.logistik` a note,
`p.logistik` the wish to open a problem, `f.logistik` photos; the parts, `files` and `remarks` go by their names.
What is said of a problem stands beside its wish: `s.` how grave, `v.` the village, `t.` the polling station, `a.` how
many are affected, `o.` when it was seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules import incidents, typed
from rules.filing import Content
from rules.incidents import NOWHERE, Names, Place
from rules.issues import Category
from rules.policy import Severity
from rules.typed import Fault, Mistyped

NOTE, PART = 500, 2000
"""Characters at most in a note, and in a part of the narrative."""

REMARKS = "remarks"
FILES = "files"


class Condition(StrEnum):
    """How an indicator looks, or whether an item of a checklist is ready. "Not looked at" is not the same as "safe"."""

    SAFE = "safe"
    ATTENTION = "attention"
    TROUBLED = "troubled"
    READY = "ready"
    PARTLY = "partly"
    NOT_READY = "not_ready"
    NOT_OURS = "not_ours"
    UNSEEN = "unseen"


CONDITIONS = {
    Condition.SAFE: "Aman",
    Condition.ATTENTION: "Perlu perhatian",
    Condition.TROUBLED: "Bermasalah",
    Condition.READY: "Siap",
    Condition.PARTLY: "Siap sebagian",
    Condition.NOT_READY: "Belum siap",
    Condition.NOT_OURS: "Bukan bagian kami",
    Condition.UNSEEN: "Belum dipantau",
}


class Scale(StrEnum):
    """What a form asks of each of its indicators: how it looks, or (a checklist) whether it is ready."""

    CONDITION = "condition"
    READINESS = "readiness"


SCALES = {
    Scale.CONDITION: (Condition.SAFE, Condition.ATTENTION, Condition.TROUBLED, Condition.UNSEEN),
    Scale.READINESS: (Condition.READY, Condition.PARTLY, Condition.NOT_READY, Condition.NOT_OURS),
}
"""The answers to choose from, the best first. What is not answered is not looked at, on either."""


class Part(StrEnum):
    """The four headings of an Indonesian situation report."""

    FACTS = "facts"
    ANALYSIS = "analysis"
    FORECAST = "forecast"
    ADVICE = "advice"


PARTS = {Part.FACTS: "Fakta", Part.ANALYSIS: "Analisis", Part.FORECAST: "Prediksi", Part.ADVICE: "Rekomendasi"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number asked for; above `most` it is asked about, not refused.

    `of` makes it a milestone: what it is out of, one of `rules.desk.COUNTS` or another number; empty: it is none.
    `adds`: those of several villages make one together; a percentage does not.
    """

    code: str
    name: str
    most: int | None = None
    of: str = ""
    adds: bool = True


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing to look at. A problem opened from it gets `category`; no category: none is opened.

    `severity`: at least so grave is that problem; whoever reports may choose graver. `photo`: photos may be added here.
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
    """A form; every report keeps its `digest` (SHA-256), so that it can be read as it was asked."""

    code: str
    name: str
    indicators: tuple[Indicator, ...]
    sums: tuple[Sum, ...] = ()
    digest: str = ""
    scale: Scale = Scale.CONDITION

    @property
    def checklist(self) -> bool:
        return self.scale is Scale.READINESS

    @property
    def choices(self) -> tuple[Condition, ...]:
        return SCALES[self.scale]

    def takes(self, word: object) -> bool:
        """Whether it is an answer to this form."""
        return word == Condition.UNSEEN or word in self.choices

    def attachable(self) -> set[str]:
        """Names of the fields that take files."""
        return {FILES} | {f"f.{own.code}" for own in self.indicators if own.photo}

    def figures(self) -> Iterator[Figure]:
        for indicator in self.indicators:
            yield from indicator.figures


PLAIN = Form("umum", "Laporan", ())
"""The form of a duty that has none written: the four headings alone."""


class Doubt(StrEnum):
    """Something that looks wrong but may be true: asked about once, then taken with a remark."""

    UNEXPLAINED = "unexplained"
    ABOVE_MOST = "above_most"
    NO_SUM = "no_sum"


@dataclass(frozen=True, slots=True)
class Filled:
    """The answers to a form. `flaws` and `doubts` are by field name; with a flaw nothing is taken."""

    body: Mapping[str, Any]
    content: Content
    flaws: Mapping[str, Fault]
    doubts: Mapping[str, Doubt]


TROUBLES = (Condition.ATTENTION, Condition.TROUBLED, Condition.PARTLY, Condition.NOT_READY)
"""How what is recorded as a problem can look."""

WRONG = (Condition.TROUBLED, Condition.NOT_READY)
"""The worst of either scale."""


def looked_at(body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By code, what a report says of each thing. If it has not the shape of a form: what can be read."""
    looked = body.get("indicators")
    return {code: own for code, own in looked.items() if isinstance(own, dict)} if isinstance(looked, dict) else {}


def condition(own: Mapping[str, Any]) -> Condition | None:
    """How a thing looks by what a report says of it; None: it does not say so in our words."""
    word = own.get("condition")
    return Condition(word) if word in list(Condition) else None


DETAILS = "svtao"
"""How the names of what is said of a problem begin."""


def names(code: str) -> Names:
    """What the fields of an indicator's problem are called."""
    return Names(*(f"{kind}.{code}" for kind in DETAILS))


def all_ready(form: Form) -> dict[str, str]:
    """The answers of somebody who says by one tap that everything on a checklist is ready."""
    return {f"c.{own.code}": Condition.READY.value for own in form.indicators}


def touched(form: Form, answers: Mapping[str, str]) -> bool:
    """Whether anything of a form was filled in."""
    names = {f"{kind}.{own.code}" for kind in f"ckp{DETAILS}" for own in form.indicators}
    names |= {f"n.{figure.code}" for figure in form.figures()} | {part.value for part in Part} | {REMARKS}
    return any(answers.get(name, "").strip() for name in names)


def read(
    form: Form,
    answers: Mapping[str, str],
    files: Mapping[str, Sequence[str]] | None = None,
    place: Place = NOWHERE,
) -> Filled:
    """What somebody answered. Names the form does not know are left aside.

    Args:
        files: by field name, the digests of the files that were sent.
        place: of which district he speaks, and when.
    """
    return _Reading(form, answers, files or {}, place).filled()


class _Reading:
    """Reads one field after the other and gathers what is wrong."""

    def __init__(
        self, form: Form, answers: Mapping[str, str], files: Mapping[str, Sequence[str]], place: Place
    ) -> None:
        self.form = form
        self.place = place
        self.answers = answers
        self.files = files
        self.flaws: dict[str, Fault] = {}
        self.doubts: dict[str, Doubt] = {}
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
        return Filled(body, content, self.flaws, self.doubts)

    def _indicator(self, own: Indicator) -> dict[str, Any]:
        condition = self._condition(own)
        numbers = {figure.code: count for figure in own.figures if (count := self._number(figure)) is not None}
        note = self._words(f"k.{own.code}", NOTE)
        if condition in TROUBLES and not note:
            self.doubts[f"k.{own.code}"] = Doubt.UNEXPLAINED
        problem = own.category is not None and bool(self.answers.get(f"p.{own.code}"))
        if problem and condition not in TROUBLES:
            self.flaws.setdefault(f"c.{own.code}", Fault.NO_TROUBLE)
        body: dict[str, Any] = {"condition": condition.value} | ({"problem": True} if problem else {})
        body |= self._details(own, problem=problem) if own.category else {}
        photos = self.files.get(f"f.{own.code}") if own.photo else None
        body |= {"numbers": numbers} if numbers else {}
        body |= {"note": note} if note else {}
        return body | ({"photos": list(photos)} if photos else {})

    def _details(self, own: Indicator, *, problem: bool) -> dict[str, Any]:
        """What is said of a problem. Said of none, it is asked about, for a report has no other place for it."""
        said, flaws = incidents.details(self.answers, names(own.code), self.place)
        self.flaws |= flaws
        body = incidents.body(said)
        if body and not problem:
            self.flaws[f"p.{own.code}"] = Fault.NOT_TICKED
        return body

    def _condition(self, own: Indicator) -> Condition:
        word = self.answers.get(f"c.{own.code}", "")
        if word and not self.form.takes(word):
            self.flaws[f"c.{own.code}"] = Fault.NO_CHOICE
        return Condition(word) if self.form.takes(word) else Condition.UNSEEN

    def _number(self, figure: Figure) -> int | None:
        name = f"n.{figure.code}"
        try:
            count = typed.number(self.answers.get(name, ""))
        except Mistyped as error:
            self.flaws[name] = error.fault
            return None
        if count is not None:
            self.numbers[figure.code] = count
            most = self.place.counts.get(figure.of, figure.most)
            if most is not None and count > most:
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
