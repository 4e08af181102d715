"""The sentences of the report: one figure in every place, and none that is a riddle."""

import re
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings

from reports.government import figures, glance, letter, monitoring
from reports.government.document import Boxes, Heading, Numbered, Paragraph, Table
from reports.government.facts import Content, Recommendation, Since, Status
from reports.government.findings import Findings
from reports.government.situation import Counted, Figure, Group
from rules.indonesian import count, number
from rules.situation import Shown
from tests.reports import samples
from tests.reports.samples import HEADER, district, owed, problem, received, waived, week


def sentences(facts):
    """Every paragraph of the letter itself."""
    return [block.text for part in letter.document(facts).chapters for block in part.blocks
            if isinstance(block, Paragraph)]  # fmt: skip


def condition(facts):
    boxes, *said = next(part for part in letter.document(facts).chapters if part.code == "condition").blocks
    assert isinstance(boxes, Boxes)
    return boxes.items, " ".join(block.text for block in said)


def test_the_tile_and_the_sentence_say_one_figure():
    some = week(problems=(problem(status=Status.ACKNOWLEDGED), problem("P-0002", status=Status.RESOLVED)))

    boxes, said = condition(some)

    assert boxes[-1].figure == "1"
    assert "2 permasalahan: 1 selesai dan 1 belum selesai (1 dalam penanganan)." in said


def test_a_problem_with_a_follow_up_is_not_among_those_without():
    some = week(problems=(problem(status=Status.FOLLOWED_UP), problem("P-0002", follow_ups=())))

    assert "2 belum selesai (1 ada tindak lanjut dan 1 belum ada tindak lanjut)" in condition(some)[1]


def test_none_is_said_in_words():
    some = week(
        district(1, received("R-1"), received("R-2", Content.NIL), owed("R-3")),
        problems=(problem(district="63.04.01"),),
    )

    boxes, said = condition(some)

    assert "1 berisi perkembangan, 1 nihil, dan tidak ada yang terisi sebagian" in said
    assert "di antaranya tidak ada yang diterima setelah batas waktu. Selebihnya 1 belum diterima." in said
    assert "tidak ada yang selesai dan 1 belum selesai" in said
    assert boxes[-1].words == "permasalahan belum selesai, tidak ada yang sangat rawan"


def test_when_nothing_came_it_is_said_without_a_list_of_nothing():
    some = week(district(1, owed("R-1"), waived("R-2", "banjir")))

    assert "belum ada yang diterima: 1 dikecualikan dan 1 belum diterima." in condition(some)[1]


@given(samples.weeks())
@settings(deadline=None)
def test_nihil_is_no_number_inside_a_sentence(some):
    told = figures.printed(some)
    for sentence in sentences(replace(some, header=replace(HEADER, regency="Kabupaten", desk="Desk"))):
        assert not re.search(r"\b(dan|dari|:) nihil \w", sentence)
        assert not re.search(r"\bnihil (selesai|terisi|berisi|sangat|dalam|belum)", sentence)
    boxes, said = condition(some)
    assert boxes[-1].figure == count(told["problems.unresolved"])
    if told["problems"]:
        unresolved = told["problems.unresolved"]
        assert f" {number(unresolved)} belum selesai" in said if unresolved else "tidak ada yang belum selesai" in said


def test_what_came_after_the_period_stands_in_a_chapter_of_its_own_with_its_moment():
    later = district(2, received("R-8", day=12), owed("R-9", day=12))
    new = problem("P-0009", opened_on=date(2024, 2, 12), title="Listrik padam")
    some = replace(week(), since=Since((later,), (new,), 1))

    own = next(part for part in letter.document(some).chapters if part.code == "since")

    assert own.title == "Keadaan sampai dengan 12 Februari 2024 pukul 20.00 WITA"
    said, table = own.blocks
    assert "sejak 12 Februari 2024 sampai dengan" in said.text
    assert "jatuh tempo 2 laporan: 1 diterima dan 1 belum diterima;" in said.text
    assert "tercatat 1 permasalahan baru dan 1 permasalahan terbatas yang tidak dirinci." in said.text
    assert isinstance(table, Table)
    assert "Listrik padam" in str(table.rows)
    assert "Listrik padam" not in str([part for part in letter.document(some).chapters if part.code != "since"])


def test_when_nothing_came_after_the_period_that_is_said():
    own = next(part for part in letter.document(replace(week(), since=Since())).chapters if part.code == "since")

    assert "tidak ada laporan yang jatuh tempo; tidak ada permasalahan baru." in own.blocks[0].text


def test_a_report_frozen_before_this_was_told_apart_says_nothing_of_it():
    assert not [part for part in letter.document(week()).chapters if part.code == "since"]


def test_a_chapter_says_something():
    for part in letter.document(week()).chapters:
        assert part.blocks
        assert not isinstance(part.blocks[-1], Heading)
        assert all(block.items for block in part.blocks if isinstance(block, Numbered))


def test_a_report_of_hours_says_from_which_to_which_it_counts():
    ends = HEADER.cut_off
    begins = ends - timedelta(days=1)
    some = replace(week(), header=replace(HEADER, begins_at=begins, ends_at=ends), since=Since())

    told = letter.document(some)

    span = "11 Februari 2024 pukul 20.00 WITA sampai dengan 12 Februari 2024 pukul 20.00 WITA"
    assert f"yang jatuh tempo dalam waktu {span}, sampai dengan" in str(told.chapters)
    assert any(line.startswith(f"Periode {span}, data s.d.") for line in told.chat)
    assert "yaitu sejak 12 Februari 2024 pukul 20.00 WITA sampai dengan" in str(told.chat)


def test_one_advice_about_many_problems_stands_once_with_all_of_them():
    same = tuple(Recommendation("TPS dipindah ke balai desa.", problem=f"P-000{n}") for n in (1, 2, 3))

    told = str(letter.document(replace(week(problems=(problem(),)), recommendations=same)).chapters)

    assert told.count("TPS dipindah ke balai desa.") == 1
    assert "(P-0001, P-0002, dan P-0003)" in told


def test_that_nothing_is_missing_is_said_in_words():
    assert "Belum diterima: tidak ada." in glance.lines(week(district(1, received("a"))))
    assert "Belum diterima: 1 laporan, dari 1 kecamatan." in glance.lines(week(district(1, owed("a"))))


def test_a_milestone_names_who_gave_no_number_unless_one_is_withheld():
    counted = (Counted("63.04.01", 5, HEADER.cut_off),)
    figure = Figure("tps-buka", "TPS sudah dibuka", counted, milestone=True)
    group = Group("tps", "Pembukaan TPS", (), figures=(figure,))
    of_two = week(district(1), district(2))

    def told(group):
        return str(monitoring.chapter(replace(of_two, findings=Findings(situation=(group,))), {}))

    assert f"belum: {of_two.districts[1].name}" in told(group)
    assert "belum: " not in told(replace(group, withheld=(Shown.TROUBLED,)))
