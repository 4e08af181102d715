"""What the newest report of each place answers to one form, side by side."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.matters import reports
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from rules.filing import Standing
from rules.programme import Programme


class Answer(NamedTuple):
    """The newest version of the newest report of a place, by due time."""

    code: str
    due_at: datetime
    report: Report


def newest(
    session: Session, programme_id: int, programme: Programme, form: str, areas: Collection[str]
) -> dict[str, Answer]:
    """By place, what was answered last; places without an answer are left out."""
    duties = {duty.code: duty for duty in programme.policy.duties}
    query = (
        select(Obligation.id, Obligation.duty, Obligation.slot, Obligation.due_at, Matter.area, Matter.code)
        .join(Matter, Matter.id == Obligation.id)
        .where(
            Matter.programme_id == programme_id,
            Matter.area.in_(areas),
            Obligation.duty.in_(list(duties)),
            Obligation.standing == Standing.RECEIVED,
        )
        .order_by(Obligation.due_at, Obligation.id)
    )
    found = {row.area: row for row in session.execute(query) if duties[row.duty].of(row.slot).form == form}
    latest = reports.latest(session, [row.id for row in found.values()])
    return {area: Answer(row.code, row.due_at, latest[row.id]) for area, row in found.items() if row.id in latest}
