"""Reports to the Government about one problem, each asked for by somebody."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.matters.matters import Matter
from models.matters.obligations import Obligation


class Special(NamedTuple):
    """One such report."""

    matter: Matter
    owed: Obligation


def about(session: Session, programme_id: int, duty: str, problem: str) -> list[Special]:
    """All about this problem, the first first."""
    query = (
        select(Matter, Obligation)
        .join(Obligation, Obligation.id == Matter.id)
        .where(
            Matter.programme_id == programme_id,
            Obligation.duty == duty,
            (Obligation.slot == problem) | Obligation.slot.startswith(f"{problem}~", autoescape=True),
        )
        .order_by(Obligation.id)
    )
    return [Special(*row) for row in session.execute(query)]
