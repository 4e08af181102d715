"""Places known to be at risk. A row that is wrong or over is ended, never changed: what was known when stays."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant
from models.desk.programmes import Programme
from models.matters.matters import Matter
from models.matters.reports import Report
from rules.risks import Key, Risk


class PlaceRisk(Base):
    """One reason why a village or a polling station (`station`; empty: the whole village) is at risk.

    `known_on`: the day of which its source speaks. `ended_at` None: it holds.
    """

    __tablename__ = "place_risk"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    village: Mapped[str] = mapped_column(String(20))
    station: Mapped[str] = mapped_column(String(20), default="")
    kind: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(200))
    known_on: Mapped[date] = mapped_column(Date)
    added_by: Mapped[int] = mapped_column(ForeignKey("office.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def risk(self) -> Risk:
        return Risk(Key(self.village, self.station, self.kind), self.note, self.source, self.known_on)


_HOLDS = PlaceRisk.ended_at.is_(None)
Index(
    "place_risk_once_ix",
    *(PlaceRisk.programme_id, PlaceRisk.village, PlaceRisk.station, PlaceRisk.kind),
    unique=True,
    sqlite_where=_HOLDS,
    postgresql_where=_HOLDS,
)


def lock(session: Session, programme_id: int) -> None:
    """Let nobody else write the inventory of this programme until the transaction ends."""
    session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update())


def current(session: Session, programme_id: int, areas: Collection[str]) -> Sequence[PlaceRisk]:
    """What holds in these districts, by place."""
    return _by_place(session, programme_id, areas, _HOLDS)


def held(session: Session, programme_id: int, areas: Collection[str], *, at: datetime) -> Sequence[PlaceRisk]:
    """What held in these districts at a moment, by place."""
    then = (PlaceRisk.added_at <= at) & (_HOLDS | (PlaceRisk.ended_at > at))
    return _by_place(session, programme_id, areas, then)


def _by_place(
    session: Session, programme_id: int, areas: Collection[str], which: ColumnElement[bool]
) -> Sequence[PlaceRisk]:
    own = (PlaceRisk.programme_id == programme_id, which)
    rows = session.scalars(select(PlaceRisk).where(*own).order_by(PlaceRisk.village, PlaceRisk.id))
    found = [row for row in rows if row.risk.key.district in areas]
    return sorted(found, key=lambda row: (row.village, int(row.station or 0)))


def add(session: Session, programme_id: int, risks: Iterable[Risk], *, office_id: int, now: datetime) -> None:
    """Keep risks. The caller has ended what held before for the same keys."""
    session.add_all(
        PlaceRisk(
            programme_id=programme_id,
            **risk.key._asdict(),
            note=risk.note,
            source=risk.source,
            known_on=risk.known_on,
            added_by=office_id,
            added_at=now,
        )
        for risk in risks
    )
    session.flush()


def end(session: Session, ids: Collection[int], *, now: datetime) -> None:
    """End rows. Safe to repeat."""
    session.execute(update(PlaceRisk).where(PlaceRisk.id.in_(list(ids)), _HOLDS).values(ended_at=now))


def heard(
    session: Session, programme_id: int, areas: Collection[str], *, since: datetime, until: datetime | None = None
) -> set[str]:
    """The districts of which a report was received since then. `until` None: until now."""
    query = (
        select(Matter.area)
        .join(Report, Report.obligation_id == Matter.id)
        .where(Report.received_at >= since, Matter.programme_id == programme_id, Matter.area.in_(list(areas)))
        .where(*([Report.received_at <= until] if until else []))
    )
    return set(session.scalars(query))
