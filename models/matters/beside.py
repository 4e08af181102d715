"""What is seen beside one report: open problems of the system, and what neighbours reported on a day."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.matters.issues import Issue
from models.matters.matters import PROBLEM, Matter
from rules.issues import Category

_STILL_OPEN = (
    select(Issue.once, Matter)
    .join(Issue, Issue.id == Matter.id)
    .where(Issue.once.startswith(bindparam("beginning")), Issue.resolved_at.is_(None))
)


def still_open(session: Session, beginning: str) -> dict[str, Matter]:
    """By their `once`, the open problems of which it begins so, the oldest first. No `beginning` has a % or a _."""
    found = session.execute(_STILL_OPEN, {"beginning": beginning})
    return {str(once): matter for once, matter in sorted(found, key=lambda row: row[1].id)}


_INCIDENTS = (
    select(Matter.area, Issue.category)
    .join(Issue, Issue.id == Matter.id)
    .where(
        PROBLEM,
        Matter.programme_id == bindparam("programme"),
        Matter.area.in_(bindparam("areas", expanding=True)),
        Issue.restricted.is_(False),
        Issue.opened_at >= bindparam("first"),
        Issue.opened_at < bindparam("end"),
        Issue.once.is_(None) | ~Issue.once.startswith(bindparam("but")),
    )
    .order_by(Issue.id.desc())
)


def incidents(
    session: Session, programme_id: int, areas: Iterable[str], *, but: str, between: tuple[datetime, datetime]
) -> dict[str, Category]:
    """By area, the category of a problem that was opened in that time and may be spoken of.

    Args:
        but: how the `once` of those begins that do not count.
    """
    first, end = between
    asked = {"programme": programme_id, "areas": list(areas), "first": first, "end": end, "but": but}
    return {row.area: row.category for row in session.execute(_INCIDENTS, asked)}
