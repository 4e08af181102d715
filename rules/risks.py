"""Places known to be at risk (tempat rawan): villages and polling stations, why, by which source and of which day.

One row of a table, or one form, names one place and one or more kinds of risk. What a problem says of its place is
taken as exactly as it was said: a risk of one polling station is not one of the whole village.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from rules import incidents, levels, typed
from rules.desk import Desk
from rules.levels import Level
from rules.typed import Fault, Mistyped

KINDS = {
    "blank-spot": "Blank spot",
    "jauh": "Jauh atau sulit dijangkau",
    "banjir": "Rawan banjir",
    "bencana": "Rawan bencana lain",
    "konflik": "Rawan konflik",
    "riwayat-psu": "Riwayat PSU",
    "lokasi-khusus": "Lokasi khusus",
    "dekat-posko": "Dekat posko tim peserta",
    "dekat-kampus-pabrik": "Dekat kampus atau pabrik",
    "listrik": "Listrik tidak tersedia",
    "pemilih-maksimal": "Jumlah pemilih maksimal",
}
"""Why a place is at risk, by code, where the desk's file names no kinds of its own (`risks`)."""

DISTRICT, VILLAGE, STATION, KIND = "Kecamatan", "Desa", "TPS", "Kerawanan"
NOTE, SOURCE, KNOWN_ON = "Keterangan", "Sumber", "Tanggal"
COLUMNS = (DISTRICT, VILLAGE, STATION, KIND, NOTE, SOURCE, KNOWN_ON)
WANTED = tuple(own.lower() for own in (VILLAGE, KIND, SOURCE, KNOWN_ON))
CALLED = {
    **dict.fromkeys(("desa/kelurahan", "desa atau kelurahan", "kelurahan", "nama desa", "kode desa"), VILLAGE),
    **dict.fromkeys(("nomor tps", "no tps", "no. tps"), STATION),
    **dict.fromkeys(("rawan", "jenis", "jenis kerawanan", "alasan"), KIND),
    **dict.fromkeys(("catatan", "uraian"), NOTE),
    **dict.fromkeys(("asal", "dasar", "sumber data"), SOURCE),
    **dict.fromkeys(("tgl", "tanggal data", "per tanggal"), KNOWN_ON),
}
"""What people call the columns, in small letters, with our own headings."""


def columns(level: Level) -> list[str]:
    """The headings of the table at a desk of this level."""
    return [levels.heading(level) if own == DISTRICT else own for own in COLUMNS]


LONGEST = {NOTE: 300, SOURCE: 200}
_STATION = re.compile(r"(?:tps)?[ .-]*0*([1-9][0-9]{0,2})", re.IGNORECASE)
_SEVERAL = re.compile("[;,]")


class Key(NamedTuple):
    """What is said once. `station` empty: the whole village."""

    village: str
    station: str
    kind: str

    @property
    def district(self) -> str:
        return self.village.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Risk:
    """One reason why a place is at risk, and who said so of which day."""

    key: Key
    note: str
    source: str
    known_on: date


class Why(StrEnum):
    """Why a row is refused."""

    NO_DISTRICT = "no_district"
    NO_VILLAGE = "no_village"
    NO_STATION = "no_station"
    NO_KIND = "no_kind"
    TWICE = "twice"
    MISTYPED = "mistyped"


class Refused(ValueError):
    """A row that cannot be taken. `column`: where; `fault`: what is wrong with something typed."""

    def __init__(self, why: Why, column: str, fault: Fault | None = None) -> None:
        super().__init__(why.value)
        self.why = why
        self.column = column
        self.fault = fault


class Does(StrEnum):
    """What a row would do."""

    ADDS = "adds"
    CHANGES = "changes"
    SAME = "same"
    REFUSED = "refused"


class Line(NamedTuple):
    """What one row does, by its number in the file."""

    row: int
    does: Does
    risks: tuple[Risk, ...] = ()
    refused: Refused | None = None


def read(cells: Mapping[str, str], desk: Desk, *, today: date) -> tuple[Risk, ...]:
    """What a row says: one risk for each kind it names.

    Args:
        cells: by heading in small letters.

    Raises:
        Refused: the place, a kind, the source or the day cannot be taken.
    """
    village = _village(cells, desk)
    station = _station(_cell(cells, STATION))
    note, source = (_words(cells, column) for column in (NOTE, SOURCE))
    if not source:
        raise Refused(Why.MISTYPED, SOURCE, Fault.MISSING)
    known_on = _day(cells, today)
    return tuple(
        Risk(Key(village, station, kind), note, source, known_on) for kind in _kinds(_cell(cells, KIND), desk.risks)
    )


def propose(
    rows: Iterable[tuple[int, Mapping[str, str]]], desk: Desk, known: Mapping[Key, Risk], *, today: date
) -> list[Line]:
    """What each row would do to what is known. Two rows that say different things of one place are refused."""
    said: dict[Key, Risk] = {}
    lines = []
    for number, cells in rows:
        try:
            risks = read(cells, desk, today=today)
            if any(said.setdefault(risk.key, risk) != risk for risk in risks):
                raise Refused(Why.TWICE, VILLAGE)
        except Refused as refused:
            lines.append(Line(number, Does.REFUSED, refused=refused))
        else:
            lines.append(Line(number, _does(risks, known), risks))
    return lines


def summary(lines: Iterable[Line]) -> str:
    """A digest of exactly what rows do: either what was shown is confirmed, or nothing is."""
    return sha256(repr([(line.row, line.does.value, line.risks) for line in lines]).encode()).hexdigest()


def of(risks: Iterable[Risk], village: str, station: str) -> list[Risk]:
    """The risks of the place that a problem names: of its village, and of its polling station if it names one."""
    match = _STATION.fullmatch(station.strip())
    own = match[1] if match else ""
    return [risk for risk in risks if village and risk.key.village == village and risk.key.station in ("", own)]


def places(risks: Iterable[Risk]) -> int:
    """How many places are at risk: a place with three reasons is one."""
    return len({risk.key[:2] for risk in risks})


def by_kind(risks: Iterable[Risk]) -> Counter[str]:
    """How many places each kind has. Their sum may be more than `places`."""
    return Counter(risk.key.kind for risk in risks)


def unheard(desk: Desk, risks: Iterable[Risk], heard: Collection[str]) -> list[str]:
    """The districts with a place at risk of which no report came today, in the file's order.

    Args:
        heard: the districts of which one came.
    """
    risky = {risk.key.district for risk in risks}
    return [own.code for own in desk.districts if own.code in risky and own.code not in heard]


def _does(risks: Iterable[Risk], known: Mapping[Key, Risk]) -> Does:
    if any(risk.key not in known for risk in risks):
        return Does.ADDS
    return Does.SAME if all(known[risk.key] == risk for risk in risks) else Does.CHANGES


def _village(cells: Mapping[str, str], desk: Desk) -> str:
    among = [own.code for own in desk.districts]
    said = next(filter(None, (_cell(cells, heading) for heading in levels.HEADINGS)), "")
    if named := said.casefold().removeprefix("kecamatan").strip():
        among = [own.code for own in desk.districts if named in (own.code, own.name.casefold())]
        if not among:
            raise Refused(Why.NO_DISTRICT, DISTRICT)
    villages = {code: name for own in among for code, name in desk.villages_of(own).items()}
    try:
        village = incidents.village(_cell(cells, VILLAGE), villages)
    except Mistyped as error:
        raise Refused(Why.NO_VILLAGE, VILLAGE) from error
    if not village:
        raise Refused(Why.MISTYPED, VILLAGE, Fault.MISSING)
    return village


def _station(text: str) -> str:
    """`3`, of `TPS 003`; empty: the whole village."""
    match = _STATION.fullmatch(text)
    if text and not match:
        raise Refused(Why.NO_STATION, STATION)
    return match[1] if match else ""


def _kinds(text: str, kinds: Mapping[str, str]) -> list[str]:
    names = {name.casefold(): code for code, name in kinds.items()} | {code.casefold(): code for code in kinds}
    said = [text] if text.casefold() in names else [part.strip() for part in _SEVERAL.split(text)]
    if not text or any(part.casefold() not in names for part in said):
        raise Refused(Why.NO_KIND, KIND)
    return list(dict.fromkeys(names[part.casefold()] for part in said))


def _day(cells: Mapping[str, str], today: date) -> date:
    try:
        known_on = typed.day(_cell(cells, KNOWN_ON))
    except Mistyped as error:
        raise Refused(Why.MISTYPED, KNOWN_ON, error.fault) from error
    if known_on is None or known_on > today:
        raise Refused(Why.MISTYPED, KNOWN_ON, Fault.AHEAD if known_on else Fault.MISSING)
    return known_on


def _words(cells: Mapping[str, str], column: str) -> str:
    try:
        return " ".join(typed.words(_cell(cells, column), LONGEST[column]).split())
    except Mistyped as error:
        raise Refused(Why.MISTYPED, column, error.fault) from error


def _cell(cells: Mapping[str, str], heading: str) -> str:
    return " ".join(cells.get(heading.lower(), "").split())
