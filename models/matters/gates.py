"""Gates as matters: one for each preparation and day, so that each is told once, by the clock, like everything else."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.matters import numbers
from models.matters.matters import Kind, Matter
from rules.gates import LASTS


def add(
    session: Session, programme_id: int, key: str, *, area: str, ladder: str, since: datetime, now: datetime
) -> None:
    """Plan one. Whoever does looked before that it is not there (`matters.known`)."""
    session.add(
        Matter(
            programme_id=programme_id,
            kind=Kind.GATE,
            key=key,
            code=f"G-{numbers.next_(session, programme_id, Kind.GATE):04d}",
            area=area,
            ladder=ladder,
            since=since,
            next_at=max(since, now),
            closes_after=since + LASTS,
        )
    )
    session.flush()


def move(session: Session, key: str, since: datetime, *, now: datetime) -> None:
    """Tell one at another time than it was planned for, if it has not come yet."""
    ahead = Matter.key == key, Matter.closed_at.is_(None), Matter.reached < 0, Matter.since != since
    times = {"since": since, "next_at": max(since, now), "closes_after": since + LASTS}
    session.execute(update(Matter).where(*ahead).values(times))


def key(session: Session, matter_id: int) -> str:
    return session.scalars(select(Matter.key).where(Matter.id == matter_id)).one()
