"""Summaries as matters: one for each evening, so that each is told once, by the clock, like everything else."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.matters import numbers
from models.matters.matters import Kind, Matter


def add(
    session: Session, programme_id: int, key: str, *, area: str, ladder: str, since: datetime, closes_after: datetime
) -> None:
    """Plan one that is due then. Safe to repeat: the same key is the same summary."""
    if session.scalar(select(Matter.id).where(Matter.key == key)) is not None:
        return
    code = f"K-{numbers.next_(session, programme_id, Kind.SUMMARY):04d}"
    session.add(
        Matter(
            programme_id=programme_id,
            kind=Kind.SUMMARY,
            key=key,
            code=code,
            area=area,
            ladder=ladder,
            since=since,
            next_at=since,
            closes_after=closes_after,
        )
    )
    session.flush()


def ahead(session: Session, programme_id: int, *, now: datetime) -> list[Matter]:
    """Those that are planned and have not been told."""
    own = Matter.programme_id == programme_id, Matter.kind == Kind.SUMMARY, Matter.closed_at.is_(None)
    return list(session.scalars(select(Matter).where(*own, Matter.since > now, Matter.reached < 0)))
