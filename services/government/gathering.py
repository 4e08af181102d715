"""All facts of one report to the Government, each from its subject's module."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.matters import compiling, confiding
from models.matters.compiling import Owed, Troubled
from models.matters.obligations import Obligation
from reports.government import restricted, words
from reports.government.facts import District, Since, Weekly
from reports.government.findings import Findings
from rules.forms import Form
from rules.government import Covers, ReportKind, nature
from rules.policy import Severity
from rules.programme import Programme
from services.government import below, bounds, corrected, findings, header, problems, receipts, special, stages
from services.government.below import Below
from services.government.scope import Scope


class Gathered(NamedTuple):
    """The facts of a report, and those of its annex of restricted problems; None: it has none."""

    facts: Weekly
    annex: Weekly | None


def gather(
    session: Session,
    programme_id: int,
    programme: Programme,
    forms: Mapping[str, Form],
    kind: ReportKind,
    own: Obligation,
    *,
    first: datetime | None = None,
) -> Gathered:
    """The facts of one own report as they stood at its cut-off.

    Args:
        first: the cut-off of its first version, where this one corrects it.
    """
    about = own.slot.partition("~")[0] if kind.covers is Covers.PROBLEM else ""
    hours = bounds.of(session, programme_id, kind, own, first or own.opens_at)
    whole = kind.covers is Covers.ELECTION
    scope = Scope(programme_id, programme, forms, own.period_start, own.period_end, own.opens_at, about, whole, hours)
    confided = confiding.known(session, programme_id, since=scope.starts_at, known_at=scope.cut_off)
    scope = scope._replace(known_confided=confided)
    after, until = scope.within
    due = compiling.owed(session, programme_id, after=after, until=own.opens_at, known_at=own.opens_at)
    owed, later = receipts.parted(scope, due)
    recorded = _recorded(session, scope)
    of_period = [t for t in recorded if scope.problem or t.issue.opened_at <= until]
    told = [t for t in of_period if not t.restricted]
    sent = below.gather(session, scope)
    found = Weekly(
        header=header.header(session, programme, kind, own, hours),
        legal_bases=header.legal_bases(programme, kind, own),
        stages=tuple(stages.stages(programme, own)),
        polling=None if about else header.polling(programme),
        districts=tuple(_districts(scope, owed, told)),
        problems=(*(problems.problem(scope, t) for t in told), *sent.problems),
        restricted=sum(t.restricted for t in of_period) + sent.restricted,
        recommendations=(*problems.recommendations(told), *sent.recommendations),
        findings=_with_below(
            findings.gather(session, scope, [t for t in recorded if t.end is None and not t.restricted]), scope, sent
        ),
        kind=kind,
        corrected=corrected.left_before(session, programme, programme_id, own),
        since=None if about else _since(scope, later, recorded[len(of_period) :], sent.since),
        asked=special.asked(session, own) if told and about else None,
    )
    told_of = (*found.problems, *(found.since.problems if found.since else ()))
    grave = any(one.severity is Severity.HIGH and not one.resolved for one in told_of)
    urgent = nature(kind.covers, grave=grave)
    found = replace(found, header=replace(found.header, subject=words.kind(found).subject, nature=urgent))
    return Gathered(found, _annex(session, scope, found, [t for t in recorded if t.restricted], own))


def _annex(session: Session, scope: Scope, found: Weekly, secret: list[Troubled], own: Obligation) -> Weekly | None:
    """What the one addressed is told of restricted problems, where the kind says so."""
    if not secret or found.kind.restricted is None:
        return None
    told = tuple(problems.problem(scope, t) for t in secret)
    advised = tuple(problems.recommendations(secret))
    asked = special.asked(session, own, confided=True) if scope.problem else None
    places = receipts.districts(scope.programme, [])
    return restricted.annex(found, found.kind.restricted, places, told, advised, asked)


def _districts(scope: Scope, owed: list[Owed], told: Sequence[Troubled]) -> Iterable[District]:
    """What every district owed; of a report about one problem its district alone, and nothing of what was owed."""
    if not scope.problem:
        return receipts.districts(scope.programme, owed)
    places = {troubled.matter.area for troubled in told}
    return (own for own in receipts.districts(scope.programme, []) if own.code in places)


def _with_below(own: Findings, scope: Scope, sent: Below) -> Findings:
    """With what the desks below ask of those above; a special report tells of its own problem alone."""
    if scope.problem:
        return own
    withheld = own.appeals_withheld + sent.appeals_withheld
    return replace(own, appeals=(*own.appeals, *sent.appeals), appeals_withheld=withheld)


def _since(scope: Scope, later: list[Owed], opened: Sequence[Troubled], sent: Since) -> Since | None:
    """What came after the period; None: it was still running."""
    _, until = scope.within
    if until == scope.cut_off and sent == below.NOTHING:
        return None
    fell_due = receipts.districts(scope.programme, later)
    return Since(
        tuple(district for district in fell_due if district.reports),
        (*(problems.problem(scope, t) for t in opened if not t.restricted), *sent.problems),
        sum(t.restricted for t in opened) + sent.restricted,
    )


def _recorded(session: Session, scope: Scope) -> Sequence[Troubled]:
    """The problems that the report is about: all of its days, or its one."""
    if scope.problem:
        return special.about(session, scope, scope.problem)
    after, _ = scope.within
    return compiling.problems(session, scope.programme_id, after=after, cut_off=scope.cut_off)
