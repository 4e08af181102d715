"""What was typed is not eaten by a session that ended or a link that ran out: it comes back to whoever typed it."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from config import loader
from jobs.turn import tidy
from models.offices import offices, sessions
from models.offices.drafts import Draft
from tests.web.conftest import URL, receipt
from tests.web.signing import WORD, signs_in

TYPED = {"answer": "report", "seen": "0", "c.logistik": "safe", "n.desa-logistik": "16", "facts": "Logistik tiba."}
KEPT = "Isian Bapak/Ibu kami simpan"
DAY = timedelta(days=1)


def drafts(web):
    with web.desk.rt.sessions.begin() as session:
        return list(session.scalars(select(Draft)))


def runs_out(web):
    """Every link that was given out is too old."""
    web.desk.clock.at += 15 * DAY


@pytest.fixture
def weekly(web):
    """A report that is still waited for when a link of two weeks has run out."""
    area = web.desk.key("harian", "Tamban", "H-7").split("/")[3]
    owed = next(o for o in web.desk.programme.obligations() if (o.duty, o.area) == ("akhir", area))
    web.desk.owes_only(owed.key)
    web.desk.clock.at = owed.opens_at + DAY
    return owed.key


def sent_by_an_old_link(web, key, fields=TYPED, **form):
    token = web.given("Camat Tamban")
    runs_out(web)
    page = web.client.post(f"/l/{token}/{web.desk.code(key)}", data=fields, headers={"Origin": URL}, **form)
    return token, page


@pytest.mark.parametrize(
    "form",
    [pytest.param({}, id="by itself"), pytest.param({"files": {"files": ("a.jpg", io.BytesIO(b"x"))}}, id="photo")],
)
def test_what_was_typed_by_an_old_link_is_in_the_form_again_by_a_new_one(web, weekly, form):
    _, page = sent_by_an_old_link(web, weekly, **form)
    fresh, code = web.given("Camat Tamban"), web.desk.code(weekly)

    listed, shown = web.get(f"/l/{fresh}").text, web.get(f"/l/{fresh}/{code}").text
    taken = web.post(f"/l/{fresh}/{code}", TYPED)

    assert page.status_code == 404
    assert KEPT in page.text
    assert f"Isian untuk {code} belum terkirim" in listed
    assert "Logistik tiba.</textarea>" in shown
    assert 'value="16"' in shown
    assert "name=c.logistik value=safe checked" in shown
    assert receipt(taken)
    assert drafts(web) == []
    assert "belum terkirim" not in web.get(f"/l/{fresh}").text


def test_a_note_to_a_promise_comes_back_too(web, weekly):
    sent_by_an_old_link(web, weekly, {"answer": "not_mine", "note": "Kiranya Dinas Perhubungan."})

    page = web.get(f"/l/{web.given('Camat Tamban')}/{web.desk.code(weekly)}/lain")

    assert 'value="Kiranya Dinas Perhubungan."' in page.text


def test_only_the_browser_that_sent_it_sees_it_and_only_for_its_own_office(web, weekly):
    sent_by_an_old_link(web, weekly)
    code = web.desk.code(weekly)

    neighbour = web.get(f"/l/{web.given('Camat Mekarsari')}/{code}").text
    web.client.cookies.clear()
    elsewhere = web.get(f"/l/{web.given('Camat Tamban')}/{code}").text

    assert "Logistik tiba." not in neighbour + elsewhere


def test_the_cookie_is_out_of_reach_of_scripts_and_holds_nothing_that_was_typed(web, weekly):
    _, page = sent_by_an_old_link(web, weekly)

    cookie = page.headers["set-cookie"]
    assert cookie.startswith("__Host-draft=")
    assert {"HttpOnly", "Secure", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Logistik" not in cookie
    assert drafts(web)[0].path.count("/") == 2


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"answer": "nil", "seen": "0"}, id="one tap"),
        pytest.param({"answer": "report", "facts": "x" * 70_000}, id="more than any form has"),
    ],
)
def test_what_nobody_typed_or_nobody_types_is_not_kept(web, weekly, fields):
    sent_by_an_old_link(web, weekly, fields)

    assert drafts(web) == []


def test_a_link_that_never_was_keeps_nothing(web, weekly):
    page = web.post(f"/l/{'0' * 16}/{web.desk.code(weekly)}", TYPED)

    assert page.status_code == 404
    assert KEPT not in page.text
    assert drafts(web) == []


def test_a_form_from_elsewhere_plants_nothing(web, weekly):
    token = web.given("Camat Tamban")
    runs_out(web)

    web.post(f"/l/{token}/{web.desk.code(weekly)}", TYPED, Origin="https://evil.test")

    assert drafts(web) == []


def test_an_office_has_so_many_drafts_and_no_more(web, weekly):
    token = web.given("Camat Tamban")
    runs_out(web)

    for n in range(30):
        web.post(f"/l/{token}/R-{n:04d}", TYPED)

    assert len(drafts(web)) == 20


def test_a_draft_is_gone_after_three_days(web, weekly):
    sent_by_an_old_link(web, weekly)
    fresh, code = web.given("Camat Tamban"), web.desk.code(weekly)

    web.desk.clock.at += 3 * DAY
    shown = web.get(f"/l/{fresh}/{code}").text
    tidy.run(web.desk.rt, now=web.desk.clock.at)

    assert "Logistik tiba." not in shown
    assert drafts(web) == []


def test_what_the_last_holder_typed_is_not_the_new_ones(web, weekly):
    sent_by_an_old_link(web, weekly)

    with web.desk.rt.sessions.begin() as session:
        row = offices.by_code(session, web.desk.programme.desk.code, web.desk.office("Camat Tamban"))
        sessions.end_all(session, row.id, why="another holder", now=web.desk.clock.at)

    assert drafts(web) == []


RECORDED = {"by": "camat-tamban", "via": "phone", "answer": "text", "text": "Dua TPS diserang massa."}


def test_what_the_secretariat_typed_is_in_the_form_again_after_signing_in(web, daily):
    keeper = signs_in(web, "Sekretariat Desk")
    path = f"/sekretariat/catat/1/{web.desk.code(daily)}"
    web.desk.clock.at += timedelta(hours=2)

    page = keeper.post(path, **RECORDED)
    web.client.cookies.delete("__Host-desk")
    web.post("/masuk", {"address": web.desk.address("Sekretariat Desk", "email")})
    web.desk.turn()
    door = web.desk.mailbox("Sekretariat Desk").last.partition(f"{URL}/m/")[2][:16]
    came_in = web.post(f"/m/{door}", {"pressed": ""})
    resumed = web.get(came_in.headers["location"]).text
    shown = web.get(path).text
    taken = web.post(path, RECORDED | {"word": WORD.search(shown)[1], "seen": "0"})

    assert page.status_code == 403
    assert KEPT in page.text
    assert came_in.headers["location"] == "/lanjutkan"
    assert path in resumed
    assert "Dua TPS diserang massa.</textarea>" in shown
    assert receipt(taken)
    assert drafts(web) == []


def test_a_decision_whose_session_ended_waits_to_be_sent_and_is_sent_by_nobody_else(web, daily):
    web.desk.clock.reads("H-6 10:00")
    chief = signs_in(web, "Asisten Pemerintahan")
    path = f"/koordinasi/1/{web.desk.code(daily)}"
    web.desk.clock.at += timedelta(hours=2)
    chief.post(path, act="waive", round="0", text="Kecamatan terendam banjir.")

    again = signs_in_keeping_cookies(web, "Asisten Pemerintahan")
    page = again.get("/lanjutkan").text

    assert "Kecamatan terendam banjir.</textarea>" in page
    assert 'name="act" value="waive"' in page
    assert web.desk.obligation(daily).standing == "owed"
    sent = again.post(path, act="waive", round="0", text="Kecamatan terendam banjir.")
    assert sent.status_code == 303
    assert web.desk.obligation(daily).standing == "waived"
    assert drafts(web) == []


def test_a_form_of_an_older_session_is_not_lost_when_somebody_signed_in_anew_in_another_tab(web, daily):
    keeper = signs_in(web, "Sekretariat Desk")
    path = f"/sekretariat/catat/1/{web.desk.code(daily)}"
    signs_in_keeping_cookies(web, "Sekretariat Desk")

    page = keeper.post(path, **RECORDED)
    shown = web.get(path).text

    assert page.status_code == 403
    assert 'href="/lanjutkan"' in page.text
    assert "Dua TPS diserang massa.</textarea>" in shown
    assert web.desk.reports(daily) == []


def test_a_new_number_that_was_typed_is_kept_nowhere_but_among_the_contacts(web, daily):
    keeper = signs_in(web, "Sekretariat Desk")
    web.desk.clock.at += timedelta(hours=2)

    fields = {"do": "handover", "name": "Budi", "new.sms": "0812 3456 7890", "to.email": "budi@desk.example"}
    web.post("/sekretariat/kontak/camat-tamban", fields | {"word": keeper.word})

    (draft,) = drafts(web)
    assert draft.fields == {"do": "handover", "name": "Budi"}


def test_a_draft_can_be_thrown_away(web, daily):
    keeper = signs_in(web, "Sekretariat Desk")
    path = f"/sekretariat/catat/1/{web.desk.code(daily)}"
    again = signs_in_keeping_cookies(web, "Sekretariat Desk")
    keeper.post(path, **RECORDED)

    web.post("/lanjutkan", {"word": again.word, "path": path})

    assert drafts(web) == []


def test_with_two_elections_an_office_gets_to_both_of_its_lists(web, daily):
    text = web.desk.documents[0].text.replace("election: pemilihan", "election: pilkada")
    web.desk.load([loader.parse(text, "pilkada.yaml"), *web.desk.documents[1:]])
    signed = signs_in(web, "Camat Tamban")

    listed = web.get(signed.post("/beranda/laporan").headers["location"]).text

    assert len({int(code) for code in re.findall(r'id="j-R-([0-9]+)"', listed)}) >= 2
    assert web.desk.code(daily) in listed


def signs_in_keeping_cookies(web, office):
    """As a browser does that was here before."""
    kept = dict(web.client.cookies)
    signed = signs_in(web, office)
    for name, value in kept.items():
        if name.endswith("draft"):
            web.client.cookies.set(name, value, domain="desk.example", path="/")
    return signed
