"""Why reports in a list are late, where that is not the team's doing."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models.matters.owing import Item
from rules.fairness import CAUSES, Cause
from rules.programme import Programme
from services import recap
from web.door.who import Who


def ours(session: Session, at: Who, id: int, programme: Programme, items: Iterable[Item]) -> dict[int, str]:
    """By id, why a late report is late for a reason of ours; all others are left out."""
    late = {item.code: item for item in items if item.late(at.now)}
    due, areas = {item.due_at for item in late.values()}, {item.area for item in late.values()}
    causes: dict[str, Cause] = recap.causes(session, id, programme, due, areas, now=at.now)
    return {item.id: CAUSES[cause] for code, item in late.items() if (cause := causes.get(code)) and cause.ours}
