"""The evidence about every due obligation, for the auditor."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from models import clock
from models.matters import Matter
from models.messages import WAITING, Message
from models.notices import PLANNED, Notice
from models.obligations import Obligation
from rules.audit import Evidence
from rules.delivery import State


class Audited(NamedTuple):
    """A due obligation and what the books say of it."""

    id: int
    key: str
    code: str
    evidence: Evidence


def due(session: Session, rungs: Mapping[str, int], *, now: datetime, open_only: bool = True) -> Iterable[Audited]:
    """Every obligation due by now; `open_only` leaves out those whose matter is closed (their outcome is plain).

    Args:
        rungs: by ladder, how many rungs it has.
    """
    held = func.sum(cast(PLANNED, Integer))
    waiting = func.sum(cast(WAITING, Integer))
    in_doubt = func.sum(cast(Message.state == State.IN_DOUBT, Integer))
    told = (
        select(Notice.matter_id, held.label("held"), waiting.label("waiting"), in_doubt.label("in_doubt"))
        .outerjoin(Message, Message.id == Notice.message_id)
        .group_by(Notice.matter_id)
        .subquery()
    )
    query = (
        select(Matter, Obligation.standing, told.c.held, told.c.waiting, told.c.in_doubt)
        .join(Obligation, Obligation.id == Matter.id)
        .outerjoin(told, told.c.matter_id == Matter.id)
        .where(Obligation.due_at <= now, *([Matter.closed_at.is_(None)] if open_only else []))
        .order_by(Matter.id)
    )
    on_hold = clock.marked(session, clock.HOLD) is not None
    for matter, standing, notices_held, messages_waiting, messages_in_doubt in session.execute(query):
        yield Audited(
            matter.id,
            matter.key,
            matter.code,
            Evidence(
                standing=standing,
                closed_at=matter.closed_at,
                next_at=matter.next_at,
                reached=matter.reached,
                last_rung=matter.reached + 1 >= rungs.get(matter.ladder, 0),
                promised_until=matter.promised_until,
                acknowledged_until=matter.acknowledged_until,
                notices_held=notices_held or 0,
                messages_waiting=messages_waiting or 0,
                messages_in_doubt=messages_in_doubt or 0,
                on_hold=on_hold,
            ),
        )
