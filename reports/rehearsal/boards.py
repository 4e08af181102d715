"""The boards of the page: who owed what, counted in cells, each cell with the place where its rows are.

Districts stand in order of code. Nothing here is sorted by merit.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.rehearsal.ledger import Ledger, grouped
from reports.rehearsal.lines import Row, State
from reports.rehearsal.words import instant, number

STATES = {
    State.ON_TIME: "tepat waktu",
    State.LATE: "terlambat",
    State.MISSING: "belum diterima",
    State.AHEAD: "batas waktu belum tiba",
    State.EXCUSED: "dikecualikan",
}
_SLOT = re.compile(r"H([+-]\d+)?(?:@\d\d\.\d\d)?")


@dataclass(frozen=True, slots=True)
class Tally:
    """How a number of reports ended. `nil` ones are also counted under their state."""

    states: tuple[tuple[State, int], ...]
    nil: int

    @property
    def total(self) -> int:
        return sum(count for _, count in self.states)

    def __getitem__(self, state: State) -> int:
        return dict(self.states)[state]

    @property
    def shown(self) -> list[tuple[State, int]]:
        return [(state, count) for state, count in self.states if count]

    @property
    def words(self) -> str:
        """18 tepat waktu, 2 terlambat; 5 di antaranya nihil"""
        parts = ", ".join(f"{number(count)} {STATES[state]}" for state, count in self.shown)
        return f"{parts}; {number(self.nil)} di antaranya nihil" if self.nil else parts


@dataclass(frozen=True, slots=True)
class Cell:
    tally: Tally
    href: str


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A row of a board: its name, where it leads, and its cells; None where nothing was owed."""

    name: str
    note: str
    href: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Those who owe, one a row, against what they owe. The last cell of a row is its total."""

    duties: list[str]
    lines: list[BoardRow]


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of the fine board: one due time."""

    name: str
    first: Row
    part: str


@dataclass(frozen=True, slots=True)
class Marks:
    """A row of a fine board: the reports themselves under each column."""

    name: str
    note: str
    href: str
    cells: tuple[tuple[Row, ...], ...]


def tally(rows: Iterable[Row]) -> Tally:
    rows = list(rows)
    counts = Counter(row.state for row in rows)
    return Tally(tuple((state, counts[state]) for state in State), sum(row.nil for row in rows))


def by_duty(ledger: Ledger, rows: Sequence[Row]) -> Board:
    """Those who owe `rows`, one a row, against their duties. Rows stand in order of code."""
    codes, order = _duties(ledger, rows), duties(ledger)
    lines = []
    by_area = grouped(rows, lambda row: row.area)
    for code in (code for code in ledger.areas if code in by_area):
        rows = by_area[code]
        own = grouped(rows, lambda row: row.duty)
        page = ledger.area_pages[code]
        cells = [
            Cell(tally(own[duty]), f"{page}#{duty_anchor(order, duty)}") if duty in own else None for duty in codes
        ]
        area = ledger.areas[code]
        lines.append(BoardRow(area.name, area.team, page, (*cells, Cell(tally(rows), page))))
    return Board(codes, lines)


def duty_anchor(codes: Sequence[str], duty: str) -> str:
    return f"d-{codes.index(duty) + 1}"


def voting_week(ledger: Ledger) -> tuple[list[Slot], list[Marks]]:
    """Districts against the due times from H-7 through H+7."""
    near = [row for row in ledger.rows if row.of_district and _distance(row.slot) is not None]
    firsts = {row.slot: row for row in reversed(near)}
    slots = [Slot(name, row, _part(name)) for name, row in sorted(firsts.items(), key=lambda item: item[1].due_at)]
    lines = []
    for code, rows in grouped(near, lambda row: row.area).items():
        own = grouped(rows, lambda row: row.slot)
        area = ledger.areas[code]
        cells = tuple(tuple(own.get(slot.name, ())) for slot in slots)
        lines.append((code, Marks(area.name, area.team, ledger.area_pages[code], cells)))
    order = list(ledger.areas)
    return slots, [marks for _, marks in sorted(lines, key=lambda line: order.index(line[0]))]


def of_stage(ledger: Ledger, stage: str) -> tuple[list[str], list[Marks]]:
    """The reports of one stage: due times down, areas across."""
    rows = ledger.by_stage.get(stage, [])
    areas = [code for code in ledger.areas if any(row.area == code for row in rows)]
    lines = []
    for (duty, slot), own in _occasions(rows).items():
        at = grouped(own, lambda row: row.area)
        cells = tuple(tuple(at.get(code, ())) for code in areas)
        lines.append(Marks(instant(own[0].due_at), f"{ledger.duty_name(duty)}, {slot}", "", cells))
    return areas, lines


def _occasions(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    occasions: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        occasions.setdefault((row.duty, row.slot), []).append(row)
    return occasions


def duties(ledger: Ledger) -> list[str]:
    """Duties that made something, in the policy's order; unknown ones last."""
    return _duties(ledger, ledger.rows)


def _duties(ledger: Ledger, rows: Iterable[Row]) -> list[str]:
    made = {row.duty for row in rows}
    return [code for code in ledger.duties if code in made] + sorted(made - ledger.duties.keys())


def _distance(slot: str) -> int | None:
    match = _SLOT.fullmatch(slot)
    days = int(match[1] or 0) if match else None
    return days if days is not None and abs(days) <= 7 else None


def _part(slot: str) -> str:
    days = _distance(slot) or 0
    return "Sebelum hari H" if days < 0 else "Sesudah hari H" if days else "Hari H"
