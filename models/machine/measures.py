"""Figures of the machine, for graphs. They are counted from the database, since there are several processes.

Only the last hour is counted. Ids rise with time, so some twenty looks along the primary key find the first row of the
hour. An index on time would slow every message down.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Float, case, cast, extract, func, select
from sqlalchemy.orm import Session

from models.base import table
from models.matters.matters import OPEN, Matter
from models.messages.delivery_reports import DeliveryReport
from models.messages.messages import WAITING, Attempt, Message
from models.messages.notices import Notice
from rules.delivery_reports import Fate
from rules.desk import Channel
from rules.dispatch import NoticeState

WINDOW = timedelta(hours=1)
BOUNDS = (1, 5, 15, 30, 60, 120, 300, 600, 3600)
"""Bounds of the histograms, in seconds; one more bucket holds what took longer."""

_A, _M, _N, _R = table(Attempt), table(Message), table(Notice), table(DeliveryReport)
_CODE = re.compile(r"\((\d{3,6})\)$")


class Lags(NamedTuple):
    """How long something took: the count in each bucket (`BOUNDS`), and the sum."""

    counts: Mapping[int, int]
    seconds: float


class Measures(NamedTuple):
    """`unnoticed`: how long the longest waiting matter is past its time. `queues`: by channel, how many messages wait
    and since when the oldest. `outcomes` of tries and `delivery_reports` with the provider's code, or an empty one.

    `noticed`: from due to noticed. By channel: `handed_over` from when a message might go; `in_all` from due, without
    the time it was rightly held.
    """

    unnoticed: timedelta
    queues: Sequence[tuple[Channel, int, datetime]]
    outcomes: Mapping[tuple[Channel, str, str], int]
    delivery_reports: Mapping[tuple[Channel, Fate, str], int]
    noticed: Lags
    handed_over: Mapping[Channel, Lags]
    in_all: Mapping[Channel, Lags]


def read(session: Session, *, now: datetime) -> Measures:
    """The figures now. It reads only the rows of the last hour and those that wait, however many there are."""
    since = now - WINDOW
    first = session.scalar(select(func.min(Matter.next_at)).where(OPEN))
    waiting = select(_M.c.channel, func.count(), func.min(_M.c.created_at)).where(WAITING).group_by(_M.c.channel)
    tried = _recent(session, _A.c.ended_at, since)
    noticing = _seconds(session, _N.c.planned_at, func.coalesce(_N.c.due_at, _N.c.planned_at))
    handing_over = _seconds(session, _A.c.ended_at, _N.c.release_at)
    return Measures(
        unnoticed=max(now - first, timedelta(0)) if first else timedelta(0),
        queues=[(channel, count, at) for channel, count, at in session.execute(waiting)],
        outcomes=_outcomes(session, tried),
        delivery_reports=_delivery_reports(session, _recent(session, _R.c.received_at, since)),
        noticed=_noticed(session, _recent(session, _N.c.planned_at, since)),
        handed_over=_told(session, tried, handing_over),
        in_all=_told(session, tried, noticing + handing_over),
    )


def _recent(session: Session, at: Column[datetime], since: datetime) -> ColumnElement[bool]:
    """Whether a row is of the hour, by its id."""
    id = at.table.c.id
    low, high = 0, (session.scalar(select(func.max(id))) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        then = session.scalar(select(at).where(id >= middle).order_by(id).limit(1))
        low, high = (middle + 1, high) if then is not None and then < since else (low, middle)
    return (id >= low) & (at >= since)


def _outcomes(session: Session, tried: ColumnElement[bool]) -> Mapping[tuple[Channel, str, str], int]:
    counted = Counter[tuple[Channel, str, str]]()
    query = select(_M.c.channel, _A.c.outcome, _A.c.why, func.count()).join(_M, _M.c.id == _A.c.message_id)
    for channel, outcome, why, count in session.execute(query.where(tried).group_by(*query.selected_columns[:3])):
        code = _CODE.search(why)
        counted[channel, outcome, code[1] if code else ""] += count
    return counted


def _delivery_reports(session: Session, recent: ColumnElement[bool]) -> Mapping[tuple[Channel, Fate, str], int]:
    query = select(_M.c.channel, _R.c.fate, _R.c.code, func.count()).join(_M, _M.c.id == _R.c.message_id)
    rows = session.execute(query.where(recent).group_by(*query.selected_columns[:3]))
    return {(channel, fate, code): count for channel, fate, code, count in rows}


def _noticed(session: Session, recent: ColumnElement[bool]) -> Lags:
    lag = _seconds(session, _N.c.planned_at, _N.c.due_at)
    rows = session.execute(select(*_bucketed(lag)).where(recent, _N.c.due_at.is_not(None)).group_by("bucket"))
    return _lags(rows.all())


def _told(session: Session, tried: ColumnElement[bool], lag: ColumnElement[float]) -> Mapping[Channel, Lags]:
    """One for each notice, not for each message."""
    query = (
        select(_M.c.channel, *_bucketed(lag))
        .join_from(_A, _M, _M.c.id == _A.c.message_id)
        .join(_N, _N.c.message_id == _M.c.id)
        .where(tried, _A.c.outcome.in_(["accepted", "found"]))
        .where(_N.c.state.in_([NoticeState.DISPATCHED, NoticeState.MERGED]))
        .group_by(_M.c.channel, "bucket")
    )
    buckets_of = defaultdict[Channel, list[Any]](list)
    for channel, *bucket in session.execute(query):
        buckets_of[channel].append(bucket)
    return {channel: _lags(buckets) for channel, buckets in buckets_of.items()}


def _seconds(session: Session, later: ColumnElement[Any], earlier: ColumnElement[Any]) -> ColumnElement[float]:
    if session.get_bind().dialect.name == "sqlite":  # a day in 2024 as a float is good to 40 us
        return func.round((func.julianday(later) - func.julianday(earlier)) * 86400, 3, type_=Float)
    return cast(extract("epoch", later - earlier), Float)


def _bucketed(lag: ColumnElement[float]) -> Sequence[ColumnElement[Any]]:
    """The bucket, its count and its sum of seconds; group by the bucket."""
    bucket = case(*((lag <= bound, n) for n, bound in enumerate(BOUNDS)), else_=len(BOUNDS))
    return bucket.label("bucket"), func.count(), func.sum(lag)


def _lags(rows: Iterable[Sequence[Any]]) -> Lags:
    counted = [(bucket, count, float(seconds)) for bucket, count, seconds in rows]
    return Lags({bucket: count for bucket, count, _ in counted}, sum(seconds for *_, seconds in counted))
