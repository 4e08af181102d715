"""The code on a letter leads back to the hash it was made from, however it is typed."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import proofs

DIGESTS = st.binary(max_size=9).map(lambda data: hashlib.sha256(data).hexdigest())


@given(DIGESTS)
def test_a_code_stands_for_the_beginning_of_its_hash(digest):
    code = proofs.code(digest)

    assert len(code) == 14
    assert digest.startswith(proofs.beginning(code) or "x")
    assert proofs.code(proofs.beginning(code) or "") == code


@given(DIGESTS)
def test_what_a_reader_takes_for_another_sign_is_understood(digest):
    code = proofs.code(digest)
    typed = f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "

    assert proofs.beginning(typed) == proofs.beginning(code)


@pytest.mark.parametrize(
    "typed", ["", "7K3M", "7K3M-9QXA-2F5", "7K3M-9QXA-2F5T-1", "7K3U-9QXA-2F5T", "%" * 12, "é" * 12, "0" * 9999]
)
def test_what_is_no_code_stands_for_nothing(typed):
    assert proofs.beginning(typed) is None
