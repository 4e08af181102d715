"""The sheet that Kesbangpol's operator types over into SIPANTAU, in the order of columns that the kind gives."""

from collections.abc import Callable

from reports.government import rows, words
from reports.government.document import Cell, Column, Line, Table
from reports.government.facts import Problem, Weekly
from reports.government.rows import counted, dated, said
from rules.government import SIPANTAU
from rules.indonesian import day, moment
from rules.issues import SEVERITIES

HOLDS: dict[str, Callable[[Weekly, Problem, int], Cell]] = {
    "number": lambda facts, own, number: counted(number),
    "code": lambda facts, own, _: said(own.code),
    "date": lambda facts, own, _: dated(own.opened_on),
    "province": lambda facts, own, _: said(facts.header.province),
    "regency": lambda facts, own, _: said(facts.header.regency),
    "place": lambda facts, own, _: said(rows.place(facts, own)),
    "stage": lambda facts, own, _: Cell(tuple(map(Line, _stages(facts, own)))),
    "village": lambda facts, own, _: said(own.village),
    "station": lambda facts, own, _: said(words.station(own.station)),
    "affected": lambda facts, own, _: said("") if own.affected is None else counted(own.affected),
    "category": lambda facts, own, _: said(words.category(own.category)),
    "severity": lambda facts, own, _: said(SEVERITIES[own.severity]),
    "title": lambda facts, own, _: said(own.title),
    "done": lambda facts, own, _: Cell(tuple(Line(done.text, day(done.on)) for done in own.follow_ups)),
    "outcome": lambda facts, own, _: said(own.outcome),
    "office": lambda facts, own, _: said(own.office),
    "status": lambda facts, own, _: said(words.STATUSES[own.status]),
    "source": lambda facts, own, _: said(_source(facts)),
    "blank": lambda facts, own, _: said(""),
}
"""What a column holds (`rules.government.TYPED`) for one problem."""


def table(facts: Weekly) -> Table:
    """One row a problem, in the order of the report."""
    columns = facts.kind.sipantau or SIPANTAU
    rows = (
        tuple(HOLDS[column.holds](facts, problem, n) for column in columns)
        for n, problem in enumerate(facts.problems, 1)
    )
    return Table("SIPANTAU", tuple(Column(column.head) for column in columns), tuple(rows))


def _stages(facts: Weekly, own: Problem) -> list[str]:
    """The stages that ran on the day on which the problem was opened, as far as the report has them."""
    on = own.opened_on
    return [s.name for s in facts.stages if s.start and s.start <= on and (s.end is None or on <= s.end)]


def _source(facts: Weekly) -> str:
    return f"{facts.header.desk}, data s.d. {moment(facts.header.cut_off, facts.header.zone)}"
