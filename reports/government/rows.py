"""The tables of the report: stages, problems, districts, what is not yet received; and what was waived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from reports.government import words
from reports.government.document import Align, Box, Cell, Column, Line, Row, Table, Tone
from reports.government.facts import District, Problem, Report, Weekly
from reports.government.figures import COUNTS, printed
from rules import levels
from rules.filing import Standing
from rules.indonesian import count, day, moment, number, of_them, percent
from rules.issues import SEVERITIES
from rules.policy import Severity

RANK = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
PRINTED = ("owed", "received", "filled", "nil", "partial", "late", "waived", "missing")
NUMBER = Column("No", 0.75, align=Align.CENTER)
PROBLEMS = (
    NUMBER,
    Column("Lokasi", 2.1),
    Column("Tanggal", 1.6),
    Column("Permasalahan"),
    Column("Tindak lanjut", share=1.12),
    Column("Penanggung jawab", 2.2),
    Column("Status", 1.95),
)
BELOW = "Wilayah"
"""Stands for what the areas below the desk are."""
MISSING = (NUMBER, Column(BELOW, 2.8), Column("Tim", 2.5), Column("Jumlah", 1.4, align=Align.CENTER))
DISTRICTS = (
    NUMBER,
    Column(BELOW),
    Column("Tim", 2.2),
    Column("Wajib", 1.1, align=Align.RIGHT),
    Column("Jumlah", 1.2, align=Align.RIGHT, group="Diterima"),
    Column("Berisi", 1.1, align=Align.RIGHT, group="Diterima"),
    Column("Nihil", 1.1, align=Align.RIGHT, group="Diterima"),
    Column("Sebagian", 1.4, align=Align.RIGHT, group="Diterima"),
    Column("Lewat waktu", 1.2, align=Align.RIGHT, group="Diterima"),
    Column("Dikecualikan", 1.95, align=Align.RIGHT),
    Column("Belum diterima", 1.3, align=Align.RIGHT),
    Column("Diterima (%)", 1.4, align=Align.RIGHT),
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many rows the letter itself takes before it refers to its annex."""

    problems: int = 10
    missing: int = 40


BOUNDS = Bounds()


def said(text: str, tone: Tone = Tone.PLAIN) -> Cell:
    """A cell with one line of text."""
    return Cell((Line(text, tone=tone),))


def counted(value: int, tone: Tone = Tone.PLAIN) -> Cell:
    """A cell with a whole number."""
    return Cell((Line(number(value), tone=tone),), value)


def dated(on: date) -> Cell:
    """A cell with a day."""
    return Cell((Line(day(on)),), on)


def share(part: int, whole: int, tone: Tone = Tone.PLAIN) -> Cell:
    """A cell with a percentage; of nothing it is a dash."""
    return Cell((Line(percent(part, whole) or "–", tone=tone),), Fraction(part, whole) if whole else None)


def problems(facts: Weekly, chosen: tuple[Problem, ...], name: str = "Permasalahan") -> Table:
    """The seven columns of the problem table, numbered in the order given."""
    rows = (
        (
            counted(n),
            _placed(facts, p),
            dated(p.opened_on),
            _titled(p),
            _done(facts, p),
            said(p.office),
            said(words.STATUSES[p.status], Tone.PLAIN if p.resolved else Tone.STRONG),
        )
        for n, p in enumerate(chosen, 1)
    )
    return Table(name, PROBLEMS, tuple(rows))


def place(facts: Weekly, problem: Problem) -> str:
    """Where a problem is: its district, or the regency."""
    names = {district.code: district.name for district in facts.districts}
    if not problem.district:
        return facts.header.regency
    return short(facts, names[problem.district])


def short(facts: Weekly, name: str) -> str:
    return levels.short(levels.named(facts.header.level, name))


def headed(facts: Weekly, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns, with what the areas below this desk are."""
    name = levels.heading(facts.header.level)
    return tuple(replace(own, head=name) if own.head == BELOW else own for own in columns)


def gravest(facts: Weekly) -> tuple[Problem, ...]:
    """All problems if they are few; else the unsolved and most serious, the oldest first."""
    if len(facts.problems) <= BOUNDS.problems:
        return facts.problems
    ranked = sorted(facts.problems, key=lambda p: (p.resolved, RANK.index(p.severity), p.opened_on, p.code))
    return tuple(ranked[: BOUNDS.problems])


def missing(facts: Weekly, *, detailed: bool) -> Table:
    """Each district with a report not yet received, by name; `detailed` with the code and due time of each."""
    rows = (
        (
            counted(n),
            said(district.name),
            said(district.team),
            counted(len(reports)),
            *((Cell(tuple(_by_duty(district, reports))),) if detailed else ()),
        )
        for n, (district, reports) in enumerate(facts.missing, 1)
    )
    extra = (Column("Laporan dan batas waktu"),) if detailed else ()
    return Table("Belum diterima", (*headed(facts, MISSING), *extra), tuple(rows))


def districts(facts: Weekly) -> Table:
    """Number, name, team, the counts, and the share received; at the foot those of all districts together."""
    rows = tuple((counted(n), said(d.name), said(d.team), *_counts(d)) for n, d in enumerate(facts.districts, 1))
    counts = {name: facts.total(name) for name in COUNTS}
    totals = (counted(counts[name], Tone.STRONG) for name in PRINTED)
    foot = (said("Jumlah", Tone.STRONG), *totals, share(counts["received"], counts["owed"], Tone.STRONG))
    return Table("Penerimaan", headed(facts, DISTRICTS), rows, foot)


def waived(facts: Weekly) -> tuple[str, ...]:
    """Each waived report with its reason, in the order of the districts."""
    return tuple(
        f"{r.code} {r.duty}, {short(facts, d.name)}, {moment(r.due_at, d.zone)}: {r.reason or 'tanpa keterangan'}"
        for d in facts.districts
        for r in d.reports
        if r.standing is Standing.WAIVED
    )


def summary(facts: Weekly) -> tuple[Box, ...]:
    """The figures a reader in a hurry wants, each with its words."""
    told = printed(facts)
    if not told["reports.owed"]:
        watched = Box(number(told["districts"]), f"{facts.header.unit} dipantau")
        return (Box("nihil", "laporan wajib"), watched, _grave(told))
    complete = f"{number(told['districts.complete'])} dari {number(told['districts'])}"
    return (
        Box(f"{number(told['reports.received'])} dari {number(told['reports.owed'])}", "laporan diterima"),
        Box(complete, f"{facts.header.unit} lengkap"),
        Box(count(told["reports.missing"]), "laporan belum diterima"),
        _grave(told),
    )


def _grave(told: Mapping[str, int]) -> Box:
    unsolved = told["problems.unresolved"]
    more = f", {of_them(told['problems.grave'], SEVERITIES[Severity.HIGH])}" if unsolved else ""
    return Box(count(unsolved), f"permasalahan belum selesai{more}")


def _placed(facts: Weekly, problem: Problem) -> Cell:
    """Down to the village and the polling station, as far as somebody said."""
    nearer = ", ".join(filter(None, (problem.village, words.station(problem.station))))
    return Cell((Line(place(facts, problem)), *((Line(nearer, tone=Tone.WEAK),) if nearer else ())))


def _titled(problem: Problem) -> Cell:
    kind = f"{problem.code} · {words.category(problem.category)} · {SEVERITIES[problem.severity]}"
    people = f" · {number(problem.affected)} orang terdampak" if problem.affected is not None else ""
    return Cell((Line(problem.title), Line(f"{kind}{people}", tone=Tone.WEAK)))


def _next(facts: Weekly, problem: Problem) -> Iterable[Line]:
    """When its next step is due; of what is over there is none."""
    if problem.due_at and not problem.resolved:
        late = problem.due_at <= facts.header.cut_off
        lead = "Langkah berikut lewat waktu sejak" if late else "Langkah berikut paling lambat"
        yield Line(moment(problem.due_at, facts.header.zone), lead, Tone.STRONG if late else Tone.PLAIN)


def _done(facts: Weekly, problem: Problem) -> Cell:
    lines = [Line(done.text, day(done.on)) for done in problem.follow_ups]
    if problem.outcome:
        lines.append(Line(problem.outcome, "Hasil"))
    lines = lines or [Line("belum ada", tone=Tone.WEAK)]
    return Cell((*lines, *_next(facts, problem)))


def _counts(district: District) -> Row:
    return (*(counted(getattr(district, name)) for name in PRINTED), share(district.received, district.owed))


def _by_duty(district: District, reports: tuple[Report, ...]) -> Iterable[Line]:
    for duty in dict.fromkeys(report.duty for report in reports):
        own = (f"{r.code} (batas {moment(r.due_at, district.zone)})" for r in reports if r.duty == duty)
        yield Line("; ".join(own), duty)
