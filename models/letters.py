"""What a claimed message is to say, read at the last moment: what is no longer owed is known here."""

from collections import defaultdict, namedtuple
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, cast, select
from sqlalchemy.orm import Session

from models import direct
from models.base import table
from models.direct import among, fixed
from models.issues import Issue
from models.matters import Kind, Matter
from models.messages import Claim
from models.notices import Notice
from models.obligations import Obligation
from models.offices import Office
from models.reports import Report
from models.tasks import Task
from rules.desk import Channel
from rules.dispatch import BEFOREHAND, DROPPED, NoticeState
from rules.ladder import Say
from rules.policy import Severity
from rules.tasks import Why


class Line(NamedTuple):
    """One matter in a message."""

    notice_id: int
    say: Say
    ladder: str
    rung: int
    moot: str
    urgent: bool
    promised_until: datetime | None
    kind: Kind
    code: str
    area: str
    since: datetime
    duty: str | None
    zone: str | None
    period: tuple[date, date] | None
    received_at: datetime | None
    receipt: str | None
    category: str | None
    severity: Severity | None
    warned_at: datetime | None
    task: "About | None" = None
    returned: bool = False


class About(NamedTuple):
    """What a task is about."""

    why: Why
    office: str | None
    channel: Channel | None


_N, _M, _O, _I, _T = table(Notice), table(Matter), table(Obligation), table(Issue), table(Task)
_L = _N.alias("later")
_LATER = select(_L.c.id).where(
    _L.c.matter_id == _N.c.matter_id,
    _L.c.round == _N.c.round,
    _L.c.rung > _N.c.rung,
    _L.c.office_id == _N.c.office_id,
    _L.c.channel == _N.c.channel,
    _L.c.occasion == _N.c.occasion,
    _L.c.state == fixed(NoticeState.DISPATCHED),
)
_LINES = (
    select(
        _N.c.message_id,
        _N.c.id.label("notice_id"),
        _N.c.say,
        _N.c.ladder,
        _N.c.rung,
        _N.c.urgent,
        (_N.c.round != _M.c.round).label("superseded"),
        (_LATER.exists() | ((_N.c.occasion == "other_way") & (_N.c.rung < _M.c.reached))).label("outspoken"),
        _M.c.id.label("matter_id"),
        _M.c.closed_at,
        _M.c.closed_why,
        _M.c.promised_until,
        _M.c.acknowledged_until,
        _M.c.kind,
        _M.c.code,
        _M.c.area,
        _M.c.since,
        _M.c.warned_at,
        _O.c.duty,
        _O.c.zone,
        _O.c.returned_at,
        _O.c.period_start,
        _O.c.period_end,
        cast(_I.c.category, String).label("category"),  # one that nobody knows must fail where it is written down
        cast(_I.c.severity, String).label("severity"),
        _T.c.why.label("task_why"),
        _T.c.channel.label("task_channel"),
        Office.title.label("task_office"),
    )
    .join_from(_N, _M, _M.c.id == _N.c.matter_id)
    .outerjoin(_O, _O.c.id == _M.c.id)
    .outerjoin(_I, _I.c.id == _M.c.id)
    .outerjoin(_T, _T.c.matter_id == _M.c.id)
    .outerjoin(Office, Office.id == _T.c.office_id)
    .where(among(_N.c.message_id, "ids"), _N.c.state == fixed(NoticeState.DISPATCHED))
)
_Found = namedtuple("_Found", " ".join(_LINES.exported_columns.keys()))  # type: ignore[misc] # what is selected above
_LAST_REPORT = select(Report).where(Report.obligation_id == bindparam("id")).order_by(Report.version.desc()).limit(1)


def lines(session: Session, claims: Iterable[Claim], *, now: datetime) -> dict[int, list[Line]]:
    """By message id, what a claimed message would say, the severest first, then in order of due time."""
    return told(session, [claim.id for claim in claims], now=now)


def told(session: Session, message_ids: Sequence[int], *, now: datetime) -> dict[int, list[Line]]:
    """The same of any messages."""
    found: dict[int, list[Line]] = defaultdict(list)
    for row in direct.rows(session, _LINES, {"ids": message_ids}):
        found[row[0]].append(_line(session, _Found._make(row), now))
    for group in found.values():
        group.sort(key=lambda line: (-line.say.severity, line.since, line.area))
    return found


def _line(session: Session, row: Any, now: datetime) -> Line:
    receipt = session.scalar(_LAST_REPORT, {"id": row.matter_id}) if row.say is Say.RECEIVED else None
    return Line(
        notice_id=row.notice_id,
        say=row.say,
        ladder=row.ladder,
        rung=row.rung,
        moot=_moot(row, now),
        urgent=row.urgent,
        promised_until=row.promised_until,
        kind=row.kind,
        code=row.code,
        area=row.area,
        since=row.since,
        duty=row.duty,
        zone=row.zone,
        period=(row.period_start, row.period_end) if row.duty else None,
        received_at=receipt.received_at if receipt else None,
        receipt=receipt.number if receipt else None,
        category=row.category,
        severity=row.severity,
        warned_at=row.warned_at,
        returned=row.returned_at is not None,
        task=About(row.task_why, row.task_office, row.task_channel) if row.task_why else None,
    )


def _moot(row: Any, now: datetime) -> str:
    """Why this is no longer to be said; empty: it is. A receipt is said of what is closed."""
    if row.say is Say.RECEIVED:
        return ""
    if row.closed_at is not None:
        still_said = row.say is Say.DROPPED and row.closed_why == DROPPED
        return "" if still_said else f"no longer owed: {row.closed_why}"
    if row.say is Say.DROPPED:
        return "owed again"
    if row.superseded:
        return "a new round began"
    if row.acknowledged_until is not None and now < row.acknowledged_until:
        return "acknowledged"
    if row.say in BEFOREHAND and row.since <= now:
        return "the due time has come"
    return "a later word about it is on its way" if row.outspoken else ""
