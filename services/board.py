"""The board of one programme now: what is grave, how reports of today stand, what they say, what goes out next.

Every figure comes from the same rules as on the pages behind it, so that a cell and its rows agree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.matters import overseeing, owing, reports
from models.matters.overseeing import Problem
from models.matters.owing import Item
from models.messages import going
from models.messages.going import Going
from rules import access, board, troubles
from rules.board import GRAVEST, Open, Told
from rules.desk import Desk
from rules.dispatch import day_start, next_day
from rules.filing import Standing, Timeliness, timeliness
from rules.forms import Form, Indicator
from rules.programme import Programme
from rules.risks import Risk
from rules.situation import Situation
from services import readiness, recap, risks, situation


class Column(NamedTuple):
    """The reports of one duty that fall due at the same local time today."""

    due_at: datetime
    duty: str
    name: str


@dataclass(frozen=True)
class Board:
    """What a programme's board shows to one reader.

    Args:
        areas: the districts of the reader, in the desk's order.
        gravest: the open problems that are named, the gravest first; `open` are all of them but the restricted ones,
            of which nothing more is said than how many they are: a board may hang on a wall.
        columns: today's reports of districts, by due time; `cells` by district and column.
        before: reports of earlier days that are still owed.
        going: None where the reader does not see the machine.
        risky: by the id of an open problem, what is known of its place; only of those in places at risk.
        unheard: the districts with places at risk of which no report came today.
        ready: how ready the support for what is ahead is, for whoever sees the machine.
    """

    areas: Sequence[str]
    gravest: Sequence[Problem]
    open: Sequence[Problem]
    columns: Sequence[Column]
    cells: Mapping[tuple[str, Column], tuple[Item, Told]]
    before: Sequence[Item]
    groups: Mapping[str, Indicator]
    situation: Situation
    going: Going | None
    restricted: Sequence[Problem] = ()
    risky: Mapping[int, Sequence[Risk]] = field(default_factory=dict)
    unheard: Sequence[str] = ()
    ready: Sequence[tuple[str, str]] = ()


class Reader(NamedTuple):
    """Who looks at a board. `office_id` None: a guest, to whom there are no restricted problems and no places at risk.

    `confided`: where it may read of restricted ones. `oversees`: it sees how messages stand.
    """

    areas: Sequence[str]
    office_id: int | None = None
    confided: Sequence[str] = ()
    oversees: bool = False


def reader(desk: Desk, office: str, office_id: int) -> Reader:
    """An office of the desk. Without areas: no district is its business."""
    confided, oversees = access.coordinated(desk, office), bool(access.readable(desk, office))
    return Reader(access.watched(desk, office), office_id, confided, oversees)


def of_team(reader: Reader, desk: Desk, team: str) -> Reader:
    """The same reader with the districts of one team; an unknown team narrows nothing."""
    own = next((set(known.districts) for known in desk.teams if known.code == team), None)
    if own is None:
        return reader
    kept, confided = ([area for area in areas if area in own] for areas in (reader.areas, reader.confided))
    return reader._replace(areas=kept, confided=confided)


def look(
    session: Session,
    programme_id: int,
    programme: Programme,
    forms: Mapping[str, Form],
    reader: Reader,
    *,
    now: datetime,
) -> Board:
    """The board for one reader."""
    areas = reader.areas
    start, end = day_start(now, programme.desk.zone), next_day(now, programme.desk.zone)
    items = [
        item
        for item in owing.around(session, programme_id, areas, start=start, end=end, now=now)
        if item.standing is not Standing.CANCELLED
    ]
    today = [item for item in items if start <= item.due_at < end]
    cells = _cells(session, programme_id, programme, today, now)
    problems = overseeing.problems(session, programme_id, areas, reader.confided, reader_id=reader.office_id or 0)
    open_ = by_gravity([problem for problem in problems if not problem.issue.restricted], now)
    known = risks.known(session, programme_id, areas) if reader.office_id else []
    return Board(
        areas,
        open_[:GRAVEST],
        open_,
        sorted({column for _, column in cells}),
        cells,
        [item for item in items if item.due_at < start and item.late(now)],
        situation.groups(programme, forms),
        situation.look(session, programme_id, programme, forms, areas, now=now),
        going.of(session, programme_id, now=now) if reader.oversees else None,
        [problem for problem in problems if problem.issue.restricted],
        risks.risky(open_, known),
        risks.unheard(session, programme_id, programme.desk, known, now=now),
        readiness.headlines(session, programme_id, programme, forms, areas, now=now) if reader.oversees else [],
    )


def by_gravity(problems: Iterable[Problem], now: datetime) -> list[Problem]:
    """Open problems, the gravest first."""
    return sorted(problems, key=lambda problem: board.gravity(_facts(problem), now=now))


def _facts(problem: Problem) -> Open:
    return Open(
        problem.issue.severity,
        problem.issue.opened_at,
        problem.issue.due_at,
        problem.matter.acknowledged_until,
    )


def _cells(
    session: Session, programme_id: int, programme: Programme, items: Sequence[Item], now: datetime
) -> dict[tuple[str, Column], tuple[Item, Told]]:
    late = {item.due_at for item in items if _is_late(item, now)}
    causes = recap.causes(session, programme_id, programme, late, {item.area for item in items}, now=now)
    newest = reports.latest(session, [item.id for item in items if item.standing is Standing.RECEIVED])
    cells = {}
    for item in items:
        name = programme.policy.duty(item.duty, item.key).name
        body = newest[item.id].body if item.id in newest else {}
        told = board.told(
            item.standing,
            item.content,
            troubled=troubles.wrong(body),
            due_at=item.due_at,
            received_at=item.received_at,
            extended_until=item.extended_until,
            cause=causes.get(item.code),
            now=now,
        )
        cells[item.area, Column(item.due_at, item.duty, name)] = item, told
    return cells


def _is_late(item: Item, now: datetime) -> bool:
    judged = timeliness(item.standing, item.due_at, item.received_at, extended_until=item.extended_until, now=now)
    return judged in (Timeliness.LATE, Timeliness.MISSING)
