"""The recap of a period: what was owed, what came of it, and why what is late or missing is. Every count is made of it.

The same rows answer every page, sheet and figure, so two of them cannot say different things.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

import rules.recap
from models.machine import gaps, stops
from models.matters import compiling
from models.matters.matters import Matter
from models.messages import tellings
from models.messages.tellings import Told
from rules import dispatch, fairness
from rules.fairness import Cause, Stop, Telling, Word
from rules.filing import Timeliness, timeliness
from rules.indonesian import local_date
from rules.ladder import Say
from rules.programme import Programme
from rules.recap import Owed, Period


def rows(
    session: Session,
    programme_id: int,
    programme: Programme,
    period: Period,
    *,
    areas: Collection[str] | None = None,
    now: datetime,
) -> list[Owed]:
    """Everything owed in a period as it stands at `now`, in order of area and due time.

    Args:
        areas: whose; None: everybody's.
    """
    after, until = period.bounds(programme.desk.zone)
    owed = compiling.owed(session, programme_id, after=after, until=until, known_at=now, areas=areas)
    late = [row for row in owed if _is_late(row, now)]
    told: Mapping[int, list[Told]] = {}
    stood_still: list[Stop] = []
    lost: list[Stop] = []
    if late:
        told = tellings.to_reporters(session, programme_id, after=after, until=until)
        latest = max(row.judged_by for row in late)
        first = min(row.opens_at for row in late)
        stood_still = stops.between(session, first, latest)
        lost = [
            Stop(gap.began_at, gap.asked_at or gap.ended_at) for gap in gaps.between(session, after=first, until=now)
        ]
    asked_at = _asking(programme)
    causes = {
        row.id: fairness.cause(_words(told.get(row.id, ()), asked_at, now), stood_still, _asked(row), lost=lost)
        for row in late
    }
    return [_owed(row, causes.get(row.id, Cause.TEAM)) for row in owed]


def one(session: Session, programme: Programme, matter: Matter, due_at: datetime, *, now: datetime) -> Owed | None:
    """One report as a recap counts it; None: it was cancelled, and never existed."""
    return fell_due(session, matter.programme_id, programme, [due_at], [matter.area], now=now).get(matter.code)


def fell_due(
    session: Session,
    programme_id: int,
    programme: Programme,
    due: Collection[datetime],
    areas: Collection[str],
    *,
    now: datetime,
) -> dict[str, Owed]:
    """By number, the reports of these areas that fell due at these times."""
    if not due:
        return {}
    days = [local_date(at, programme.desk.zone) for at in due]
    found = rows(session, programme_id, programme, Period(min(days), max(days)), areas=areas, now=now)
    return {row.code: row for row in found if row.due_at in due}


def causes(
    session: Session,
    programme_id: int,
    programme: Programme,
    due: Collection[datetime],
    areas: Collection[str],
    *,
    now: datetime,
) -> dict[str, Cause]:
    """By number, why those reports of these areas are late or missing that fell due at these times."""
    found = fell_due(session, programme_id, programme, due, areas, now=now)
    return {code: row.cause for code, row in found.items() if rules.recap.late(row, now=now)}


def _is_late(row: compiling.Owed, now: datetime) -> bool:
    judged = timeliness(row.standing, row.due_at, row.received_at, extended_until=row.extended_until, now=now)
    return judged in (Timeliness.LATE, Timeliness.MISSING)


def _asked(row: compiling.Owed) -> fairness.Asked:
    came, own = row.received_at is not None, row.team is None
    return fairness.Asked(row.opens_at, row.judged_by, row.closes_after, came, own)


def _owed(row: compiling.Owed, cause: Cause) -> Owed:
    return Owed(
        area=row.area,
        team=row.team,
        duty=row.duty,
        due_at=row.due_at,
        standing=row.standing,
        content=row.content,
        received_at=row.received_at,
        extended_until=row.extended_until,
        cause=cause,
        key=row.key,
        code=row.code,
    )


Asking = Callable[[Told], datetime]


def _asking(programme: Programme) -> Asking:
    """When a ladder's word was to leave: quiet hours, also an office's own, and closed days are no delay of ours. Many
    words share a time.
    """
    peace = programme.peace

    @cache
    def released(at: datetime, say: Say, ladder: str, zone: str, urgent: bool) -> datetime:
        return dispatch.release_at(say, ladder, zone, peace, urgent=urgent, now=at)

    def asked(told: Told) -> datetime:
        leaves_at = released(told.asked_at, told.say, told.ladder, told.zone, told.urgent)
        return max(leaves_at, told.own_until) if told.own_until else leaves_at

    return asked


def _words(told: Collection[Told], asked_at: Asking, now: datetime) -> list[Word]:
    tellings = [Telling(asked_at(t), t.state, t.held, t.reason, t.message, t.left_at, t.lost) for t in told]
    return [word for telling in tellings if (word := fairness.word(telling, now=now))]
