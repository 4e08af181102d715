"""YAML is read as people mean it, and nothing in it can hurt."""

import contextlib
import time
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import loader, marked, schema
from config.errors import ConfigError, Findings

FOREIGN = (
    "07.30 07:30 15:00 2024-02-14 on off yes no Y True NULL 0x10 0o17 017 1e3 1_000 1:30 .5 5. .inf .nan +5 0812345678"
    " 63.04.01 2024-02-14T10:00 190:20:30"
)


def told(text):
    with pytest.raises(ConfigError) as refused:
        loader.parse(text, "x.yaml")
    return str(refused.value)


def value(scalar):
    findings = Findings("x")
    root = marked.read(f"key: {scalar}\n", findings)
    assert not findings
    return root.plain()["key"]


@pytest.mark.parametrize("text", ["null", "~", ""])
def test_nothing_is_nothing(text):
    assert value(text) is None


def test_true_and_false_are_what_they_say():
    assert value("true") is True
    assert value("false") is False


@pytest.mark.parametrize(
    "text",
    FOREIGN.split(),
)
def test_what_looks_like_something_else_stays_what_was_written(text):
    assert value(text) == text
    assert type(value(text)) is str


@given(st.text(alphabet=ascii_lowercase + "0123456789.:+-_", min_size=1, max_size=12))
def test_every_scalar_keeps_its_text_or_is_one_of_four_kinds(text):
    found = marked.resolve(text)

    if isinstance(found, marked.Whole | marked.Decimal):
        assert found.text == text
        assert str(int(text)) == text if isinstance(found, int) else float(text) == found
    elif isinstance(found, bool):
        assert text in ("true", "false")
    elif found is None:
        assert text in ("null", "~")
    else:
        assert found == text


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_are_numbers(number):
    assert marked.resolve(str(number)) == number


@given(st.text(max_size=200))
def test_no_text_whatever_makes_anything_but_a_document_or_a_refusal(text):
    with contextlib.suppress(ConfigError):
        assert loader.parse(text, "x.yaml").kind in schema.KINDS


@given(st.binary(max_size=200))
def test_no_bytes_whatever_make_anything_but_a_refusal(data):
    with pytest.raises(ConfigError):
        loader.parse(data, "x.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "x.yaml:1: the file is empty", id="nothing"),
        pytest.param("# only a comment\n", "the file is empty", id="a comment"),
        pytest.param("- a\n- b\n", "x.yaml:1: the file holds a list at the top", id="a list"),
        pytest.param("just words\n", "the file holds the text 'just words'", id="words"),
        pytest.param("duty: x\n", "the first key is 'duty'. Begin with election:", id="another kind"),
        pytest.param(b"desk: a\xff\n", "x.yaml:1: not UTF-8", id="not UTF-8"),
        pytest.param("desk: a\n".encode("utf-16"), "not UTF-8", id="UTF-16"),
        pytest.param("desk: a\nname: b\x00\n", "x.yaml:2: holds the control character U+0000", id="NUL"),
        pytest.param("desk: a\nname: \u202egnp.exe\n", "x.yaml:2: holds the control character U+202E", id="bidi"),
        pytest.param("desk: a\nname: b\u2028c\n", "x.yaml:2: holds the control character U+2028", id="separator"),
        pytest.param("desk: a\n? [b]\n: c\n", "x.yaml:2: a key that is not a word", id="a list as a key"),
        pytest.param("desk: a\n\tname: b\n", "x.yaml:2: not readable as YAML", id="a tab"),
        pytest.param("desk: a\n<<: {name: b}\n", "x.yaml:2: unknown key '<<'", id="a merge key"),
        pytest.param("%TAG ! tag:x,2000:\n---\ndesk: !y a\n", "is a tag", id="a tag directive"),
        pytest.param("desk: " + "[" * 500 + "]" * 500, "nested deeper than 20", id="deep"),
        pytest.param("desk: a\nname: " + "x" * 2_000_000, "larger than 1,000,000 bytes", id="large"),
    ],
)
def test_hostile_files_are_refused_in_words(text, words):
    assert words in told(text)


def test_a_bomb_of_aliases_is_refused_at_once():
    bomb = "desk: a\na: &a [x, x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
    )
    before = time.process_time()

    text = told(bomb)

    assert "x.yaml:2: &a is an anchor" in text
    assert time.process_time() - before < 2


def test_a_file_full_of_brackets_does_not_exhaust_the_machine():
    assert "nested deeper" in told("desk: " + "[" * 900_000)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("election: a\nstages: [" + "1, " * 300_000 + "]\n", id="a long list"),
        pytest.param("desk: a\n" + "".join(f"k{n}: 1\n" for n in range(90_000)), id="many keys"),
        pytest.param("policy: a\nladders: {" + "".join(f"l{n}: 1, " for n in range(90_000)) + "}\n", id="many ladders"),
    ],
)
def test_a_file_of_nonsense_is_refused_before_long(text):
    before = time.process_time()

    told(text)

    assert time.process_time() - before < 20


def test_a_byte_order_mark_and_windows_line_ends_are_nothing_special(files):
    text = files.policy.text

    marked_ = loader.parse(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "x.yaml")

    assert marked_.digest == files.policy.digest


def test_a_file_with_hundreds_of_mistakes_still_tells_them():
    text = "desk: a\n" + "".join(f"k{n}: {n}\n" for n in range(500))

    assert told(text).count("unknown key") == 500
