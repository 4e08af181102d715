"""The stages of the election: what the calendar says of each, and beside it what districts reported of it."""

from collections.abc import Mapping

from reports.government import monitoring, words
from reports.government.document import Cell, Chapter, Column, Paragraph, Row, Table, Tone
from reports.government.facts import Course, Stage, Weekly
from reports.government.figures import printed
from reports.government.rows import said
from rules.indonesian import day, period

NAMED, PLANNED, BASIS = (
    Column("Tahapan"),
    (Column("Jadwal", 3.4), Column("Menurut jadwal", 2.2)),
    Column("Dasar", 2.8),
)
REPORTED = Column("Menurut laporan", share=1.5)
NONE = "Nihil. Tidak ada tahapan yang berjalan pada periode ini."


def chapter(facts: Weekly, _: Mapping[str, str]) -> Chapter:
    """Every stage around the period. The calendar's word is of the day of the cut-off."""
    return Chapter("stages", "Perkembangan tahapan", (_table(facts) if facts.stages else Paragraph(NONE),))


def _table(facts: Weekly) -> Table:
    told = {stage.code: cell for stage in facts.stages if (cell := _reported(facts, stage))}
    rows = []
    for stage in facts.stages:
        course = stage.course(facts.header.cut_off_day)
        reported = (told.get(stage.code) or said("–", Tone.WEAK),) if told else ()
        planned = said(_dates(stage)), said(words.COURSES[course])
        row: Row = (said(stage.name), *planned, *reported, said(stage.legal_basis))
        rows.append(row)
    return Table("Tahapan", (NAMED, *PLANNED, *((REPORTED,) if told else ()), BASIS), tuple(rows))


def _reported(facts: Weekly, stage: Stage) -> Cell | None:
    """What districts said of it; None: they were not asked, or it has not begun."""
    if stage.course(facts.header.cut_off_day) is Course.AHEAD or facts.findings is None:
        return None
    told = printed(facts)
    groups = [own for own in facts.findings.situation if own.code in stage.told_by]
    return Cell(tuple(line for own in groups for line in monitoring.lines(facts, own, told))) if groups else None


def _dates(stage: Stage) -> str:
    if stage.start and stage.end:
        return period(stage.start, stage.end)
    if stage.start:
        return f"mulai {day(stage.start)}"
    return f"sampai dengan {day(stage.end)}" if stage.end else "belum ditetapkan"
