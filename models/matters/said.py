"""What reports say, as the situation reads it: the newest version of every obligation that has one."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, Text, cast, func, select
from sqlalchemy.orm import Session

from models.base import table
from models.matters import numbers
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from rules import forms
from rules.filing import Content, Standing
from rules.forms import SCALES, Condition, Part, Scale
from rules.situation import Spoken, Version

_R, _O, _M = table(Report), table(Obligation), table(Matter)


def versions(
    session: Session,
    programme_id: int,
    areas: Collection[str],
    groups: Callable[[str, str], Collection[str]],
    *,
    known_at: datetime,
) -> list[Version]:
    """What was known of these districts at that moment.

    Args:
        groups: the indicator groups that the report of a duty and slot asks for; a nil report speaks of all of them.
    """
    nil: dict[tuple[str, str], Mapping[str, Spoken]] = {}  # by duty and slot: most reports say nothing

    def spoken(row: Row[Any]) -> Mapping[str, Spoken]:
        if row.content is not Content.NIL:
            return _spoken(row.words)
        asked = row.duty, row.slot
        if asked not in nil:
            nil[asked] = dict.fromkeys(groups(*asked), NOTHING)
        return nil[asked]

    rows = session.connection().execute(_newest(programme_id, areas, known_at))
    return [_version(row, spoken(row), known_at) for row in rows]


def asked(
    session: Session, programme_id: int, areas: Collection[str], *, since: datetime, until: datetime
) -> set[tuple[str, str]]:
    """Duty and slot of what fell due in this time in these districts."""
    due = _O.c.due_at >= since, _O.c.due_at <= until, _O.c.standing != Standing.CANCELLED
    query = select(_O.c.duty, _O.c.slot).join(_M, _M.c.id == _O.c.id).distinct()
    rows = session.connection().execute(query.where(_M.c.programme_id == programme_id, _M.c.area.in_(areas), *due))
    return {(row.duty, row.slot) for row in rows}


def _newest(programme_id: int, areas: Collection[str], known_at: datetime) -> Select[Any]:
    """The newest version of each obligation of these districts that had one by then."""
    last = (
        select(_R.c.obligation_id, func.max(_R.c.version).label("version"))
        .join(_M, _M.c.id == _R.c.obligation_id)
        .where(_M.c.programme_id == programme_id, _M.c.area.in_(areas), _R.c.recorded_at <= known_at)
        .group_by(_R.c.obligation_id)
        .subquery()
    )
    return (
        select(
            _R.c.obligation_id,
            _R.c.version,
            _M.c.area,
            _O.c.duty,
            _O.c.slot,
            _R.c.content,
            cast(_R.c.body, Text).label("words"),
            _R.c.title,
            _O.c.due_at,
            _R.c.received_at,
            _R.c.observed_at,
            _O.c.returned_at,
        )
        .join(last, (last.c.obligation_id == _R.c.obligation_id) & (last.c.version == _R.c.version))
        .join(_O, _O.c.id == _R.c.obligation_id)
        .join(_M, _M.c.id == _R.c.obligation_id)
        .where(_R.c.content != Content.WITHDRAWN)
    )


def _version(row: Row[Any], spoken: Mapping[str, Spoken], known_at: datetime) -> Version:
    return Version(
        obligation=str(row.obligation_id),
        number=row.version,
        area=row.area,
        content=row.content,
        groups=spoken,
        by=row.title,
        due_at=row.due_at,
        received_at=row.received_at,
        observed_at=row.observed_at,
        returned=_returned(row, known_at),
    )


NOTHING = Spoken(Condition.UNSEEN)


@lru_cache(maxsize=2000)  # what a report says never changes, and each look reads all reports of an election
def _spoken(words: str) -> Mapping[str, Spoken]:
    """By indicator group; checklists, and answers to an older form of another shape, are left out."""
    groups = [(code, own, forms.condition(own)) for code, own in forms.looked_at(json.loads(words)).items()]
    return {code: _one(own, condition) for code, own, condition in groups if condition in SCALES[Scale.CONDITION]}


def _one(own: dict[str, object], condition: Condition) -> Spoken:
    numbers, photos = own.get("numbers"), own.get("photos")
    return Spoken(
        condition,
        {code: count for code, count in numbers.items() if isinstance(count, int)} if isinstance(numbers, dict) else {},
        str(own.get("note") or ""),
        tuple(photos) if isinstance(photos, list) else (),
    )


def bodies(session: Session, ids: Collection[int], *, known_at: datetime) -> dict[int, dict[str, object]]:
    """By obligation, what the newest version that had come by then says; one that was taken back says nothing."""
    came = _R.c.obligation_id.in_(list(ids)), _R.c.recorded_at <= known_at
    query = select(_R.c.obligation_id, _R.c.content, _R.c.body).where(*came).order_by(_R.c.version)
    newest = {row.obligation_id: row for row in session.connection().execute(query)}
    return {id: row.body for id, row in newest.items() if row.content is not Content.WITHDRAWN}


class Judgement(NamedTuple):
    """What one version of a report judges, expects and advises, in its own words."""

    area: str
    code: str
    version: int
    by: str
    received_at: datetime
    analysis: str
    forecast: str
    advice: str


def judgements(
    session: Session, programme_id: int, areas: Collection[str], *, since: datetime, until: datetime
) -> list[Judgement]:
    """The newest versions that came in this time and judge anything, in order of receipt. One returned does not."""
    rows = session.connection().execute(_newest(programme_id, areas, until).where(_R.c.received_at >= since))
    lately = [row for row in rows if not _returned(row, until)]
    named = numbers.codes(session, [row.obligation_id for row in lately])
    found = [_judgement(row, named[row.obligation_id]) for row in sorted(lately, key=lambda row: row.received_at)]
    return [own for own in found if own.analysis or own.forecast or own.advice]


def _returned(row: Row[Any], known_at: datetime) -> bool:
    return row.returned_at is not None and row.returned_at <= known_at


def _judgement(row: Row[Any], code: str) -> Judgement:
    body = json.loads(row.words)
    parts = (body.get(part) for part in (Part.ANALYSIS, Part.FORECAST, Part.ADVICE))
    texts = [part.strip() if isinstance(part, str) else "" for part in parts]
    return Judgement(row.area, code, row.version, row.title, row.received_at, *texts)
