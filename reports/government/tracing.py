"""What stands behind every figure: the rows that it counts, by their numbers, so that anybody can count again.

A figure counts a row if it counts it where nothing else is. So what a figure counts is decided in one place alone.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from reports.government import found
from reports.government.facts import Since, Weekly, digest
from reports.government.figures import printed, told
from reports.government.findings import Findings
from reports.government.outlook import Risks
from reports.government.outreach import Chased
from reports.government.situation import Group

WHOLE = "seluruh wilayah"
"""Stands for the row where a number is counted out of the whole area."""

Share = tuple[str, str, int]
"""The figure, the row, and how much of the figure the row is."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure with its rows and how much each gives. `withheld`: what restricted rows give, which are not named."""

    name: str
    value: int
    rows: tuple[tuple[str, int], ...]

    @property
    def withheld(self) -> int:
        return self.value - sum(share for _, share in self.rows)


def traces(facts: Weekly) -> tuple[Trace, ...]:
    """Every figure that is printed, in alphabetical order."""
    values = told(facts)
    rows: dict[str, dict[str, int]] = defaultdict(dict)
    for name, row, share in _shares(facts):
        if share and name in values:
            rows[name][row] = share
    return tuple(Trace(name, value, tuple(rows[name].items())) for name, value in sorted(values.items()))


def to_json(facts: Weekly, *, stored: str = "") -> bytes:
    """The machine-readable annex; `stored`: as in `letter.document`."""
    head = facts.header
    told = {
        "desk": head.desk,
        "period": [head.period_start.isoformat(), head.period_end.isoformat()],
        "cut_off": head.cut_off.isoformat(),
        "version": head.version,
        "facts_sha256": stored or digest(facts),
        "figures": [
            {"name": own.name, "value": own.value, "rows": dict(own.rows), "withheld": own.withheld}
            for own in traces(facts)
        ],
    }
    return f"{json.dumps(told, indent=1)}\n".encode()


def _shares(facts: Weekly) -> Iterator[Share]:
    yield from _receipts(facts)
    nowhere = _nowhere(facts)
    for problem in facts.problems:
        alone = printed(replace(nowhere, problems=(replace(problem, district=""),)))
        yield from ((name, problem.code, share) for name, share in alone.items() if name.startswith("problems"))
    if facts.polling:
        known = printed(replace(nowhere, polling=facts.polling))
        yield from ((name, facts.polling.source, known[name]) for name in known if name.startswith("polling."))
    if facts.since:
        yield from _since(nowhere, facts.since)
    if facts.findings:
        yield from _found(facts, facts.findings)


def _nowhere(facts: Weekly) -> Weekly:
    """The report with nothing that could be counted."""
    return replace(facts, districts=(), problems=(), polling=None, findings=None, since=None, restricted=0)


def _since(nowhere: Weekly, since: Since) -> Iterator[Share]:
    """What came after the period."""
    rows = [(report.code, Since((replace(d, reports=(report,)),))) for d in since.districts for report in d.reports]
    rows += [(problem.code, Since(problems=(replace(problem, district=""),))) for problem in since.problems]
    for row, only in rows:
        yield from ((name, row, share) for name, share in printed(replace(nowhere, since=only)).items())


def _receipts(facts: Weekly) -> Iterator[Share]:
    bare = _nowhere(facts)
    for district in facts.districts:
        alone = printed(replace(bare, districts=(district,)))
        yield from ((name, district.code, alone[name]) for name in alone if name.partition(".")[0] == "districts")
        for report in district.reports:
            one = printed(replace(bare, districts=(replace(district, reports=(report,)),)))
            named = (name for name in one if name.startswith(("reports.", "district.")))
            yield from ((name, report.code, one[name]) for name in named)


def _found(facts: Weekly, own: Findings) -> Iterator[Share]:
    for group in own.situation:
        yield from _group(facts, group)
    for part in ("meetings", "advice", "silent", "judged", "late", "photos", "team", "trips", "appeals"):
        for row in getattr(own, part):
            only: dict[str, Any] = {part: (row,)}
            yield from _alone(facts, Findings(**only), _name(row))
    for each in own.support:
        for item in each.items:
            yield from _alone(facts, Findings(support=(replace(each, items=(item,)),)), item.code)
    for place in own.risks.places:
        where = f"{place.village} TPS {place.station}" if place.station else place.village
        yield from _alone(facts, Findings(risks=Risks((place,))), f"{place.district} {where}")
    for area in own.risks.unheard:
        yield from _alone(facts, Findings(risks=Risks(unheard=(area,))), area)
    for code in own.risks.problems:
        yield from _alone(facts, Findings(risks=Risks(problems=(code,))), code)
    for chased in own.chased:
        yield from _words(facts, chased)


def _group(facts: Weekly, group: Group) -> Iterator[Share]:
    """Where something is withheld no district is named: who is missing from the list would be known."""
    bare = replace(group, seen=(), withheld=(), figures=())
    whole = found.printed(replace(facts, findings=Findings(situation=(group,))))
    yield from ((name, group.code, whole[name]) for name in whole if name.startswith("situation.groups"))
    if group.withheld:
        return
    for seen in group.seen:
        alone = replace(bare, seen=(seen,))
        yield from _of(facts, alone, seen.source or seen.district)
    for figure in group.figures:
        if figure.out_of is not None and replace(figure, whole=None).out_of is None:
            yield f"situation.{group.code}.{figure.code}.of", WHOLE, figure.out_of
        for counted in figure.counts:
            alone = replace(bare, figures=(replace(figure, counts=(counted,), whole=None),))
            yield from _of(facts, alone, counted.source or counted.district)


def _of(facts: Weekly, group: Group, row: str) -> Iterator[Share]:
    shares = _alone(facts, Findings(situation=(group,)), row)
    return (own for own in shares if not own[0].startswith("situation.groups"))


def _words(facts: Weekly, chased: Chased) -> Iterator[Share]:
    for word in chased.words:
        row = f"pesan {word.message}" if word.message else f"{chased.report} {word.at.isoformat()}"
        yield from _alone(facts, Findings(chased=(replace(chased, words=(word,)),)), row)


def _alone(facts: Weekly, own: Findings, row: str) -> Iterator[Share]:
    for name, share in found.printed(replace(facts, findings=own)).items():
        yield name, row, share


def _name(row: object) -> str:
    """What a row is called: its number, the report it came from, its place or its office."""
    known = {field.name for field in fields(row)}  # type: ignore[arg-type]
    names: Iterable[str] = (
        name for name in ("code", "report", "source", "digest", "district", "office") if name in known
    )
    return " ".join(str(getattr(row, name)) for name in names)
