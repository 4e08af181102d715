"""Reports owed. Standing, content and timeliness are three facts, never one mixed word."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, bindparam, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import matters
from models.base import Base, Instant, Word, table
from models.matters import Kind, Matter
from rules import ladder
from rules.amending import Known
from rules.duties import Obligation as ObligationRule
from rules.duties import Per
from rules.filing import Content, Standing
from rules.programme import Programme


class Obligation(Base):
    """One report owed; its key, number, ladder and closing time are in its matter, which has the same id.

    `compile_at`: when one of the desk's own reports is to be compiled; empty once it is, and for all others.
    `extended_until`: until when it is on time, where that was granted in time. While it is returned, `asked` says
    what is to be improved and `returned_until` by when.
    """

    __tablename__ = "obligation"

    id: Mapped[int] = mapped_column(ForeignKey("matter.id"), primary_key=True)
    duty: Mapped[str] = mapped_column(String(40), index=True)
    stage: Mapped[str] = mapped_column(String(40))
    team: Mapped[str | None] = mapped_column(String(20))
    slot: Mapped[str] = mapped_column(String(20))
    period_start: Mapped[date]
    period_end: Mapped[date]
    opens_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant, index=True)
    compile_at: Mapped[datetime | None] = mapped_column(Instant)
    zone: Mapped[str] = mapped_column(String(40))
    rule: Mapped[str] = mapped_column(String(200))
    standing: Mapped[Standing] = mapped_column(Word(Standing, 10), default=Standing.OWED)
    content: Mapped[Content | None] = mapped_column(Word(Content, 10))
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(500), default="")
    extended_until: Mapped[datetime | None] = mapped_column(Instant)
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    returned_until: Mapped[datetime | None] = mapped_column(Instant)
    asked: Mapped[str] = mapped_column(String(500), default="")


_T, _M = table(Obligation), table(Matter)
TO_COMPILE = Obligation.compile_at.is_not(None)
Index("obligation_compile_ix", Obligation.compile_at, sqlite_where=TO_COMPILE, postgresql_where=TO_COMPILE)


class Planned(NamedTuple):
    """An obligation to store, when its ladder first wants to be looked at, and whether the desk itself owes it."""

    obligation: ObligationRule
    first_at: datetime
    own: bool


def planned(programme: Programme, owed: ObligationRule) -> Planned:
    """Its ladder first wants to be looked at when a rung fires, or at the closing time where it has none."""
    rungs = programme.policy.ladders[owed.ladder].rungs
    matter = ladder.Matter(since=owed.due_at, grace=programme.desk.grace(owed.area, owed=True))
    first_at = min((ladder.fires_at(matter, rung) for rung in rungs), default=owed.closes_after)
    return Planned(owed, first_at, programme.policy.duty(owed.duty).per is Per.DESK)


BEFORE_LOADING = "due before the desk began to use the system"


def put(session: Session, programme_id: int, planned: Iterable[Planned], *, now: datetime) -> int:
    """Store what is not there yet, by natural key; return how many were new. Numbers go on from the highest.

    What was due before now is stored as cancelled: nobody is chased, or counted as missing, for the time before.
    """
    known = matters.numbers(session, programme_id)
    new = [p for p in planned if p.obligation.key not in known]
    if not new:
        return 0
    first = matters.next_code(session, programme_id, Kind.OBLIGATION)
    stored = [_matter(programme_id, f"R-{first + n:04d}", p, now) for n, p in enumerate(new)]
    session.connection().execute(insert(table(Matter)), stored)
    ids = matters.numbers(session, programme_id)
    session.connection().execute(insert(_T), [_row(ids[p.obligation.key][0], p, now) for p in new])
    return len(new)


def known(session: Session, programme_id: int) -> dict[str, Known]:
    """By natural key, all reports of a programme as an amendment looks at them."""
    query = select(Matter, Obligation).join(Obligation, Obligation.id == Matter.id)
    rows = session.execute(query.where(Matter.programme_id == programme_id))
    return {matter.key: _known(matter, owed) for matter, owed in rows}


def _known(matter: Matter, owed: Obligation) -> Known:
    assert matter.closes_after is not None
    rule = ObligationRule(
        key=matter.key,
        duty=owed.duty,
        stage=owed.stage,
        area=matter.area,
        team=owed.team,
        slot=owed.slot,
        period_start=owed.period_start,
        period_end=owed.period_end,
        opens_at=owed.opens_at,
        due_at=owed.due_at,
        closes_after=matter.closes_after,
        zone=owed.zone,
        rule=owed.rule,
        ladder=matter.ladder,
    )
    compiled = owed.standing is Standing.OWED and owed.team is None and owed.compile_at is None
    return Known(rule, owed.standing, owed.extended_until, compiled)


def amend(session: Session, id: int, planned: Planned) -> None:
    """Write a report anew as a changed calendar makes it; it is owed."""
    made = planned.obligation
    names = "duty", "stage", "team", "period_start", "period_end", "opens_at", "due_at", "zone", "rule"
    values = {name: getattr(made, name) for name in names}
    stand = {"compile_at": made.opens_at if planned.own else None, "standing": Standing.OWED, "reason": ""}
    session.connection().execute(update(_T).where(_T.c.id == id).values(**values, **stand))


def cancel(session: Session, id: int, reason: str) -> None:
    """Nobody owes it any more; one of the desk's own is not compiled either."""
    gone = {"standing": Standing.CANCELLED, "reason": reason, "compile_at": None}
    session.connection().execute(update(_T).where(_T.c.id == id).values(**gone))


def due_times(session: Session, programme_id: int) -> dict[str, datetime]:
    """By natural key, when each of a programme's reports is due, as it was planned."""
    query = select(_M.c.key, _T.c.due_at).join(_T, _T.c.id == _M.c.id).where(_M.c.programme_id == programme_id)
    return {row.key: row.due_at for row in session.connection().execute(query)}


def _matter(programme_id: int, code: str, planned: Planned, now: datetime) -> dict[str, Any]:
    made = planned.obligation
    past = made.due_at <= now
    return {
        "programme_id": programme_id,
        "kind": Kind.OBLIGATION,
        "key": made.key,
        "code": code,
        "area": made.area,
        "ladder": made.ladder,
        "since": made.due_at,
        "next_at": None if past else planned.first_at,
        "closes_after": made.closes_after,
        "closed_at": now if past else None,
        "closed_why": Standing.CANCELLED if past else "",
    }


def _row(id: int, planned: Planned, now: datetime) -> dict[str, Any]:
    made = planned.obligation
    past = made.due_at <= now
    return {
        "id": id,
        "duty": made.duty,
        "stage": made.stage,
        "team": made.team,
        "slot": made.slot,
        "period_start": made.period_start,
        "period_end": made.period_end,
        "opens_at": made.opens_at,
        "due_at": made.due_at,
        "compile_at": made.opens_at if planned.own and not past else None,
        "zone": made.zone,
        "rule": made.rule,
        "standing": Standing.CANCELLED if past else Standing.OWED,
        "reason": BEFORE_LOADING if past else "",
        "asked": "",
    }


_LOCKED = select(Matter, Obligation).join(Obligation, Obligation.id == Matter.id).limit(2).with_for_update(of=Matter)
_BY_KEY = _LOCKED.where(Matter.key == bindparam("name"))
_BY_CODE = _LOCKED.where(Matter.code == bindparam("name"))


def locked(session: Session, name: str) -> tuple[Matter, Obligation] | None:
    """An obligation by its natural key, or by its number where only one programme has it; locked meanwhile."""
    found = session.execute(_BY_KEY if "/" in name else _BY_CODE, {"name": name}).all()
    return (found[0][0], found[0][1]) if len(found) == 1 else None


def mark(
    session: Session,
    id: int,
    standing: Standing,
    *,
    content: Content | None = None,
    received_at: datetime | None = None,
    reason: str = "",
) -> None:
    """Write a new standing, and that nothing is to be improved any more.

    `received_at` stays that of the first report: corrections do not make a late one later.
    """
    values = {"obligation": id, "to": standing, "what": content, "at": received_at, "why": reason}
    session.connection().execute(_MARK, values)


_MARK = (
    update(_T)
    .where(_T.c.id == bindparam("obligation"))
    .values(
        standing=bindparam("to"),
        content=func.coalesce(bindparam("what", type_=_T.c.content.type), _T.c.content),
        received_at=func.coalesce(_T.c.received_at, bindparam("at", type_=Instant())),
        reason=bindparam("why"),
        returned_at=None,
        returned_until=None,
        asked="",
    )
)
