"""The levels of government that have a desk, and what each calls the areas below it.

The districts of a province's desk are its regencies, those of the centre's desk are the provinces. Whatever a page, a
text or a letter calls them comes from here.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """Whose desk it is."""

    REGENCY = "regency"
    PROVINCE = "province"
    CENTRE = "centre"


class Below(NamedTuple):
    """The areas below a desk. `parts`: of their code. `before`: the word that their names in a file leave out."""

    word: str
    parts: int
    before: str


BELOW: Mapping[Level, Below] = {
    Level.REGENCY: Below("kecamatan", 3, "Kecamatan "),
    Level.PROVINCE: Below("kabupaten/kota", 2, ""),
    Level.CENTRE: Below("provinsi", 1, "Provinsi "),
}
"""A regency's name in a file has its word, since some are `Kabupaten` and some are `Kota`."""

HEADINGS = tuple(own.word.title() for own in BELOW.values())
"""What the column of these areas may be called in a table, whatever the level."""

NATION = "00"
"""The code of the centre's own area: no province has it."""

_SHORTER = {"Kecamatan ": "Kec. ", "Kabupaten ": "Kab. ", "Provinsi ": "Prov. "}


def word(level: Level) -> str:
    """What the areas below are, inside a sentence: `kabupaten/kota`."""
    return BELOW[level].word


def heading(level: Level) -> str:
    """The same at the head of a column: `Kabupaten/Kota`."""
    return word(level).title()


def named(level: Level, name: str) -> str:
    """An area below by the name its file gives it, as it stands in a sentence: `Kecamatan Tamban`."""
    return f"{BELOW[level].before}{name}"


def bare(level: Level, text: str) -> str:
    """What `named` gave, without the word that stands above the column anyway: `Tamban`."""
    return text.removeprefix(BELOW[level].before)


def short(text: str) -> str:
    """What `named` gave, where room is short: `Kec. Tamban`, `Kab. Tapin`."""
    return next((less + text.removeprefix(word) for word, less in _SHORTER.items() if text.startswith(word)), text)


def inside(level: Level, area: str, own: str) -> bool:
    """Whether `area` is the code of an area right below the desk of `own`."""
    right = area.count(".") + 1 == BELOW[level].parts
    return right and (own == NATION if level is Level.CENTRE else area.startswith(f"{own}."))


def own_parts(level: Level) -> int:
    """How many parts the code of the desk's own area has."""
    return max(BELOW[level].parts - 1, 1)
