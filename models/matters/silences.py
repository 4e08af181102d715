"""Districts of which nothing is heard together with their neighbours, and what is known of who was heard last."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, bindparam, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base, Instant, table
from models.direct import among, one_of
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from rules.filing import Standing, judged_by


class Silence(Base):
    """One district in a silence, until `heard_at`. `task`: the subject of the task that tells of it.

    `reason`: which duty, and which other districts were silent then. `look_at`: when to look whether it was heard.
    """

    __tablename__ = "silence"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    area: Mapped[str] = mapped_column(String(20))
    began_at: Mapped[datetime] = mapped_column(Instant)
    heard_at: Mapped[datetime | None] = mapped_column(Instant)
    look_at: Mapped[datetime | None] = mapped_column(Instant)
    task: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))


LASTS = Silence.heard_at.is_(None)
Index("silence_area_ix", Silence.programme_id, Silence.area, unique=True, sqlite_where=LASTS, postgresql_where=LASTS)

_M, _O, _R, _S = table(Matter), table(Obligation), table(Report), table(Silence)


class Owed(NamedTuple):
    """A report that is owed and whose time is over. `rests`: it was promised, or somebody took it on."""

    area: str
    duty: str
    opens_at: datetime
    judged_by: datetime
    rests: bool


def owed(session: Session, programme_id: int, duties: Collection[str], *, now: datetime) -> list[Owed]:
    """What is owed of these duties and chased now, due by now."""
    query = (
        select(_M.c.area, _O.c.duty, _O.c.opens_at, _O.c.due_at, _O.c.extended_until)
        .add_columns(_M.c.promised_until, _M.c.acknowledged_until)
        .join(_O, _O.c.id == _M.c.id)
        .where(_M.c.programme_id == programme_id, _M.c.closed_at.is_(None), _O.c.duty.in_(duties))
        .where(_O.c.standing == Standing.OWED, _O.c.due_at <= now)
    )
    return [
        Owed(
            row.area,
            row.duty,
            row.opens_at,
            judged_by(row.due_at, row.extended_until),
            any(until is not None and until > now for until in (row.promised_until, row.acknowledged_until)),
        )
        for row in session.connection().execute(query)
    ]


def last_reports(session: Session, programme_id: int, areas: Collection[str]) -> dict[str, datetime]:
    """By area, when a report of it was last kept, from whichever office and by whatever way."""
    rows = session.connection().execute(_LAST_REPORTS, {"programme": programme_id, "areas": list(areas)})
    return dict(rows.all())


_LAST_REPORTS = (
    select(_M.c.area, func.max(_R.c.recorded_at, type_=Instant))
    .join(_R, _R.c.obligation_id == _M.c.id)
    .where(_M.c.programme_id == bindparam("programme"), _M.c.area.in_(bindparam("areas", expanding=True)))
    .group_by(_M.c.area)
)


def heard_since(session: Session, programme_id: int, area: str, then: datetime) -> bool:
    """Whether some report of an area was kept since then."""
    return bool(direct.rows(session, _HEARD_SINCE, {"programme": programme_id, "area": area, "then": then}))


_HEARD_SINCE = (
    select(_R.c.id)
    .join(_M, _M.c.id == _R.c.obligation_id)
    .where(_M.c.programme_id == bindparam("programme"), _M.c.area == bindparam("area"))
    .where(_R.c.recorded_at >= bindparam("then"))
    .limit(1)
)


def lasting(session: Session, programme_id: int) -> list[Silence]:
    """The districts in a silence now."""
    if not areas(session, programme_id):  # nearly always
        return []
    return list(session.scalars(_LASTING, {"programme": programme_id}))


_LASTING = select(Silence).where(Silence.programme_id == bindparam("programme"), LASTS).order_by(Silence.area)


class Lasting(NamedTuple):
    """A district in a silence now, as its row says."""

    id: int
    programme_id: int
    area: str
    began_at: datetime
    look_at: datetime | None
    task: str


def concerned(session: Session, programmes: Collection[int], *, now: datetime) -> list[Lasting]:
    """The districts in a silence that are to be looked at now, and all those of these programmes, in order of area."""
    asked = {"programmes": programmes, "now": now}
    return [Lasting(*row) for row in direct.rows(session, _CONCERNED, asked)]


_CONCERNED = (
    select(*(_S.c[name] for name in Lasting._fields))
    .where(LASTS, (_S.c.look_at <= bindparam("now")) | one_of(_S.c.programme_id, "programmes"))
    .order_by(_S.c.area, _S.c.id)
)


def at(session: Session, programme_id: int, then: datetime) -> list[Silence]:
    """The districts in a silence at a moment, in order of area."""
    lasted = LASTS | (Silence.heard_at > then)
    query = select(Silence).where(Silence.programme_id == programme_id, Silence.began_at <= then, lasted)
    return list(session.scalars(query.order_by(Silence.area, Silence.id)))


def areas(session: Session, programme_id: int) -> frozenset[str]:
    """The districts in a silence now."""
    return frozenset(area for (area,) in direct.rows(session, _AREAS, {"programme": programme_id}))


_AREAS = select(_S.c.area).where(_S.c.programme_id == bindparam("programme"), LASTS)


def look_again(session: Session, ids: Collection[int], at: datetime) -> None:
    if ids:
        direct.run(session, _LOOK_AGAIN, {"ids": ids, "look": at})


_LOOK_AGAIN = update(_S).where(among(_S.c.id, "ids")).values(look_at=bindparam("look"))


def heard(session: Session, ids: Collection[int], *, now: datetime) -> None:
    """Somebody of these districts was heard: their silence is over."""
    if ids:
        session.execute(update(Silence).where(Silence.id.in_(ids)).values(heard_at=now, look_at=None))
