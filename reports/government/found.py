"""Every figure that the report prints of its findings, counted from their rows."""

from collections import Counter
from collections.abc import Iterable, Iterator

from reports.government.facts import Weekly
from reports.government.findings import Findings
from reports.government.outreach import Chased, Late, Word
from reports.government.situation import Group
from reports.government.support import Item, Prepared
from reports.government.trips import Trip
from rules import readiness
from rules.advice import Stage
from rules.desk import Audience
from rules.fairness import Cause
from rules.reaching import End
from rules.readiness import Ready
from rules.situation import Shown

OPEN = (Stage.GIVEN, Stage.CONFIRMED)


def printed(facts: Weekly) -> dict[str, int]:
    """`situation.logistik.troubled`, `situation.logistik.tps-siap`, `meetings`, `advice.late`, `risks.Blank spot`,
    `late.ours`, `chased.63.04.02.arrived`, `support.logistik.ready` and the like; none where the report
    was frozen without them.
    """
    own = facts.findings
    if own is None:
        return {}
    figures = dict(_situation(own.situation))
    figures |= {"meetings": len(own.meetings), "photos": len(own.photos), "team": len(own.team)}
    figures |= {"appeals": len(own.appeals), "appeals.withheld": own.appeals_withheld}
    figures["appeals.answered"] = sum(one.answered_on is not None for one in own.appeals)
    for meeting in own.meetings:
        counts = (("invited", meeting.invited), ("attended", meeting.attended))
        figures |= {f"meeting.{meeting.code}.{name}": len(offices) for name, offices in counts}
        figures[f"meeting.{meeting.code}.recorded"] = meeting.recorded
    figures |= _trips(own.trips) | _support(own.support)
    return figures | _advice(facts, own) | _outlook(own) | _late(facts, own) | _chased(facts, own)


def _trips(trips: Iterable[Trip]) -> dict[str, int]:
    trips = list(trips)
    told = [own for own in trips if own.told]
    figures = {"trips": len(told), "trips.people": sum(own.people for own in told)}
    figures["trips.unreported"] = len(trips) - len(told)
    return figures | {f"trip.{own.code}.people": own.people for own in told}


def _support(every: Iterable[Prepared]) -> dict[str, int]:
    """Of each preparation and of all; none where there is no plan."""
    every = list(every)
    if not every:
        return {}
    items = [own for each in every for own in each.items]
    figures = _ready("support", items) | {"support.holding": sum(bool(own.holds) for own in items)}
    for each in every:
        figures |= _ready(f"support.{each.code}", each.items)
    return figures


def _ready(name: str, items: Iterable[Item]) -> dict[str, int]:
    counted = readiness.tally((own.ready, own.late) for own in items)
    stand = {f"{name}.{ready}": counted.by.get(ready, 0) for ready in Ready}
    return {f"{name}.total": counted.total, **stand, f"{name}.late": counted.late}


def _situation(groups: Iterable[Group]) -> Iterator[tuple[str, int]]:
    groups = list(groups)
    yield "situation.groups", len(groups)
    for shown in Shown:
        yield f"situation.groups.{shown}", sum(group.worst is shown for group in groups)
    for group in groups:
        name = f"situation.{group.code}"
        yield f"{name}.districts", len(group.all)
        yield from ((f"{name}.{shown}", group.all.count(shown)) for shown in Shown)
        for figure in group.figures:
            if figure.counts:
                yield f"{name}.{figure.code}", figure.total
                yield f"{name}.{figure.code}.counted", len(figure.counts)
                if figure.out_of is not None:
                    yield f"{name}.{figure.code}.of", figure.out_of


def _advice(facts: Weekly, own: Findings) -> dict[str, int]:
    late = [one for one in own.advice if one.stage in OPEN and one.due_at <= facts.header.cut_off]
    by_stage = Counter(one.stage for one in own.advice)
    counts = {"advice": len(own.advice), "advice.withheld": own.advice_withheld, "advice.late": len(late)}
    return counts | {f"advice.{stage}": by_stage[stage] for stage in Stage}


def _outlook(own: Findings) -> dict[str, int]:
    kinds = Counter(kind for place in own.risks.places for kind in place.kinds)
    return {
        "risks": len(own.risks.places),
        **{f"risks.{kind}": many for kind, many in sorted(kinds.items())},
        "risks.problems": len(own.risks.problems),
        "risks.unheard": len(own.risks.unheard),
        "silent": len(own.silent),
        "judged": len(own.judged),
        "judged.withheld": own.judged_withheld,
    }


def late(facts: Weekly, own: Findings) -> list[Late]:
    """Of the reports that fell due in the period, those that were late or missing."""
    codes = {report.code for report in facts.reports}
    return [one for one in own.late if one.report in codes]


def _late(facts: Weekly, own: Findings) -> dict[str, int]:
    causes = Counter(one.cause for one in late(facts, own))
    ours = sum(many for cause, many in causes.items() if cause.ours)
    return {"late": sum(causes.values()), "late.ours": ours, **{f"late.{cause}": causes[cause] for cause in Cause}}


def chased(facts: Weekly, own: Findings) -> dict[str, list[Chased]]:
    """By district, its missing reports of the period with their chase."""
    of = {report.code: district.code for district, reports in facts.missing for report in reports}
    found: dict[str, list[Chased]] = {district.code: [] for district, _ in facts.missing}
    for one in own.chased:
        if one.report in of:
            found[of[one.report]].append(one)
    return found


def words(reports: Iterable[Chased]) -> list[Word]:
    """Every word about these reports, the first first. One message about several of them is one word."""
    every = {word.message or (word.at, word.office): word for one in reports for word in one.words}
    return sorted(every.values(), key=lambda word: (word.at, word.office, word.message))


def _chased(facts: Weekly, own: Findings) -> dict[str, int]:
    figures: dict[str, int] = {}
    for district, reports in chased(facts, own).items():
        said = words(reports)
        below, above = [w for w in said if not w.audience.above_team], [w for w in said if w.audience.above_team]
        name = f"chased.{district}"
        figures |= {f"{name}.words": len(below), f"{name}.above": len(above)}
        figures |= {f"{name}.{end}": sum(word.end is end for word in below) for end in End}
        figures |= {f"{name}.{who}": sum(w.audience is who for w in above) for who in Audience if who.above_team}
    return figures
