"""Every word about some reports until a moment, and what was known of it then."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from models.base import table
from models.messages.delivery_reports import DeliveryReport
from models.messages.messages import KEPT_BACK, Message
from models.messages.notices import Notice
from models.offices.offices import Office
from rules import delivery_reports
from rules.delivery import State
from rules.desk import Audience
from rules.dispatch import NoticeState


class Word(NamedTuple):
    """A word about a report; see `rules.reaching.end`. `at`: when its message left, or when it was decided on."""

    matter_id: int
    office: str
    audience: Audience
    channel: str
    notice: NoticeState
    message_id: int | None
    message: State | None
    doubts: int
    settled_at: datetime | None
    at: datetime
    reason: str
    arrived: bool
    lost: bool


_N, _G, _R = table(Notice), table(Message), table(DeliveryReport)
_TOLD = (NoticeState.DISPATCHED, NoticeState.MERGED, NoticeState.NOBODY)


def words(session: Session, matter_ids: Collection[int], *, until: datetime) -> list[Word]:
    """What was decided to say by then, in order. What turned out not to be needed is left out."""
    about = _R.c.message_id == _G.c.id, _R.c.received_at <= until
    own = or_(_R.c.provider_id == _G.c.provider_id, _R.c.provider_id == "")
    arrived = exists().where(*about, own, _R.c.fate.in_(sorted(delivery_reports.ARRIVED)))
    lost = exists().where(*about, own, _R.c.fate.in_(sorted(delivery_reports.LOST)))
    query = (
        select(
            _N.c.matter_id,
            Office.title,
            _N.c.audience,
            _N.c.channel,
            _N.c.state,
            _G.c.id,
            _G.c.state,
            func.coalesce(_G.c.doubts, 0),
            _G.c.settled_at,
            func.coalesce(_G.c.settled_at, _G.c.created_at, _N.c.planned_at),
            _N.c.reason,
            arrived,
            lost | func.coalesce(KEPT_BACK, False),
        )
        .join(Office, Office.id == _N.c.office_id)
        .outerjoin(_G, _G.c.id == _N.c.message_id)
        .where(_N.c.matter_id.in_(list(matter_ids)), _N.c.planned_at <= until, _N.c.state.in_(_TOLD))
        .order_by(_N.c.id)
    )
    rows = session.connection().execute(query)
    return [Word._make((*row[:-2], bool(row[-2]), bool(row[-1]))) for row in rows]
