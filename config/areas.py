"""The official areas by code: provinces, regencies, districts. config/areas/README.md says where they come from."""

import csv
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from config.errors import Unusable, shown

TABLE = Path(__file__).parent / "areas" / "indonesia.csv"
_SORTS = ("province", "regency", "district")
_WEST = frozenset({*range(11, 37), 61, 62})
_EAST = frozenset({81, 82, *range(91, 97)})


class Area(NamedTuple):
    """An area, and its name as the ministry's list has it; a regency's begins with Kabupaten or Kota."""

    code: str
    name: str


@cache
def _all() -> MappingProxyType[str, str]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({line["code"]: line["name"] for line in csv.DictReader(file)})


def within(code: str) -> list[Area]:
    """The areas right below one, by code; of "" the provinces."""
    return [Area(own, name) for own, name in _all().items() if own.rpartition(".")[0] == code]


def find(text: str, below: str) -> Area:
    """The area right below `below` that was meant, by its code or its name. "Tapin" is Kabupaten Tapin.

    Raises:
        Unusable: there is none, or there are two.
    """
    wanted, choice = text.strip(), within(below)
    sort = _SORTS[below.count(".") + bool(below)]
    named = [area for area in choice if wanted.casefold() in (area.code, area.name.casefold())]
    named = named or [area for area in choice if wanted.casefold() == bare(area.name).casefold()]
    if len(named) == 1:
        return named[0]
    if named:
        raise Unusable(f"{shown(wanted)} is the name of several", f"Write one of {', '.join(map(_line, named))}")
    near = get_close_matches(wanted, [area.name for area in choice] + [bare(area.name) for area in choice], 3, 0.6)
    hint = f"Did you mean {' or '.join(dict.fromkeys(near))}?" if near else f"Write the code or the name of a {sort}"
    raise Unusable(f"{shown(wanted)} is no {sort}{f' of {below}' if below else ''}", hint)


def bare(name: str) -> str:
    """The name without what the area is: Tapin."""
    first, _, rest = name.partition(" ")
    return rest.removeprefix("Administrasi ") if first in ("Kabupaten", "Kota") and rest else name


def zone(code: str) -> str:
    """The time zone of a province's areas (Keppres 41/1987; the provinces founded later lie in their mother's)."""
    province = int(code[:2])
    return "Asia/Jakarta" if province in _WEST else "Asia/Jayapura" if province in _EAST else "Asia/Makassar"


def _line(area: Area) -> str:
    return f"{area.code} ({area.name})"
