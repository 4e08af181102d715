"""A kind of report is data: what it may name is what there is, and its wording stands in the letter."""

from dataclasses import replace

import pytest

from reports.government import chapters, letter
from rules import government
from rules.government import Chapter, Covers, Form, Part
from tests.reports.samples import district, received, week

WEEK = week(district(1, received("R-1")))


def test_every_chapter_and_annex_that_a_kind_may_name_can_be_made():
    assert set(chapters.CHAPTERS) == set(government.CHAPTERS)
    assert set(chapters.ANNEXED) == set(government.ANNEXES)


def test_chapters_stand_in_the_order_of_the_kind_with_its_heading_and_words():
    ordered = Chapter("missing", "Yang belum melapor"), Chapter("purpose", words="Memberi tahu {addressee}.")
    kind = replace(WEEK.kind, parts=(Part("", ordered),), annexes=())

    document = letter.document(replace(WEEK, kind=kind))

    assert [chapter.heading for chapter in document.chapters] == ["I. Yang belum melapor", "II. Maksud dan tujuan"]
    assert document.chapters[1].blocks[0].text == f"Memberi tahu {WEEK.header.to}."
    assert document.annexes == ()


def test_a_book_whose_last_part_is_the_closing_has_no_second_one():
    parts = (Part("Pelaporan", (Chapter("missing"),)), Part("Penutup", (Chapter("condition"),)))
    book = replace(WEEK, kind=replace(WEEK.kind, form=Form.BOOK, parts=parts))
    without = replace(book, kind=replace(book.kind, parts=parts[:1]))

    said = letter.document(book)

    assert [own.heading for own in said.chapters if own.level == 1] == ["BAB I Pelaporan", "BAB II Penutup"]
    assert (said.closing.heading, said.closing.level) == ("B. Kata penutup", 2)
    assert (letter.document(without).closing.heading, letter.document(without).closing.level) == ("BAB II Penutup", 1)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Laporan {election} periode {period}", []),
        ("{kabupaten}", ["{kabupaten}"]),
        ("{problem}", ["{problem}"]),
        ("satu { dan dua }", ["{ dan dua }"]),
        ("}{", ["}", "{"]),
        ("{0.__class__}{election!r}", ["{0.__class__}", "{election!r}"]),
    ],
)
def test_a_wording_names_only_what_a_report_has(text, wrong):
    assert list(government.mistaken(text, Covers.WEEK)) == wrong


def test_what_is_put_into_a_wording_is_not_read_as_one():
    assert government.fill("{election} di {regency}", {"election": "{regency}", "regency": "B"}) == "{regency} di B"
