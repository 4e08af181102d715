"""One tap, one choice, done: what each answer does, and what the same answer does twice."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

import pytest

from jobs import problems
from rules.desk import Channel
from rules.filing import Content, Standing, Via
from tests.web.conftest import receipt

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

    assert number in web.get(f"/l/{token}").text


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

    assert "P-0001" in pages[0].text
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
