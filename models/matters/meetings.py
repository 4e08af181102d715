"""The minutes of meetings (notulen). A meeting itself is an advice, with a charge for each office that was invited."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant
from models.matters import advice
from models.matters.advice import Advice, Given
from rules.advice import Sort


class Minutes(Base):
    """One version of what was said at a meeting; the last counts, and none is ever changed."""

    __tablename__ = "minutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("advice.id"), index=True)
    led_by: Mapped[int] = mapped_column(ForeignKey("office.id"))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int] = mapped_column(ForeignKey("office.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


def versions(session: Session, meeting_id: int) -> list[Minutes]:
    """What was written of a meeting, the last first."""
    query = select(Minutes).where(Minutes.meeting_id == meeting_id).order_by(Minutes.id.desc())
    return list(session.scalars(query))


def numbered(session: Session, programme_id: int, number: int) -> list[Given]:
    """A meeting by its number, with every office that was invited; empty: there is none."""
    own = Advice.programme_id == programme_id, Advice.number == number, Advice.sort == Sort.MEETING
    id = session.scalar(select(Advice.id).where(*own))
    return advice.of(session, id) if id is not None else []


def since(session: Session, programmes: Collection[int], at: datetime) -> list[list[Given]]:
    """The meetings that began since then or are ahead, the latest first, each with those who were invited."""
    own = Advice.programme_id.in_(programmes), Advice.sort == Sort.MEETING, Advice.starts_at >= at
    ids = session.scalars(select(Advice.id).where(*own).order_by(Advice.starts_at.desc(), Advice.id.desc()))
    return [advice.of(session, id) for id in ids]


def decided(session: Session, meeting_id: int) -> list[Given]:
    """The directions that were decided at a meeting, in order of their numbers."""
    ids = session.scalars(select(Advice.id).where(Advice.meeting_id == meeting_id).order_by(Advice.id))
    return [given for id in ids for given in advice.of(session, id)]
