"""Reports that come as rows of a table: what each row reports, or why it is refused."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from rules import forms, levels, typed
from rules.filing import Content, Via, digest
from rules.forms import CONDITIONS, PARTS, REMARKS, Form
from rules.levels import Level
from rules.typed import Fault, Mistyped

T = TypeVar("T")

NUMBER, AREA, DUTY, DUE = "Nomor", "Kecamatan", "Laporan", "Batas waktu"
NIL, TEXT = "Nihil", "Teks"
BY, VIA, AT, REASON = "Dari kantor", "Melalui", "Diterima", "Alasan"
GIVEN = (NUMBER, AREA, DUTY, DUE)
"""Columns that the template fills in."""
WANTED = (NUMBER.lower(),)
CALLED = {
    **dict.fromkeys(("no", "no.", "kode", "kode laporan", "nomor laporan"), NUMBER),
    **dict.fromkeys(("catatan", "isi", "isi laporan", "uraian", "keterangan"), TEXT),
    **dict.fromkeys(("kantor", "pelapor", "dari"), BY),
    **dict.fromkeys(("tanggal", "waktu", "jam", "tanggal diterima"), AT),
    **dict.fromkeys(("cara", "media", "lewat"), VIA),
    **dict.fromkeys(("kejadian nihil", "nihil?"), NIL),
}
"""What people call the columns, in small letters, with our own headings."""

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
    NOT_ASKED = "not_asked"
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
class Proposed:
    """What a row does; `refused` says why not. `version`: of the report that it becomes or already is."""

    row: int
    code: str
    does: Does
    version: int = 0
    content: str = ""
    refused: Refused | None = None
    problems: int = 0


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
    """What a row is read against: its report, and the names that offices and ways may have."""

    area: str
    zone: str
    nil: bool
    form: Form
    offices: Mapping[str, str]
    ways: Mapping[str, Via]
    usual: Via


def columns(asked: Iterable[Form], level: Level = Level.REGENCY) -> list[str]:
    """The headings of a template for reports of these forms at a desk of this level."""
    fields = {field: None for form in asked for field in headings(form).values()}
    given = (levels.heading(level) if own == AREA else own for own in GIVEN)
    return [*given, NIL, TEXT, *fields, BY, VIA, AT, REASON]


def known(asked: Iterable[Form], headings: Iterable[str]) -> set[str]:
    """Headings that are read, in small letters: our own, and the given ones whose field a form asks for."""
    ours = {heading.lower() for heading in (*columns(asked), *levels.HEADINGS)}
    fields = {_field(heading) for heading in ours} - {""}
    return ours | {heading for heading in headings if _field(heading) in fields}


def headings(form: Form) -> dict[str, str]:
    """By field of a form, the heading of its column."""
    names: dict[str, str] = {}
    for own in form.indicators:
        names[f"c.{own.code}"] = f"{own.name}: kondisi"
        names |= {f"n.{figure.code}": f"{own.name}: {figure.name}" for figure in own.figures}
        names[f"k.{own.code}"] = f"{own.name}: keterangan"
        names |= {f"p.{own.code}": f"{own.name}: catat sebagai permasalahan"} if own.category else {}
    names |= {part.value: name for part, name in PARTS.items()} | {REMARKS: "Penjelasan"}
    return {field: f"{name} [{field}]" for field, name in names.items()}


def reported(cells: Mapping[str, str], place: Place) -> Filing | None:
    """What a row reports; None: nothing was filled in.

    Args:
        cells: by heading in small letters.

    Raises:
        Refused: it is about another area, says two things, or something in it cannot be taken.
    """
    area = next(filter(None, (_cell(cells, heading) for heading in levels.HEADINGS)), "")
    if area and area.lower() != place.area.lower():
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


def summary(lines: Iterable[Proposed]) -> str:
    """A digest of exactly what rows do: either what was shown is confirmed, or nothing is."""
    shown = [[line.row, line.code, line.does, line.version, line.content, line.problems] for line in lines]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


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
    named = {heading: cell for heading, cell in cells.items() if cell and _field(heading)}
    if others := [heading for heading in named if _field(heading) not in fields]:
        raise Refused(Why.NOT_ASKED, column=others[0])
    typed_in = {fields[_field(heading)]: (heading, cell) for heading, cell in named.items()}
    ticked = {field: _ticked(*own) for field, own in typed_in.items() if field.startswith("p.")}
    answers = {field: _word(cell) if field.startswith("c.") else cell for field, (_, cell) in typed_in.items()}
    return {field: cell for field, cell in answers.items() if ticked.get(field, True)}


def _ticked(heading: str, cell: str) -> bool:
    if cell.strip().lower() not in _YES | _NO:
        raise Refused(Why.MISTYPED, column=heading, fault=Fault.NO_CHOICE)
    return cell.strip().lower() in _YES


def _field(heading: str) -> str:
    """The field in brackets at the end of a heading."""
    return heading.rpartition("[")[2].removesuffix("]") if heading.endswith("]") else ""


def _word(cell: str) -> str:
    return _CONDITIONS[cell.lower()].value if cell.lower() in _CONDITIONS else cell


def _cell(cells: Mapping[str, str], heading: str) -> str:
    return cells.get(heading.lower(), "").strip()


def _typed(column: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except Mistyped as error:
        raise Refused(Why.MISTYPED, column=column, fault=error.fault) from error
