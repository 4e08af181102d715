"""The register of problems: what one office may see of it, narrowed and searched, in order of weight."""

import itertools
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select, true
from sqlalchemy.orm import Session, aliased

from models.matters import finding
from models.matters.issues import Issue, IssueEvent
from models.matters.matters import PROBLEM, Matter
from models.offices.offices import Office
from rules.issues import Category
from rules.life import Stage
from rules.policy import Severity


class Scope(NamedTuple):
    """What an office may see of one election's problems: those of `areas`, and those that it has or reported.

    Restricted ones only of `confided`, or its own.
    """

    programme_id: int
    areas: Collection[str]
    confided: Collection[str]
    office_id: int


class Wanted(NamedTuple):
    """What somebody looks for. Empty or None: anything. A restricted problem is found by its stage and number alone.

    `owner` is an office's code. Every word of `words` is in the number, the title, the description or a step.
    """

    area: str = ""
    category: Category | None = None
    severity: Severity | None = None
    owner: str = ""
    stage: Stage | None = None
    open: bool = False
    late: bool = False
    restricted: bool = False
    words: Sequence[str] = ()

    @property
    def tells(self) -> bool:
        """Whether finding a problem by this would tell what it is about."""
        return bool(self.area or self.category or self.severity or self.owner)


class Entry(NamedTuple):
    """A problem in the register; `owner` is the title of the office that has it, empty where there is none."""

    matter: Matter
    issue: Issue
    owner: str


_OWNER = aliased(Office)
_WEIGHT = case({severity.value: weight for weight, severity in enumerate(Severity)}, value=Issue.severity)
_ORDER = (Matter.closed_at.is_not(None), _WEIGHT.desc(), Issue.opened_at, Matter.id)


def entries(
    session: Session, scopes: Sequence[Scope], wanted: Wanted, *, start: int = 0, most: int | None = None, now: datetime
) -> list[Entry]:
    """Open ones first, then by severity, then the oldest first."""
    query = (
        select(Matter, Issue, func.coalesce(_OWNER.title, ""))
        .join(Issue, Issue.id == Matter.id)
        .outerjoin(_OWNER, _OWNER.id == Matter.owner_id)
        .where(*_asked(session, scopes, wanted, now))
    )
    rows = session.execute(query.order_by(*_ORDER).offset(start).limit(most))
    return [Entry(matter, issue, owner) for matter, issue, owner in rows]


def count(session: Session, scopes: Sequence[Scope], wanted: Wanted, *, now: datetime) -> int:
    """How many there are."""
    query = (
        select(func.count())
        .select_from(Matter)
        .join(Issue, Issue.id == Matter.id)
        .outerjoin(_OWNER, _OWNER.id == Matter.owner_id)
        .where(*_asked(session, scopes, wanted, now))
    )
    return session.scalar(query) or 0


def _asked(session: Session, scopes: Sequence[Scope], wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    """What is searched in words is fetched first, and named in both tables: else all desks are read."""
    scoped = [
        PROBLEM,
        Matter.programme_id.in_([scope.programme_id for scope in scopes]),
        or_(*map(_seen, scopes)),
        *_narrowed(wanted, now),
    ]
    if not wanted.words:
        return scoped
    query = select(Matter.id).join(Issue, Issue.id == Matter.id).outerjoin(_OWNER, _OWNER.id == Matter.owner_id)
    known = session.scalars(query.where(*scoped)).all()
    return [Matter.id.in_(known), Issue.id.in_(known), *map(_said, wanted.words)]


def _seen(scope: Scope) -> ColumnElement[bool]:
    own = (Matter.owner_id == scope.office_id) | (Matter.giver_id == scope.office_id)
    return and_(
        Matter.programme_id == scope.programme_id,
        own | Matter.area.in_(scope.areas),
        Matter.subject_id.is_distinct_from(scope.office_id),
        Issue.restricted.is_(False) | own | Matter.area.in_(scope.confided),
    )


def _narrowed(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    asked: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.area, Matter.area == wanted.area),
        (wanted.category, Issue.category == wanted.category),
        (wanted.severity, Issue.severity == wanted.severity),
        (wanted.owner, _OWNER.code == wanted.owner),
        (wanted.tells, Issue.restricted.is_(False)),
        (wanted.restricted, Issue.restricted.is_(True)),
        (wanted.open, Matter.closed_at.is_(None)),
        (wanted.late, late(now)),
    ]
    narrowed = [condition for is_asked, condition in asked if is_asked]
    return [*narrowed, staged(wanted.stage, now)] if wanted.stage else narrowed


def staged(stage: Stage, now: datetime) -> ColumnElement[bool]:
    """`rules.life.stage` in SQL; a test holds the two together."""
    reached = {
        Stage.MERGED: Issue.merged_into.is_not(None),
        Stage.CONFIRMED: Issue.confirmed_at.is_not(None),
        Stage.RESOLVED: Issue.resolved_at.is_not(None),
        Stage.POSTPONED: func.coalesce(Issue.postponed_until > now, False),
        Stage.TAKEN_ON: func.coalesce(Matter.acknowledged_until > now, False),
    }
    before = itertools.takewhile(lambda own: own is not stage, reached)
    return and_(*(not_(reached[own]) for own in before), reached.get(stage, true()))


def late(now: datetime) -> ColumnElement[bool]:
    """`rules.life.late` in SQL; a test holds the two together."""
    return staged(Stage.OPEN, now) & func.coalesce(Issue.due_at <= now, False)


def _said(word: str) -> ColumnElement[bool]:
    """The number has it; or, of what is not restricted, the title, the description or a step."""
    like = finding.pattern(word)
    steps = select(IssueEvent.id).where(
        IssueEvent.issue_id == Issue.id, func.lower(IssueEvent.text).like(like, escape="/")
    )
    step = steps.limit(1).scalar_subquery().is_not(None)  # EXISTS would be hashed: all steps of all desks are read
    words = or_(*(func.lower(text).like(like, escape="/") for text in (Issue.title, Issue.detail)), step)
    return func.lower(Matter.code).like(like, escape="/") | (Issue.restricted.is_(False) & words)
