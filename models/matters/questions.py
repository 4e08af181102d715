"""Nil reports whose reporter was asked whether they are sure, and has not answered."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from models import direct
from models.base import table
from models.desk.changes import Change
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.messages.notices import Notice
from rules.filing import Content, Standing
from rules.ladder import Say

SURE = "sure"
"""The occasion of the question, and what the answer is called in the record of changes."""

_M, _O, _N, _C = table(Matter), table(Obligation), table(Notice), table(Change)


def waiting(session: Session, programme_id: int, areas: Collection[str], *, since: datetime) -> list[str]:
    """Numbers of the reports of these areas that are asked about, and are nil still; asked since then."""
    asked = select(_N.c.id).where(_N.c.matter_id == _M.c.id, _N.c.say == Say.SURE, _N.c.planned_at >= since)
    answered = select(_C.c.id).where(_C.c.matter_id == _M.c.id, _C.c.what == SURE)
    query = (
        select(_M.c.code)
        .join(_O, _O.c.id == _M.c.id)
        .where(_M.c.programme_id == programme_id, _M.c.area.in_(areas))
        .where(_O.c.standing == Standing.RECEIVED, _O.c.content == Content.NIL, asked.exists(), ~answered.exists())
        .order_by(_M.c.id)
    )
    return list(session.connection().execute(query).scalars())


def last_contents(
    session: Session, programme_id: int, area: str, duty: str, *, until: datetime, most: int
) -> list[Content | None]:
    """What the last reports of a duty in an area held, up to the one due then, the oldest first."""
    own = {"programme": programme_id, "area": area, "duty": duty, "until": until, "most": most}
    return [content for (content,) in reversed(direct.rows(session, _LAST_CONTENTS, own))]


_LAST_CONTENTS = (
    select(_O.c.content)
    .join(_M, _M.c.id == _O.c.id)
    .where(_M.c.programme_id == bindparam("programme"), _M.c.area == bindparam("area"))
    .where(_O.c.duty == bindparam("duty"), _O.c.due_at <= bindparam("until"))
    .where((_O.c.standing == Standing.OWED) | (_O.c.standing == Standing.RECEIVED))
    .order_by(_O.c.due_at.desc())
    .limit(bindparam("most", type_=Integer))
)
