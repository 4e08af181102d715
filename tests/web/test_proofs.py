"""Whoever holds a letter may ask whether it is ours; he learns that, and no word of what it says."""

import re

import pytest

from models.matters import submissions
from reports.government import facts
from rules import proofs
from rules.submissions import State
from services import restoring
from web.guards.limits import Buckets


@pytest.fixture
def frozen(web):
    """The first weekly report, with a problem in it, and its code."""
    web.desk.lives(_up_to_the_first_weekly_report)
    with web.desk.rt.sessions() as session:
        own = submissions.all_of(session)[0]
    return own, proofs.code(own.facts_digest)


def _up_to_the_first_weekly_report(desk):
    desk.has_a_problem("Gajah merusak jembatan")
    desk.clock.reads("2024-02-06 18:30")


def turns(web, own, state):
    with web.desk.rt.sessions.begin() as session:
        submissions.change(session, own.id, state=state)


def test_a_code_tells_desk_kind_period_version_state_and_the_hashs_beginning(web, frozen):
    own, code = frozen
    turns(web, own, State.SENT)

    page = web.get(f"/cek/{code}")

    head = facts.from_json(own.facts).header
    assert page.status_code == 200
    for told in (head.desk, "Laporan kepada Gubernur", "Sudah dikirim", own.facts_digest[:16], code):
        assert told in page.text
    assert own.facts_digest not in page.text


def test_it_tells_no_word_of_the_report(web, frozen):
    _, code = frozen

    text = web.get(f"/cek/{code}").text

    assert "Gajah" not in text
    assert "Tamban" not in text
    assert not re.search(r"\bP-0001\b", text)


def test_the_letter_shows_the_address_that_its_code_is_looked_up_at(web, frozen):
    head = facts.from_json(frozen[0].facts).header

    assert head.check_at == "https://desk.example/cek"


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_word(web, frozen, state):
    own, code = frozen
    turns(web, own, state)

    assert web.get(f"/cek/{code}").status_code == 200


def test_a_code_typed_into_the_field_leads_to_its_page(web, frozen):
    _, code = frozen

    answer = web.get(f"/cek?kode={code.lower().replace('-', '+')}")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/cek/{code}")


@pytest.mark.parametrize(
    "path", ["/cek/7K3M-9QXA-2F5T", "/cek/%3Cb%3E", "/cek?kode=%3Cscript%3E", "/cek/0000-0000-0000"]
)
def test_a_code_that_is_nobodys_tells_nothing(web, frozen, path):
    answer = web.get(path)

    if answer.status_code == 303:
        answer = web.get(answer.headers["location"])
    assert answer.status_code == 404
    assert "tidak tercatat" in answer.text
    assert "<script>" not in answer.text
    assert "<b>" not in answer.text


def test_a_letter_that_may_have_been_lost_with_the_books_is_not_called_wrong(web, frozen):
    """It left in hours of which an older copy knows nothing, and lies with the Governor."""
    now = web.desk.clock.at
    with web.desk.rt.sessions.begin() as session:
        restoring.opened(session, web.desk.moment("2024-02-06 17:00"), ordered=True, now=now)

    answer = web.get("/cek/7K3M-9QXA-2F5T")

    assert answer.status_code == 404
    assert "pukul 18.30 WITA hilang. Surat dari waktu itu dapat benar dari kami" in answer.text


def test_facts_that_were_changed_in_the_books_are_not_vouched_for(web, frozen):
    own, code = frozen
    with web.desk.rt.sessions.begin() as session:
        submissions.change(session, own.id, facts=own.facts.replace("Gajah", "Rusa"))

    assert web.get(f"/cek/{code}").status_code == 404


def test_whoever_tries_many_codes_has_to_wait(web, frozen):
    web.books.links = Buckets(a_second=0.001, burst=3)

    answers = [web.get(f"/cek/{frozen[1]}").status_code for _ in range(4)]

    assert answers == [200, 200, 200, 429]
