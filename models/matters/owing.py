"""What one office still owes and has filed: everything that its link may show."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from models.base import table
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from rules.filing import Content, Standing, judged_by

_M, _O, _R = table(Matter), table(Obligation), table(Report)


class Item(NamedTuple):
    """One report, as the office that answers for it may see it. `promised_until`: until when it asked to wait.

    `versions`: how many came in; of a report that is owed they were taken back.
    `extended_until`: it is on time until then. Returned: `asked` says what is to be improved, by `returned_until`.
    """

    id: int
    key: str
    code: str
    area: str
    duty: str
    period_start: date
    period_end: date
    opens_at: datetime
    due_at: datetime
    zone: str
    standing: Standing
    closes_after: datetime | None
    promised_until: datetime | None
    received_at: datetime | None
    extended_until: datetime | None
    returned_until: datetime | None
    asked: str
    acknowledged_until: datetime | None
    content: Content | None
    versions: int

    @property
    def judged_by(self) -> datetime:
        """Until when a report is, or was, on time."""
        return judged_by(self.due_at, self.extended_until)

    @property
    def awaited(self) -> bool:
        """Whether it, or its improvement, has not come in."""
        return self.standing is Standing.OWED or self.returned_until is not None

    def late(self, now: datetime) -> bool:
        """Whether it, or its improvement, is later than the time in force."""
        if self.returned_until is not None:
            return self.returned_until < now
        return self.standing is Standing.OWED and self.judged_by < now


class Came(NamedTuple):
    """A report that came in. `number` is its receipt's, where the asking office filed it; else None."""

    item: Item
    number: str | None


_ITEM = [
    (_M if name in _M.c else _O).c[name]
    for name in ("id", "key", "code", "area", "duty", "period_start", "period_end", "opens_at", "due_at", "zone")
] + [
    _O.c.standing,
    _M.c.closes_after,
    _M.c.promised_until,
    _O.c.received_at,
    _O.c.extended_until,
    _O.c.returned_until,
    _O.c.asked,
    _M.c.acknowledged_until,
    _O.c.content,
    select(func.count()).where(_R.c.obligation_id == _O.c.id).scalar_subquery().label("versions"),
]
_ITEMS = (
    select(*_ITEM)
    .join_from(_M, _O, _O.c.id == _M.c.id)
    .where(
        _M.c.programme_id == bindparam("programme"),
        _M.c.kind == Kind.OBLIGATION,
    )
)
_WAITED_FOR = _ITEMS.where(
    _M.c.area.in_(bindparam("areas", expanding=True)),
    _M.c.closed_at.is_(None),
    (_O.c.standing == Standing.OWED) | _O.c.returned_at.is_not(None),
)
_OPEN = _WAITED_FOR.where(_O.c.opens_at <= bindparam("now")).order_by(_O.c.due_at, _M.c.area)
_SOON = _WAITED_FOR.where(_O.c.due_at <= bindparam("until")).order_by(_M.c.area, _O.c.due_at, _M.c.id)
_AROUND = _ITEMS.where(
    _M.c.area.in_(bindparam("areas", expanding=True)),
    _O.c.standing != Standing.CANCELLED,
    ((_O.c.due_at >= bindparam("start")) & (_O.c.due_at < bindparam("end")))
    | (_M.c.closed_at.is_(None) & (_O.c.standing == Standing.OWED) & (_O.c.opens_at <= bindparam("now"))),
).order_by(_M.c.area, _O.c.due_at, _M.c.id)
_RECEIVED = _ITEMS.where(
    _M.c.area.in_(bindparam("areas", expanding=True)),
    _O.c.standing == Standing.RECEIVED,
    _O.c.returned_at.is_(None),
    _O.c.received_at >= bindparam("since"),
).order_by(_O.c.received_at.desc())
_ONE = _ITEMS.where(_M.c.code == bindparam("code"))
_OWN = select(_R.c.id, _R.c.obligation_id).where(
    _R.c.obligation_id.in_(bindparam("ids", expanding=True)), _R.c.office_id == bindparam("office")
)


def open_(session: Session, programme_id: int, areas: Sequence[str], *, now: datetime) -> list[Item]:
    """What these areas owe now: opened, not received, not closed; the one due first first."""
    facts = {"programme": programme_id, "areas": list(areas), "now": now}
    return [Item(*row) for row in session.execute(_OPEN, facts)]


def soon(session: Session, programme_id: int, areas: Sequence[str], *, until: datetime) -> list[Item]:
    """What these areas owe and is overdue, due by `until`, or to be improved; in order of area, then of due time."""
    facts = {"programme": programme_id, "areas": list(areas), "until": until}
    return [Item(*row) for row in session.execute(_SOON, facts)]


def came_in(session: Session, programme_id: int, areas: Sequence[str], *, since: datetime) -> list[Item]:
    """What of these areas came in since then, from whichever office, the latest first."""
    facts = {"programme": programme_id, "areas": list(areas), "since": since}
    return [Item(*row) for row in session.execute(_RECEIVED, facts)]


def around(
    session: Session, programme_id: int, areas: Sequence[str], *, start: datetime, end: datetime, now: datetime
) -> list[Item]:
    """What falls due between two instants, whatever became of it, and what is owed now: by area, then due time."""
    facts = {"programme": programme_id, "areas": list(areas), "start": start, "end": end, "now": now}
    return [Item(*row) for row in session.execute(_AROUND, facts)]


def received(
    session: Session, programme_id: int, areas: Sequence[str], *, office_id: int, since: datetime
) -> list[Came]:
    """What of these areas came in since then, the latest first."""
    facts = {"programme": programme_id, "areas": list(areas), "since": since}
    items = [Item(*row) for row in session.execute(_RECEIVED, facts)]
    own = session.execute(_OWN, {"ids": [item.id for item in items], "office": office_id})
    latest = {obligation: Report.numbered(id) for id, obligation in sorted((row.id, row.obligation_id) for row in own)}
    return [Came(item, latest.get(item.id)) for item in items]


def one(session: Session, programme_id: int, code: str) -> Item | None:
    """A report of a programme by its number, whoever owes it."""
    row = session.execute(_ONE, {"programme": programme_id, "code": code}).one_or_none()
    return Item(*row) if row else None
