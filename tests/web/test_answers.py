"""One tap, one choice, done: what each answer does, and what the same answer does twice."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from jobs.operator import problems
from models.matters.reports import Report
from rules.desk import Channel
from rules.filing import Content, Standing, Via
from tests.web.conftest import URL, receipt
from tests.web.serving import FORMS
from web.app import create
from web.team import receipts

GOOD = {"answer": "report", "seen": "0", "c.logistik": "safe", "n.desa-logistik": "16", "facts": "Logistik tiba."}


def ahead(web, hours):
    """A time as the page offers it."""
    return (web.desk.clock.at + timedelta(hours=hours)).astimezone(UTC).isoformat()


def test_nil_in_one_tap(web, daily):
    page = web.answers(web.link("Camat Tamban", Channel.EMAIL), daily, answer="nil", seen="0")

    (kept,) = web.desk.reports(daily)
    assert page.status_code == 200
    assert receipt(page) == kept.number
    assert (kept.content, kept.via, kept.title) == (Content.NIL, Via.LINK, "Camat Tamban")
    assert "Rabu, 7 Februari 2024 pukul 12.00 WITA" in page.text
    assert "Camat Tamban menyatakan tidak ada kejadian" in page.text


def test_whoever_filed_by_link_hears_nothing_more(web, daily):
    web.answers(web.link("Camat Tamban", Channel.EMAIL), daily, answer="nil")
    before = len(web.desk.messages())

    web.desk.clock.reads("H-6 12:00")

    assert len(web.desk.messages()) == before


def test_a_double_tap_is_one_report_with_one_receipt(web, daily):
    token = web.given("Camat Tamban")

    pages = [web.answers(token, daily, answer="nil", seen="0") for _ in range(3)]

    assert len({receipt(page) for page in pages}) == 1
    assert len(web.desk.reports(daily)) == 1


def test_two_offices_of_a_team_answer_alike_at_once(web, daily):
    pages = [web.answers(web.given(who), daily, answer="nil", seen="0") for who in ("Camat Tamban", "Kadis Kominfo")]

    assert len({receipt(page) for page in pages}) == 1


def test_who_comes_second_with_something_else_is_told_and_overwrites_nothing(web, daily):
    web.post(f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}", GOOD)

    page = web.answers(web.given("Kadis Kominfo"), daily, answer="nil", seen="0")

    assert page.status_code == 409
    assert "baru saja kami terima" in page.text
    assert [kept.content for kept in web.desk.reports(daily)] == [Content.PARTIAL]


def test_ones_own_district_comes_first_and_others_of_the_team_are_folded_under_their_reporter(web, desk):
    own, other = (desk.key("harian", district, "H-7") for district in ("Mekarsari", "Tamban"))
    desk.owes_only(own, other)
    desk.clock.reads("H-7 12:00")

    camat = web.get(f"/l/{web.given('Camat Mekarsari')}").text
    head = web.get(f"/l/{web.given('Kadis Kominfo')}").text

    folded = camat.index("<details>")
    assert camat.index(desk.code(own)) < folded < camat.index(desk.code(other))
    assert "Kecamatan lain dalam tim (pelapor: Camat Tamban)" in camat
    assert camat.count('value="nil"') == 1
    assert 'value="nil"' not in head
    assert "<details open>" in head


def test_one_tap_declares_nothing_for_another_district(web, daily):
    token, code = web.given("Camat Mekarsari"), web.desk.code(daily)

    tapped = web.post(f"/l/{token}/{code}", {"answer": "nil", "seen": "0"})
    asked = web.get(f"/l/{token}/{code}/nihil")
    elsewhere = web.post(f"/l/{token}/{code}", {"answer": "nil", "seen": "0", "untuk": "63.04.01"})

    assert (tapped.status_code, asked.status_code, elsewhere.status_code) == (422, 200, 422)
    for page in (tapped, asked):
        assert "Nihil untuk Kecamatan Tamban?" in page.text
        assert "Pelapor Kecamatan Tamban adalah <strong>Camat Tamban</strong>" in page.text
    assert web.desk.reports(daily) == []


def test_whoever_was_asked_once_more_may_help_a_neighbour(web, daily):
    token, code = web.given("Camat Mekarsari"), web.desk.code(daily)
    asked = web.get(f"/l/{token}/{code}/nihil").text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked))

    page = web.post(f"/l/{token}/{code}", fields | {"answer": "nil"})

    assert receipt(page) == web.desk.reports(daily)[0].number
    assert web.desk.reports(daily)[0].title == "Camat Mekarsari"


def test_a_form_and_a_promise_for_another_district_ask_once_more_too(web, daily):
    token, code = web.given("Camat Mekarsari"), web.desk.code(daily)
    until = ahead(web, 2)

    form = web.post(f"/l/{token}/{code}", GOOD)
    promise = web.post(f"/l/{token}/{code}", {"answer": "promise", "until": until, "note": "Menunggu perahu."})

    assert (form.status_code, promise.status_code) == (422, 422)
    assert "Ya, laporan ini untuk Kecamatan Tamban (pelapor: Camat Tamban)" in form.text
    assert "Logistik tiba.</textarea>" in form.text
    assert "Minta waktu untuk Kecamatan Tamban?" in promise.text
    assert until in promise.text
    assert "Menunggu perahu." in promise.text
    assert web.desk.reports(daily) == []
    assert web.desk.matter(daily).promised_until is None


def test_whoever_reports_for_a_district_may_correct_what_another_declared_for_it(web, daily):
    web.answers(web.given("Camat Mekarsari"), daily, answer="nil", seen="0")
    token, code = web.given("Camat Tamban"), web.desk.code(daily)

    listed, form = web.get(f"/l/{token}").text, web.get(f"/l/{token}/{code}")
    corrected = web.post(f"/l/{token}/{code}", GOOD | {"seen": "1"})

    assert "ralat" in listed
    assert "TT-" not in listed
    assert (form.status_code, corrected.status_code) == (200, 200)
    assert [kept.title for kept in web.desk.reports(daily)] == ["Camat Mekarsari", "Camat Tamban"]


def test_whoever_reports_for_a_district_is_told_what_another_declared_for_it(web, daily):
    web.answers(web.given("Camat Mekarsari"), daily, answer="nil", seen="0")
    web.desk.clock.reads("H-7 12:05")

    told = web.desk.phone("Camat Tamban").last

    assert f"laporan {web.desk.code(daily)} dinyatakan nihil oleh Camat Mekarsari" in told
    assert f"{URL}/l/" in told


def test_whoever_reports_is_told_that_another_asked_for_time(web, daily):
    web.answers(web.given("Camat Mekarsari"), daily, answer="promise", until=ahead(web, 2))
    web.desk.clock.reads("H-7 12:05")

    assert "dimintakan waktu oleh Camat Mekarsari" in web.desk.phone("Camat Tamban").last


def test_whoever_files_for_himself_is_told_nothing_of_it(web, daily):
    web.answers(web.given("Camat Tamban"), daily, answer="nil", seen="0")
    web.desk.clock.reads("H-7 12:05")

    assert len(web.desk.phone("Camat Tamban")) == 0


def test_what_was_corrected_meanwhile_is_told_no_more(web, daily):
    web.answers(web.given("Camat Mekarsari"), daily, answer="nil", seen="0")
    web.post(f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}", GOOD | {"seen": "1"})
    web.desk.clock.reads("H-7 12:05")

    assert len(web.desk.phone("Camat Tamban")) == 0


def test_nil_is_taken_back_by_one_tap_within_ten_minutes_and_the_chase_goes_on(web, daily):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)
    nil = web.answers(token, daily, answer="nil", seen="0")
    path = re.search(r'href="https://desk.example(/t/[^"]+)"', nil.text)[1]
    web.desk.clock.at += timedelta(minutes=9, seconds=59)

    page = web.answers(token, daily, answer="take_back")
    listed = web.get(f"/l/{token}").text
    checked = web.get(path).text
    web.desk.clock.reads("H-7 16:30")

    assert "tarik kembali nihil ini (sampai pukul 12.10 WITA)" in nil.text
    assert page.status_code == 200
    assert "Nihil ditarik kembali" in page.text
    assert [kept.content for kept in web.desk.reports(daily)] == [Content.NIL, Content.WITHDRAWN]
    assert (web.desk.obligation(daily).standing, web.desk.obligation(daily).received_at) == (Standing.OWED, None)
    assert f'id="j-{code}"' in listed
    assert "Sudah kami terima" not in listed
    assert "Nihil ini sudah ditarik kembali" in checked
    assert "belum kami terima" in web.desk.phone("Camat Tamban").last


def test_after_ten_minutes_nil_is_corrected_and_not_taken_back(web, daily):
    token = web.given("Camat Tamban")
    web.answers(token, daily, answer="nil", seen="0")
    web.desk.clock.at += timedelta(minutes=10)

    page = web.answers(token, daily, answer="take_back")

    assert page.status_code == 409
    assert "sepuluh menit" in page.text
    assert web.desk.obligation(daily).standing is Standing.RECEIVED


def test_what_was_taken_back_can_be_declared_anew(web, daily):
    token = web.given("Camat Tamban")
    first = web.answers(token, daily, answer="nil", seen="0")
    web.answers(token, daily, answer="take_back")
    seen = re.search(r'name="seen" value="([0-9]+)"', web.get(f"/l/{token}").text)[1]
    form = web.get(f"/l/{token}/{web.desk.code(daily)}").text

    stale = web.answers(token, daily, answer="nil", seen="0")
    again = web.answers(token, daily, answer="nil", seen=seen)

    assert "Ralat:" not in form
    assert stale.status_code == 409
    assert again.status_code == 200
    assert receipt(again) != receipt(first)
    assert web.desk.obligation(daily).standing is Standing.RECEIVED


@pytest.mark.parametrize(("who", "status"), [("Camat Tamban", 200), ("Camat Mekarsari", 200), ("Kadis Kominfo", 409)])
def test_nil_is_taken_back_by_who_declared_it_or_who_reports_and_by_nobody_else(web, daily, who, status):
    web.answers(web.given("Camat Mekarsari"), daily, answer="nil", seen="0")

    assert web.answers(web.given(who), daily, answer="take_back").status_code == status


def test_only_a_nil_that_stands_alone_is_taken_back(web, daily):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)
    web.post(f"/l/{token}/{code}", GOOD)
    filled = web.answers(token, daily, answer="take_back")
    web.answers(token, daily, answer="nil", seen="1")
    over = web.answers(token, daily, answer="take_back")

    assert (filled.status_code, over.status_code) == (409, 409)
    assert web.desk.obligation(daily).content is Content.NIL


def test_a_filled_report_keeps_what_was_answered(web, daily):
    page = web.post(f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}", GOOD)

    (kept,) = web.desk.reports(daily)
    assert page.status_code == 200
    assert kept.body["form"] == "harian"
    assert kept.body["indicators"]["logistik"] == {"condition": "safe", "numbers": {"desa-logistik": 16}}
    assert kept.body["indicators"]["keamanan"] == {"condition": "unseen"}
    assert kept.body["facts"] == "Logistik tiba."
    assert web.desk.obligation(daily).standing is Standing.RECEIVED


def test_a_correction_is_a_version_and_a_replay_of_the_first_brings_nothing_back(web, daily):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)
    first = web.post(f"/l/{token}/{code}", GOOD)
    form = web.get(f"/l/{token}/{code}")

    second = web.post(f"/l/{token}/{code}", GOOD | {"seen": "1", "facts": "Logistik belum tiba."})
    replay = web.post(f"/l/{token}/{code}", GOOD)

    assert "Ralat:" in form.text
    assert f"{receipt(first)}, Rabu, 7 Februari 2024 pukul 12.00 WITA" in form.text
    assert "Logistik tiba." not in form.text
    assert [kept.version for kept in web.desk.reports(daily)] == [1, 2]
    assert "ralat ke-1" in second.text
    assert receipt(replay) == receipt(first) != receipt(second)


def test_a_colleague_does_not_read_nor_correct_what_another_filed(web, daily):
    web.post(f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}", GOOD)
    token = web.given("Kadis Kominfo")

    page, form = web.get(f"/l/{token}"), web.get(f"/l/{token}/{web.desk.code(daily)}")

    assert "Sudah kami terima" in page.text
    assert "TT-" not in page.text
    assert "Logistik tiba." not in page.text + form.text
    assert form.status_code == 409


def test_ones_own_receipt_is_on_the_list(web, daily):
    token = web.given("Camat Tamban")
    number = receipt(web.answers(token, daily, answer="nil"))

    assert f"nihil, tanda terima <strong>{number}" in web.get(f"/l/{token}").text


def test_a_receipt_can_be_checked_later_by_whoever_holds_its_address(web, daily):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)
    page = web.post(f"/l/{token}/{code}", GOOD)
    path = re.search(r'href="https://desk.example(/t/[^"]+)"', page.text)[1]
    web.post(f"/l/{token}/{code}", GOOD | {"seen": "1", "facts": "Lain."})

    later = web.get(path)

    assert later.status_code == 200
    assert receipt(later) == receipt(page)
    assert "yang berlaku adalah yang terakhir" in later.text
    assert "Logistik tiba." not in later.text
    assert web.get(path[:-1] + "-").status_code == 404
    assert web.get(path.replace("TT-", "TT-9")).status_code == 404


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(web, daily):
    page = web.post(
        f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}", GOOD | {"n.desa-logistik": "1,245", "facts": "Kapal."}
    )

    assert page.status_code == 422
    assert 'value="1,245" id="n.desa-logistik" aria-invalid="true" aria-describedby="e-n.desa-logistik"' in page.text
    assert 'id="e-n.desa-logistik"' in page.text
    assert "Kapal.</textarea>" in page.text
    assert web.desk.reports(daily) == []


@pytest.mark.parametrize("typed", ["1,245", "-5", "NaN", "0x10", "24S", "99999999999999999999"])
def test_a_number_that_may_mean_something_else_is_refused(web, daily, typed):
    page = web.post(f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}", GOOD | {"n.desa-logistik": typed})

    assert page.status_code == 422
    assert web.desk.reports(daily) == []


def test_what_looks_wrong_is_asked_about_once_and_taken_with_a_word(web, daily):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)
    doubtful = GOOD | {"n.desa-logistik": "1.245"}

    asked = web.post(f"/l/{token}/{code}", doubtful)
    taken = web.post(f"/l/{token}/{code}", doubtful | {"remarks": "Dihitung per RT."})

    assert asked.status_code == 422
    assert "Mohon diperiksa sekali lagi" in asked.text
    assert taken.status_code == 200
    (kept,) = web.desk.reports(daily)
    assert kept.body["remarks"] == "Dihitung per RT."
    assert kept.body["indicators"]["logistik"]["numbers"] == {"desa-logistik": 1245}


def test_an_empty_form_is_not_a_report(web, daily):
    page = web.answers(web.given("Camat Tamban"), daily, answer="report")

    assert page.status_code == 422
    assert "gunakan tombol Nihil" in page.text


def test_trouble_becomes_a_problem_where_the_reporter_says_so(web, daily):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)
    answers = GOOD | {"c.keamanan": "troubled", "k.keamanan": "Keributan.", "p.keamanan": "1"}

    pages = [web.post(f"/l/{token}/{code}", answers) for _ in range(2)]
    web.desk.clock.reads("H-7 12:05")

    assert ["P-0001" in page.text for page in pages] == [True, True]
    assert [p["code"] for p in problems.unresolved(web.desk.rt)] == ["P-0001"]
    assert "P-0001" in web.desk.phone("Asisten Pemerintahan").last
    assert "Keributan" not in web.desk.phone("Asisten Pemerintahan").last


def test_a_promise_pauses_the_teams_rungs_and_no_longer(web, daily):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)
    choice = re.search(r'<option value="([^"]+)">', web.get(f"/l/{token}/{code}/lain").text)
    until = web.desk.moment("H-7 17:00").astimezone(UTC).isoformat()

    page = web.answers(token, daily, answer="promise", until=until, note="Menunggu perahu.")
    web.desk.clock.reads("H-7 16:59")
    silent = len(web.desk.phone("Camat Tamban"))
    web.desk.clock.reads("H-7 18:00")

    assert choice is not None
    assert "Sampai Rabu, 7 Februari 2024 pukul 17.00 WITA" in page.text
    assert silent == 0
    assert len(web.desk.phone("Camat Tamban")) > 0
    assert web.desk.obligation(daily).due_at == web.desk.moment("H-7 15:00")


def test_one_promise_for_one_report(web, daily):
    token = web.given("Camat Tamban")
    first, second = (ahead(web, h) for h in (2, 4))

    pages = [web.answers(token, daily, answer="promise", until=until) for until in (first, first, second)]

    assert [page.status_code for page in pages] == [200, 200, 409]
    assert web.desk.matter(daily).promised_until == web.desk.clock.at + timedelta(hours=2)


@pytest.mark.parametrize("hours", [-1, 0, 28, 24 * 365 * 10])
def test_a_promise_ends_ahead_and_before_nobody_waits_any_more(web, daily, hours):
    until = ahead(web, hours)

    page = web.answers(web.given("Camat Tamban"), daily, answer="promise", until=until)

    assert page.status_code == 422
    assert web.desk.matter(daily).promised_until is None


def test_not_my_task_is_the_secretariats_task_and_the_chase_goes_on(web, daily):
    token = web.given("Kadis Kominfo")

    pages = [web.answers(token, daily, answer="not_mine", note="Camat Tamban") for _ in range(2)]
    web.desk.clock.reads("H-7 16:00")

    (task,) = [t for t in web.desk.tasks() if t.why == "not_my_task"]
    assert {page.status_code for page in pages} == {200}
    assert "Kepala Dinas Kominfo menyatakan bukan tugasnya. Camat Tamban" in task.text
    assert "belum kami terima" in web.desk.phone("Camat Tamban").last


def test_what_was_waived_is_not_taken(web, daily):
    web.desk.waives(daily, "Banjir.")

    page = web.answers(web.given("Camat Tamban"), daily, answer="nil")

    assert page.status_code == 409
    assert "tidak ditunggu lagi" in page.text


def test_late_is_taken_too(web, daily):
    web.desk.clock.reads("H-5 12:00")

    page = web.answers(web.given("Camat Tamban"), daily, answer="nil")

    assert page.status_code == 200


def test_what_is_not_open_yet_waits(web, desk):
    key = desk.key("harian", "Tamban", "H-7")

    assert web.answers(web.given("Camat Tamban"), key, answer="nil").status_code == 409


def test_twenty_taps_at_once_are_one_report(web, daily):
    token = web.given("Camat Tamban")

    with ThreadPoolExecutor(8) as taps:
        pages = list(taps.map(lambda _: web.answers(token, daily, answer="nil", seen="0"), range(20)))

    assert {page.status_code for page in pages} == {200}
    assert len({receipt(page) for page in pages}) == 1
    assert len(web.desk.reports(daily)) == 1


def test_two_elections_at_once_are_never_mixed_up(web, desk):
    """Numbers begin anew in every programme: a link means its own."""
    desk.loads_jayapura()
    desk.clock.at = desk.moment("H-7 12:00")
    key = desk.key("harian", "Tamban", "H-7")

    page = web.answers(web.given("Camat Tamban"), key, answer="nil")

    assert page.status_code == 200
    assert len(desk.reports(key)) == 1


def test_a_returned_report_is_asked_for_again_and_ends_with_a_new_version(web, daily):
    token = web.given("Kadis Kominfo")
    web.desk.files(daily, "Situasi aman.", by="Camat Tamban")
    web.desk.returns(daily, "H-6 10:00", "Mohon dilengkapi <b>angka</b> logistik.")

    listed = web.get(f"/l/{token}").text
    form = web.get(f"/l/{token}/{web.desk.code(daily)}")

    assert "Perlu perbaikan sampai Kamis, 8 Februari 2024 pukul 10.00 WITA" in listed
    assert "Mohon dilengkapi &lt;b&gt;angka&lt;/b&gt; logistik." in listed
    assert "Nihil: aman" not in listed
    assert form.status_code == 200
    assert "Mohon dilengkapi &lt;b&gt;angka&lt;/b&gt; logistik." in form.text

    answered = web.answers(token, daily, answer="report", seen="1", **{"c.logistik": "safe"})

    assert "Tanda terima" in answered.text
    assert "Perlu perbaikan" not in web.get(f"/l/{token}").text
    assert len(web.desk.reports(daily)) == 2


def test_whoever_wants_it_gets_the_receipt_by_message_too_once(web, daily):
    token = web.given("Camat Tamban")
    page = web.answers(token, daily, answer="nil")

    asked = [web.answers(token, daily, answer="receipt") for _ in range(2)]
    web.desk.clock.reads("H-7 12:10")

    assert 'value="receipt"' in page.text
    assert {answer.status_code for answer in asked} == {200}
    assert sum(receipt(page) in text for text in web.desk.phone("Camat Tamban").texts) == 1


def test_a_receipt_goes_by_message_only_to_the_office_that_files(web, daily):
    token = web.given("Kadis Kominfo")

    unfiled = web.answers(token, daily, answer="receipt")
    page = web.answers(token, daily, answer="nil")

    assert unfiled.status_code == 409
    assert 'value="receipt"' not in page.text
    assert web.answers(token, daily, answer="receipt").status_code == 409


def test_a_nil_taken_back_by_a_double_tap_is_taken_back_once_and_said_so_twice(web, daily):
    token = web.given("Camat Tamban")
    web.answers(token, daily, answer="nil", seen="0")

    pages = [web.answers(token, daily, answer="take_back") for _ in range(2)]

    assert all("Nihil ditarik kembali" in page.text for page in pages)
    assert [kept.content for kept in web.desk.reports(daily)] == [Content.NIL, Content.WITHDRAWN]


@pytest.mark.parametrize("asked", ["take_back", "receipt"])
def test_nobody_is_told_that_nothing_is_left_to_do_while_his_report_is_waited_for(web, daily, asked):
    """An old page is open on his phone, and what it shows is not on record: a backup was put back."""
    page = web.answers(web.given("Camat Tamban"), daily, answer=asked)

    assert page.status_code == 409
    assert "Tidak ada yang perlu dilakukan" not in page.text
    assert "masih kami nantikan" in page.text


def test_nor_while_its_improvement_is_waited_for(web, daily):
    token = web.given("Camat Tamban")
    web.answers(token, daily, answer="nil")
    web.desk.returns(daily, "H-7 15:00")

    page = web.answers(token, daily, answer="take_back")

    assert page.status_code == 409
    assert "masih kami nantikan" in page.text


def test_no_receipt_goes_out_for_a_nil_that_was_taken_back(web, daily):
    token = web.given("Camat Tamban")
    web.answers(token, daily, answer="nil")
    web.answers(token, daily, answer="take_back")
    before = len(web.desk.phone("Camat Tamban"))

    page = web.answers(token, daily, answer="receipt")
    web.desk.clock.reads("H-7 12:10")

    assert page.status_code == 409
    assert "masih kami nantikan" in page.text
    assert len(web.desk.phone("Camat Tamban")) == before


def test_whose_receipt_is_not_on_record_is_told_to_keep_it_and_to_ask(web, daily):
    """A backup was put back; a number and a proof that never were look alike."""
    for path in ("/t/TT-000001/dp9QAvI9NXSuwrqF", "/t/TT-x/y"):
        page = web.get(path)

        assert page.status_code == 404
        assert "Tanda terima ini tidak kami temukan" in page.text
        assert "mohon disimpan dan ditunjukkan kepada sekretariat" in page.text


def test_a_receipt_whose_report_was_lost_is_known_as_ours(web, daily):
    """An older copy was put back: the receipt's holder is believed, and nobody who made one up."""
    web.books.key = b"kunci-desk-yang-panjang"
    page = web.answers(web.given("Camat Tamban"), daily, answer="nil", seen="0")
    found = urlsplit(re.search(r'href="([^"]+/t/TT-[^"]+)"', page.text)[1]).path
    path = urlsplit(receipts.address(web.books, Report(id=4711, proof="dp9QAvI9NXSuwrqF"))).path

    assert web.get(found).status_code == 200
    assert [web.get(shown).status_code for shown in (path, f"{path}.")] == [410, 410]
    for shown in (path[:-1], path.rpartition("/")[0], f"{path[:-1]}é"):
        assert web.get(shown).status_code == 404, shown
    assert "benar dari kami" in web.get(path).text
    web.books.key = b""
    assert web.get(path).status_code == 404


def test_a_lost_receipt_is_known_as_ours_also_where_no_gateway_has_a_key(migrated_sqlite_url, tmp_path, monkeypatch):
    """Mails alone, or Twilio, need no key of ours; whoever holds a receipt does."""
    key = "kunci-desk-yang-panjang-sekali-00"
    settings = {
        "DESK_HOME": tmp_path,
        "DESK_DATABASE_URL": migrated_sqlite_url,
        "DESK_SECRET_KEY": key,
        "DESK_PUBLIC_URL": URL,
    }
    for name, own in settings.items():
        monkeypatch.setenv(name, str(own))
    (tmp_path / "config").symlink_to(FORMS.parent)
    client = TestClient(create(), base_url=URL)
    sealed = receipts.address(client.app.books, Report(id=4711, proof="dp9QAvI9NXSuwrqF"))

    assert client.get(urlsplit(sealed).path).status_code == 410


def test_what_nobody_waits_for_any_more_is_corrected_and_never_owed_again_by_a_tap(web, daily):
    token = web.given("Camat Tamban")
    web.desk.clock.reads("H-6 14:55")
    nil = web.answers(token, daily, answer="nil", seen="0")
    web.desk.clock.reads("H-6 15:01")

    page = web.answers(token, daily, answer="take_back")

    assert "sampai pukul 15.00 WITA" in nil.text
    assert page.status_code == 409
    assert web.desk.obligation(daily).standing is Standing.RECEIVED


def test_what_a_coordinator_asks_for_is_shown_to_whoever_had_asked_for_time(web, daily):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)
    web.answers(token, daily, answer="promise", until=ahead(web, 5))
    web.post(f"/l/{token}/{code}", GOOD)
    web.desk.returns(daily, "H-7 14:00", "Mohon sebut nama desanya.")

    pages = [web.get(f"/l/{token}").text, web.get(f"/l/{token}/{code}").text]

    assert all("14.00 WITA: Mohon sebut nama desanya." in page for page in pages)


def test_of_a_returned_report_it_is_never_said_that_nothing_is_left_to_do(web, daily):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)
    web.post(f"/l/{token}/{code}", GOOD)
    web.desk.returns(daily, "H-7 14:00", "Mohon sebut nama desanya.")

    listed, other = web.get(f"/l/{token}").text, web.get(f"/l/{token}/{code}/lain").text

    assert "Minta waktu" not in listed + other
    assert "14.00 WITA: Mohon sebut nama desanya." in other
    assert web.answers(token, daily, answer="not_mine").status_code == 200


def test_nil_is_declared_for_its_period_and_not_for_today(web, daily):
    page = web.get(f"/l/{web.given('Camat Tamban')}").text

    assert "hari ini" not in page
    assert "tidak ada kejadian yang perlu dilaporkan dari kecamatan dan periode tersebut" in page
