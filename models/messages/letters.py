"""What a claimed message is to say, read at the last moment: what is no longer owed is known here."""

from collections import defaultdict, namedtuple
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, cast, select
from sqlalchemy.orm import Session, aliased

from models import direct
from models.base import table
from models.direct import among, fixed
from models.matters import advice, aiding, sendings, trips
from models.matters.issues import Issue
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.matters.promises import Promise
from models.matters.reports import Report
from models.matters.sendings import Carried
from models.matters.silences import Silence
from models.matters.tasks import Task
from models.messages.claiming import Claim
from models.messages.notices import Notice
from models.offices.offices import Office
from rules import moot
from rules.advice import Sort, Stage
from rules.desk import Channel
from rules.dispatch import NoticeState
from rules.filing import Content
from rules.ladder import Matter as MatterRule
from rules.ladder import Say
from rules.moot import DECIDED, OF_THE_PAST, Latest
from rules.policy import Severity
from rules.tasks import Why

DECLARED_REPORT, DECLARED_PROMISE = "declared", "asked"
"""Occasions of telling what another office said: a report, by its version as round; or that it asked for time."""


class Line(NamedTuple):
    """One matter in a message. `silent`: nothing is heard of its area, nor of the neighbours.

    `since`: when what is chased began, of a problem its last round; `opened_at`: when the problem was recorded.
    `course`: how far its ladder is climbed; `above`: title of the office that hears next, and `above_at` when, if the
    message says so.
    """

    notice_id: int
    matter_id: int
    say: Say
    ladder: str
    rung: int
    moot: str
    urgent: bool
    promised_until: datetime | None
    kind: Kind
    key: str
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
    course: MatterRule
    owner: str | None = None
    giver: str | None = None
    subject: str | None = None
    restricted: bool = False
    task: "AboutTask | None" = None
    returned: bool = False
    declared: "Declared | None" = None
    advice: "AboutAdvice | None" = None
    submission: Carried | None = None
    silent: bool = False
    opened_at: datetime | None = None
    aide: "aiding.About | None" = None
    programme_id: int = 0
    moved_from: datetime | None = None
    moved_by: str = ""
    policy: str = ""
    above: str | None = None
    above_at: datetime | None = None


class AboutAdvice(NamedTuple):
    """What an office was given, and how far it is. `about`: the number of the problem it concerns.

    `word`: what is missing, what was done, or why it was withdrawn. `place`, `ends_at`, `sequence`: of a meeting.
    """

    sort: Sort
    stage: Stage
    due_at: datetime
    text: str
    word: str
    giver: str
    owner: str
    about: str | None
    restricted: bool
    number: int
    given_at: datetime
    place: str
    ends_at: datetime | None
    sequence: int


class Declared(NamedTuple):
    """What another office of the team said of a report, and which: by title, and as a text names it.

    `content` None: it asked for time.
    """

    content: Content | None
    title: str
    sms_name: str


class AboutTask(NamedTuple):
    """What a task is about. `text`: as it stands now."""

    why: Why
    office: str | None
    channel: Channel | None
    text: str = ""


_N, _M, _O, _I, _T = table(Notice), table(Matter), table(Obligation), table(Issue), table(Task)
_S = table(Silence)
_L = _N.alias("later")
_OWNER, _GIVER, _SUBJECT = aliased(Office), aliased(Office), aliased(Office)
_LATER = select(_L.c.id).where(
    _L.c.matter_id == _N.c.matter_id,
    _L.c.round == _N.c.round,
    _L.c.rung > _N.c.rung,
    _L.c.office_id == _N.c.office_id,
    _L.c.channel == _N.c.channel,
    _L.c.occasion == _N.c.occasion,
    _L.c.state == fixed(NoticeState.DISPATCHED),
)
_SILENT = select(_S.c.id).where(_S.c.programme_id == _M.c.programme_id, _S.c.area == _M.c.area, _S.c.heard_at.is_(None))
_LINES = (
    select(
        _N.c.message_id,
        _N.c.id.label("notice_id"),
        _N.c.occasion,
        _N.c.say,
        _N.c.ladder,
        _N.c.rung,
        _N.c.round,
        _N.c.urgent,
        (_N.c.round != _M.c.round).label("superseded"),
        (_LATER.exists() | ((_N.c.occasion == "other_way") & (_N.c.rung < _M.c.reached))).label("outspoken"),
        _M.c.id.label("matter_id"),
        _M.c.closed_at,
        _M.c.closed_why,
        _M.c.promised_until,
        _M.c.acknowledged_until,
        _M.c.kind,
        _M.c.key,
        _M.c.code,
        _M.c.area,
        _M.c.since,
        _M.c.reached,
        _M.c.told_at,
        _M.c.warned_at,
        _M.c.named_at,
        _O.c.duty,
        _O.c.zone,
        _O.c.returned_at,
        _O.c.period_start,
        _O.c.period_end,
        _O.c.moved_from,
        _O.c.moved_by,
        cast(_I.c.category, String).label("category"),  # one that nobody knows must fail where it is written down
        cast(_I.c.severity, String).label("severity"),
        _T.c.why.label("task_why"),
        _T.c.channel.label("task_channel"),
        _T.c.text.label("task_text"),
        Office.title.label("task_office"),
        _SILENT.exists().label("silent"),
        _OWNER.code.label("owner"),
        _GIVER.code.label("giver"),
        _SUBJECT.code.label("subject"),
        _I.c.restricted,
        _I.c.opened_at,
        _M.c.programme_id,
        _M.c.policy,
    )
    .join_from(_N, _M, _M.c.id == _N.c.matter_id)
    .outerjoin(_O, _O.c.id == _M.c.id)
    .outerjoin(_I, _I.c.id == _M.c.id)
    .outerjoin(_T, _T.c.matter_id == _M.c.id)
    .outerjoin(Office, Office.id == _T.c.office_id)
    .outerjoin(_OWNER, _OWNER.id == _M.c.owner_id)
    .outerjoin(_GIVER, _GIVER.id == _M.c.giver_id)
    .outerjoin(_SUBJECT, _SUBJECT.id == _M.c.subject_id)
    .where(among(_N.c.message_id, "ids"), _N.c.state == fixed(NoticeState.DISPATCHED))
)
_Found = namedtuple("_Found", " ".join(_LINES.exported_columns.keys()))  # type: ignore[misc] # what is selected above
_LAST_REPORT = select(Report).where(Report.obligation_id == bindparam("id")).order_by(Report.version.desc()).limit(1)


def lines(session: Session, claims: Iterable[Claim], *, now: datetime) -> dict[int, list[Line]]:
    """By message id, what a claimed message would say, the severest first, then in order of due time."""
    return told(session, [claim.id for claim in claims], now=now)


def told(session: Session, message_ids: Sequence[int], *, now: datetime) -> dict[int, list[Line]]:
    """The same of any messages."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for row in direct.rows(session, _LINES, {"ids": message_ids}):
        lines[row[0]].append(_line(session, _Found._make(row), now))
    for group in lines.values():
        group.sort(key=lambda line: (-line.say.severity, line.since, line.area))
    return lines


def _line(session: Session, row: Any, now: datetime) -> Line:
    past = row.say in OF_THE_PAST
    last = session.scalar(_LAST_REPORT, {"id": row.matter_id}) if past else None
    receipt = last if row.say is Say.RECEIVED else None
    carried = sendings.of_notice(session, row.notice_id) if row.say is Say.SUBMISSION else None
    aide = aiding.about(session, row.matter_id) if row.kind is Kind.AIDE else None
    return Line(
        notice_id=row.notice_id,
        matter_id=row.matter_id,
        say=row.say,
        ladder=row.ladder,
        rung=row.rung,
        moot=_overtaken(row, last, carried) if past else moot.why(row, now=now) or (aide.moot if aide else ""),
        urgent=row.urgent,
        promised_until=row.promised_until,
        kind=row.kind,
        key=row.key,
        code=row.code,
        area=row.area,
        since=_since(session, row),
        duty=row.duty,
        zone=row.zone,
        period=(row.period_start, row.period_end) if row.duty else None,
        received_at=receipt.received_at if receipt else None,
        receipt=receipt.number if receipt else None,
        category=row.category,
        severity=row.severity,
        owner=row.owner,
        giver=row.giver,
        subject=row.subject,
        restricted=bool(row.restricted),
        course=MatterRule(row.since, row.reached, row.round, row.told_at, row.warned_at, named_at=row.named_at),
        returned=row.returned_at is not None,
        declared=_declared(session, row, last) if row.say is Say.DECLARED else None,
        advice=_advice(session, row.matter_id) if row.kind is Kind.ADVICE else None,
        submission=carried,
        task=AboutTask(row.task_why, row.task_office, row.task_channel, row.task_text) if row.task_why else None,
        silent=row.silent,
        opened_at=row.opened_at,
        aide=aide,
        programme_id=row.programme_id,
        moved_from=row.moved_from if row.say is Say.AMENDED else None,
        moved_by=row.moved_by if row.say is Say.AMENDED else "",
        policy=row.policy,
    )


def _since(session: Session, row: Any) -> datetime:
    """A field trip is asked for in the evening, and told by its own time."""
    if row.kind is Kind.TRIP:
        began: datetime = trips.began(session, row.matter_id) or row.since
        return began
    since: datetime = row.since
    return max(since, row.acknowledged_until or since) if row.say in DECIDED else since


def _advice(session: Session, matter_id: int) -> AboutAdvice | None:
    given = advice.one(session, matter_id)
    if given is None:
        return None
    own, charge, stage = given.advice, given.charge, given.stage
    return AboutAdvice(
        own.sort,
        stage,
        charge.due_at,
        own.text,
        charge.outcome if stage in (Stage.DONE, Stage.WITHDRAWN) else charge.asked,
        given.giver.title,
        given.owner.title,
        given.about,
        given.restricted,
        own.number,
        own.given_at,
        own.place,
        own.ends_at,
        own.sequence,
    )


def _overtaken(row: Any, last: Report | None, carried: Carried | None) -> str:
    if row.say is Say.SUBMISSION:
        return moot.unsent(carried.submission.state if carried else None)
    of_report = row.say is Say.DECLARED and row.occasion == DECLARED_REPORT
    latest = Latest(last.content, last.version) if last is not None else None
    return moot.overtaken(row.say, latest, version=row.round if of_report else None)


def _declared(session: Session, row: Any, last: Report | None) -> Declared | None:
    promise = session.get(Promise, row.matter_id) if row.occasion != DECLARED_REPORT else None
    told = promise or last
    office = session.get(Office, told.office_id) if told is not None else None
    if told is None or office is None:
        return None
    return Declared(told.content if isinstance(told, Report) else None, office.title, office.sms_name)
