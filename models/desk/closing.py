"""What of a programme is open, and its end in the books: matters, notices and messages at once."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from models.base import table
from models.desk.changes import Change
from models.desk.programmes import Document, Programme
from models.matters.appeals import Appeal
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.matters.silences import Silence
from models.matters.submissions import STANDS, Submission
from models.matters.tasks import Task
from models.messages.inbound import Inbound
from models.messages.messages import Message
from models.messages.notices import PLANNED, Notice
from models.offices.drafts import Draft
from models.offices.offices import Office
from rules import delivery
from rules.closing import Left, Open
from rules.delivery import State
from rules.dispatch import CLOSED, Held, NoticeState
from rules.drafts import LASTS
from rules.filing import Standing
from rules.submissions import LEFT

_M, _O, _N, _G, _T = table(Matter), table(Obligation), table(Notice), table(Message), table(Task)

RECORDED = "closed"
"""What the record of changes calls a closing."""

AHEAD = (Kind.OBLIGATION, Kind.SUMMARY, Kind.GATE)
"""What has a due time of its own: see `rules.closing.goes_on`."""
OF_THE_DESK = (Kind.SUMMARY, Kind.GATE, Kind.ROLL_CALL)
"""What belongs to no area."""


def left(session: Session, programme_id: int, *, now: datetime) -> list[Open]:
    """Everything that is open, by kind; kinds of which there is nothing are left out."""
    own = _M.c.programme_id == programme_id, _M.c.closed_at.is_(None)
    owed = select(_M.c.code).join(_O, _O.c.id == _M.c.id).where(*own).order_by(_O.c.due_at, _M.c.id)
    found = [
        _coded(session, Left.OVERDUE, owed.where(_O.c.due_at <= now)),
        Open(Left.AHEAD, _count(session, _O.join(_M, _M.c.id == _O.c.id), *own, _O.c.due_at > now)),
        _coded(session, Left.PROMISED, owed.where(_M.c.promised_until > now)),
        *(_coded(session, left, _codes(own, kind)) for left, kind in _CHASED.items()),
        _coded(session, Left.APPEALS, _appeals(programme_id)),
        _coded(session, Left.SUBMISSIONS, _submissions(programme_id)),
        _coded(session, Left.TASKS, _codes(own, Kind.TASK)),
        Open(Left.NOTICES, _count(session, _N.join(_M, _M.c.id == _N.c.matter_id), *own[:1], PLANNED)),
        Open(Left.MESSAGES, _count(session, _G, *_messages(programme_id, State.PENDING, State.SENDING))),
        Open(Left.IN_DOUBT, _count(session, _G, *_messages(programme_id, State.IN_DOUBT))),
        Open(Left.WRITTEN, _count(session, table(Inbound), *_written(programme_id))),
        Open(Left.DRAFTS, _drafts(session, programme_id, now)),
    ]
    return [one for one in found if one.number]


_CHASED = {Left.PROBLEMS: Kind.ISSUE, Left.ADVICE: Kind.ADVICE, Left.TRIPS: Kind.TRIP}


def _codes(own: tuple[ColumnElement[bool], ...], kind: Kind) -> Select[tuple[str]]:
    return select(_M.c.code).where(*own, _M.c.kind == kind).order_by(_M.c.id)


def _appeals(programme_id: int) -> Select[tuple[str]]:
    own = Appeal.programme_id == programme_id, Appeal.end.is_(None)
    return select(Appeal.number).where(*own).order_by(Appeal.number)  # type: ignore[return-value]


def _submissions(programme_id: int) -> Select[tuple[str]]:
    own = _M.c.programme_id == programme_id, STANDS, Submission.state.not_in(LEFT)
    return select(_M.c.code).join(Submission, Submission.obligation_id == _M.c.id).where(*own).order_by(Submission.id)


def _coded(session: Session, kind: Left, query: Select[tuple[str]]) -> Open:
    codes = tuple(map(str, session.connection().execute(query).scalars()))
    if kind is Left.APPEALS:
        codes = tuple(f"M-{int(code):04d}" for code in codes)
    return Open(kind, len(codes), codes)


def _count(session: Session, of: object, *which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(of).where(*which)) or 0  # type: ignore[arg-type]


def _messages(programme_id: int, *states: State) -> tuple[ColumnElement[bool], ...]:
    return _G.c.programme_id == programme_id, _G.c.state.in_(states)


def _written(programme_id: int) -> tuple[ColumnElement[bool], ...]:
    of = table(Inbound).c
    return of.programme_id == programme_id, of.person.is_(True), of.seen_at.is_(None)


def _drafts(session: Session, programme_id: int, now: datetime) -> int:
    """What offices of the desk typed and did not send: of no election in particular."""
    desk = select(Document.code).join(Programme, Programme.desk_id == Document.id).where(Programme.id == programme_id)
    own = Office.desk == desk.scalar_subquery(), Draft.kept_at > now - LASTS
    return session.scalar(select(func.count()).select_from(Draft).join(Office).where(*own)) or 0


def end(session: Session, programme_id: int, *, now: datetime) -> None:
    """End every chase of a programme, and say nothing more. What a worker has in hand, or is in doubt, is left.

    The caller holds the dispatchers' lock, then the waiting messages, then the open matters.
    """
    connection = session.connection()
    own = select(_M.c.id).where(_M.c.programme_id == programme_id)
    waits = _messages(programme_id, State.PENDING)
    certain = select(_G.c.id).where(*waits, _G.c.doubts == 0)
    said = _N.c.message_id.in_(certain), _N.c.state.in_([NoticeState.DISPATCHED, NoticeState.MERGED])
    unsaid = {"state": NoticeState.MOOT, "held": Held.NO, "reason": CLOSED, "other_way_at": None}
    connection.execute(update(_N).where(*said).values(unsaid))
    connection.execute(update(_N).where(_N.c.matter_id.in_(own), PLANNED).values(unsaid))
    connection.execute(update(_N).where(_N.c.matter_id.in_(own)).values(other_way_at=None))
    for these, doubts in ((_G.c.doubts == 0, 0), (_G.c.doubts > 0, 1)):
        verdict = delivery.dropped(CLOSED, doubts=doubts)
        over = {"state": verdict.state, "why": verdict.why, "due_at": None, "settled_at": now}
        connection.execute(update(_G).where(*waits, these).values(over))
    connection.execute(update(_O).where(_O.c.id.in_(own)).values(compile_at=None, look_at=None))
    connection.execute(update(table(Silence)).where(table(Silence).c.programme_id == programme_id).values(look_at=None))
    tasks = update(_T).where(_T.c.programme_id == programme_id, _T.c.done_at.is_(None))
    connection.execute(tasks.values(done_at=now))
    open_ = update(_M).where(_M.c.programme_id == programme_id, _M.c.closed_at.is_(None))
    connection.execute(open_.values(closed_at=now, closed_why=CLOSED, next_at=None))


def pass_on(session: Session, programme_id: int, to: int) -> int:
    """Give the open tasks about offices and channels to another election of the desk; how many that were."""
    tasks = _T.c.programme_id == programme_id, _T.c.done_at.is_(None)
    shared = *tasks, _T.c.office_id.is_not(None) | _T.c.channel.is_not(None)
    matters = select(_T.c.matter_id).where(*shared)
    session.connection().execute(update(_M).where(_M.c.id.in_(matters)).values(programme_id=to))
    return session.connection().execute(update(_T).where(*shared).values(programme_id=to)).rowcount


def left_then(session: Session, programme_id: int, closed_at: datetime) -> list[Open]:
    """What was open when a programme was closed, as far as the books still say it: what is chased."""
    own = _M.c.programme_id == programme_id, _M.c.closed_why == CLOSED
    owed = select(_M.c.code).join(_O, _O.c.id == _M.c.id).where(*own).order_by(_O.c.due_at, _M.c.id)
    found = [
        _coded(session, Left.OVERDUE, owed.where(_O.c.due_at <= closed_at)),
        Open(Left.AHEAD, _count(session, _O.join(_M, _M.c.id == _O.c.id), *own, _O.c.due_at > closed_at)),
        *(_coded(session, left, _codes(own, kind)) for left, kind in _CHASED.items()),
        _coded(session, Left.APPEALS, _appeals(programme_id)),
        _coded(session, Left.SUBMISSIONS, _submissions(programme_id)),
        _coded(session, Left.TASKS, _codes(own, Kind.TASK)),
    ]
    return [one for one in found if one.number]


def reason(session: Session, programme_id: int) -> str:
    """Why a programme was closed last, as the record of changes has it."""
    own = Change.programme_id == programme_id, Change.what == RECORDED
    return session.scalar(select(Change.text).where(*own).order_by(Change.id.desc()).limit(1)) or ""


def ended(session: Session, programme_id: int) -> list[Matter]:
    """What the closing of a programme ended, but for tasks, which come up again by themselves, and for what aides were
    asked: whoever reports for them asks anew.
    """
    own = Matter.programme_id == programme_id, Matter.closed_why == CLOSED, Matter.kind.not_in([Kind.TASK, Kind.AIDE])
    return list(session.scalars(select(Matter).where(*own).order_by(Matter.id)))


def take_up(session: Session, ids: Collection[int], own: Collection[str], *, now: datetime) -> None:
    """Open these matters again, to be looked at now. `own`: the duties that the desk itself compiles."""
    connection = session.connection()
    fresh = {"closed_at": None, "closed_why": "", "next_at": now}
    connection.execute(update(_M).where(_M.c.id.in_(ids)).values(fresh))
    owed = update(_O).where(_O.c.id.in_(ids), _O.c.standing == Standing.OWED)
    connection.execute(owed.where(_O.c.duty.in_(own)).values(compile_at=_O.c.opens_at))
    connection.execute(owed.where(_O.c.duty.not_in(own)).values(look_at=_O.c.due_at))
