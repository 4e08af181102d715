"""The rows of a report to the Government: obligations and problems as they stood at its cut-off."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.base import table
from models.matters import confiding, stood
from models.matters.courses import RESTED
from models.matters.issues import Issue, IssueEvent, Step
from models.matters.matters import Kind, Matter
from models.matters.obligations import TO_COMPILE, Obligation
from models.matters.stood import Received, Waiver
from models.offices import offices
from rules.filing import Content, Standing, judged_by
from rules.policy import Severity


class Owed(NamedTuple):
    """One obligation at a moment: a report that came later is still owed here. Received after `judged_by` is late."""

    id: int
    key: str
    code: str
    area: str
    team: str | None
    duty: str
    opens_at: datetime
    due_at: datetime
    extended_until: datetime | None
    period_start: date
    period_end: date
    standing: Standing
    content: Content | None
    received_at: datetime | None
    reason: str
    closes_after: datetime | None

    @property
    def judged_by(self) -> datetime:
        return judged_by(self.due_at, self.extended_until)


class Troubled(NamedTuple):
    """One problem with what was done until the cut-off, the first first, and what it was then.

    `owner` is the title of the office that had it; empty: nobody had it by name. `restricted`: see
    `models.matters.confiding`.
    """

    matter: Matter
    issue: Issue
    steps: Sequence[IssueEvent]
    severity: Severity
    owner: str
    due_at: datetime | None
    restricted: bool

    @property
    def end(self) -> IssueEvent | None:
        """The step that had ended it; None: it was open, if again."""
        ends = [step for step in self.steps if step.step in (Step.RESOLVED, Step.MERGED, Step.REOPENED)]
        return ends[-1] if ends and ends[-1].step is not Step.REOPENED else None

    @property
    def rests(self) -> IssueEvent | None:
        """The step by which somebody took it on or put it off until a time; None: its chase went on, or it is over."""
        turns = [step for step in self.steps if step.step in RESTED]
        return turns[-1] if turns and turns[-1].until is not None else None


def uncompiled(session: Session, *, now: datetime) -> list[tuple[int, Obligation]]:
    """The desks' own reports whose cut-off has come, oldest first, each with its programme's id."""
    query = (
        select(Matter.programme_id, Obligation)
        .join(Matter, Matter.id == Obligation.id)
        .where(TO_COMPILE, Obligation.compile_at <= now)
        .order_by(Obligation.compile_at, Obligation.id)
    )
    return [(programme_id, own) for programme_id, own in session.execute(query)]


def of_duty(session: Session, programme_id: int, duty: str, *, since: date) -> list[Obligation]:
    """The reports of a duty about days from this one on, but what was cancelled."""
    own = Matter.programme_id == programme_id, Obligation.duty == duty, Obligation.period_start >= since
    query = select(Obligation).join(Matter, Matter.id == Obligation.id)
    return list(session.scalars(query.where(*own, Obligation.standing != Standing.CANCELLED)))


_T, _M = table(Obligation), table(Matter)


def owed(
    session: Session,
    programme_id: int,
    *,
    after: datetime | None,
    until: datetime | None,
    known_at: datetime,
    areas: Collection[str] | None = None,
    duties: Collection[str] | None = None,
) -> list[Owed]:
    """Obligations that fall due in (after, until] as they stood at `known_at`, in order of area and due time. Without
    `after` from the first, without `until` to the last.

    Cancelled ones never existed.

    Args:
        areas: whose; None: everybody's.
        duties: of which; None: of all.
    """
    which = [
        _M.c.programme_id == programme_id,
        *([_T.c.due_at <= until] if until else []),
        *([_T.c.due_at > after] if after else []),
        *([_M.c.area.in_(areas)] if areas is not None else []),
        *([_T.c.duty.in_(duties)] if duties is not None else []),
    ]
    named = {name: _M.c[name] for name in ("key", "code", "area", "closes_after")}
    columns = [named[name] if name in named else _T.c[name] for name in Owed._fields]
    query = (
        select(*columns, _M.c.closed_at)
        .join_from(_T, _M, _M.c.id == _T.c.id)
        .where(_T.c.standing != Standing.CANCELLED, *which)
        .order_by(_M.c.area, _T.c.due_at, _T.c.id)
    )
    rows = [(Owed(*row), closed_at) for *row, closed_at in session.connection().execute(query)]
    ids = [row.id for row, _ in rows]
    received, waivers = stood.received(session, ids, known_at=known_at), stood.waivers(session, ids)
    return [_owed(row, closed_at, received.get(row.id), waivers.get(row.id, []), known_at) for row, closed_at in rows]


def _owed(
    row: Owed, closed_at: datetime | None, received: Received | None, waivers: Sequence[Waiver], known_at: datetime
) -> Owed:
    """As it stood then, whatever was taken back or revoked since."""
    if received:
        return row._replace(standing=Standing.RECEIVED, content=received.content, received_at=received.at, reason="")
    if row.standing is Standing.RECEIVED and row.received_at is not None and row.received_at <= known_at:
        return row._replace(content=None)
    reason = _waived(row, closed_at, waivers, known_at)
    standing = Standing.OWED if reason is None else Standing.WAIVED
    return row._replace(standing=standing, content=None, received_at=None, reason=reason or "")


def _waived(row: Owed, closed_at: datetime | None, waivers: Sequence[Waiver], known_at: datetime) -> str | None:
    """Why it was waived then; None: it was not. One that was not recorded began when its chase ended."""
    if not waivers and row.standing is Standing.WAIVED:
        return row.reason if closed_at is not None and closed_at <= known_at else None
    then = [waiver for waiver in waivers if waiver.at <= known_at]
    return then[-1].reason if then and then[-1].given else None


def problems(session: Session, programme_id: int, *, after: datetime, cut_off: datetime) -> list[Troubled]:
    """Problems that were open at some time in (after, cut_off], in the order in which they were opened.

    What had been merged into another by then is that other: it is left out.
    """
    lately = Matter.closed_at.is_(None) | (Matter.closed_at > after)
    told = _found(session, programme_id, Issue.opened_at <= cut_off, lately, cut_off=cut_off)
    return [own for own in told if own.end is None or (own.end.step is not Step.MERGED and own.end.at > after)]


def problem(session: Session, programme_id: int, code: str, *, cut_off: datetime) -> list[Troubled]:
    """The one problem of that number, whatever became of it; none where there is none."""
    return _found(session, programme_id, Matter.code == code, cut_off=cut_off)


def _found(session: Session, programme_id: int, *which: ColumnElement[bool], cut_off: datetime) -> list[Troubled]:
    query = (
        select(Matter, Issue)
        .join(Issue, Issue.id == Matter.id)
        .where(Matter.programme_id == programme_id, Matter.kind == Kind.ISSUE, *which)
        .order_by(Issue.opened_at, Issue.id)
    )
    rows = [(matter, issue) for matter, issue in session.execute(query)]
    steps = _steps(session, [issue.id for _, issue in rows], cut_off)
    owners = {matter.owner_id for matter, _ in rows} | {step.owner_id for own in steps.values() for step in own}
    titles = offices.titles(session, owners)
    secret = confiding.problems(session, programme_id, known_at=cut_off)
    return [_troubled(matter, issue, steps[issue.id], titles, issue.id in secret) for matter, issue in rows]


def _troubled(
    matter: Matter, issue: Issue, steps: Sequence[IssueEvent], titles: Mapping[int, str], secret: bool
) -> Troubled:
    """What it was after its last step by then. Steps of before that was kept do not say: then it is as it is now."""
    told = next((step for step in reversed(steps) if step.severity is not None), None)
    owner = told.owner_id if told else matter.owner_id
    return Troubled(
        matter,
        issue,
        steps,
        severity=(told.severity if told else None) or issue.severity,
        owner=titles[owner] if owner is not None else "",
        due_at=told.due_at if told else issue.due_at,
        restricted=secret,
    )


def _steps(session: Session, ids: Sequence[int], cut_off: datetime) -> Mapping[int, list[IssueEvent]]:
    query = select(IssueEvent).where(IssueEvent.issue_id.in_(ids), IssueEvent.at <= cut_off)
    steps: dict[int, list[IssueEvent]] = {id: [] for id in ids}
    for step in session.scalars(query.order_by(IssueEvent.at, IssueEvent.id)):
        steps[step.issue_id].append(step)
    return steps
