"""Kinds of report to the Government, as data: what each covers, who approves it, its chapters and its wording."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from rules.desk import Audience

Value = TypeVar("Value")


class Covers(StrEnum):
    """What one report of a kind is about: the days of its period, an hour of one day, one problem, or everything."""

    WEEK = "week"
    DAY = "day"
    MOMENT = "moment"
    PROBLEM = "problem"
    ELECTION = "election"


class Form(StrEnum):
    """What it looks like: an official letter (surat dinas), a short note (nota), a report in parts (laporan, BAB)."""

    LETTER = "letter"
    NOTE = "note"
    BOOK = "book"


class Unapproved(StrEnum):
    """What becomes of a report that nobody has approved when it is due. One that is sent says so on its first page."""

    WAIT = "wait"
    SEND = "send"


class Secrecy(StrEnum):
    """How confidential (Sifat) the annex is that tells of restricted problems."""

    TERBATAS = "terbatas"
    RAHASIA = "rahasia"


CHAPTERS = (
    "basis", "purpose", "scope", "asked", "condition", "activities", "support", "stages", "situation", "problems",
    "advice", "outlook", "requests", "missing", "since", "conclusion",
)  # fmt: skip
"""Every chapter a report can have, but the last: `closing` comes by itself, with the signature."""

ANNEXES = ("receipts", "situation", "problems", "support", "judged", "missing", "photos", "team")
"""Every annex a report can have. One that has nothing to say is left out, and the rest are counted without it."""

TYPED = {
    "number": "its number in this sheet",
    "code": "the code of the problem",
    "date": "the day it was opened",
    "province": "the province",
    "regency": "the regency",
    "place": "its district, or the regency",
    "village": "its village, if somebody said",
    "station": "its polling station, if somebody said",
    "affected": "how many people it affects, if somebody said",
    "stage": "stages that ran on that day",
    "category": "its category",
    "severity": "how grave it is",
    "title": "what the problem is",
    "done": "what was done about it",
    "outcome": "how it ended",
    "office": "who has it",
    "status": "how far it is",
    "source": "which desk says so, and its data until when",
    "blank": "nothing: the operator chooses it",
}
"""What a column of the sheet for SIPANTAU may hold, by code. One row is one problem."""

WORDED = ("purpose", "scope")
"""Chapters that hold nothing but the words of their kind."""

NAMES = {
    "election": "the election's name",
    "regency": "the regency's name",
    "province": "its province",
    "desk": "the desk's name",
    "addressee": "whom it is addressed to",
    "period": "the days it is about",
    "cut_off": "until when its data reach",
    "problem": "the code of the one problem",
    "matter": "the name of the one problem",
}
"""What a wording may name in braces, and what stands there in the report."""

LISTS = {
    "decree": "the decree of the desk's file",
    "letters": "the letters of the desk's file for the election",
    "regulations": "the regulations of the stages, in the order of the calendar",
}
"""What a whole line of the legal basis may stand for. Where the files have none, the line is left out."""

OF_PROBLEM = ("problem", "matter")

USUAL = tuple(f"{{{name}}}" for name in LISTS)
"""The legal basis in an election for which the kind has none."""

_NAMED = re.compile(r"\{([^{}]*)\}")
_MISTAKEN = re.compile(r"\{[^{}]*\}|[{}]")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter in its place: its code of `CHAPTERS`, and where the kind gives them, its heading and first words."""

    code: str
    title: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A column that an operator types over into SIPANTAU: its head there, and what stands in it (`TYPED`)."""

    head: str
    holds: str


SIPANTAU = (
    Typed("No", "number"),
    Typed("Provinsi", "province"),
    Typed("Kabupaten/Kota", "regency"),
    Typed("Kecamatan", "place"),
    Typed("Desa/Kelurahan", "village"),
    Typed("TPS", "station"),
    Typed("Tanggal kejadian", "date"),
    Typed("Tahapan", "stage"),
    Typed("Jenis permasalahan", "category"),
    Typed("Tingkat kerawanan", "severity"),
    Typed("Uraian permasalahan", "title"),
    Typed("Tindak lanjut", "done"),
    Typed("Hasil", "outcome"),
    Typed("Instansi penanggung jawab", "office"),
    Typed("Status", "status"),
    Typed("Sumber", "source"),
)
"""The columns of a kind that gives none. Illustrative: the form of SIPANTAU is not public."""


@dataclass(frozen=True, slots=True)
class Part:
    """Chapters under one heading: a BAB of a book. A letter or note has one part without a heading."""

    title: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report is based on in one election, or a kind of election (`for_election`): lines in their order."""

    election: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One kind. The facts of a report hold it with its wording filled in, so the document outlives a change of kind.

    `approve` are the offices that approve it, in that order. `digest` (SHA-256) is of its file.
    `restricted`: how confidential its annex of restricted problems is; None: it has none, and they are only counted.
    `basis`: the legal basis by election; for others it is `USUAL`. `sipantau` are the
    columns of the sheet that is typed over; none: those of `SIPANTAU`.
    """

    code: str
    name: str
    covers: Covers
    form: Form
    subject: str
    opening: str
    closing: str
    parts: tuple[Part, ...]
    annexes: tuple[str, ...] = ()
    approve: tuple[Audience, ...] = (Audience.SECRETARY, Audience.CHAIR)
    unapproved: Unapproved = Unapproved.WAIT
    digest: str = ""
    basis: tuple[Basis, ...] = ()
    sipantau: tuple[Typed, ...] = ()
    restricted: Secrecy | None = None

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Every chapter in order, of whichever part."""
        return tuple(chapter for part in self.parts for chapter in part.chapters)

    @property
    def brief(self) -> bool:
        """Whoever reads it has a minute: what looks alike stands together, and what is over is only named."""
        return self.form is Form.NOTE

    @property
    def of_days(self) -> bool:
        """It is about days; else about an hour or one problem, which its subject says."""
        return self.covers not in (Covers.MOMENT, Covers.PROBLEM)

    def based(self, election: str, lists: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """The legal basis in an election, each line once.

        Args:
            lists: what the lines of `LISTS` stand for.
        """
        lines = for_election({own.election: own.lines for own in self.basis}, election) or USUAL
        told = (one for line in lines for one in (lists[line[1:-1]] if line[1:-1] in LISTS else (line,)))
        return tuple(dict.fromkeys(told))

    def filled(self, values: Mapping[str, str]) -> "ReportKind":
        """The kind with its wording as one report has it. Raises: KeyError: a wording names what has no value."""
        parts = tuple(
            Part(part.title, tuple(replace(own, words=fill(own.words, values)) for own in part.chapters))
            for part in self.parts
        )
        subject, opening, closing = (fill(text, values) for text in (self.subject, self.opening, self.closing))
        return replace(self, parts=parts, subject=subject, opening=opening, closing=closing)


def fill(text: str, values: Mapping[str, str]) -> str:
    """A wording with its names replaced; what is put in is not looked at again. Raises: KeyError."""
    return _NAMED.sub(lambda match: values[match[1]], text)


def mistaken(text: str, covers: Covers) -> Iterator[str]:
    """What in a wording no report of the kind could fill in: an unknown name, a brace that belongs to none."""
    for found in _MISTAKEN.findall(text):
        name = found[1:-1]
        if name not in NAMES or (name in OF_PROBLEM and covers is not Covers.PROBLEM):
            yield found


def for_election(by: Mapping[str, Value], election: str) -> Value | None:
    """What a file says of an election: by its code, by its first word (pemilu, pilkada), or by `default`."""
    return next((by[key] for key in (election, election.partition("-")[0], "default") if key in by), None)


def nature(covers: Covers, *, grave: bool) -> str:
    """How urgent the letter is (Sifat), by what it tells.

    Args:
        grave: a problem that it tells of is very vulnerable (sangat rawan) and not resolved.
    """
    if grave and covers in (Covers.MOMENT, Covers.PROBLEM):
        return "Sangat Segera"
    return "Segera" if grave or covers is Covers.PROBLEM else "Biasa"


PLAIN = ReportKind(
    code="laporan",
    name="Laporan kepada Gubernur",
    covers=Covers.WEEK,
    form=Form.LETTER,
    subject="Laporan Pelaksanaan {election} di {regency}",
    opening=(
        "Dengan hormat kami laporkan perkembangan {election} di {regency} periode {period}, berdasarkan "
        "laporan yang diterima {desk} sampai dengan {cut_off}, sebagai berikut:"
    ),
    closing="Demikian disampaikan, atas perhatian Bapak/Ibu {addressee} diucapkan terima kasih.",
    parts=(Part("", tuple(map(Chapter, ("basis", "condition", "stages", "problems", "missing", "since")))),),
    annexes=("receipts", "problems", "missing"),
)
"""The kind of a duty that has none written, and of facts that were frozen before there were kinds."""
