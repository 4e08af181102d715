"""Reports owed. Standing, content and timeliness are three facts, never one mixed word."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, Integer, String, bindparam, cast, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base, Instant, Word, table
from models.direct import among
from models.matters import matters, numbers
from models.matters.matters import Kind, Matter
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
    what is to be improved and `returned_until` by when. `look_at`: when to look at it with its neighbours
    (`services.anticipating`). `moved_from`: the due time that those who answer for it knew before it was moved last;
    `moved_by`: the regulation that moved it, empty: the desk itself.
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
    look_at: Mapped[datetime | None] = mapped_column(Instant)
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
    moved_from: Mapped[datetime | None] = mapped_column(Instant)
    moved_by: Mapped[str] = mapped_column(String(200), default="")


_T, _M = table(Obligation), table(Matter)
TO_COMPILE = Obligation.compile_at.is_not(None)
Index("obligation_compile_ix", Obligation.compile_at, sqlite_where=TO_COMPILE, postgresql_where=TO_COMPILE)

TO_LOOK_AT = Obligation.look_at.is_not(None)
Index("obligation_look_ix", Obligation.look_at, sqlite_where=TO_LOOK_AT, postgresql_where=TO_LOOK_AT)


class Planned(NamedTuple):
    """An obligation to store, when its ladder first wants to be looked at, and whether the desk itself owes it."""

    obligation: ObligationRule
    first_at: datetime
    own: bool


def planned(programme: Programme, owed: ObligationRule) -> Planned:
    """An obligation to store. The first look is due when a rung fires, or at the closing time if there is no rung."""
    rungs = programme.policy.ladders[owed.ladder].rungs
    matter = ladder.Matter(since=owed.due_at, grace=programme.desk.grace(owed.area, owed=True))
    first_at = min((ladder.fires_at(matter, rung) for rung in rungs), default=owed.closes_after)
    return Planned(owed, first_at, programme.policy.duty(owed.duty).per is Per.DESK)


BEFORE_LOADING = "due before the desk began to use the system"


def put(session: Session, programme_id: int, planned: Iterable[Planned], *, now: datetime) -> int:
    """Store what is not there yet, by natural key; return how many were new. Numbers go on from the highest.

    A report that was due before now is stored as cancelled: it is not chased and does not count as missing.
    """
    known = matters.numbers(session, programme_id)
    new = [p for p in planned if p.obligation.key not in known]
    if not new:
        return 0
    first = numbers.next_(session, programme_id, Kind.OBLIGATION)
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
    return Known(rule, owed.standing, owed.extended_until, compiled, owed.moved_from)


def amend(session: Session, id: int, planned: Planned) -> None:
    """Write a report anew as a changed calendar makes it; it is owed."""
    made = planned.obligation
    names = "duty", "stage", "team", "period_start", "period_end", "opens_at", "due_at", "zone", "rule"
    values = {name: getattr(made, name) for name in names}
    stand = {"compile_at": made.opens_at if planned.own else None, "standing": Standing.OWED, "reason": ""}
    stand["look_at"] = None if planned.own else made.due_at
    session.connection().execute(update(_T).where(_T.c.id == id).values(**values, **stand))


def moved(session: Session, id: int, before: datetime, by: str) -> None:
    """Keep what the due time was, and which regulation moved it."""
    session.connection().execute(update(_T).where(_T.c.id == id).values(moved_from=before, moved_by=by))


def cancel(session: Session, id: int, reason: str) -> None:
    """Nobody owes it any more; one of the desk's own is not compiled either."""
    gone = {"standing": Standing.CANCELLED, "reason": reason, "compile_at": None, "look_at": None}
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
        "look_at": None if planned.own or past else made.due_at,
        "zone": made.zone,
        "rule": made.rule,
        "standing": Standing.CANCELLED if past else Standing.OWED,
        "reason": BEFORE_LOADING if past else "",
        "asked": "",
    }


_LOCKED = select(Matter, Obligation).join(Obligation, Obligation.id == Matter.id).limit(2).with_for_update(of=Matter)
_BY_KEY = _LOCKED.where(Matter.key == bindparam("name"))
_BY_ID = _LOCKED.where(Matter.id == bindparam("id"))


def locked(session: Session, name: str) -> tuple[Matter, Obligation] | None:
    """An obligation by its natural key, or by its number where only one desk has it; locked meanwhile."""
    pairs = session.execute(_BY_KEY, {"name": name}).all()
    if not pairs and len(ids := numbers.called(session, name)) == 1:
        pairs = session.execute(_BY_ID, {"id": ids[0]}).all()
    return (pairs[0][0], pairs[0][1]) if pairs else None


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


def reopen(session: Session, id: int) -> None:
    """Let it be owed as if nothing had come."""
    owed = {"standing": Standing.OWED, "content": None, "received_at": None, "reason": "", "look_at": _T.c.due_at}
    session.connection().execute(update(_T).where(_T.c.id == id).values(**owed))


_MARK = (
    update(_T)
    .where(_T.c.id == bindparam("obligation"))
    .values(
        standing=bindparam("to"),
        content=func.coalesce(bindparam("what", type_=_T.c.content.type), _T.c.content),
        received_at=func.coalesce(_T.c.received_at, bindparam("at", type_=Instant())),
        reason=bindparam("why"),
        look_at=func.coalesce(bindparam("at", type_=Instant()), _T.c.look_at),
        returned_at=None,
        returned_until=None,
        asked="",
    )
)


class Looked(NamedTuple):
    """A report whose time to be looked at has come, locked."""

    id: int
    programme_id: int
    area: str
    code: str
    duty: str
    key: str
    standing: Standing
    content: Content | None
    due_at: datetime
    extended_until: datetime | None
    look_at: datetime
    received_at: datetime | None
    promised_until: datetime | None
    acknowledged_until: datetime | None


def looked_for(session: Session, *, now: datetime, limit: int = 500) -> list[Looked]:
    """What is to be looked at now, the longest waiting first.

    A row with a word that nobody knows is not looked at any more, or the clock would stop at it; the audit names it.
    """
    asked = {"now": now, "most": limit}
    try:
        rows = direct.rows(session, _LOOKED_FOR, asked)
    except ValueError:
        session.execute(_LEAVE_ALONE, {"now": now})
        rows = direct.rows(session, _LOOKED_FOR, asked)
    return [Looked(*row) for row in rows]


_LOOKED_FOR = (
    select(*((_M if name in _M.c else _T).c[name] for name in Looked._fields))
    .join_from(_T, _M, _M.c.id == _T.c.id)
    .where(_T.c.look_at <= bindparam("now"))
    .order_by(_T.c.look_at, _T.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=_T, skip_locked=True)
)


def look(session: Session, at: dict[int, datetime | None]) -> None:
    """When to look at each of these next; None: no more."""
    for when in set(at.values()):
        ids = [id for id, own in at.items() if own == when]
        direct.run(session, _LOOK, {"ids": ids, "when": when})


_LEAVE_ALONE = (
    update(_T)
    .where(_T.c.look_at <= bindparam("now"))
    .where(
        cast(_T.c.standing, String).not_in([word.value for word in Standing])
        | cast(_T.c.content, String).not_in([word.value for word in Content])
    )
    .values(look_at=None)
)
_LOOK = update(_T).where(among(_T.c.id, "ids")).values(look_at=bindparam("when"))
