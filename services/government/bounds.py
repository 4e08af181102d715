"""Between which hours a report counts that is not about whole days: one of a day, or of some hours of it.

A daily report ends at its cut-off, and the next begins there, so that what falls due in the evening is in one of them.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.matters import compiling
from models.matters.obligations import Obligation
from rules.government import Covers, ReportKind
from rules.recap import Period


class Bounds(NamedTuple):
    """What comes after the first of these and up to the second is counted."""

    after: datetime
    until: datetime


def of(session: Session, programme_id: int, kind: ReportKind, own: Obligation, cut_off: datetime) -> Bounds | None:
    """None: it counts whole days.

    Args:
        cut_off: that of its first version; a correction counts the same hours.
    """
    if kind.covers not in (Covers.DAY, Covers.MOMENT):
        return None
    begin, end = Period(own.period_start, own.period_end).bounds(own.zone)
    until = min(end, cut_off)
    before = _before(session, programme_id, own, until) if kind.covers is Covers.DAY else None
    return Bounds(before or begin, until)


def _before(session: Session, programme_id: int, own: Obligation, until: datetime) -> datetime | None:
    """Where the one before ended; None: there is none on that day or the day before."""
    earliest = own.period_start - timedelta(days=1)
    found = compiling.of_duty(session, programme_id, own.duty, since=earliest)
    ends = [min(Period(one.period_start, one.period_end).bounds(own.zone)[1], one.opens_at) for one in found]
    return max((end for end in ends if end < until), default=None)
