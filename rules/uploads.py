"""Reports that come as rows of a table: what each row reports, or why it is refused."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from rules import forms, typed
from rules.filing import Content, Via, digest
from rules.forms import CONDITIONS, PARTS, REMARKS, Form
from rules.typed import Fault, Mistyped

T = TypeVar("T")

NUMBER, AREA, DUTY, DUE = "Nomor", "Kecamatan", "Laporan", "Batas waktu"
NIL, TEXT = "Nihil", "Teks"
BY, VIA, AT, REASON = "Dari kantor", "Melalui", "Diterima", "Alasan"
GIVEN = (NUMBER, AREA, DUTY, DUE)
"""Columns that the template fills in."""
WANTED = (NUMBER.lower(),)

_FIELD = re.compile(r".*\[([^\]]+)\]")
_YES, _NO = frozenset({"ya", "x", "1", "nihil", "v"}), frozenset({"", "tidak", "-", "0"})
_CONDITIONS = {name.lower(): word for word, name in CONDITIONS.items()} | {word.value: word for word in CONDITIONS}


class Why(StrEnum):
    """Why a row is refused."""

    UNKNOWN = "unknown"
    TWICE = "twice"
    OTHER_AREA = "other_area"
    NOT_YET = "not_yet"
    NOT_OWED = "not_owed"
    NO_NIL = "no_nil"
    SEVERAL = "several"
    DOUBTFUL = "doubtful"
    NO_OFFICE = "no_office"
    NO_WAY = "no_way"
    AHEAD = "ahead"
    NO_REASON = "no_reason"
    MISTYPED = "mistyped"


class Refused(ValueError):
    """A row that cannot be taken. `column`: where; `fault`: what is wrong with something typed."""

    def __init__(self, why: Why, *, column: str = "", fault: Fault | None = None) -> None:
        super().__init__(why.value)
        self.why = why
        self.column = column
        self.fault = fault


class Does(StrEnum):
    """What a row would do."""

    FILES = "files"
    SAME = "same"
    CORRECTS = "corrects"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """What a row does; `why` where it is refused. `version` of the report it becomes, or is already."""

    row: int
    code: str
    does: Does
    version: int = 0
    content: str = ""
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """What a row reports. `by` None: the office that files for the area; `at` None: now."""

    content: Content
    body: Mapping[str, Any]
    by: str | None
    via: Via
    at: datetime | None
    reason: str

    def digest(self) -> str:
        """Names all of it."""
        at = self.at.isoformat() if self.at else ""
        told = [digest(self.content, self.body), self.by or "", self.via.value, at, self.reason]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Place:
    """What a row is read against: the report it is about, and the words that offices and ways may be called by."""

    area: str
    zone: str
    nil: bool
    form: Form
    offices: Mapping[str, str]
    ways: Mapping[str, Via]
    usual: Via


def columns(asked: Iterable[Form]) -> list[str]:
    """The headings of a template for reports of these forms."""
    fields = {field: None for form in asked for field in headings(form).values()}
    return [*GIVEN, NIL, TEXT, *fields, BY, VIA, AT, REASON]


def headings(form: Form) -> dict[str, str]:
    """By field of a form, the heading of its column."""
    found: dict[str, str] = {}
    for own in form.indicators:
        found[f"c.{own.code}"] = f"{own.name}: kondisi"
        found |= {f"n.{figure.code}": f"{own.name}: {figure.name}" for figure in own.figures}
        found[f"k.{own.code}"] = f"{own.name}: keterangan"
    found |= {part.value: name for part, name in PARTS.items()} | {REMARKS: "Penjelasan"}
    return {field: f"{name} [{field}]" for field, name in found.items()}


def reported(cells: Mapping[str, str], place: Place) -> Filing | None:
    """What a row reports; None: nothing was filled in.

    Args:
        cells: by heading in small letters.

    Raises:
        Refused: it is about another area, says two things, or something in it cannot be taken.
    """
    if _cell(cells, AREA) and _cell(cells, AREA).lower() != place.area.lower():
        raise Refused(Why.OTHER_AREA, column=AREA)
    content = _content(cells, place)
    if content is None:
        return None
    by = _cell(cells, BY).lower()
    via = _cell(cells, VIA).lower()
    if by and by not in place.offices:
        raise Refused(Why.NO_OFFICE, column=BY)
    if via and via not in place.ways:
        raise Refused(Why.NO_WAY, column=VIA)
    at = _typed(AT, lambda: typed.moment(_cell(cells, AT), place.zone))
    reason = _typed(REASON, lambda: typed.words(_cell(cells, REASON), 500))
    return Filing(*content, place.offices[by] if by else None, place.ways[via] if via else place.usual, at, reason)


def summary(lines: Iterable[Line]) -> str:
    """Names exactly what rows do: what is confirmed is what was shown, or nothing."""
    told = [[line.row, line.code, line.does, line.version, line.content] for line in lines]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _content(cells: Mapping[str, str], place: Place) -> tuple[Content, Mapping[str, Any]] | None:
    answers = _answers(cells, place.form)
    nil = _cell(cells, NIL).lower()
    if nil not in _YES | _NO:
        raise Refused(Why.MISTYPED, column=NIL, fault=Fault.NO_CHOICE)
    text = _typed(TEXT, lambda: typed.words(_cell(cells, TEXT), 4000))
    said = [bool(answers), nil in _YES, bool(text)]
    if sum(said) > 1:
        raise Refused(Why.SEVERAL)
    if nil in _YES and not place.nil:
        raise Refused(Why.NO_NIL, column=NIL)
    if answers:
        return _filled(place.form, answers)
    return (Content.NIL, {}) if nil in _YES else (Content.FILLED, {"note": text}) if text else None


def _filled(form: Form, answers: Mapping[str, str]) -> tuple[Content, Mapping[str, Any]]:
    filled = forms.read(form, answers)
    known = headings(form)
    for field, fault in filled.flaws.items():
        raise Refused(Why.MISTYPED, column=known.get(field, ""), fault=fault)
    if filled.doubts and REMARKS not in filled.body:
        raise Refused(Why.DOUBTFUL, column=known[next(iter(filled.doubts))])
    return filled.content, dict(filled.body)


def _answers(cells: Mapping[str, str], form: Form) -> dict[str, str]:
    """The answers to a form; a condition may be written as the form calls it."""
    fields = {field.lower(): field for field in headings(form)}
    named = ((_FIELD.fullmatch(heading), cell) for heading, cell in cells.items() if cell)
    found = {fields[match[1]]: cell for match, cell in named if match and match[1] in fields}
    return {field: _word(cell) if field.startswith("c.") else cell for field, cell in found.items()}


def _word(cell: str) -> str:
    return _CONDITIONS[cell.lower()].value if cell.lower() in _CONDITIONS else cell


def _cell(cells: Mapping[str, str], heading: str) -> str:
    return cells.get(heading.lower(), "").strip()


def _typed(column: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except Mistyped as error:
        raise Refused(Why.MISTYPED, column=column, fault=error.fault) from error
