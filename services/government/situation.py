"""The situation at the cut-off, as the reports tell it, without what restricted problems are about."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from models.matters import numbers, said
from reports.government.situation import Counted, Figure, Group, Seen
from rules import situation as rule
from rules.forms import Figure as Asked
from rules.forms import Indicator
from rules.situation import Cell, Number, Situation, Version
from services import situation
from services.government.scope import Scope

Milestones = Mapping[str, Mapping[str, rule.Milestone | None]]


def groups(session: Session, scope: Scope) -> tuple[Group, ...]:
    """Every group that a report was asked about which fell due in the period, in the order of the forms.

    What nobody was asked about is not called unseen.
    """
    facts = scope.programme, scope.forms, scope.areas
    heard = situation.heard(session, scope.programme_id, *facts, now=scope.cut_off)
    cells = situation.of(heard, *facts, now=scope.cut_off)
    if scope.whole:
        cells = {place: replace(cell, stale=False) for place, cell in cells.items()}
    reached = situation.reached(heard, *facts)
    named = numbers.codes(session, {int(id) for cell in cells.values() for id in _obligations(cell)})
    telling = _Telling(scope, cells, reached, named)
    due = said.asked(session, scope.programme_id, scope.areas, since=scope.starts_at, until=scope.cut_off)
    codes = {code for own in due for code in situation.asked(scope.programme, scope.forms, *own)}
    return tuple(
        telling.group(own) for code, own in situation.groups(scope.programme, scope.forms).items() if code in codes
    )


def _obligations(cell: Cell) -> list[str]:
    versions = [cell.newest, cell.said, *(number.said for number in cell.numbers.values())]
    return [version.obligation for version in versions if version]


class _Telling:
    """Puts cells into words that can be frozen."""

    def __init__(
        self,
        scope: Scope,
        cells: Situation,
        reached: Milestones,
        named: Mapping[int, str],
    ) -> None:
        self.scope = scope
        self.cells = cells
        self.reached = reached
        self.named = named

    def group(self, own: Indicator) -> Group:
        open_, withheld = list[Cell](), list[Cell]()
        for area in self.scope.areas:
            secret = not self.scope.confided.places.isdisjoint([(area, own.code), (area, str(own.category))])
            (withheld if secret else open_).append(self.cells[area, own.code])
        return Group(
            own.code,
            own.name,
            tuple(self._seen(cell) for cell in open_),
            tuple(sorted((cell.shown for cell in withheld), key=lambda shown: shown.worst_first)),
            tuple(self._figure(figure, open_) for figure in own.figures),
        )

    def _seen(self, cell: Cell) -> Seen:
        spoken, newest = cell.spoken, cell.newest
        return Seen(
            cell.area,
            cell.shown,
            spoken.condition if spoken else None,
            newest.tells_of if newest else None,
            newest.by if newest else "",
            spoken.note if spoken else "",
            self._source(newest),
        )

    def _figure(self, figure: Asked, cells: list[Cell]) -> Figure:
        counted = [(cell.area, cell.numbers[figure.code]) for cell in cells if figure.code in cell.numbers]
        whole = self._whole(figure) if len(counted) == len(self.scope.areas) else None
        counts = tuple(self._counted(figure, *own) for own in counted)
        return Figure(figure.code, figure.name, counts, bool(figure.of), whole)

    def _whole(self, figure: Asked) -> int | None:
        """What the desk's file says of the whole area."""
        known = self.scope.programme.desk.polling.get(self.scope.programme.election.code)
        totals = {"stations": known.stations, "voters": known.voters} if known else {}
        return totals.get(figure.of)

    def _counted(self, figure: Asked, area: str, number: Number) -> Counted:
        milestone = self.reached.get(figure.name, {}).get(area) if figure.of else None
        return Counted(
            area, number.count, number.tells_of, milestone.of if milestone else None, self._source(number.said)
        )

    def _source(self, version: Version | None) -> str:
        return f"{self.named[int(version.obligation)]} v{version.number}" if version else ""
