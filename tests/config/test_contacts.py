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
        ("(+62) 812-3456-7890", "+6281234567890"),
        ("(+31) 6 12345678", "+31612345678"),
        ("\u2018081234567890", "+6281234567890"),
        ("\uff0b62\u00a0812\u20113456\u20117890", "+6281234567890"),
    ],
)
def test_a_number_is_read_as_it_was_meant(typed, number):
    assert contacts.phone(typed) == number


DASHES = (
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u02d7\u2053\u207b\u208b\u2796\u2e3a\u301c\u3030\ufe58\ufe63\uff0d"
)
BLANKS = "\u00a0\u1680\u2000\u2007\u2009\u200a\u202f\u205f\u3000\u2028\u2029\u0085\t\v\u3164\u2800\uffa0"
UNSEEN = (
    "\u200b\u200c\u200d\u200e\u200f\u061c\u00ad\u034f\u180e\u202a\u202c\u2060\u2066\u2069\ufeff\ufe0f"
    "\U000e0100\U000e0041"
)


@pytest.mark.parametrize("sign", [*DASHES, *BLANKS, *UNSEEN], ids=ascii)
def test_a_number_pasted_from_a_chat_is_the_number_whatever_parts_it(sign):
    assert contacts.phone(f"{sign}+62{sign}812{sign}3456{sign}7890{sign}".lstrip(DASHES)) == "+6281234567890"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Camat.Tamban@X.Example", "camat.tamban@x.example"),
        ("camat@b\u00fccher.example", "camat@XN--Bcher-KVA.example"),
        ("\u00a0camat@x.example\u200b\n", "camat@x.example"),
        ("camat@barito\u2011kuala.example", "camat@barito-kuala.example"),
    ],
)
def test_two_spellings_of_one_mailbox_are_one(one, other):
    assert contacts.mailbox(one) == contacts.mailbox(other)


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
        ("٠٨١٢٣٤٥٦٧٨٩٠", "characters"),
        ("０８１２３４５６７８９０", "characters"),
        ("+62 62 812 3456 7890", "can exist"),
        ("", "short|characters"),
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


@pytest.mark.parametrize(
    ("typed", "number"), [("(0511) 4799123", "+625114799123"), ("0812 3456 7890", "+6281234567890")]
)
def test_a_number_to_call_may_be_a_fixed_line(typed, number):
    assert contacts.telephone(typed) == number


def test_a_number_to_call_must_exist():
    with pytest.raises(PydanticCustomError):
        contacts.telephone("0511 47")
