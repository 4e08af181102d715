"""Problems and advice as they stood at the cut-off."""

from collections.abc import Iterable

from models.matters.compiling import Troubled
from models.matters.issues import IssueEvent, Step
from reports.government.facts import FollowUp, Problem, Recommendation, Status
from rules.indonesian import local_date, moment
from rules.ladder import paused
from services.government.scope import Scope


def problem(scope: Scope, troubled: Troubled) -> Problem:
    """One problem with what was done about it until then."""
    matter, issue, desk = troubled.matter, troubled.issue, scope.programme.desk
    zone = desk.zone_of(matter.area)
    done = [step for step in troubled.steps if step.step in (Step.ACKNOWLEDGED, Step.FOLLOWED_UP)]
    return Problem(
        code=matter.code,
        district=matter.area,
        opened_on=local_date(issue.opened_at, zone),
        category=issue.category,
        severity=troubled.severity,
        title=issue.title,
        follow_ups=tuple(FollowUp(local_date(step.at, zone), _done(step, zone)) for step in done),
        office=troubled.owner or desk.office(desk.coordinators[matter.area]).title,
        status=status(scope, troubled),
        outcome=troubled.end.text if troubled.end else "",
        village=desk.village_name(issue.village).partition(", ")[0] if issue.village else "",
        station=issue.station,
        affected=issue.affected,
        due_at=troubled.due_at,
    )


def status(scope: Scope, troubled: Troubled) -> Status:
    """Where it stood. Who took it on has it in hand as long as he said, and no longer."""
    rests = troubled.rests
    if troubled.end:
        return Status.RESOLVED
    if rests and paused(scope.cut_off, rests.until) is not None:
        return Status.POSTPONED if rests.step is Step.POSTPONED else Status.ACKNOWLEDGED
    followed_up = any(step.step is Step.FOLLOWED_UP for step in troubled.steps)
    return Status.FOLLOWED_UP if followed_up else Status.OPEN


def recommendations(troubled: list[Troubled]) -> Iterable[Recommendation]:
    """What was advised about them, in their order."""
    for own in troubled:
        for step in own.steps:
            if step.step is Step.RECOMMENDED:
                yield Recommendation(step.text, problem=own.matter.code)


def _done(step: IssueEvent, zone: str) -> str:
    if step.step is Step.FOLLOWED_UP:
        return step.text
    until = f", sampai dengan {moment(step.until, zone)}" if step.until else ""
    said = step.text or "Diterima untuk ditindaklanjuti"
    return f"{said.rstrip(' .')}{until}" if until else said
