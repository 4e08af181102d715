"""What is seen beside one report: open problems of the system, and what neighbours reported on a day."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import direct
from models.base import table
from models.matters.issues import Issue
from models.matters.matters import PROBLEM, Matter
from rules.issues import Category

_I = table(Issue)
_STILL_OPEN = select(_I.c.once, _I.c.id).where(_I.c.once.startswith(bindparam("beginning")), _I.c.resolved_at.is_(None))


def still_open(session: Session, beginning: str) -> dict[str, Matter]:
    """By their `once`, the open problems of which it begins so, the oldest first. No `beginning` has a % or a _."""
    found = direct.rows(session, _STILL_OPEN, {"beginning": beginning})
    return {str(once): session.get_one(Matter, id) for once, id in sorted(found, key=lambda row: row[1])}


_INCIDENTS = (
    select(Matter.area, _I.c.category)
    .join_from(Matter, _I, _I.c.id == Matter.id)
    .where(
        PROBLEM,
        Matter.programme_id == bindparam("programme"),
        _I.c.restricted.is_(False),
        _I.c.opened_at >= bindparam("first"),
        _I.c.opened_at < bindparam("end"),
        _I.c.once.is_(None) | ~_I.c.once.startswith(bindparam("but")),
    )
    .order_by(_I.c.id.desc())
)


def incidents(
    session: Session, programme_id: int, areas: Collection[str], *, but: str, between: tuple[datetime, datetime]
) -> dict[str, Category]:
    """By area, the category of a problem that was opened in that time and may be spoken of.

    Args:
        but: how the `once` of those begins that do not count.
    """
    first, end = between
    asked = {"programme": programme_id, "first": first, "end": end, "but": but}
    return {area: category for area, category in direct.rows(session, _INCIDENTS, asked) if area in areas}
