"""What offices give each other on pages: given with a form, confirmed by one tap, done with a photo, closed."""

import io
import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from PIL import Image

from jobs.operator import advising
from models.matters import advice, issues
from rules.advice import Answer, Sort, Stage
from rules.desk import Channel
from tests.stories.test_advice import gives, invites
from tests.web.conftest import URL
from tests.web.test_coordinator import comes_in, place

GIVER, OWNER, OTHER = "Sekda", "Camat Tamban", "Camat Mekarsari"


@pytest.fixture
def code(web):
    """A direction of the chair to Tamban, told."""
    web.desk.lives(_nothing_owed)
    (code,) = gives(web.desk, OWNER)
    web.desk.clock.reads("H-10 09:01")
    return code


def _nothing_owed(desk):
    desk.owes_only()
    desk.clock.reads("H-10 09:00")


def path(web, code):
    (programme,) = web.desk.rt.programmes
    return f"/saran/{programme}/{code}"


def given(web, code):
    with web.desk.rt.sessions.begin() as session:
        return advice.locked(session, code)


def presses(web, code, act, **fields):
    """Press a button as the page shows it."""
    page = web.get(path(web, code)).text
    form = next((f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'value="{act}"' in f), "")
    hidden = dict(re.findall(r'name="(word|round)" value="([^"]*)"', form))
    times = re.findall(r'option value="([^"]*)"', form)
    offered = {"until": times[0]} if times else {}
    return web.post(path(web, code), hidden | offered | {"act": act} | fields)


def form_of(web, place):
    page = web.get(place)
    hidden = dict(re.findall(r'type="hidden" name="([a-z]+)" value="([^"]*)"', page.text))
    times = re.findall(r'option value="(20[^"]*)"', page.text)
    return page, hidden | ({"until": times[-1]} if times else {})


def test_a_time_that_went_by_while_the_page_was_open_costs_nobody_his_words(web):
    web.desk.owes_only()
    web.desk.clock.reads("H-10 09:00")
    comes_in(web, "Sekda")
    _, hidden = form_of(web, "/saran/beri")
    typed = hidden | {"sort": "advice", "text": "Mohon genset di gudang.", f"to.{web.desk.office(OWNER)}": "1"}
    gone = "2024-02-04T00:00:00+00:00"

    for until in (gone, "", "2031-01-01T00:00:00+00:00"):
        page = web.post("/saran/beri", typed | {"until": until})
        assert page.status_code == 422
        assert "Mohon genset di gudang." in page.text
        assert "Mohon diisi waktu yang belum lewat" in page.text


def photo():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "blue").save(file, "JPEG")
    return file.getvalue()


def test_the_link_in_his_message_brings_him_in_and_one_tap_confirms(web, code):
    word = comes_in(web, OWNER)

    home = web.get("/beranda").text
    assert "Mohon perahu disiapkan." in home
    assert "Saya terima" in home
    page = web.post(path(web, code), {"word": word, "act": "confirm", "then": "list"})

    assert page.headers["location"].endswith("/saran")
    assert given(web, code).stage is Stage.CONFIRMED
    assert "Saya terima" not in web.get("/saran").text


def test_a_second_tap_on_an_old_page_changes_nothing_and_is_no_error(web, code):
    word = comes_in(web, OWNER)
    for _ in range(2):
        page = web.post(path(web, code), {"word": word, "act": "confirm"})

    assert page.status_code == 303
    assert given(web, code).stage is Stage.CONFIRMED


def test_what_was_done_is_reported_with_a_photo_and_its_giver_closes_it(web, code):
    word = comes_in(web, OWNER)
    fields = {"word": word, "act": "done", "text": "Dua perahu siap."}
    sent = web.client.post(
        path(web, code), data=fields, files={"files": ("a.jpg", photo(), "image/jpeg")}, headers={"Origin": URL}
    )
    assert sent.status_code == 303, sent.text
    assert given(web, code).stage is Stage.DONE

    comes_in(web, GIVER)
    page = web.get(path(web, code)).text
    assert "Dua perahu siap." in page
    assert web.get(f"{path(web, code)}/1").headers["content-type"] == "image/jpeg"
    assert presses(web, code, "close").status_code == 303
    assert given(web, code).stage is Stage.CLOSED


def test_a_file_that_is_no_photo_keeps_what_was_typed(web, code):
    word = comes_in(web, OWNER)
    fields = {"word": word, "act": "done", "text": "Dua perahu siap."}
    sent = web.client.post(
        path(web, code), data=fields, files={"files": ("a.jpg", b"no photo", "image/jpeg")}, headers={"Origin": URL}
    )

    assert sent.status_code == 422
    assert "Dua perahu siap." in sent.text
    assert given(web, code).stage is Stage.GIVEN


def test_its_giver_sends_it_back_with_a_word(web, code):
    comes_in(web, OWNER)
    presses(web, code, "done", text="Siap.")
    comes_in(web, GIVER)

    assert presses(web, code, "send_back", text="").status_code == 422
    assert presses(web, code, "send_back", text="Pelampungnya belum ada.").status_code == 303

    comes_in(web, OWNER)
    assert "Pelampungnya belum ada." in web.get("/saran").text


def test_the_giver_decides_only_on_what_he_has_seen(web, code):
    word = comes_in(web, GIVER)
    seen = re.search(r'name="round" value="(\d+)"', web.get(path(web, code)).text)[1]
    advising.done(web.desk.rt, code, by=web.desk.office(OWNER), text="Siap.")

    page = web.post(path(web, code), {"word": word, "round": seen, "act": "withdraw", "text": "Keliru"})

    assert page.status_code == 409
    assert given(web, code).stage is Stage.DONE


@pytest.mark.parametrize("office", [OTHER, "Kepala BPBD", "Kadis Kominfo"])
def test_an_office_that_neither_gave_nor_has_it_reads_nothing_of_it(web, code, office):
    word = comes_in(web, office)

    assert web.get(path(web, code)).status_code == 403
    assert web.get(f"{path(web, code)}/1").status_code == 403
    assert web.post(path(web, code), {"word": word, "act": "confirm"}).status_code == 403
    assert code not in web.get("/saran").text
    assert given(web, code).stage is Stage.GIVEN


def test_the_secretariat_reads_it_and_presses_nothing(web, code):
    word = comes_in(web, "Sekretariat Desk")

    page = web.get(path(web, code))
    assert page.status_code == 200
    assert 'name="act"' not in page.text
    assert web.post(path(web, code), {"word": word, "act": "close", "round": "0"}).status_code == 403


def test_whoever_has_it_does_not_close_it_and_whoever_gave_it_does_not_confirm_it(web, code):
    word = comes_in(web, OWNER)
    assert web.post(path(web, code), {"word": word, "act": "close", "round": "0"}).status_code == 403
    word = comes_in(web, GIVER)
    assert web.post(path(web, code), {"word": word, "act": "confirm"}).status_code == 403


def test_a_direction_is_given_with_a_form_to_several_offices(web, code):
    comes_in(web, GIVER)
    page, fields = form_of(web, "/saran/beri?jenis=direction")
    assert "Kepala BPBD" in page.text

    sent = web.post(
        "/saran/beri", fields | {"to.camat-tamban": "on", "to.camat-mekarsari": "on", "text": "Mohon dicek gudang."}
    )

    assert sent.status_code == 303, sent.text
    both = [given(web, f"A-0002-{n}") for n in (1, 2)]
    assert [one.owner.code for one in both] == ["camat-tamban", "camat-mekarsari"]
    assert "A-0002-1" in web.get("/saran").text


def test_what_was_typed_stays_where_something_is_missing(web, code):
    comes_in(web, GIVER)
    _, fields = form_of(web, "/saran/beri?jenis=direction")

    sent = web.post("/saran/beri", fields | {"text": "Mohon dicek gudang."})

    assert sent.status_code == 422
    assert "Mohon dicek gudang." in sent.text
    assert "Mohon dipilih sedikitnya satu kantor." in sent.text


def test_an_invitation_asks_for_time_and_place_and_is_answered_with_a_deputy(web, code):
    comes_in(web, GIVER)
    _, fields = form_of(web, "/saran/beri?jenis=meeting")
    fields |= {"to.camat-tamban": "on", "text": "Kesiapan logistik", "where": "Aula"}
    wrong = web.post("/saran/beri", fields | {"starts": "2024-02-06T09:00", "ends": "2024-02-06T08:00"})
    assert wrong.status_code == 422
    assert "Waktu selesai mohon sesudah waktu mulai." in wrong.text

    right = {"starts": "2024-02-06T09:00", "ends": "2024-02-06T11:00"}
    wrong = web.post("/saran/beri", fields | right | {"where": "Aula " * 60})
    assert "Terlalu panjang. Mohon dipersingkat." in wrong.text
    assert "Kesiapan logistik" in wrong.text
    assert web.post("/saran/beri", fields | right).status_code == 303
    web.desk.turn()

    comes_in(web, OWNER)
    assert presses(web, "A-0002", "deputy", deputy="Sekcam\x1b Tamban").status_code == 303
    assert given(web, "A-0002").charge.answer is Answer.DEPUTY
    assert "Diwakili oleh Sekcam Tamban" in web.get(path(web, "A-0002")).text


def test_a_coordinator_advises_about_a_problem_and_it_goes_to_its_owner_by_default(web, code):
    problem = web.desk.has_a_problem()
    comes_in(web, "Asisten Pemerintahan")
    page, fields = form_of(web, f"/saran/beri?perihal={problem}")
    assert page.status_code == 200

    sent = web.post("/saran/beri", fields | {"to.camat-tamban": "on", "text": "Pinjam kotak dari tetangga."})

    assert sent.status_code == 303, sent.text
    one = given(web, "A-0002")
    assert (one.about, one.advice.sort) == (problem, Sort.ADVICE)


@pytest.mark.parametrize("office", [OWNER, "Kadis Kominfo"])
def test_who_may_give_nothing_is_not_shown_the_form(web, code, office):
    comes_in(web, office)

    assert "/saran/beri" not in web.get("/saran").text
    assert web.get("/saran/beri").status_code == 403


def test_nobody_advises_about_a_problem_of_another_place_or_about_himself(web, code):
    elsewhere = web.desk.has_a_problem(district="63.04.01", by="Camat Tabunganen")
    about_him = web.desk.has_a_problem("Lain", about="Asisten Pemerintahan")
    comes_in(web, "Asisten Pemerintahan")

    assert web.get(f"/saran/beri?perihal={elsewhere}").status_code == 403
    assert web.get(f"/saran/beri?perihal={about_him}").status_code == 403


def test_a_meeting_is_moved_and_its_attendance_recorded_on_the_page(web, code):
    (meeting,) = invites(web.desk, OWNER)
    comes_in(web, GIVER)
    moved = presses(web, meeting, "move", starts="2024-02-07T13:00", ends="2024-02-07T14:00", place="Pendopo")
    assert moved.status_code == 303
    assert "Pendopo" in web.get(path(web, meeting)).text

    web.desk.clock.reads("H-6 12:00")
    comes_in(web, GIVER)
    assert presses(web, meeting, "attended").status_code == 303
    assert "Tercatat hadir" in web.get(path(web, meeting)).text


def test_what_was_typed_is_shown_and_never_run(web, code):
    (hostile,) = gives(web.desk, OWNER, text="<script>alert(1)</script>{{ 7*7 }}")
    web.desk.clock.reads("H-10 09:10")
    comes_in(web, OWNER)

    for own in ("/saran", "/beranda", path(web, hostile)):
        page = web.get(own).text
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page


def test_a_meeting_is_saved_to_a_calendar_from_its_page(web, code):
    (meeting,) = invites(web.desk, OWNER)
    web.desk.clock.reads("H-10 09:10")
    comes_in(web, OWNER)

    file = web.get(f"{path(web, meeting)}/undangan.ics")

    assert file.headers["content-type"].startswith("text/calendar")
    assert "DTSTART:20240206T010000Z" in file.text
    assert web.get(f"{path(web, code)}/undangan.ics").status_code == 403


def test_the_page_of_a_problem_shows_its_advice_with_addressee_deadline_state_and_outcome(web, code):
    problem = web.desk.has_a_problem()
    (own,) = gives(web.desk, OWNER, by="Asisten Pemerintahan", sort=Sort.ADVICE, about=problem, text="Pinjam kotak.")
    advising.done(web.desk.rt, own, by=web.desk.office(OWNER), text="Sudah dipinjam.")
    comes_in(web, "Asisten Pemerintahan")

    page = web.get(place(web, problem)).text

    for told in (own, "kepada Camat Tamban", "batas waktu", "menunggu penutupan", "Pinjam kotak.", "Sudah dipinjam."):
        assert told in page
    assert f"/saran/beri?perihal={problem}" in page


def test_who_reports_answers_by_the_link_in_his_message_with_one_tap(web, code):
    web.desk.loses(OWNER, Channel.EMAIL)
    (other,) = gives(web.desk, OWNER, text="Mohon dicek gudang.")
    web.desk.clock.reads("H-10 09:05")
    token = web.link(OWNER)
    page = web.get(f"/l/{token}").text
    assert "Mohon dicek gudang." in page

    answer = web.post(f"/l/{token}/saran/{other}", {"act": "confirm", "then": "list", "word": ""})

    assert answer.headers["location"] == f"/l/{token}"
    assert given(web, other).stage is Stage.CONFIRMED
    assert "Sudah diterima" in web.get(f"/l/{token}").text


def test_by_his_link_he_says_with_a_photo_that_it_is_done(web, code):
    token = web.given(OWNER)
    assert "Laporkan selesai" in web.get(f"/l/{token}/saran/{code}").text

    sent = web.client.post(
        f"/l/{token}/saran/{code}",
        data={"act": "done", "text": "Dua perahu siap."},
        files={"files": ("a.jpg", photo(), "image/jpeg")},
        headers={"Origin": URL},
    )

    assert sent.status_code == 303, sent.text
    assert given(web, code).stage is Stage.DONE
    assert code not in web.get(f"/l/{token}").text


def test_a_link_answers_for_its_own_office_alone_and_decides_nothing(web, code):
    stranger, own = web.given(OTHER), web.given(OWNER)

    assert web.get(f"/l/{stranger}/saran/{code}").status_code == 404
    assert web.post(f"/l/{stranger}/saran/{code}", {"act": "confirm"}).status_code == 404
    assert code not in web.get(f"/l/{stranger}").text
    for act in ("close", "withdraw", "move", "attended", "x"):
        assert web.post(f"/l/{own}/saran/{code}", {"act": act, "text": "x", "round": "0"}).status_code == 400
    assert given(web, code).stage is Stage.GIVEN


def test_advice_about_a_restricted_problem_is_read_only_behind_the_door(web, code):
    problem = web.desk.has_a_problem("Rahasia")
    with web.desk.rt.sessions.begin() as session:
        issues.change(session, issues.locked(session, problem).id, restricted=True)
    (own,) = gives(web.desk, OWNER, about=problem, text="Mohon pelapor dilindungi.")
    web.desk.clock.reads("H-10 09:05")
    token = web.given(OWNER)

    assert all("dilindungi" not in sent.text for sent in web.desk.wire.accepted)
    assert own not in web.get(f"/l/{token}").text
    assert web.get(f"/l/{token}/saran/{own}").status_code == 404
    comes_in(web, OWNER)
    assert "Mohon pelapor dilindungi." in web.get(path(web, own)).text
    comes_in(web, "Sekretariat Desk")
    assert web.get(path(web, own)).status_code == 403


def test_all_advice_is_saved_as_one_table_by_whoever_may_read_it(web, code):
    rows = {}
    for office in (GIVER, OWNER, OTHER):
        comes_in(web, office)
        text = web.get("/saran/berkas/saran.csv").content.decode("utf-8-sig")
        rows[office] = [line.split(";")[0] for line in text.splitlines()[1:]]
    assert rows == {GIVER: [code], OWNER: [code], OTHER: []}
    assert load_workbook(BytesIO(web.get("/saran/berkas/saran.xlsx").content)).active.cell(1, 1).value == "Nomor"
    assert web.get("/saran/berkas/lain.exe").status_code == 404


def test_advice_about_a_restricted_problem_stays_out_of_the_table(web):
    problem = web.desk.has_a_problem("Perahu disembunyikan", restricted=True)
    (code,) = gives(web.desk, OWNER, about=problem)
    comes_in(web, GIVER)

    assert code in web.get("/saran").text
    assert code not in web.get("/saran/berkas/saran.csv").text
