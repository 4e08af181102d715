import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import printable


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("Jalan   rusak\n\tdi  desa", "Jalan rusak di desa", id="one line"),
        pytest.param("\u202egnp.exe", "[U+202E]\u200bgnp.\u200bexe", id="a turn of direction is shown, not obeyed"),
        pytest.param("aman 😀", "aman [U+1F600]", id="a sign without a glyph is shown by its number"),
        pytest.param("１２３ ﬁ 𝗕", "123 fi B", id="a variant of a letter is the letter"),
        pytest.param("a\u200bb\ufeffc\u00add", "abcd", id="invisible joiners are dropped"),
        pytest.param("e\u0301", "é", id="composed"),
        pytest.param("a\x00b", "a[U+0000]b", id="control characters are shown"),
        pytest.param("\ud800", "[U+D800]", id="half a sign is shown"),
        pytest.param('#read("x") $x$ @foo *b* {{7*7}}', '#read("x") $x$ @foo *b* {{7*7}}', id="markup stays text"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_is_shown(raw, shown):
    assert printable.text(raw) == shown


def test_marks_are_not_piled_up():
    shown = printable.text("Z" + "\u0351" * 40)

    assert sum(map(bool, map(unicodedata.combining, shown))) == printable.MARKS


def test_a_long_word_may_break_and_loses_nothing():
    shown = printable.text("x" * 300)

    assert max(map(len, shown.split(printable.BREAK))) <= printable.WORD
    assert shown.replace(printable.BREAK, "") == "x" * 300


def test_a_word_of_the_language_stays_whole():
    assert printable.BREAK not in printable.text("pertanggungjawaban ketidakberdayaan")


def test_an_endless_text_is_cut_and_says_so():
    shown = printable.text("kata " * 100_000)

    assert len(shown) < printable.LIMIT + 60
    assert "dipotong dari 500000 karakter" in shown


@given(st.text(st.characters(), max_size=200))
def test_what_is_shown_once_stays_as_it_is(raw):
    shown = printable.text(raw).replace(printable.BREAK, "")

    assert printable.text(shown).replace(printable.BREAK, "") == shown


@pytest.mark.parametrize("raw", ["1," * 1000, "\U0001f600" * 1000, "a/b." * 500], ids=["numbers", "signs", "address"])
def test_a_text_without_spaces_has_no_more_breaks_than_a_document_can_hold(raw):
    shown = printable.text(raw)

    assert shown.replace(printable.BREAK, "") == printable.plain(raw)
    assert printable.BREAKS // 2 < shown.count(printable.BREAK) <= printable.BREAKS
