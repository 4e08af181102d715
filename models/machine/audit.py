"""The evidence for the auditor: everything that is chased, and every message that is on its way."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, cast, func, select, union_all
from sqlalchemy.orm import Session, aliased

from models.base import table, without
from models.machine import clock
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.messages.messages import ENDED_BADLY, WAITING, Message
from models.messages.notices import PLANNED, Notice
from rules import delivery, dispatch
from rules.audit import Evidence
from rules.delivery import State
from rules.desk import Channel
from rules.dispatch import NoticeState


class Audited(NamedTuple):
    """A matter that must have an outcome by now, and what the books say of it."""

    id: int
    key: str
    code: str
    evidence: Evidence


Rungs = Callable[[Matter], int]
"""How many rungs the ladder of a matter has."""


def due(
    session: Session, rungs: Rungs, *, now: datetime, open_only: bool = True, aside: Collection[int] = ()
) -> Iterable[Audited]:
    """Every problem, task and obligation due by now; `open_only` leaves out closed ones, whose outcome is plain.

    `aside`: programmes that are left alone, for they cannot be read.
    """
    held = func.sum(cast(PLANNED, Integer))
    waiting = func.sum(cast(WAITING, Integer))
    in_doubt = func.sum(cast(Message.state == State.IN_DOUBT, Integer))
    still = [Matter.closed_at.is_(None)] if open_only else []
    sums = (
        select(Notice.matter_id, held.label("held"), waiting.label("waiting"), in_doubt.label("in_doubt"))
        .join(Matter, Matter.id == Notice.matter_id)
        .outerjoin(Message, Message.id == Notice.message_id)
        .where(*still)
        .group_by(Notice.matter_id)
        .subquery()
    )
    query = (
        select(Matter, Obligation.standing, Obligation.returned_at, sums.c.held, sums.c.waiting, sums.c.in_doubt)
        .outerjoin(Obligation, Obligation.id == Matter.id)
        .outerjoin(sums, sums.c.matter_id == Matter.id)
        .where((Matter.kind != Kind.OBLIGATION) | (Obligation.due_at <= now), *still)
        .order_by(Matter.id)
    )
    query = without(query, table(Matter).c.programme_id, aside)
    on_hold = clock.marked(session, clock.HOLD) is not None
    for matter, standing, returned_at, notices_held, messages_waiting, messages_in_doubt in session.execute(query):
        yield Audited(
            matter.id,
            matter.key,
            matter.code,
            Evidence(
                standing=standing,
                closed_at=matter.closed_at,
                next_at=matter.next_at,
                reached=matter.reached,
                last_rung=matter.reached + 1 >= rungs(matter),
                promised_until=matter.promised_until,
                acknowledged_until=matter.acknowledged_until,
                notices_held=notices_held or 0,
                messages_waiting=messages_waiting or 0,
                messages_in_doubt=messages_in_doubt or 0,
                on_hold=on_hold,
                returned=returned_at is not None,
            ),
        )


class Unsettled(NamedTuple):
    """A message that should have arrived by now and has not. `due_at` None: no more tries by themselves."""

    id: int
    programme_id: int
    office_id: int
    channel: Channel
    state: State
    created_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    doubts: int
    repeated_at: datetime | None
    why: str
    urgent: bool

    @property
    def possibly_doubled(self) -> bool:
        """Whether it may have arrived twice (`rules.delivery`)."""
        return delivery.possibly_doubled(self.state, doubts=self.doubts, repeated=self.repeated_at is not None)


_M, _N, _X = table(Message), table(Notice), table(Matter)


def unsettled(session: Session, *, before: datetime) -> list[Unsettled]:
    """Messages made before then that still wait, and those that ended badly and still matter.

    A second try that waits for a quiet time to end gets its minutes from then on. A message no longer matters if
    everything it said was answered, closed, or told to the same office since.
    """
    urgent = func.coalesce(func.max(cast(_N.c.urgent, Integer)), 0).label("urgent")
    columns = [_M.c[name] for name in Unsettled._fields if name != "urgent"]
    said = (_N.c.message_id == _M.c.id) & (_N.c.state == NoticeState.DISPATCHED)
    later, other = _N.alias("later"), aliased(Message, name="other")
    said_since = (
        select(later.c.id)
        .join(other, other.id == later.c.message_id)
        .where(
            later.c.matter_id == _N.c.matter_id,
            later.c.office_id == _N.c.office_id,
            later.c.id > _N.c.id,
            other.state == State.SENT,
        )
    )
    rests = (_M.c.state == State.PENDING) & _M.c.why.startswith(dispatch.RESTS) & (_M.c.due_at > before)
    late = WAITING, _M.c.created_at <= before, ~rests
    waiting = select(*columns, urgent).outerjoin(_N, said).where(*late)
    ended = (
        select(*columns, urgent)
        .join(_N, said)
        .join(_X, _X.c.id == _N.c.matter_id)
        .where(ENDED_BADLY, _M.c.due_at.is_(None), _X.c.closed_at.is_(None), ~said_since.exists())
    )
    both = union_all(*(query.group_by(*columns) for query in (waiting, ended)))
    return sorted(Unsettled._make((*row[:-1], bool(row[-1]))) for row in session.connection().execute(both))
