"""A message goes to the number and the address that were written, or to nobody."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from config import contacts


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+62 820 0000 0001", "+6282000000001"),
        ("0812-3456-7890", "+6281234567890"),
        ("62812 3456 7890", "+6281234567890"),
        ("+62 0812 3456 7890", "+6281234567890"),
        ("+62 (0)812 3456 7890", "+6281234567890"),
        ("812 3456 7890", "+6281234567890"),
        ("'081234567890", "+6281234567890"),
        ("+628123456789\u200b", "+628123456789"),
        ("+31 6 12345678", "+31612345678"),
    ],
)
def test_a_number_is_read_as_it_was_meant(typed, number):
    assert contacts.phone(typed) == number


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("081234567890;ext=5", "extension"),
        ("0812 3456 7890 ext 5", "letter"),
        ("08123456789O", "letter"),
        ("021-5551234", "fixed line"),
        ("0511 4799123", "fixed line"),
        ("110", "too short"),
        ("+62", "too short"),
        ("+62812345678901234", "too long"),
        ("+628123456789012", "can exist"),
        ("whatsapp:+6281234567890", "prefix"),
        ("8.12346E+11", "spreadsheet"),
        ("0812.3456.7890/0852.1234.5678", "too long"),
        ("08123456789,08523456789", "two numbers"),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "signs"),
        ("０８１２３４５６７８９０", "signs"),
        ("+62 62 812 3456 7890", "can exist"),
        ("", "short|signs"),
    ],
)
def test_what_is_no_single_mobile_number_is_refused_in_words(typed, why):
    with pytest.raises(PydanticCustomError) as refused:
        contacts.phone(typed)

    assert re.search(why, refused.value.context["what"])
    assert not re.search(r"\d{7,}", refused.value.context["what"])


@given(st.text(alphabet="0123456789+-() ./", min_size=1, max_size=20))
def test_never_a_third_number(typed):
    try:
        number = contacts.phone(typed)
    except PydanticCustomError:
        return

    written = re.sub(r"\D", "", typed)
    assert written.endswith((number[3:], number[1:]))


@pytest.mark.parametrize(
    "typed",
    [
        "a@b.test\r\nRCPT TO:<evil@x.test>",
        "a@b.test, evil@x.test",
        "a@b.test;evil@x.test",
        '"a@b.test" <evil@x.test>',
        "Nama <a@b.test>",
        "tim@kpu.go.id@evil.test",
        "a" * 65 + "@x.test",
        "a@localhost",
        "a@-x.test",
        ".a@x.test",
        "a..b@x.test",
        "a@x.test\u200b",
        "á@x.test",
        "a b@x.test",
        "@x.test",
        "a@",
        "camat",
    ],
)
def test_what_is_not_one_plain_address_is_refused(typed):
    with pytest.raises(PydanticCustomError):
        contacts.email(typed)


@pytest.mark.parametrize("typed", ["camat.tamban@baritokuala.example", "a+b@x.co.id", "O_o@X.Test"])
def test_a_plain_address_is_kept_but_for_the_case_of_its_domain(typed):
    local, _, domain = typed.partition("@")

    assert contacts.email(typed) == f"{local}@{domain.lower()}"
