"""By his link whoever reported a problem says whether it is over, with one tap."""

import re

import pytest

from models.matters import issues
from models.matters.issues import Step

CAMAT = "Camat Tamban"


@pytest.fixture
def resolved(web):
    """The number of a problem of Tamban that its coordinator called resolved, and its page by the Camat's link."""
    web.desk.owes_only()
    web.desk.clock.reads("H-2 09:00")
    code = web.desk.has_a_problem()
    web.desk.resolves(code, "Kotak suara diganti")
    return code, f"/l/{web.given(CAMAT)}/kejadian/{code}"


def steps(web, code):
    id = web.desk.matter(code).id
    with web.desk.rt.sessions() as session:
        return [(event.step, event.text, event.way) for event in issues.events(session, id)]


def answers(web, path, answer, text="", seen=None):
    fields = re.search(r'name="seen" value="(\d+)"', web.get(path).text)
    return web.post(path, {"answer": answer, "text": text, "seen": fields[1] if seen is None else seen})


def test_one_tap_says_that_it_is_over(web, resolved):
    code, path = resolved
    assert "Mohon dipastikan" in web.get(path).text

    assert answers(web, path, "over").status_code == 303

    assert steps(web, code)[-1] == (Step.CONFIRMED, "", "link")
    assert "Mohon dipastikan" not in web.get(path).text


def test_a_second_tap_changes_nothing(web, resolved):
    code, path = resolved

    assert [answers(web, path, "over", seen="2").status_code for _ in range(2)] == [303, 303]

    assert [step for step, _, _ in steps(web, code)].count(Step.CONFIRMED) == 1


def test_who_says_that_it_is_not_over_says_why_and_opens_it_again(web, resolved):
    code, path = resolved

    assert answers(web, path, "open").status_code == 422
    assert answers(web, path, "open", "Kotak belum datang").status_code == 303

    assert steps(web, code)[-1] == (Step.REOPENED, "Kotak belum datang", "link")
    assert web.desk.matter(code).closed_at is None


def test_what_changed_meanwhile_is_shown_with_what_he_typed(web, resolved):
    code, path = resolved
    web.desk.reopens(code, "Belum", by="Kepala Kesbangpol")

    page = answers(web, path, "open", "Kotak belum datang", seen="2")

    assert page.status_code == 409
    assert "belum tersimpan: Kotak belum datang" in page.text
    assert len(steps(web, code)) == 3


def test_who_resolved_it_himself_is_not_asked(web):
    web.desk.owes_only()
    code = web.desk.has_a_problem()
    web.desk.resolves(code, "Sudah ditangani", by=CAMAT)

    assert "Mohon dipastikan" not in web.get(f"/l/{web.given(CAMAT)}/kejadian/{code}").text


def test_of_a_restricted_one_nothing_is_asked_by_a_link(web):
    web.desk.owes_only()
    code = web.desk.has_a_problem(restricted=True)
    web.desk.resolves(code, "Selesai")
    path = f"/l/{web.given(CAMAT)}/kejadian/{code}"

    assert "Mohon dipastikan" not in web.get(path).text
    web.post(path, {"answer": "over", "seen": "2"})
    assert len(steps(web, code)) == 2


def test_a_neighbour_of_his_team_is_not_asked_and_another_team_does_not_find_it(web, resolved):
    code, _ = resolved

    for office, status in (("Camat Mekarsari", 303), ("Camat Tabunganen", 404)):
        path = f"/l/{web.given(office)}/kejadian/{code}"
        assert "Mohon dipastikan" not in web.get(path).text
        assert web.post(path, {"answer": "over", "seen": "2"}).status_code == status
    assert len(steps(web, code)) == 2
