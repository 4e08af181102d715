"""A note of an hour is read in a minute, and a letter about one problem tells of that alone."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from config import loader
from reports.government import glance, letter
from reports.government.document import Chart, Paragraph, Table
from reports.government.facts import Status
from reports.government.findings import Findings
from reports.government.situation import Counted, Figure, Group
from rules.forms import Condition
from rules.situation import Shown
from tests.reports.found_samples import AT, findings, seen
from tests.reports.samples import district, owed, problem, received, week

KINDS = loader.reports(Path(__file__).parents[2] / "config/reports")
NOTE, SPECIAL, LETTER = (KINDS[f"laporan-{name}"] for name in ("situasi", "khusus", "gubernur"))


def group(code, name, *, last=Shown.STALE, figures=()):
    every = tuple(seen(n, Shown.SAFE, Condition.SAFE) for n in range(1, 17))
    return Group(code, name, (*every, seen(17, last, Condition.SAFE)), (), figures)


def rows(facts, chapter, name):
    own = next(part for part in letter.document(facts).chapters if part.code == chapter)
    return next(block for block in own.blocks if isinstance(block, Table) and block.name == name).rows


def names(facts):
    return [[line.text for line in row[0].lines] for row in rows(facts, "situation", "Keadaan per bidang")]


@pytest.fixture
def groups():
    counts = tuple(Counted(f"63.04.{n:02}", 5, AT) for n in (1, 2))
    worst = group("kesehatan", "Kesehatan", last=Shown.ATTENTION)
    figures = (Figure("desa", "Desa terdampak", counts), Figure("tps-hitung", "TPS selesai menghitung", counts, True))
    return Findings(
        situation=(
            group("keamanan", "Keamanan"),
            worst,
            group("listrik", "Listrik", figures=figures),
            group("psu", "PSU", last=Shown.SAFE),
        )
    )


def test_groups_that_look_alike_everywhere_share_a_row_of_a_note_and_no_figure_is_lost(groups):
    note = replace(week(), kind=NOTE, findings=groups)

    assert names(note) == [["Keamanan", "Listrik"], ["Kesehatan"], ["PSU"]]
    assert [line.lead for line in rows(note, "situation", "Keadaan per bidang")[0][2].lines] == ["Desa terdampak"]
    (milestone,) = rows(note, "situation", "Hari pemungutan suara")
    assert milestone[0].lines[0].text == "TPS selesai menghitung"
    assert len(names(replace(note, kind=LETTER))) == 4


def test_a_group_that_is_wrong_somewhere_has_a_row_of_its_own_even_in_a_note(groups):
    wrong = replace(groups.situation[1], code="lain", name="Lain")
    note = replace(week(), kind=NOTE, findings=replace(groups, situation=(groups.situation[1], wrong)))

    assert names(note) == [["Kesehatan"], ["Lain"]]


def test_a_note_tells_what_is_unresolved_and_names_what_is_over():
    some = (problem(status=Status.RESOLVED, title="Genset rusak"), problem("P-0002"))
    note = replace(week(problems=some), kind=NOTE)
    own = next(part for part in letter.document(note).chapters if part.code == "problems")

    assert [row[3].lines[0].text for row in rows(note, "problems", "Permasalahan")] == ["Kotak suara lembap"]
    assert [block.text for block in own.blocks if isinstance(block, Paragraph)] == ["Selesai (1): P-0001 Genset rusak."]


def test_a_note_counts_why_reports_are_late_and_leaves_every_try_to_the_letter():
    late = district(1, *map(owed, ("R-0901", "R-0902", "R-0903")))
    some = replace(week(late, *(district(n, received(f"R-{n}")) for n in range(2, 18))), findings=findings())
    tables = {kind: {table.name for table in letter.document(replace(some, kind=kind)).tables()}
              for kind in (NOTE, LETTER)}  # fmt: skip

    assert "Upaya" in tables[LETTER]
    assert "Upaya" not in tables[NOTE]


@pytest.mark.parametrize("kind", [NOTE, SPECIAL])
def test_what_is_about_an_hour_or_one_problem_neither_repeats_its_day_nor_charts_categories(kind):
    document = letter.document(replace(week(problems=(problem(),)), kind=kind))

    assert "periode" not in document.title
    assert "(periode" not in str(document.reference)
    assert not [block for part in document.chapters for block in part.blocks if isinstance(block, Chart)]
    assert not any(line.startswith("Periode") for line in document.chat)


def test_the_text_about_one_problem_says_nothing_of_reports_that_others_owe():
    over = problem(district="63.04.01", status=Status.RESOLVED)
    some = week(district(1, received("R-1"), owed("R-2")), problems=(over,))

    said = "\n".join(letter.document(replace(some, kind=SPECIAL)).chat)

    assert "P-0001" in said
    assert "R-2" not in said
    assert "laporan diterima" not in said


def test_the_problems_in_short_add_up_in_whatever_state_they_are():
    some = tuple(problem(f"P-000{n}", status=status) for n, status in enumerate(Status, 1))

    line = next(own for own in glance.lines(week(problems=some)) if own.startswith("Permasalahan"))

    whole, *states = map(int, re.findall(r" (\d+)", line))
    assert whole == sum(states) == len(Status)


def test_a_figure_that_was_counted_before_the_period_says_of_which_day_it_is(groups):
    old = tuple(Counted(f"63.04.{n:02}", 5, AT - timedelta(days=20)) for n in (1, 2))
    listed = group("lama", "Listrik", figures=(Figure("desa", "Desa terdampak", old),))
    some = replace(week(), kind=LETTER, findings=replace(groups, situation=(listed, groups.situation[2])))

    then, now = (str(row[2].lines[0]) for row in rows(some, "situation", "Keadaan per bidang"))
    assert then == "Desa terdampak: 10 (2 dari 17 kecamatan melaporkan, data 23 Januari 2024)"
    assert now == "Desa terdampak: 10 (2 dari 17 kecamatan melaporkan)"


def test_problems_of_before_the_period_are_not_said_to_be_recorded_in_it():
    some = week(problems=(problem(), problem("P-0002", opened_on=date(2024, 1, 20))))

    said = str(letter.document(some).chapters)

    assert "terdapat 2 permasalahan (1 di antaranya dari sebelum periode ini): " in said
    assert "ini tercatat 2" not in said
