"""The rows of the report's tables, as texts: stages, problems, districts, what is not yet received, what was waived."""

from dataclasses import dataclass

from reports import words
from reports.facts import COUNTS, District, Problem, Report, Stage, Weekly
from rules.filing import Standing
from rules.indonesian import count, day, moment, number, percent, period
from rules.issues import SEVERITIES
from rules.policy import Severity

Row = list[str]
RANK = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
PRINTED = ("owed", "received", "filled", "nil", "partial", "late", "waived", "missing")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many rows the letter itself takes before it refers to its annex."""

    problems: int = 10
    missing: int = 40


BOUNDS = Bounds()


def stages(facts: Weekly) -> list[Row]:
    """Name, dates, where it is in the period, legal basis."""
    first, last = facts.header.period_start, facts.header.period_end
    return [[s.name, _dates(s), words.COURSES[s.course(first, last)], s.legal_basis] for s in facts.stages]


def problems(facts: Weekly, chosen: tuple[Problem, ...]) -> list[dict[str, object]]:
    """The seven columns of the problem table, numbered in the order given."""
    names = {district.code: district.name for district in facts.districts}
    return [
        {
            "no": str(n),
            "place": f"Kec. {names[p.district]}" if p.district else facts.header.regency,
            "date": day(p.opened_on),
            "title": p.title,
            "kind": f"{p.code} · {words.category(p.category)} · {SEVERITIES[p.severity]}",
            "done": [[day(f.on), f.text] for f in p.follow_ups],
            "outcome": p.outcome,
            "office": p.office,
            "status": words.STATUSES[p.status],
        }
        for n, p in enumerate(chosen, 1)
    ]


def gravest(facts: Weekly) -> tuple[Problem, ...]:
    """All problems if they are few; else the unsolved and most serious, the oldest first."""
    if len(facts.problems) <= BOUNDS.problems:
        return facts.problems
    ranked = sorted(facts.problems, key=lambda p: (p.resolved, RANK.index(p.severity), p.opened_on, p.code))
    return tuple(ranked[: BOUNDS.problems])


def missing(facts: Weekly, *, detailed: bool) -> list[dict[str, object]]:
    """Each district with a report not yet received, by name; `detailed` with the code and due time of each."""
    return [
        {
            "name": district.name,
            "team": district.team,
            "count": number(len(reports)),
            "reports": _by_duty(district, reports) if detailed else [],
        }
        for district, reports in facts.missing
    ]


def districts(facts: Weekly) -> list[Row]:
    """Number, name, team, the counts, and the share received; the totals are not in it."""
    return [[str(n), d.name, d.team, *_counts(d)] for n, d in enumerate(facts.districts, 1)]


def totals(facts: Weekly) -> Row:
    """The counts of all districts together and the share received."""
    counts = {name: facts.total(name) for name in COUNTS}
    return [*(number(counts[name]) for name in PRINTED), percent(counts["received"], counts["owed"]) or "–"]


def waived(facts: Weekly) -> list[str]:
    """Each waived report with its reason, in the order of the districts."""
    return [
        f"{r.code} {r.duty}, Kec. {d.name}, {moment(r.due_at, d.zone)}: {r.reason or 'tanpa keterangan'}"
        for d in facts.districts
        for r in d.reports
        if r.standing is Standing.WAIVED
    ]


def summary(facts: Weekly) -> list[Row]:
    """The figures a reader in a hurry wants, each with its words."""
    missed, unsolved = facts.total("missing"), [p for p in facts.problems if not p.resolved]
    complete = len(facts.districts) - len(facts.missing)
    if not facts.reports:
        return [["nihil", "laporan wajib"], [number(len(facts.districts)), "kecamatan dipantau"], _grave(unsolved)]
    return [
        [f"{number(facts.total('received'))} dari {number(facts.total('owed'))}", "laporan diterima"],
        [f"{number(complete)} dari {number(len(facts.districts))}", "kecamatan lengkap"],
        [count(missed), "laporan belum diterima"],
        _grave(unsolved),
    ]


def _grave(unsolved: list[Problem]) -> Row:
    grave = sum(problem.severity is Severity.HIGH for problem in unsolved)
    more = f", {count(grave)} sangat rawan" if unsolved else ""
    return [count(len(unsolved)), f"permasalahan belum selesai{more}"]


def _counts(district: District) -> Row:
    return [*(number(getattr(district, name)) for name in PRINTED), percent(district.received, district.owed) or "–"]


def _dates(stage: Stage) -> str:
    if stage.start and stage.end:
        return period(stage.start, stage.end)
    if stage.start:
        return f"mulai {day(stage.start)}"
    return f"sampai dengan {day(stage.end)}" if stage.end else "belum ditetapkan"


def _by_duty(district: District, reports: tuple[Report, ...]) -> list[Row]:
    duties = dict.fromkeys(report.duty for report in reports)
    return [
        [duty, "; ".join(f"{r.code} (batas {moment(r.due_at, district.zone)})" for r in reports if r.duty == duty)]
        for duty in duties
    ]
