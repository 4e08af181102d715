"""One link in a message opens what its office still owes, and nothing else."""

from datetime import timedelta

import pytest

from models.offices import links, offices
from rules.desk import Channel
from rules.filing import Standing
from tests.web.conftest import URL


def test_the_link_of_a_reminder_opens_the_list(web, daily):
    page = web.get(f"/l/{web.link('Camat Tamban', Channel.EMAIL)}")

    assert page.status_code == 200
    assert "Yth. Camat Tamban" in page.text
    assert web.desk.code(daily) in page.text
    assert "Rabu, 7 Februari 2024 pukul 15.00 WITA" in page.text


def test_a_text_with_a_link_is_one_segment_and_the_books_keep_no_token(web, daily):
    web.desk.clock.reads("H-7 16:00")
    token = web.link("Camat Tamban")

    kept = [message.text for message in web.desk.messages()]

    assert len(web.desk.phone("Camat Tamban").last.strip()) <= 160
    assert any(f"{URL}/l/{token[:4]}************" in text for text in kept)
    assert not any(token in text for text in kept)


def test_an_escalation_carries_no_link_to_file_by(web, daily):
    web.desk.clock.reads("H-7 19:00")

    assert "/l/" not in web.desk.phone("Asisten Pemerintahan").last


@pytest.mark.parametrize("tail", [".", ")", ">", ".)", "/", "%3E", "%20", "...", "%E2%80%A6"])
def test_signs_that_an_app_took_along_do_no_harm(web, daily, tail):
    page = web.get(f"/l/{web.given('Camat Tamban')}{tail}")

    assert page.status_code == 200
    assert web.desk.code(daily) in page.text


def test_a_link_that_leads_nowhere_is_always_the_same_page_of_help(web, daily):
    token = web.given("Camat Tamban")
    old = web.given("Camat Tamban")
    web.desk.clock.at += timedelta(days=14)

    pages = [web.get(f"/l/{wrong}") for wrong in (token[:9], token[:-1] + "!", "0" * 16, old, "x" * 3000, "%00")]

    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert "menghubungi Sekretariat Desk" in pages[0].text


def test_another_offices_report_is_refused(web, daily):
    other = web.desk.key("harian", "Tabunganen", "H-7")
    token = web.given("Camat Tamban")

    assert web.get(f"/l/{token}/{web.desk.code(other)}").status_code == 403
    assert web.answers(token, other, answer="nil").status_code == 403
    assert web.get(f"/l/{token}/R-9999").status_code == 404


def test_the_whole_team_may_answer(web, daily):
    page = web.get(f"/l/{web.given('Kadis Kominfo')}")

    assert web.desk.code(daily) in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_looking_changes_nothing(web, daily, method):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)

    for path in (f"/l/{token}", f"/l/{token}/{code}", f"/l/{token}/{code}/lain"):
        web.client.request(method, path, headers={"User-Agent": "WhatsApp/2.23"})

    assert web.desk.obligation(daily).standing is Standing.OWED


def test_an_office_that_owes_nothing_is_told_so(web, daily):
    page = web.get(f"/l/{web.given('Camat Tabunganen')}")

    assert "Tidak ada laporan yang kami nantikan" in page.text


def test_a_revoked_link_is_as_if_it_never_was(web, daily):
    token = web.given("Camat Tamban")
    with web.desk.rt.sessions.begin() as session:
        row = offices.by_code(session, web.desk.programme.desk.code, "camat-tamban")
        links.revoke(session, row.id, now=web.desk.clock.at)

    assert web.get(f"/l/{token}").status_code == 404
    assert web.get(f"/l/{web.given('Camat Tamban')}").status_code == 200


@pytest.mark.parametrize("path", ["/l/x", "/l/AAAAAAAAAAAAAAAA", "/m/AAAAAAAAAAAAAAAA"])
def test_a_link_that_opens_nothing_leads_to_where_a_new_one_is_asked_for(web, path):
    page = web.get(path)

    assert page.status_code == 404
    assert '<a class="go alt" href="/masuk">Minta tautan baru</a>' in page.text
