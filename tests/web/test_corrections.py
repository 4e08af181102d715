"""Corrections by link: going back counts, an unchanged answer to a return counts, a late second tap does not."""

import pytest

from tests.web.conftest import receipt

A = {"answer": "report", "c.logistik": "safe", "facts": "Logistik tiba."}
B = A | {"facts": "Logistik belum tiba."}


@pytest.fixture
def camat(web, daily):
    """Sends a form as the page showed it: with how many versions he had seen."""
    token, path = web.given("Camat Tamban"), web.desk.code(daily)
    return lambda told, seen: receipt(web.post(f"/l/{token}/{path}", told | {"seen": str(seen)}))


def test_a_correction_that_goes_back_to_the_first_is_kept(web, daily, camat):
    numbers = [camat(A, 0), camat(B, 1), camat(A, 2)]

    assert len(set(numbers)) == 3
    assert [r.body["facts"] for r in web.desk.reports(daily)] == [A["facts"], B["facts"], A["facts"]]
    assert camat(A, 2) == numbers[2]


def test_what_a_phone_sends_again_late_gets_the_receipt_it_had_and_changes_nothing(web, daily, camat):
    numbers = [camat(A, 0), camat(B, 1)]

    assert camat(A, 0) == numbers[0]
    assert len(web.desk.reports(daily)) == 2


def test_a_returned_report_sent_unchanged_is_an_answer_and_tapped_twice_one(web, daily, camat):
    first = camat(A, 0)
    web.desk.returns(daily, "H-7 14:00")

    late, *answers = camat(A, 0), camat(A, 1), camat(A, 1)

    assert late == first
    assert len(set(answers)) == 1
    assert answers[0] != first
    assert web.desk.obligation(daily).returned_at is None
    assert web.desk.matter(daily).closed_at is not None
