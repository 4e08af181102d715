"""Places at risk, silence, and what districts judge and expect themselves, as it was known at the cut-off."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from sqlalchemy.orm import Session

from models.matters import compiling, said, silences
from models.matters import risks as kept
from models.matters.said import Judgement
from reports.government.outlook import Judged, Place, Risks, Silent
from rules import risks
from rules.risks import Risk
from services.government.scope import Scope


def at_risk(session: Session, scope: Scope, troubled: Sequence[compiling.Troubled]) -> Risks:
    """Places at risk, which of these problems lie there, and which of their districts sent no report.

    Of a report about one problem only those of its district.

    Args:
        troubled: problems that are neither restricted nor over.
    """
    areas = sorted({t.matter.area for t in troubled}) if scope.problem else scope.areas
    own = [row.risk for row in kept.held(session, scope.programme_id, areas, at=scope.cut_off)]
    span = {"since": scope.starts_at, "until": scope.cut_off}
    heard = kept.heard(session, scope.programme_id, areas, **span)
    there = [t.matter.code for t in troubled if risks.of(own, t.issue.village, t.issue.station)]
    unheard = sorted(risks.unheard(scope.programme.desk, own, heard))
    return Risks(tuple(_places(own, scope)), tuple(unheard), tuple(there))


def _places(own: Iterable[Risk], scope: Scope) -> Iterable[Place]:
    desk = scope.programme.desk
    for (village, station), group in groupby(own, key=lambda risk: risk.key[:2]):
        found = list(group)
        newest = max(found, key=lambda risk: risk.known_on)
        kinds = tuple(desk.risks.get(risk.key.kind, risk.key.kind) for risk in found)
        name = desk.village_name(village).split(", ")[0]
        yield Place(found[0].key.district, name, station, kinds, newest.source, newest.known_on)


def silent(session: Session, scope: Scope) -> tuple[Silent, ...]:
    """Districts of which nothing was heard together with their neighbours."""
    found = silences.at(session, scope.programme_id, scope.cut_off)
    return tuple(Silent(own.area, own.began_at) for own in found if own.area in scope.areas)


def judged(session: Session, scope: Scope) -> tuple[tuple[Judged, ...], int]:
    """What districts judge and expect, and how many are left out, because a restricted problem lies there.

    Who writes about everything in one text may write of that as well.
    """
    confided = scope.confided.areas
    span = {"since": scope.starts_at, "until": scope.cut_off}
    newest = {own.area: own for own in said.judgements(session, scope.programme_id, scope.areas, **span)}
    told = [newest[area] for area in scope.areas if area in newest]
    open_ = [own for own in told if own.area not in confided]
    return tuple(_judged(own) for own in open_), len(told) - len(open_)


def _judged(own: Judgement) -> Judged:
    return Judged(own.area, f"{own.code} v{own.version}", own.by, own.analysis, own.forecast, own.advice)
