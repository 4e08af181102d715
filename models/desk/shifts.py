"""The duty roster of the posko. A shift that was ever on duty stays."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base, Instant, table


class DutyShift(Base):
    """One office on duty at the posko of a desk. `cancelled_at`: before it began; it is nobody's shift any more.

    `note`: what the next one has to know.
    """

    __tablename__ = "duty_shift"

    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(60))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    place: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[int] = mapped_column(ForeignKey("office.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(String(1000), default="")
    noted_at: Mapped[datetime | None] = mapped_column(Instant)


Index("duty_shift_desk_ix", DutyShift.desk, DutyShift.ends_at)


_S = table(DutyShift)
KEPT = _S.c.cancelled_at.is_(None)


def ahead(session: Session, desk: str, *, now: datetime) -> Sequence[DutyShift]:
    """Those that are on duty or will be, the first first."""
    return session.scalars(_AHEAD, {"desk": desk, "now": now}).all()


_AHEAD = (
    select(DutyShift)
    .where(DutyShift.desk == bindparam("desk"), KEPT, DutyShift.ends_at > bindparam("now"))
    .order_by(DutyShift.starts_at, DutyShift.id)
)


def past(session: Session, desk: str, *, limit: int, now: datetime) -> Sequence[DutyShift]:
    """Those whose duty is over, the latest first."""
    own = (DutyShift.desk == desk, DutyShift.cancelled_at.is_(None), DutyShift.ends_at <= now)
    return session.scalars(select(DutyShift).where(*own).order_by(DutyShift.ends_at.desc()).limit(limit)).all()


def kept(session: Session, desk: str) -> bool:
    """Whether the desk ever had a roster."""
    return bool(direct.rows(session, _KEPT, {"desk": desk}))


_KEPT = select(_S.c.id).where(_S.c.desk == bindparam("desk"), KEPT).limit(1)


def noted(session: Session, desk: str, *, limit: int) -> Sequence[DutyShift]:
    """Those with a note for the next, the latest first."""
    own = DutyShift.desk == desk, DutyShift.note != ""
    return session.scalars(select(DutyShift).where(*own).order_by(DutyShift.noted_at.desc()).limit(limit)).all()


def locked(session: Session, desk: str, id: int) -> DutyShift | None:
    """A shift of this desk, locked."""
    own = (DutyShift.id == id, DutyShift.desk == desk)
    return session.scalar(select(DutyShift).where(*own).with_for_update())
