"""Meetings, advice and directions as they stood at the cut-off, by what the record of changes says until then."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from models.desk import changes
from models.matters import advice
from models.matters.advice import Given
from reports.government.counsel import Advice, Meeting
from rules import advice as rule
from rules.advice import Course, Deed, Sort, Stage
from rules.indonesian import local_date
from services.government.scope import Scope


def given(session: Session, scope: Scope) -> tuple[tuple[Meeting, ...], tuple[Advice, ...], int]:
    """Meetings, advice and directions of the period, and how many of these are not told: they are about a restricted
    problem.
    """
    all_ = advice.given(session, scope.programme_id, since=scope.starts_at, until=scope.cut_off)
    all_ = [own for own in all_ if scope.problem in ("", own.about)]
    secret = scope.confided.problems
    open_ = [own for own in all_ if own.advice.issue_id not in secret]
    courses = _courses(session, open_, scope)
    told = [own for own in open_ if own.advice.sort is not Sort.MEETING]
    kept_back = sum(own.advice.issue_id in secret and own.advice.sort is not Sort.MEETING for own in all_)
    return (
        tuple(_meetings(session, scope)),
        tuple(_advice(own, courses[own.matter.id], scope) for own in told),
        kept_back,
    )


def _courses(session: Session, given: Iterable[Given], scope: Scope) -> Mapping[int, Course]:
    by_id = {own.matter.id: own for own in given}
    deeds: dict[int | None, list[Deed]] = defaultdict(list)
    for change in changes.of(session, by_id, until=scope.cut_off):
        deeds[change.matter_id].append(Deed(change.what, change.text, change.until))
    return {id: rule.course(deeds[id], own.charge.due_at) for id, own in by_id.items()}


def _advice(own: Given, course: Course, scope: Scope) -> Advice:
    return Advice(
        code=own.matter.code,
        sort=own.advice.sort,
        text=own.advice.text,
        giver=own.giver.title,
        to=own.owner.title,
        given_on=local_date(own.advice.given_at, scope.programme.desk.zone),
        due_at=course.due_at,
        stage=course.stage,
        district=own.advice.area if own.advice.area in scope.areas else "",
        problem=own.about or "",
        outcome=course.outcome,
    )


def _meetings(session: Session, scope: Scope) -> Iterable[Meeting]:
    """Those that began in the period or until the cut-off, in order of time."""
    secret = scope.confided.problems
    found: dict[int, list[Given]] = defaultdict(list)
    for own in advice.meetings(session, scope.programme_id, since=scope.starts_at, until=scope.cut_off):
        if own.advice.issue_id not in secret and scope.problem in ("", own.about):
            found[own.advice.id].append(own)
    for invited in found.values():
        courses = _courses(session, invited, scope)
        if any(courses[own.matter.id].stage is not Stage.WITHDRAWN for own in invited):
            yield _meeting(invited, courses)


def _meeting(invited: list[Given], courses: Mapping[int, Course]) -> Meeting:
    one = invited[0].advice
    came = [courses[own.matter.id].attended for own in invited]
    assert one.starts_at is not None
    return Meeting(
        code=f"A-{one.number:04d}",
        agenda=one.text,
        place=one.place,
        starts_at=one.starts_at,
        called_by=invited[0].giver.title,
        invited=tuple(own.owner.title for own in invited),
        attended=tuple(own.charge.deputy or own.owner.title for own, was in zip(invited, came, strict=True) if was),
        recorded=sum(was is not None for was in came),
    )
