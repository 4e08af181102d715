"""No address is shown whole."""

import pytest

from notifiers.mask import mask, scrub


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("camat.tamban@baritokuala.example", "c***@baritokuala.example"),
        ("a@b.example", "a***@b.example"),
        ("+6282000000005", "+62820****05"),
        ("082000000005", "0***"),
        ("+62", "+***"),
        ("", "***"),
    ],
)
def test_what_is_shown_of_an_address(address: str, shown: str):
    assert mask(address) == shown


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ("<camat.tamban@desa.example>: unknown", "<***>: unknown"),
        ("User CAMAT.tamban not here", "User *** not here"),
        ("mailbox other@x.test full", "mailbox *** full"),
        ("call +62 820-0000-0005 or 0820 0000 0005", "call *** or ***"),
        ("Ok: queued as 4F1 20240205150000", "Ok: queued as 4F1 20240205150000"),
        ("two\r\nlines\x00here", "two lines here"),
    ],
)
def test_what_is_kept_of_a_servers_answer(reply: str, shown: str):
    assert scrub(reply, "camat.tamban@desa.example") == shown


def test_a_long_answer_is_cut():
    assert len(scrub("x" * 5000)) == 150


def test_an_answer_of_a_megabyte_without_a_blank_is_looked_through_no_further_than_it_is_shown():
    """The search for addresses takes the square of what it looks at: this one would take hours."""
    assert len(scrub("x" * 1_000_000)) == 150
