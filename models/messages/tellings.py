"""What became of every decision to tell a reporter of what he owes, beforehand and at the due time."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from models.base import table
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.messages.delivery_reports import DeliveryReport
from models.messages.messages import KEPT_BACK, Message
from models.messages.notices import Notice
from models.offices.offices import Office
from rules import delivery_reports
from rules.delivery import State
from rules.desk import Audience
from rules.dispatch import Held, NoticeState
from rules.ladder import Say


class Told(NamedTuple):
    """A decision about one report, and what became of it. `asked_at`: when the ladder asked for it, in an office's
    `zone`; the rest as in `rules.fairness.Telling`.
    """

    matter_id: int
    say: Say
    ladder: str
    urgent: bool
    zone: str
    asked_at: datetime
    state: NoticeState
    held: Held
    reason: str
    message: State | None
    left_at: datetime | None
    own_until: datetime | None
    lost: bool


_T, _M, _N, _G, _R = (table(each) for each in (Obligation, Matter, Notice, Message, DeliveryReport))
_LATEST = func.coalesce(_T.c.extended_until, _T.c.due_at)
_LEFT_AT = case(
    (_G.c.state == State.SENT, func.coalesce(_G.c.settled_at, _G.c.created_at)),
    (_G.c.doubts > 0, _G.c.created_at),
    else_=None,
)
"""A message that may have arrived counts as one that left."""


def to_reporters(
    session: Session, programme_id: int, *, after: datetime | None, until: datetime
) -> dict[int, list[Told]]:
    """By report that fell due in (after, until] and was not there in time, what its reporter was told until then.

    What another way said counts from when that was decided on.
    """
    asked_at = func.coalesce(_N.c.due_at, _N.c.planned_at)
    late = _T.c.received_at.is_(None) | (_T.c.received_at > _T.c.due_at)
    query = (
        select(
            _N.c.matter_id,
            _N.c.say,
            _N.c.ladder,
            _N.c.urgent,
            Office.zone,
            asked_at,
            _N.c.state,
            _N.c.held,
            _N.c.reason,
            _G.c.state,
            _LEFT_AT,
            _N.c.own_until,
            _lost(),
        )
        .join_from(_M, _T, _T.c.id == _M.c.id)
        .join(_N, _N.c.matter_id == _M.c.id)
        .join(Office, Office.id == _N.c.office_id)
        .outerjoin(_G, _G.c.id == _N.c.message_id)
        .where(
            _M.c.programme_id == programme_id,
            _T.c.due_at <= until,
            *([_T.c.due_at > after] if after else []),
            late,
            _N.c.audience == Audience.REPORTER,
            asked_at <= _LATEST,
        )
        .order_by(_N.c.id)
    )
    told: dict[int, list[Told]] = defaultdict(list)
    for row in session.connection().execute(query):
        told[row.matter_id].append(Told._make((*row[:-1], bool(row[-1]))))
    return told


def _lost() -> ColumnElement[bool]:
    """Whether a message that left did not arrive: `rules.delivery_reports.end` in SQL, or kept back in the folder.

    What was said of an earlier attempt does not count.
    """
    about = _R.c.message_id == _G.c.id, (_R.c.provider_id == _G.c.provider_id) | (_R.c.provider_id == "")
    lost = select(_R.c.id).where(*about, _R.c.fate.in_(sorted(delivery_reports.LOST)))
    arrived = select(_R.c.id).where(*about, _R.c.fate.in_(sorted(delivery_reports.ARRIVED)))
    return (lost.exists() & ~arrived.exists()) | func.coalesce(KEPT_BACK, False)
