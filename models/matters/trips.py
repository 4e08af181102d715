"""Field trips of area teams: planned, told, called off. Each is a matter, so that a planned one can be asked for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, table
from models.matters.matters import Matter
from rules.attachments import Attached, Kind


class Trip(Base):
    """A trip; its district, whoever is asked for it, and whoever planned it are in its matter, which has the same id.

    `team`: that of the district when it was planned. `starts_at`: as planned, once told as it was. `told_at`: when
    what was seen was told; None: it is only planned. `body`: the answers to `form`, whose `digest` it holds.
    `called_off_at`: it was not made, or its record was wrong. `once`: by which a form that is sent twice is known.
    """

    __tablename__ = "trip"

    id: Mapped[int] = mapped_column(ForeignKey("matter.id"), primary_key=True)
    team: Mapped[str] = mapped_column(String(60))
    village: Mapped[str] = mapped_column(String(20), default="")
    station: Mapped[str] = mapped_column(String(20), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    going: Mapped[str] = mapped_column(String(300))
    purpose: Mapped[str] = mapped_column(String(500))
    planned_at: Mapped[datetime] = mapped_column(Instant)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    people: Mapped[int | None]
    form: Mapped[str] = mapped_column(String(60), default="")
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    called_off_at: Mapped[datetime | None] = mapped_column(Instant)
    called_off_why: Mapped[str] = mapped_column(Text, default="")
    once: Mapped[str | None] = mapped_column(String(64), unique=True)


class TripPhoto(Base):
    """One file of what was seen, numbered from 1. `place`: the field of the form that it was added to."""

    __tablename__ = "trip_photo"

    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind, 10))
    size: Mapped[int]


Kept = tuple[Matter, Trip]

_KEPT = select(Matter, Trip).join(Trip, Trip.id == Matter.id)


def sent(session: Session, once: str) -> Kept | None:
    """What a form that was sent before has become."""
    return _one(session, Trip.once == once)


def by_code(session: Session, programme_id: int, code: str) -> Kept | None:
    return _one(session, Matter.programme_id == programme_id, Matter.code == code)


def began(session: Session, id: int) -> datetime | None:
    """When it is to begin, or began; None: there is none."""
    return session.scalar(select(Trip.starts_at).where(Trip.id == id))


def locked(session: Session, id: int) -> Kept:
    """A trip with its matter, locked: two who tell of it wait for each other."""
    query = _KEPT.where(Matter.id == id).with_for_update(of=Matter).execution_options(populate_existing=True)
    matter, trip = session.execute(query).one()
    return matter, trip


def _one(session: Session, *which: Any) -> Kept | None:
    row = session.execute(_KEPT.where(*which)).one_or_none()
    return (row[0], row[1]) if row else None


def planned(session: Session, programmes: Collection[int], areas: Collection[str]) -> list[Kept]:
    """Those of these districts of which nothing was told yet, the first first."""
    own = Trip.told_at.is_(None), Trip.called_off_at.is_(None)
    return _listed(session, programmes, areas, *own)


def since(session: Session, programmes: Collection[int], areas: Collection[str], at: datetime) -> list[Kept]:
    """Those of these districts that were told or called off, and were to be since then; the latest first."""
    over = Trip.told_at.is_not(None) | Trip.called_off_at.is_not(None)
    return _listed(session, programmes, areas, over, Trip.starts_at >= at)[::-1]


def during(
    session: Session, programme_id: int, areas: Collection[str], *, since: datetime, until: datetime
) -> list[Kept]:
    """All that were to be in that time, whatever became of them, the first first."""
    return _listed(session, [programme_id], areas, Trip.starts_at >= since, Trip.starts_at <= until)


def _listed(session: Session, programmes: Collection[int], areas: Collection[str], *which: Any) -> list[Kept]:
    own = Matter.programme_id.in_(programmes), Matter.area.in_(areas)
    query = _KEPT.where(*own, *which).order_by(Trip.starts_at, Trip.id)
    return [(matter, trip) for matter, trip in session.execute(query)]


def enclose(session: Session, id: int, files: Sequence[Attached]) -> None:
    """Record the files of a trip; they are on the disk already."""
    rows = [
        {"trip_id": id, "number": n, "place": f.place, "digest": f.digest, "kind": f.kind, "size": f.size}
        for n, f in enumerate(files, 1)
    ]
    if rows:
        session.connection().execute(insert(table(TripPhoto)), rows)


def photos(session: Session, ids: Collection[int]) -> list[TripPhoto]:
    """The files of these trips, in their order."""
    query = select(TripPhoto).where(TripPhoto.trip_id.in_(ids))
    return list(session.scalars(query.order_by(TripPhoto.trip_id, TripPhoto.number)))
