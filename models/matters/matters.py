"""Matters: whatever is chased by a ladder. When to look at each again is a column, so no process has to remember it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, and_, bindparam, func, literal_column, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base, Instant, Word, table
from models.direct import among, one_of
from rules.ladder import Matter as MatterRule


class Kind(StrEnum):
    OBLIGATION = "obligation"
    ISSUE = "issue"
    TASK = "task"
    SUMMARY = "summary"
    ADVICE = "advice"
    TRIP = "trip"
    ROLL_CALL = "roll_call"
    GATE = "gate"
    AIDE = "aide"


class Matter(Base):
    """The part of an obligation, a problem, a task, an advice or a trip that is chased. What an aide is asked climbs no
    ladder; it is one so that there are notices of it. Open: `closed_at` is empty.

    `owner_id`: the office that has it; `giver_id`: who gave it; `subject_id`: whom it is about, and who is never
    told of it. `named_at`: when somebody above hears, as those below were told. `policy`: the digest of an earlier
    policy, whose ladder it goes on climbing; empty: the one in force.
    """

    __tablename__ = "matter"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    kind: Mapped[Kind] = mapped_column(Word(Kind, 10))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    code: Mapped[str] = mapped_column(String(12))
    area: Mapped[str] = mapped_column(String(20))
    ladder: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(Instant)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    reached: Mapped[int] = mapped_column(default=-1)
    round: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    warned_at: Mapped[datetime | None] = mapped_column(Instant)
    named_at: Mapped[datetime | None] = mapped_column(Instant)
    promised_until: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_until: Mapped[datetime | None] = mapped_column(Instant)
    closes_after: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_why: Mapped[str] = mapped_column(String(40), default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    giver_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    policy: Mapped[str] = mapped_column(String(64), default="", server_default="")


OPEN = and_(Matter.closed_at.is_(None), Matter.next_at.is_not(None))
Index("matter_due_ix", Matter.next_at, sqlite_where=OPEN, postgresql_where=OPEN)
Index("matter_programme_code_key", Matter.programme_id, Matter.code, unique=True)
Index("matter_area_ix", Matter.programme_id, Matter.area)
PROBLEM = Matter.kind == direct.fixed(Kind.ISSUE)
Index("matter_problem_ix", Matter.programme_id, sqlite_where=PROBLEM, postgresql_where=PROBLEM)
UNDER_EARLIER = Matter.policy != literal_column("''")
Index("matter_earlier_ix", Matter.programme_id, sqlite_where=UNDER_EARLIER, postgresql_where=UNDER_EARLIER)


class Due(NamedTuple):
    """A matter whose time has come, locked for this transaction."""

    id: int
    programme_id: int
    kind: Kind
    area: str
    ladder: str
    since: datetime
    reached: int
    round: int
    told_at: datetime | None
    warned_at: datetime | None
    promised_until: datetime | None
    acknowledged_until: datetime | None
    closes_after: datetime | None
    next_at: datetime | None
    owner_id: int | None = None
    giver_id: int | None = None
    subject_id: int | None = None
    policy: str = ""
    named_at: datetime | None = None

    def facts(self, grace: timedelta) -> MatterRule:
        return MatterRule(
            since=self.since,
            reached=self.reached,
            round=self.round,
            told_at=self.told_at,
            warned_at=self.warned_at,
            promised_until=self.promised_until,
            acknowledged_until=self.acknowledged_until,
            closes_after=self.closes_after,
            grace=grace,
            named_at=self.named_at,
        )


_T = table(Matter)
_IS_DUE = and_(OPEN, _T.c.next_at <= bindparam("now"))
_WAITING = (
    select(_T.c.programme_id, func.count())
    .where(_IS_DUE)
    .group_by(_T.c.programme_id)
    .order_by(func.min(_T.c.next_at), _T.c.programme_id)
)
_DUE = (
    select(*(_T.c[name] for name in Due._fields))
    .where(_IS_DUE, one_of(_T.c.programme_id, "programmes"))
    .order_by(_T.c.next_at, _T.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)


def waiting(session: Session, *, now: datetime) -> dict[int, int]:
    """By programme, how many open matters are to be looked at now; the longest waiting programme first."""
    return dict(direct.rows(session, _WAITING, {"now": now}))


def due(session: Session, programmes: Sequence[int], *, now: datetime, limit: int = 500) -> Sequence[Due]:
    """Those of some programmes, the longest waiting first, locked; other clocks skip them meanwhile."""
    values = {"programmes": programmes, "now": now, "limit": limit}
    return [Due(*row) for row in direct.rows(session, _DUE, values)]


def move(session: Session, moves: Iterable[tuple[int, MatterRule, datetime | None]], *, now: datetime) -> None:
    """Write where matters stand and when to look again. One statement per distinct change.

    A matter that has a closing time and needs no further look is over; a problem without one stays open.
    """
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for id, matter, next_at in moves:
        over = matter.closes_after is not None and next_at is None
        closed = (now, "past its closing time") if over else (None, "")
        told = (matter.told_at, matter.warned_at, matter.named_at)
        alike[(matter.reached, matter.round, *told, matter.acknowledged_until, next_at, *closed)].append(id)
    for change, ids in alike.items():
        values = {f"new_{name}": value for name, value in zip(_MOVED, change, strict=True)}
        direct.run(session, _MOVE, values | {"ids": ids})


_MOVED = (
    "reached", "round", "told_at", "warned_at", "named_at", "acknowledged_until", "next_at", "closed_at", "closed_why",
)  # fmt: skip
_MOVE = update(_T).where(among(_T.c.id, "ids")).values({name: bindparam(f"new_{name}") for name in _MOVED})
_CLOSE = (
    update(_T)
    .where(_T.c.id == bindparam("matter"), _T.c.closed_at.is_(None))
    .values(closed_at=bindparam("now"), closed_why=bindparam("why"), next_at=None)
)


def close(session: Session, id: int, *, why: str, now: datetime) -> None:
    """End a matter's chase. Notices still held for it turn out moot when their time comes."""
    session.connection().execute(_CLOSE, {"matter": id, "why": why, "now": now})


_REST = (
    update(_T)
    .where(_T.c.id == bindparam("matter"))
    .values(acknowledged_until=bindparam("until"), next_at=bindparam("until"), round=_T.c.round + bindparam("rounds"))
)


def acknowledge(session: Session, id: int, until: datetime, *, anew: bool = False) -> None:
    """Let a matter rest until then; afterwards its ladder starts again in a new round.

    `anew`: a round begins now, too, so that everything on its way is moot.
    """
    session.connection().execute(_REST, {"matter": id, "until": until, "rounds": int(anew)})


def restart(
    session: Session,
    id: int,
    *,
    since: datetime,
    closes_after: datetime | None,
    next_at: datetime | None,
    reached: int = -1,
    told_at: datetime | None = None,
    under: str = "",
) -> None:
    """Begin a new round that counts from `since`, also of a matter that was closed; `under` an earlier policy, if so
    named.
    """
    fresh = {"reached": reached, "told_at": told_at, "round": _T.c.round + 1, "closed_why": "", "policy": under}
    fresh |= dict.fromkeys(("warned_at", "named_at", "acknowledged_until", "closed_at"))
    times = {"since": since, "closes_after": closes_after, "next_at": next_at}
    session.connection().execute(update(_T).where(_T.c.id == id).values(**fresh, **times))


def name(session: Session, hours: Mapping[int, datetime]) -> None:
    """Write down, by matter, the hour that is named to those below; one that was named earlier stays if it is later."""
    for at in sorted(set(hours.values())):
        ids = sorted(id for id, own in hours.items() if own == at)
        direct.run(session, _NAME, {"at": at, "ids": ids})


_NAME = (
    update(_T)
    .where(among(_T.c.id, "ids"), _T.c.named_at.is_(None) | (_T.c.named_at < bindparam("at", type_=Instant)))
    .values(named_at=bindparam("at", type_=Instant))
)


def keep_under(session: Session, policies: Mapping[int, str]) -> None:
    """Let matters climb the ladders of these policies, by digest; empty: of the one in force."""
    for policy in set(policies.values()):
        ids = [id for id, own in policies.items() if own == policy]
        direct.run(session, _KEEP_UNDER, {"new_policy": policy, "ids": ids})


_KEEP_UNDER = update(_T).where(among(_T.c.id, "ids")).values(policy=bindparam("new_policy"))


def numbers(session: Session, programme_id: int) -> dict[str, tuple[int, str]]:
    """By natural key, the id and the number of everything a programme has."""
    query = select(_T.c.key, _T.c.id, _T.c.code).where(_T.c.programme_id == programme_id)
    return {row.key: (row.id, row.code) for row in session.connection().execute(query)}


def known(session: Session, keys: Collection[str]) -> set[str]:
    """Those of these natural keys that are there already."""
    return set(session.scalars(select(Matter.key).where(Matter.key.in_(list(keys)))))


def areas(session: Session, programme_id: int) -> set[str]:
    """The areas where anything was ever owed or wrong."""
    query = select(_T.c.area).where(_T.c.programme_id == programme_id).distinct()
    return set(session.connection().execute(query).scalars())


def still_open(session: Session, programme_id: int) -> dict[int, Due]:
    """Everything that is not closed, locked: what comes in meanwhile waits. `next_at` None: no further look is due."""
    query = select(*(_T.c[name] for name in Due._fields)).where(
        _T.c.programme_id == programme_id, _T.c.closed_at.is_(None)
    )
    rows = session.connection().execute(query.order_by(_T.c.id).with_for_update())
    return {row.id: Due(*row) for row in rows}


def amend(session: Session, id: int, *, ladder: str, closes_after: datetime) -> None:
    """Let a matter climb another ladder, until then."""
    session.connection().execute(update(_T).where(_T.c.id == id).values(ladder=ladder, closes_after=closes_after))


def set_aside(session: Session, id: int) -> str:
    """Stop looking at a matter, though it is open, and return its number. The auditor names it."""
    session.connection().execute(update(_T).where(_T.c.id == id).values(next_at=None))
    return str(session.connection().execute(select(_T.c.code).where(_T.c.id == id)).scalar_one())


def pass_to(session: Session, id: int, office_id: int | None) -> None:
    """Another office is to act, None: nobody in particular. What was planned for the one before is moot."""
    session.connection().execute(update(_T).where(_T.c.id == id).values(owner_id=office_id, round=_T.c.round + 1))
