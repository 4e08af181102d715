"""Which matters a message is about, in a few words: `laporan R-0805`, `laporan Kec. Tamban (R-0805)`, `3 laporan`."""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from notifiers import indonesian
from notifiers.facts import Item
from rules.advice import NAMES, Sort
from rules.ladder import Say


class Telling(IntEnum):
    """How much is said of which matters these are."""

    COUNT = 0
    SHORT = 1
    FULL = 2


_FROM_FULL = (Telling.FULL, Telling.SHORT, Telling.COUNT)


class Named(NamedTuple):
    """What items are called together: `laporan Kec. Tamban (R-0805)`, `laporan Kec. Tamban`, `1 laporan`."""

    full: str
    short: str
    counted: str


def named(items: Sequence[Item]) -> Named:
    """`laporan R-0805`, `laporan Kec. Tamban (R-0805)`, `2 laporan dan tugas S-0003`, and shorter."""
    kinds = _parted(items)
    return Named(*(_together(items, kinds, told) for told in _FROM_FULL))


class _Kinds(NamedTuple):
    """Items by what they are; all others are reports."""

    reports: list[Item]
    problems: list[Item]
    advice: list[Item]
    trips: list[Item]
    calls: list[Item]
    gates: list[Item]
    tasks: list[Item]


def _parted(items: Sequence[Item]) -> _Kinds:
    kinds = _Kinds([], [], [], [], [], [], [])
    for item in items:
        _of_its_kind(kinds, item).append(item)
    return kinds


def _of_its_kind(kinds: _Kinds, item: Item) -> list[Item]:
    if item.advice:
        return kinds.advice
    if item.problem:
        return kinds.problems
    if item.trip:
        return kinds.trips
    if item.roll_call:
        return kinds.calls
    if item.gate:
        return kinds.gates
    return kinds.tasks if item.task else kinds.reports


def _together(items: Sequence[Item], kinds: _Kinds, told: Telling) -> str:
    reports, problems, advice, trips, calls, gates, tasks = kinds
    said = []
    if reports and told is Telling.COUNT and len(reports) < len(items) == 2:
        said.append(f"laporan {reports[0].code}")
    elif reports:
        said.append(_reports(reports, told))
    if problems:
        said.append(_problems(problems, told))
    said += [_advice([item for item in advice if item.sort is sort], NAMES[sort]) for sort in _sorts(advice)]
    if trips:
        said.append(f"kunjungan {trips[0].code}" if len(trips) == 1 else f"{len(trips)} kunjungan")
    if calls:
        said.append(_roll_calls(calls, told))
    if gates:
        said.append(_gates(gates, told))
    if tasks:
        said.append(f"tugas {tasks[0].code}" if len(tasks) == 1 else f"{len(tasks)} tugas")
    return indonesian.daftar(said)


def _report(item: Item) -> bool:
    return not (item.problem or item.task or item.advice or item.trip or item.roll_call or item.gate)


def _roll_calls(items: Sequence[Item], told: Telling) -> str:
    if len(items) > 1 and not all(item.owned for item in items):
        return f"apel kontak {len(items)} kantor"
    return "apel kontak" if items[0].owned or told is Telling.COUNT else f"apel kontak {items[0].area}"


def _gates(items: Sequence[Item], told: Telling) -> str:
    if len(items) > 1:
        return f"kesiapan {len(items)} tahapan"
    return "kesiapan" if told is Telling.COUNT else f"kesiapan {items[0].area}"


def _sorts(items: Sequence[Item]) -> list[Sort]:
    """The sorts of advice among them, in a fixed order."""
    return [sort for sort in Sort if any(item.sort is sort for item in items)] if items else []


def _advice(items: Sequence[Item], name: str) -> str:
    return f"{name} {items[0].code}" if len(items) == 1 else f"{len(items)} {name}"


def _reports(items: Sequence[Item], told: Telling) -> str:
    """Whoever owes a report knows it by its code; others are told the district."""
    first, others = items[0], any(item.office for item in items)
    if len(items) == 1:
        code = f" ({first.code})" if told is Telling.FULL else ""
        return f"{_kind(first)} {f'{first.place}{code}' if others else first.code}"
    places = list(dict.fromkeys(item.place for item in items))
    if not others or len(places) > 2 or told is Telling.COUNT:
        return f"{len(items)} laporan"
    if told is Telling.SHORT and len(places) > 1:
        return f"laporan {indonesian.daftar([places[0], *(p.removeprefix('Kec. ') for p in places[1:])])}"
    return f"{len(items)} laporan {indonesian.daftar(places)}"


def _kind(item: Item) -> str:
    return "perbaikan laporan" if awaits_improvement(item) else "laporan"


def _problems(items: Sequence[Item], told: Telling) -> str:
    if len(items) > 1:
        return f"{len(items)} permasalahan"
    kind, place = "permasalahan " * (told is Telling.FULL), items[0].place
    place = f"({place})" if items[0].restricted else place
    return f"{kind}{items[0].code}{f' {place}' * (told is not Telling.COUNT)}"


def helping(items: Sequence[Item]) -> bool:
    """Whether it is about reports that others owe: its reader is asked for help, not for the report."""
    return any(item.office for item in items if _report(item))


def awaits_improvement(item: Item) -> bool:
    return item.returned and item.say not in (Say.RETURNED, Say.RECEIVED)
