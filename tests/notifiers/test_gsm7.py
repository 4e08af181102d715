"""What fits into one SMS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers import gsm7
from rules import gsm


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a" * 160, 1, id="160 of the basic table"),
        pytest.param("a" * 161, 2, id="one more makes two"),
        pytest.param("a" * 306, 2, id="two parts hold 153 each"),
        pytest.param("a" * 307, 3, id="and one more makes three"),
        pytest.param("@é\n" * 53, 1, id="basic signs outside ASCII cost one"),
        pytest.param("€" * 80, 1, id="extension signs cost two"),
        pytest.param("€" * 80 + "a", 2, id="so the 161st septet is too many"),
        pytest.param("a" * 152 + "€" + "a" * 152, 3, id="an escaped sign is not cut in two"),
        pytest.param("–" + "a" * 69, 1, id="one typographic dash leaves 70"),
        pytest.param("–" + "a" * 70, 2, id="71 are two"),
        pytest.param("–" + "a" * 133, 2, id="two parts hold 67 each"),
        pytest.param("–" + "a" * 134, 3, id="and one more makes three"),
        pytest.param("🙏" * 35, 1, id="an emoji is two units"),
        pytest.param("a" * 66 + "🙏" + "a" * 66, 3, id="a surrogate pair is not cut in two"),
    ],
)
def test_how_many_segments(text: str, expected: int):
    assert gsm7.segments(text) == expected


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("“Tim” ‘VIII’", "\"Tim\" 'VIII'"),
        ("H-7 – H-1 — selesai…", "H-7 - H-1 - selesai..."),
        ("Rantau\u00a0Badauh\u2009baru", "Rantau Badauh baru"),
        ("Tam\u200bban\ufeff\u00ad", "Tamban"),
        ("R-１２３", "R-123"),
        ("Sei Gampa Ā ē š ț", "Sei Gampa A e s t"),
        ("e\u0301 dan Z\u0351\u036b\u0343", "é dan Z"),
        ("[a] {b} c|d \\ ~ ^ €5", "(a) (b) c/d / - ' EUR5"),
        ("✓ 🙏 漢", "? ? ?"),
        ("ﬁle №3", "file No3"),
        ("\u202egnp.exe\x00\x07", "gnp.exe"),
    ],
)
def test_what_phones_cannot_show_is_written_plainly(typed: str, sent: str):
    assert gsm7.plain(typed) == sent


@given(st.text())
def test_plain_text_is_always_in_the_basic_table_and_stays_as_it_is(text: str):
    once = gsm7.plain(text)

    assert gsm.BASIC.issuperset(once)
    assert gsm7.plain(once) == once


def test_the_table_has_its_127_signs_besides_the_escape():
    assert len(gsm.BASIC) == 127
    assert not gsm.BASIC & gsm.EXTENSION
