"""After an election is closed every link says so, and whom to turn to; what was received can still be shown."""

import re

import pytest

from jobs.operator import closing
from tests.stories.test_two_elections import FIRST, SECOND, another, report
from tests.web.conftest import receipt
from tests.web.test_aides import SARI, VILLAGE, helped
from tests.web.test_coordinator import comes_in

CLOSED = "Pemilihan ini sudah ditutup"


def closes(web, programme=FIRST):
    by = web.desk.programme.desk.secretariat
    closing.close(web.desk.rt, programme, by=by, reason="Seluruh tahapan selesai.")


@pytest.fixture
def both(web):
    web.desk.load([another(), *web.desk.documents[1:]])
    web.desk.owes_only(report(FIRST), report(SECOND))
    web.desk.clock.reads("H-7 12:00")
    return web


def says_so(page):
    return page.status_code == 410 and CLOSED in page.text and "Sekretariat Desk" in page.text


def test_a_link_to_a_closed_election_says_so_and_whom_to_turn_to(web, daily):
    token = web.given("Camat Tamban")
    code = web.desk.code(daily)
    closes(web)

    assert says_so(web.get(f"/l/{token}"))
    assert says_so(web.get(f"/l/{token}/{code}"))


def test_a_late_report_is_refused_and_what_was_typed_is_kept(web, daily):
    token = web.given("Camat Tamban")
    closes(web)

    page = web.post(f"/l/{token}/{web.desk.code(daily)}", {"answer": "report", "catatan": "Air naik di dua desa."})

    assert says_so(page)
    assert "belum kami terima" in page.text
    assert "set-cookie" in page.headers
    assert web.desk.reports(daily) == []


def test_a_receipt_holds_after_the_end(web, daily):
    page = web.answers(web.given("Camat Tamban"), daily, answer="nil", seen="0")
    number = receipt(page)
    path = re.search(r'href="https://desk.example(/t/[^"]+)"', page.text)[1]
    closes(web)

    kept = web.get(path)

    assert (kept.status_code, number in kept.text) == (200, True)


def test_who_is_signed_in_is_told_and_nobody_can_sign_in(web, daily):
    comes_in(web, "Asisten Pemerintahan")
    closes(web)

    assert says_so(web.get("/koordinasi"))
    assert says_so(web.get("/masuk"))


def test_the_other_election_goes_on_behind_the_same_links(both):
    token = both.given("Camat Tamban")
    comes_in(both, "Asisten Pemerintahan")
    closes(both)

    listed = both.get(f"/l/{token}").text

    assert both.desk.code(report(SECOND)) in listed
    assert both.desk.code(report(FIRST)) not in listed
    assert CLOSED in both.get(f"/l/{token}/{both.desk.code(report(FIRST))}").text
    assert both.get("/koordinasi").status_code == 200
    assert both.get("/masuk").status_code == 200


def test_before_anything_is_loaded_the_door_is_an_ordinary_door(web):

    assert web.get("/masuk").status_code == 200


def test_an_aide_is_sent_to_his_camat_and_never_to_those_above(web, daily):
    helped(web.desk, daily, "Sari", {})
    web.desk.turn()
    text = next(sent.text for sent in web.desk.wire.accepted if sent.letter.to == SARI)
    token, code = VILLAGE.search(text)[1], web.desk.code(daily)
    unread = web.post(f"/d/{token}/{code}", {})
    closes(web)
    late = web.post(f"/d/{token}/{code}", {"seen": "0", "n.tps-siap": "4"})

    assert (unread.status_code, late.status_code) == (400, 410)
    for page in (unread.text, late.text):
        assert "mohon menghubungi Camat yang meminta isian" in page
        assert "ekretariat" not in page
    assert "mohon disampaikan kepada Camat" in late.text
