"""What the reports of the level below say, as the desk above had them at its cut-off."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.matters import arrivals
from reports.government import facts
from reports.government.appeals import Appeal
from reports.government.facts import Since, Weekly
from reports.government.findings import Findings
from rules.policy import Severity
from services.government.scope import Scope

_RANK = tuple(reversed(Severity))
NOTHING = Since()


class Below(NamedTuple):
    """Problems, the grave and unsolved first whosever they are; advice; how many problems are only counted.

    `appeals`: what their desks ask of those above, as this one is told it.
    `since`: what the desks below already knew of the days after those that this report is about.
    """

    problems: tuple[facts.Problem, ...] = ()
    recommendations: tuple[facts.Recommendation, ...] = ()
    restricted: int = 0
    since: Since = NOTHING
    appeals: tuple[Appeal, ...] = ()
    appeals_withheld: int = 0


def gather(session: Session, scope: Scope) -> Below:
    """All of it, from the newest version of each report about the period; nothing at a regency's desk."""
    came = arrivals.of_period(session, scope.programme_id, scope.first, scope.last, until=scope.cut_off)
    sent = {area: facts.from_json(arrival.facts) for area, arrival in came.items()}
    problems = sorted((_problem(area, own) for area, report in sent.items() for own in _all(report)), key=_gravest)
    later = sum(_apart(report).restricted for report in sent.values() if report.header.period_end == scope.last)
    restricted = sum(report.restricted + _apart(report).restricted for report in sent.values())
    return Below(
        problems=tuple(own for own in problems if own.opened_on <= scope.last),
        recommendations=tuple(
            replace(own, problem=_code(area, own.problem))
            for area, report in sent.items()
            for own in report.recommendations
        ),
        restricted=restricted - later,
        since=Since(problems=tuple(own for own in problems if own.opened_on > scope.last), restricted=later),
        appeals=tuple(_appeal(area, own) for area, report in sent.items() for own in _found(report).appeals),
        appeals_withheld=sum(_found(report).appeals_withheld for report in sent.values()),
    )


def _apart(report: Weekly) -> Since:
    return report.since or NOTHING


def _found(report: Weekly) -> Findings:
    return report.findings or Findings()


def _appeal(area: str, own: Appeal) -> Appeal:
    """Of the area below, or of one below that: a number is one desk's own."""
    code, problem = (_code(area, said) for said in (own.code, own.problem))
    return replace(own, district=area, code=code, problem=problem)


def _all(report: Weekly) -> Iterable[facts.Problem]:
    """Also what it tells after its own days: those may still be days of the report above."""
    return (*report.problems, *_apart(report).problems)


def _gravest(problem: facts.Problem) -> tuple[object, ...]:
    return problem.resolved, _RANK.index(problem.severity), problem.opened_on, problem.code


def _problem(area: str, own: facts.Problem) -> facts.Problem:
    """As the desk below wrote it, at its place there: numbers of problems are each desk's own."""
    return replace(own, district=area, code=_code(area, own.code))


def _code(area: str, code: str) -> str:
    return f"{area}/{code}" if code else ""
