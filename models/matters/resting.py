"""Chases that rest: until when somebody asked for time, or took something on."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.base import table
from models.matters.issues import Issue
from models.matters.matters import Kind, Matter

_M, _I = table(Matter), table(Issue)


class Rest(NamedTuple):
    """A report or problem whose chase goes on at `until`. `promised`: by its reporter; else somebody took it on."""

    code: str
    kind: Kind
    area: str
    until: datetime
    promised: bool


def ending(
    session: Session, programme_id: int, areas: Collection[str], *, reader_id: int, now: datetime, until: datetime
) -> list[Rest]:
    """Rests of these areas that end by `until`, the first first.

    Left out are problems in confidence, and those that are about the reader.
    """
    ends = (_M.c.promised_until, _M.c.acknowledged_until)
    query = (
        select(_M.c.code, _M.c.kind, _M.c.area, *ends)
        .outerjoin(_I, _I.c.id == _M.c.id)
        .where(_M.c.programme_id == programme_id, _M.c.area.in_(areas), _M.c.closed_at.is_(None))
        .where(_M.c.kind.in_([Kind.OBLIGATION, Kind.ISSUE]), _I.c.restricted.is_not(True))
        .where(_M.c.subject_id.is_distinct_from(reader_id))
        .where(or_(*(end.between(now, until) for end in ends)))
    )
    found = [
        Rest(row.code, row.kind, row.area, max(at for at in row[3:] if at is not None), row.promised_until is not None)
        for row in session.connection().execute(query)
    ]
    return sorted((rest for rest in found if now < rest.until <= until), key=lambda rest: (rest.until, rest.code))
