"""The rows behind the report as plain tables, one value a cell: what a spreadsheet sorts, filters and adds up."""

from reports.government import appealed, figures, rows, supported, words
from reports.government.document import Align, Cell, Column, Line, Table
from reports.government.facts import District, Problem, Report, Since, Weekly
from reports.government.rows import counted, dated, said
from rules.filing import Standing
from rules.government import Covers
from rules.indonesian import day, local, moment
from rules.issues import SEVERITIES

FIGURES = (Column("Angka"), Column("Jumlah", align=Align.RIGHT))
REPORTS = tuple(
    map(
        Column,
        ("Kode", rows.BELOW, "Tim", "Laporan", "Batas waktu", "Keadaan", "Isi", "Diterima", "Lewat waktu", "Alasan"),
    )
)
PROBLEMS = tuple(
    map(
        Column,
        ("Kode", "Lokasi", "Tanggal", "Kategori", "Tingkat", "Permasalahan", "Tindak lanjut", "Hasil",
         "Penanggung jawab", "Status", "Desa/Kelurahan", "TPS", "Orang terdampak", "Langkah berikut paling lambat"),
    )
)  # fmt: skip


def tables(facts: Weekly) -> tuple[Table, ...]:
    """Every problem and every report that was owed, and every figure that is printed, by its name."""
    since = facts.since or Since()
    later = (
        _problems("Permasalahan setelah periode", facts, since.problems),
        _reports("Laporan setelah periode", facts, since.districts),
    )
    whole = facts.kind.covers is not Covers.PROBLEM
    return (
        _problems("Permasalahan", facts, facts.problems),
        *((_reports("Laporan", facts, facts.districts),) if whole else ()),
        *(table for table in (*later, appealed.data(facts), supported.data(facts)) if table.rows),
        Table("Angka", FIGURES, tuple((said(name), counted(value)) for name, value in figures.told(facts).items())),
    )


def _problems(name: str, facts: Weekly, problems: tuple[Problem, ...]) -> Table:
    return Table(name, PROBLEMS, tuple(problem(facts, own) for own in problems))


def _reports(name: str, facts: Weekly, districts: tuple[District, ...]) -> Table:
    return Table(
        name, rows.headed(facts, REPORTS), tuple(_report(d, report) for d in districts for report in d.reports)
    )


def problem(facts: Weekly, own: Problem) -> tuple[Cell, ...]:
    """One problem, a cell for each of `PROBLEMS`."""
    return (
        said(own.code),
        said(rows.place(facts, own)),
        dated(own.opened_on),
        said(words.category(own.category)),
        said(SEVERITIES[own.severity]),
        said(own.title),
        Cell(tuple(Line(done.text, day(done.on)) for done in own.follow_ups)),
        said(own.outcome),
        said(own.office),
        said(words.STATUSES[own.status]),
        said(own.village),
        said(words.station(own.station)),
        counted(own.affected) if own.affected is not None else said(""),
        _due(facts, own),
    )


def _due(facts: Weekly, own: Problem) -> Cell:
    if own.due_at is None or own.resolved:
        return said("")
    zone = facts.header.zone
    return Cell((Line(moment(own.due_at, zone)),), local(own.due_at, zone))


def _report(district: District, own: Report) -> tuple[Cell, ...]:
    received = own.received_at if own.standing is Standing.RECEIVED else None
    return (
        said(own.code),
        said(district.name),
        said(district.team),
        said(own.duty),
        Cell((Line(moment(own.due_at, district.zone)),), local(own.due_at, district.zone)),
        said(words.STANDINGS[own.standing]),
        said(words.CONTENTS[own.content] if own.content else ""),
        Cell((Line(moment(received, district.zone)),), local(received, district.zone)) if received else said(""),
        said("ya" if own.late else "tidak") if received else said(""),
        said(own.reason),
    )
