"""Changes of teams, reporters and coordination: planned for a day, and done then. One that was done stays."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word
from rules.rearranging import Change, What


class Rearrangement(Base):
    """One change at a desk. It waits until it is done, taken back, or `failed`, which says why it could not be done."""

    __tablename__ = "rearrangement"

    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(60))
    what: Mapped[What] = mapped_column(Word(What, 12))
    place: Mapped[str] = mapped_column(String(20))
    office: Mapped[str] = mapped_column(String(60))
    since: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("office.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended: Mapped[str] = mapped_column(String(20), default="")
    failed: Mapped[str] = mapped_column(String(200), default="")

    @property
    def change(self) -> Change:
        return Change(self.what, self.place, self.office, self.since)


DONE, TAKEN_BACK, FAILED = "done", "taken back", "failed"
"""How one ended."""
WAITING = Rearrangement.ended_at.is_(None)
Index("rearrangement_due_ix", Rearrangement.since, sqlite_where=WAITING, postgresql_where=WAITING)


def add(session: Session, desk: str, change: Change, *, by: int, now: datetime) -> None:
    facts = {"what": change.what, "place": change.place, "office": change.office, "since": change.since}
    session.add(Rearrangement(desk=desk, recorded_by=by, recorded_at=now, **facts))
    session.flush()


def waiting(session: Session, desk: str) -> Sequence[Rearrangement]:
    """Those that are still to be done, in the order in which they are."""
    own = Rearrangement.desk == desk, WAITING
    return session.scalars(select(Rearrangement).where(*own).order_by(Rearrangement.since, Rearrangement.id)).all()


def due(session: Session, *, now: datetime) -> Sequence[Rearrangement]:
    """Those of any desk whose day has come, locked."""
    query = select(Rearrangement).where(WAITING, Rearrangement.since <= now)
    return session.scalars(query.order_by(Rearrangement.since, Rearrangement.id).with_for_update()).all()


def over(session: Session, desk: str, *, limit: int) -> Sequence[Rearrangement]:
    """Those that ended, the latest first."""
    own = Rearrangement.desk == desk, Rearrangement.ended_at.is_not(None)
    query = select(Rearrangement).where(*own).order_by(Rearrangement.ended_at.desc(), Rearrangement.id.desc())
    return session.scalars(query.limit(limit)).all()


def locked(session: Session, desk: str, id: int) -> Rearrangement | None:
    own = Rearrangement.id == id, Rearrangement.desk == desk
    return session.scalar(select(Rearrangement).where(*own).with_for_update())
