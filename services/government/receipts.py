"""What every district owed, and what was received of it."""

from collections.abc import Iterable
from itertools import groupby

from models.matters.compiling import Owed
from reports.government import facts
from rules.programme import Programme
from services.government.scope import Scope


def parted(scope: Scope, due: list[Owed]) -> tuple[list[Owed], list[Owed]]:
    """Reports that belong to the period, and those that fell due after it. What offices have ready is told elsewhere.

    What the level below sends comes after the days that it is about: it belongs to those days, whenever it is due.
    """
    _, until = scope.within
    support = {duty.code for duty in scope.programme.policy.duties if duty.support}
    due = [row for row in due if row.duty not in support]
    below = {duty.code for duty in scope.programme.policy.duties if duty.takes}
    own = [row for row in due if row.duty not in below]
    about = {row.id for row in due if scope.first <= row.period_start and row.period_end <= scope.last}
    within = {row.id for row in own if row.due_at <= until} | {row.id for row in due if row.duty in below} & about
    return [row for row in due if row.id in within], [row for row in own if row.due_at > until]


def districts(programme: Programme, owed: list[Owed]) -> Iterable[facts.District]:
    """Every district in order of code, also one that owed nothing. A team's own reports count for its first."""
    by_area = {area: list(rows) for area, rows in groupby(owed, key=lambda o: o.area)}
    for district in sorted(programme.desk.districts, key=lambda d: d.code):
        team = programme.desk.team_of(district.code)
        rows = by_area.get(district.code, [])
        if team.districts[0] == district.code:
            rows = rows + by_area.get(team.code, [])
        reports = tuple(_report(programme, row) for row in sorted(rows, key=lambda o: o.due_at))
        yield facts.District(district.code, district.name, team.name, district.zone, reports)


def _report(programme: Programme, owed: Owed) -> facts.Report:
    return facts.Report(
        key=owed.key,
        code=owed.code,
        duty=programme.policy.duty(owed.duty).name,
        due_at=owed.due_at,
        standing=owed.standing,
        content=owed.content,
        late=owed.received_at is not None and owed.received_at > owed.judged_by,
        received_at=owed.received_at,
        reason=owed.reason,
    )
