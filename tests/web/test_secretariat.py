"""The secretariat's pages: what is owed today, the text for a group, tasks, and what came by another way."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from jobs.operator import problems
from models.desk.changes import Change, Way
from models.matters import attachments, tasks
from models.matters.tasks import Why
from models.offices.offices import Office
from rules.attachments import Kind
from rules.desk import Channel
from rules.filing import Content, Standing, Via
from tests.web.conftest import URL, receipt
from tests.web.signing import signs_in
from tests.web.test_photos import photo
from tests.web.test_safety import NASTY, POST, quoted

PAGES = ("", "/tugas", "/catat", "/kontak", "/grup", "/kontak/camat-tamban")
SECRETARIAT = "Sekretariat Desk"


@pytest.fixture
def keeper(web, daily):
    """The secretariat, signed in; Tamban's daily report is owed since morning, and it is noon."""
    return signs_in(web, SECRETARIAT)


def record(keeper, key, **fields):
    path = f"/sekretariat/catat/1/{keeper.web.desk.code(key)}"
    told = {"by": "camat-tamban", "via": "phone", "answer": "text", "text": "Situasi aman.", "seen": "0"}
    return keeper.post(path, **(told | fields))


def task(desk, why=Why.NOT_DELIVERED, **facts):
    with desk.rt.sessions.begin() as session:
        tasks.open_(session, 1, why, "subject", "Something happened", now=desk.clock.at, **facts)
    return desk.tasks()[-1]


# -- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("office", ["Camat Tamban", "Asisten Pemerintahan", "Sekretaris Daerah"])
def test_nobody_else_opens_them(web, daily, office):
    other = signs_in(web, office)

    looked = [other.get(f"/sekretariat{page}").status_code for page in (*PAGES, f"/catat/1/{web.desk.code(daily)}")]
    changed = [
        record(other, daily).status_code,
        other.post("/sekretariat/kontak/camat-tamban", do="link").status_code,
        other.post(f"/sekretariat/tugas/{task(web.desk).id}", note="x").status_code,
        other.post("/sekretariat/kontak").status_code,
    ]

    assert set(looked + changed) == {403}
    assert web.desk.reports(daily) == []
    assert "Catat laporan" not in other.get("/beranda").text


def test_the_secretary_may_as_well(web, daily):
    assert signs_in(web, "Kepala Kesbangpol").get("/sekretariat").status_code == 200


def test_without_signing_in_nothing_is_shown(web, daily):
    assert {web.get(f"/sekretariat{page}").status_code for page in PAGES} == {403}


def test_a_form_without_the_sessions_word_changes_nothing(keeper, daily):
    keeper.word = "0" * 32

    assert record(keeper, daily).status_code == 403
    assert keeper.web.desk.reports(daily) == []


def test_another_desks_programme_is_not_found(keeper, daily):
    keeper.web.desk.loads_jayapura()

    assert keeper.get(f"/sekretariat/catat/2/{keeper.web.desk.code(daily)}").status_code == 404
    assert "Jayapura" not in keeper.get("/sekretariat").text


# -- looking -----------------------------------------------------------------------------------------------------------


def test_the_first_page_names_every_district_in_the_files_order(keeper, daily):
    page = keeper.get("/sekretariat").text

    assert re.findall(r"Kecamatan (\w+)</h3>", page) == ["Tamban"]
    assert "Hari ini tidak ada laporan dari Kecamatan Tabunganen dan Kecamatan Mekarsari." in page
    assert "0 dari 1 laporan diterima" in page
    assert f"/sekretariat/catat/1/{keeper.web.desk.code(daily)}" in page


def test_what_came_is_shown_with_when(keeper, daily):
    keeper.web.desk.files(daily)

    page = keeper.get("/sekretariat").text

    assert "1 dari 1 laporan diterima" in page
    assert "Diterima Rabu 7/2, 12.00 WITA: terisi." in page


def test_what_is_counted_of_today_is_what_the_board_counts_and_other_days_stand_beside_it(web, desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-7"), desk.key("harian", "Tamban", "H-6"))
    desk.clock.reads("H-6 12:00")

    keeper = signs_in(web, SECRETARIAT)

    assert "0 dari 1 laporan diterima; 1 dari hari lain masih ditunggu." in keeper.get("/sekretariat").text
    assert "0 dari 1 laporan masuk" in keeper.get("/papan").text


def test_what_is_past_its_time_stands_first_with_the_way_to_record_it(web, daily):
    web.desk.clock.reads("H-7 15:20")
    keeper = signs_in(web, SECRETARIAT)
    code = web.desk.code(daily)
    first = f'<a class="tap" href="/sekretariat/catat/1/{code}">{code}, Laporan harian</a>'

    before = keeper.get("/sekretariat").text
    record(keeper, daily)
    after = keeper.get("/sekretariat").text

    assert first in before
    assert "0 dari 1 laporan diterima." in before
    assert first not in after
    assert "1 dari 1 laporan diterima." in after


def test_the_text_for_a_group_names_what_is_owed_and_holds_no_link(keeper, daily):
    texts = {code: keeper.get(f"/sekretariat/grup?tim={code}").text for code in ("", "VIII", "III")}

    assert "Yth. Tim DESK VIII" in texts["VIII"]
    assert "Kecamatan Tamban\n- Laporan harian, periode 7 Februari 2024 (R-0" in texts["VIII"]
    assert "batas waktu 7 Februari 2024 pukul 15.00 WITA" in texts["VIII"]
    assert "tidak ada laporan yang kami nantikan" in texts["III"]
    assert "R-0" in texts[""]
    assert "/l/" not in "".join(texts.values())


def test_a_search_for_anything_is_plain_text(keeper):
    """One desk for all of them: to sign in takes longer than to search."""
    for typed in (*NASTY[:-1], "_%_%_%_%_%", "99999999999999999999", "R-999999999999", "x" * 5000):
        for path, name in (("catat", "cari"), ("catat", "kecamatan"), ("grup", "tim")):
            page = keeper.web.client.get(f"/sekretariat/{path}", params={name: typed})
            assert page.status_code in (200, 404)
            assert typed not in page.text or not re.search("[<>]", typed)


def test_what_waits_to_be_recorded_is_listed_whole_a_page_at_a_time(web):
    desk = web.desk
    keys = [desk.key("harian", district, f"H-{n}") for n in (7, 6) for district in ("Tamban", "Mekarsari")]
    desk.owes_only(*keys)
    desk.clock.reads("H-6 12:00")
    web.books.lines = 3
    keeper = signs_in(web, SECRETARIAT)

    pages = [keeper.get(f"/sekretariat/catat?kecamatan=&hal={n}").text for n in (1, 2)]

    assert "Ditampilkan 1 sampai 3 dari 4." in pages[0]
    assert 'href="?kecamatan=&amp;hal=2"' in pages[0]
    assert all(f"/sekretariat/catat/1/{desk.code(key)}" in "".join(pages) for key in keys)


@pytest.mark.parametrize(("content", "said"), [(Content.NIL, ": nihil."), (Content.FILLED, ": terisi.")])
def test_the_day_says_what_came_in_and_not_only_that_it_did(keeper, daily, content, said):
    keeper.web.desk.files(daily, content=content)

    assert re.search(rf"Diterima [^.]+[.]\d\d WITA{said}", keeper.get("/sekretariat").text)


def test_a_report_that_was_granted_more_time_is_not_listed_as_late(keeper, daily):
    keeper.web.desk.extends(daily, "H-7 20:00")
    keeper.web.desk.clock.reads("H-7 16:00")

    page = signs_in(keeper.web, SECRETARIAT).get("/sekretariat").text

    assert "Lewat batas waktu" not in page
    assert "Diperpanjang sampai" in page


def test_a_report_is_found_by_its_number_also_when_it_came_in_already(keeper, daily):
    keeper.web.desk.files(daily)
    code = keeper.web.desk.code(daily)

    assert code not in keeper.get("/sekretariat/catat").text
    assert f"/sekretariat/catat/1/{code}" in keeper.get(f"/sekretariat/catat?cari={code.lower()}").text


# -- recording ---------------------------------------------------------------------------------------------------------


def test_a_phoned_in_report_stops_the_chase_and_is_judged_by_the_time_received(web, daily):
    desk = web.desk
    desk.clock.reads("H-7 15:20")
    keeper = signs_in(web, SECRETARIAT)

    page = record(keeper, daily, at="2024-02-07T14:50")
    before = len(desk.phone("Camat Tamban"))
    desk.clock.reads("H-6 12:00")

    (kept,) = desk.reports(daily)
    assert page.status_code == 200
    assert receipt(page) == kept.number
    assert "Camat Tamban, melalui telepon, dicatat oleh Sekretariat Desk" in page.text
    assert (kept.via, kept.body) == (Via.PHONE, {"note": "Situasi aman."})
    assert desk.obligation(daily).received_at == desk.moment("H-7 14:50")
    assert desk.obligation(daily).standing is Standing.RECEIVED
    assert not [t for t in desk.phone("Camat Tamban").texts[before:] if "belum" in t]


def test_whoever_phoned_is_sent_the_receipt(keeper, daily):
    number = receipt(record(keeper, daily))

    keeper.web.desk.clock.reads("H-7 12:05")

    assert number in keeper.web.desk.phone("Camat Tamban").last


WRONG = [
    ({"at": "2024-02-07T23:00"}, "at", "tidak dapat berada di depan"),  # the future
    ({"at": "2024-02-06T10:00"}, "reason", "mengapa baru dicatat"),  # an earlier day without why
    ({"at": "07/02/24 10.00"}, "at", "dapat berarti dua hal"),  # a day that may be two
    ({"via": "link"}, "via", "dipilih salah satu"),  # by link it does not come here
    ({"via": ""}, "via", "dipilih salah satu"),  # by no way
    ({"by": "camat-tabunganen"}, "by", "dipilih salah satu"),  # from another team
    ({"answer": ""}, "answer", "dipilih salah satu"),  # nothing chosen
    ({"text": " "}, "text", "diisi"),  # no text
    ({"text": "x" * 4001}, "text", "Terlalu panjang"),  # too long a text
    ({"answer": "report"}, "form", "Belum ada yang diisi"),  # an empty form
    ({"answer": "report", "n__desa-logistik": "1,245"}, "n.desa-logistik", "koma"),  # a comma
]


def test_what_is_wrong_is_said_beside_its_field(keeper, daily):
    for fields, field, words in WRONG:
        page = record(keeper, daily, **fields)

        assert (page.status_code, f'href="#{field}"' in page.text, words in page.text) == (422, True, True), fields
    assert keeper.web.desk.reports(daily) == []


def test_an_earlier_day_is_taken_with_its_reason(keeper, daily):
    page = record(keeper, daily, at="2024-02-06T10:00", reason="Dicatat di kertas, listrik padam.")

    (kept,) = keeper.web.desk.reports(daily)
    assert page.status_code == 200
    assert kept.reason == "Dicatat di kertas, listrik padam."
    assert "listrik padam" in page.text


def test_nil_and_the_duties_own_form_are_taken_as_by_link(keeper, daily):
    nil = record(keeper, daily, answer="nil", text="")
    filled = record(
        keeper, daily, answer="report", seen="1", facts="Logistik tiba.", c__logistik="safe", via="whatsapp"
    )

    first, second = keeper.web.desk.reports(daily)
    assert {nil.status_code, filled.status_code} == {200}
    assert (first.content, first.body) == (Content.NIL, {})
    assert second.body["indicators"]["logistik"] == {"condition": "safe"}
    assert "ralat ke-1" in filled.text


TROUBLE = {"c__keamanan": "troubled", "k__keamanan": "Dua TPS diserang massa.", "p__keamanan": "1"}


@pytest.mark.parametrize("fields", [{"answer": "report", "text": ""}, {"answer": "report"}, {"answer": "text"}])
def test_a_problem_ticked_when_recording_is_opened_and_its_coordinator_is_told(keeper, daily, fields):
    desk = keeper.web.desk

    pages = [record(keeper, daily, **(TROUBLE | fields)) for _ in range(2)]
    desk.clock.reads("H-7 12:05")

    assert [p["code"] for p in problems.unresolved(desk.rt)] == ["P-0001"]
    assert ["P-0001" in page.text for page in pages] == [True, True]
    assert "P-0001" in desk.phone("Asisten Pemerintahan").last
    assert "Dua TPS diserang massa." in keeper.get("/koordinasi/1/P-0001").text


@pytest.mark.parametrize("answer", ["text", "report"])
def test_a_text_and_a_form_are_both_kept_whichever_was_chosen(keeper, daily, answer):
    record(keeper, daily, answer=answer, facts="Logistik tiba.")

    (kept,) = keeper.web.desk.reports(daily)
    assert (kept.body["note"], kept.body["facts"]) == ("Situasi aman.", "Logistik tiba.")
    page = keeper.get(f"/koordinasi/1/{keeper.web.desk.code(daily)}").text
    assert "Situasi aman." in page
    assert "Logistik tiba." in page


@pytest.mark.parametrize(
    "typed", [{"text": "Dua TPS diserang."}, {"text": "", "facts": "Ada."}, {"text": "", **TROUBLE}]
)
def test_nil_is_not_recorded_over_something_that_was_typed(keeper, daily, typed):
    page = record(keeper, daily, answer="nil", **typed)

    assert (page.status_code, "Nihil berarti" in page.text) == (422, True)
    assert keeper.web.desk.reports(daily) == []


def test_a_tick_beside_what_is_safe_is_asked_about(keeper, daily):
    page = record(keeper, daily, answer="report", text="", **(TROUBLE | {"c__keamanan": "safe"}))

    assert (page.status_code, "tandanya dilepas" in page.text) == (422, True)


def test_the_receipt_leads_to_the_report_as_it_is_read(keeper, daily):
    path = f"/koordinasi/1/{keeper.web.desk.code(daily)}"

    assert f'href="{path}"' in record(keeper, daily).text
    assert "Situasi aman." in keeper.get(path).text


def with_photo(keeper, key, place="files", **fields):
    told = {"by": "camat-tamban", "via": "paper", "answer": "text", "text": "Surat terlampir.", "seen": "0"}
    path = f"/sekretariat/catat/1/{keeper.web.desk.code(key)}"
    file = (place, ("surat.jpg", photo(), "image/jpeg"))
    return keeper.web.client.post(
        path, data={"word": keeper.word} | told | fields, files=[file], headers={"Origin": URL}
    )


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        pytest.param("files", {}, id="beside a text"),
        pytest.param("files", {"answer": "report", "facts": "Logistik tiba."}, id="at the end of the form"),
        pytest.param("f.logistik", {"answer": "report", "c.logistik": "safe"}, id="beside what it shows"),
    ],
)
def test_a_letter_is_recorded_with_its_photo(keeper, daily, place, fields):
    page, again = (with_photo(keeper, daily, place, **fields) for _ in range(2))

    (report,) = keeper.web.desk.reports(daily)
    with keeper.web.desk.rt.sessions.begin() as session:
        (kept,) = attachments.of(session, report.id)
    assert page.status_code == 200
    assert "Foto dan berkas: 1" in page.text
    assert receipt(again) == receipt(page)
    assert (kept.place, kept.kind) == (place, Kind.JPEG)
    assert keeper.web.books.files.path(kept.digest).is_file()


def test_nil_comes_without_photos(keeper, daily):
    page = with_photo(keeper, daily, answer="nil")

    assert (page.status_code, 'href="#files"' in page.text) == (422, True)
    assert keeper.web.desk.reports(daily) == []


def test_files_are_taken_from_nobody_who_is_not_signed_in(keeper, daily):
    keeper.web.client.cookies.clear()

    assert with_photo(keeper, daily).status_code == 403
    assert keeper.web.desk.reports(daily) == []


def test_the_same_again_gets_the_same_receipt(keeper, daily):
    assert receipt(record(keeper, daily)) == receipt(record(keeper, daily))
    assert len(keeper.web.desk.reports(daily)) == 1


def test_what_came_meanwhile_is_not_overwritten(keeper, daily):
    keeper.web.desk.files(daily, "Dari tautan.")

    page = record(keeper, daily)

    assert page.status_code == 409
    assert len(keeper.web.desk.reports(daily)) == 1


# -- tasks -------------------------------------------------------------------------------------------------------------


def test_a_task_says_what_it_means_and_is_settled_with_a_note(keeper):
    open_ = task(keeper.web.desk)
    page = keeper.get("/sekretariat/tugas")

    without = keeper.post(f"/sekretariat/tugas/{open_.id}", note=" ")
    settled = keeper.post(f"/sekretariat/tugas/{open_.id}", note="Sudah ditelepon.")

    assert "Pesan tidak sampai" in page.text
    assert "Mohon menghubungi lewat telepon" in page.text
    assert without.status_code == 422
    assert settled.status_code == 303
    assert keeper.web.desk.tasks() == []


def test_not_my_task_is_decided(keeper, daily):
    web = keeper.web
    web.answers(web.given("Kadis Kominfo"), daily, answer="not_mine", note="Camat Tamban")
    (open_,) = web.desk.tasks()
    page = keeper.get("/sekretariat/tugas").text

    wrong = keeper.post(f"/sekretariat/tugas/{open_.id}", note="x", whose="sekda")
    settled = keeper.post(f"/sekretariat/tugas/{open_.id}", note="Sudah disampaikan.", whose="camat-tamban")

    assert "menyatakan bukan tugasnya" in page
    assert "Dialihkan kepada Camat Tamban" in page
    assert "Laporan tetap ditunggu dari tim" in page
    assert (wrong.status_code, settled.status_code) == (400, 303)
    assert web.desk.tasks() == []
    assert web.desk.obligation(daily).standing is Standing.OWED


def test_a_task_that_is_none_is_a_page_of_help(keeper):
    pages = [keeper.post(f"/sekretariat/tugas/{id}", note="x") for id in ("0", "99", "x", "9" * 30, "%00")]

    assert {page.status_code for page in pages} == {404}


# -- contacts and holders ----------------------------------------------------------------------------------------------

CAMAT = "/sekretariat/kontak/camat-tamban"


def test_a_handover_is_one_form(keeper):
    desk = keeper.web.desk
    link = keeper.web.given("Camat Tamban")

    done = keeper.post(CAMAT, do="handover", name="Ibu Baru", kind="plt", new__sms="0820-0000-0090", keep__email="1")

    page = keeper.get(CAMAT).text
    assert done.headers["location"] == f"{CAMAT}?selesai=handover"
    assert desk.address("Camat Tamban", Channel.SMS) == "+6282000000090"
    assert desk.address("Camat Tamban", Channel.EMAIL) == "tamban@desk.example"
    assert "Plt. Ibu Baru, sejak 7 Februari 2024" in page
    assert keeper.web.get(f"/l/{link}").status_code == 404


@pytest.mark.parametrize("contact", [{}, {"keep__email": "1"}])
def test_an_office_that_nothing_reaches_after_a_handover_is_shown_as_such(keeper, contact):
    keeper.post(CAMAT, do="handover", name="Ibu Baru", **contact)

    assert ("Tidak ada pesan yang sampai ke kantor ini" in keeper.get(CAMAT).text) is not bool(contact)


def test_whoever_held_the_office_is_signed_out(web, daily):
    signs_in(web, "Camat Tamban")
    camat = dict(web.client.cookies)
    keeper = signs_in(web, SECRETARIAT)

    keeper.post(CAMAT, do="handover", name="Ibu Baru", keep__email="1")

    web.client.cookies.clear()
    web.client.cookies.update(camat)
    assert web.get("/beranda").status_code == 403


NOT_QUIET = [
    ({"quiet__until": ""}, "diisi kedua jamnya"),
    ({"quiet__from": "jam sembilan"}, "diisi kedua jamnya"),
    ({"reason": " "}, "siapa yang meminta dan mengapa"),
    ({"quiet__from": "08:00", "quiet__until": "21:00"}, "paling lama 12 jam"),
    ({"quiet__from": "12.00", "quiet__until": "12.00"}, "Kedua jamnya sama"),
]


def test_quiet_hours_that_a_holder_asks_for_are_recorded_with_who_and_why(keeper):
    web, asked = (
        keeper.web,
        {"do": "quiet", "quiet__from": "21:00", "quiet__until": "06:30", "reason": "Beliau, lisan."},
    )
    wrong = [keeper.post(CAMAT, **(asked | fields)) for fields, _ in NOT_QUIET]
    before = keeper.get(CAMAT).text

    done = keeper.post(CAMAT, **asked)

    page, own = keeper.get(CAMAT).text, web.get(f"/l/{web.given('Camat Tamban')}/kontak").text
    assert [(page.status_code, words in page.text) for page, (_, words) in zip(wrong, NOT_QUIET, strict=True)] == [
        (422, True)
    ] * len(NOT_QUIET)
    assert done.headers["location"] == f"{CAMAT}?selesai=quiet"
    assert "Pesan biasa tidak dikirim pukul 20.00-07.00, Jumat pukul 11.30-13.30." in before
    assert "21.00-06.30" not in before
    for text in (page, own):
        assert (
            "SMS dan WhatsApp biasa ke sini juga tidak dikirim pukul 21.00-06.30 (permintaan pemegang jabatan)." in text
        )
        assert "Yang mendesak, seperti permasalahan sangat rawan, tetap dikirim kapan saja." in text
    with web.desk.rt.sessions() as session:
        (change,) = session.scalars(select(Change).where(Change.what == "quiet hours"))
    assert (change.subject, change.text) == ("camat-tamban", "21:00-06:30: Beliau, lisan.")


def test_quiet_hours_end_when_both_are_left_blank(keeper):
    keeper.post(CAMAT, do="quiet", quiet__from="21.00", quiet__until="06.00", reason="Beliau.")

    keeper.post(CAMAT, do="quiet", quiet__from="", quiet__until="", reason="Tidak perlu lagi.")

    assert "permintaan pemegang jabatan)" not in keeper.get(CAMAT).text


NOT_HANDED_OVER = [
    ({"name": ""}, "nama pemegang jabatan"),
    ({"since": "07/02/24"}, "dapat berarti dua hal"),
    ({"since": "2024-02-08", "until": "2024-02-07"}, "tanggal"),
    ({"kind": "raja"}, "dipilih salah satu"),
    ({"new__sms": "08123456789O"}, "Ada huruf"),
    ({"new__sms": "8.12346E+11"}, "dipendekkan oleh lembar kerja"),
    ({"new__sms": "0812 3456 7890 / 0852 1234 5678"}, "satu nomor saja"),
    ({"new__sms": "081234567890;ext=5"}, "satu nomor saja"),
    ({"new__sms": "021-5551234"}, "telepon tetap"),
    ({"new__sms": "110"}, "Terlalu pendek"),
    ({"new__sms": "+62"}, "Terlalu pendek"),
    ({"new__sms": "+62812345678901234"}, "Terlalu panjang"),
    ({"new__sms": "whatsapp:+6281234567890"}, "tanpa awalan"),
    ({"new__email": "a@b@c"}, "satu alamat surel"),
]


def test_a_handover_with_something_wrong_changes_nothing(keeper):
    for fields, words in NOT_HANDED_OVER:
        page = keeper.post(CAMAT, **({"do": "handover", "name": "Ibu Baru"} | fields))

        assert (page.status_code, words in page.text, "Ibu Baru, sejak" in page.text) == (422, True, False), fields
    assert keeper.web.desk.address("Camat Tamban", Channel.SMS) == "+6282000000002"


def test_a_dead_contact_is_replaced_and_its_task_is_done(keeper):
    desk = keeper.web.desk
    desk.loses("Camat Tamban", Channel.SMS)
    office = next(o for o in ids(desk) if o[1] == "camat-tamban")[0]
    task(desk, Why.DEAD_CONTACT, office_id=office, channel=Channel.SMS)
    before = keeper.get("/sekretariat/kontak").text

    keeper.post(CAMAT, do="replace", to__sms="0820 0000 0090")

    assert "tidak dapat digunakan" in before
    assert desk.address("Camat Tamban", Channel.SMS) == "+6282000000090"
    assert desk.tasks() == []


def test_a_dead_contact_that_was_checked_is_used_again(keeper):
    keeper.web.desk.loses("Camat Tamban", Channel.SMS)

    keeper.post(CAMAT, do="confirm", channel="sms")

    assert "tidak dapat digunakan" not in keeper.get(CAMAT).text


def test_all_contacts_that_were_given_up_are_used_again_at_once(keeper):
    desk = keeper.web.desk
    desk.loses("Camat Tamban")
    desk.loses("Camat Mekarsari", Channel.SMS)

    page = keeper.get("/sekretariat/kontak").text
    keeper.post("/sekretariat/kontak")

    assert "Pakai lagi 3 kontak" in page
    assert "tidak dapat digunakan" not in keeper.get("/sekretariat/kontak").text
    with desk.rt.sessions.begin() as session:
        noted = session.scalars(select(Change.subject).where(Change.what == "contact confirmed")).all()
    assert sorted(noted) == ["camat-mekarsari", "camat-tamban", "camat-tamban"]


def ids(desk):
    with desk.rt.sessions.begin() as session:
        return session.execute(select(Office.id, Office.code)).all()


def test_an_office_that_lost_its_link_gets_a_new_one_and_the_old_opens_nothing(keeper, daily):
    web = keeper.web
    old = web.given("Camat Tamban")
    web.desk.clock.reads("H-7 12:10")

    for minutes in (20, 30):
        keeper.post(CAMAT, do="link")
        web.desk.clock.reads(f"H-7 12:{minutes}")

    new = web.link("Camat Tamban", Channel.EMAIL)
    assert len(web.desk.mailbox("Camat Tamban")) == 3
    assert web.get(f"/l/{old}").status_code == 404
    assert web.get(f"/l/{new}").status_code == 200


def test_a_new_link_does_not_ask_a_camat_for_his_neighbours_report(keeper, daily):
    keeper.post("/sekretariat/kontak/camat-mekarsari", do="link")
    keeper.web.desk.turn()

    assert keeper.web.desk.heard("Camat Mekarsari") == []


def test_no_number_and_no_address_is_shown_whole(keeper):
    pages = "".join(keeper.get(f"/sekretariat{page}").text for page in PAGES)

    assert "+62820****02" in pages
    assert not re.search(r"\d{9}", re.sub(r'value="[0-9a-f]{32}"', "", pages))
    assert not re.search(r"[\w.]{2,}@desk\.example", pages)


def test_every_change_says_who_made_it_and_which_way_he_came_in(keeper, daily):
    web = keeper.web
    open_ = task(web.desk)

    record(keeper, daily)
    record(keeper, daily)
    keeper.post(f"/sekretariat/tugas/{open_.id}", note="Sudah ditelepon.")
    keeper.post(CAMAT, do="handover", name="Ibu Baru", kind="plt", new__sms="0820 0000 0090")
    keeper.post(CAMAT, do="replace", to__sms="0820 0000 0091")
    keeper.post(CAMAT, do="link")

    with web.desk.rt.sessions.begin() as session:
        made = session.scalars(select(Change).order_by(Change.id)).all()
    code = web.desk.code(daily)
    assert [(c.what, c.subject, c.title, c.way) for c in made] == [
        (what, subject, SECRETARIAT, Way.SESSION)
        for what, subject in [
            ("recorded", code),
            ("settled", f"S-{open_.id:04d}"),
            ("handed over", "camat-tamban"),
            ("contact replaced", "camat-tamban"),
            ("links renewed", "camat-tamban"),
        ]
    ]
    assert not re.search(r"\d{7}|Ibu Baru|@", "".join(c.text for c in made))


FIELDS = [
    "do",
    "name",
    "kind",
    "since",
    "until",
    "new.sms",
    "new.email",
    "to.sms",
    "channel",
    "by",
    "via",
    "at",
    "reason",
    "answer",
    "text",
    "seen",
    "note",
    "whose",
    "upload",
    "digest",
    "c.logistik",
    "n.kejadian",
]
WORDS = ["handover", "replace", "confirm", "link", "nil", "report", "text", "phone", "camat-tamban"]
PLACES = ["catat/1/R-0009", "catat/x/R-1", "kontak/camat-tamban", "kontak/%00", "tugas/1", "unggah/1/simpan"]


@POST
@given(
    path=st.sampled_from(PLACES),
    fields=st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(WORDS) | st.text(max_size=30), max_size=6),
)
def test_no_form_makes_a_defect(keeper, path, fields):
    body = "&".join(f"{quoted(k)}={quoted(v)}" for k, v in ({"word": keeper.word} | fields).items())
    headers = {"Origin": URL, "Content-Type": "application/x-www-form-urlencoded"}

    assert keeper.web.client.post(f"/sekretariat/{path}", content=body, headers=headers).status_code < 500


@POST
@given(path=st.text(max_size=40))
def test_no_address_makes_a_defect(keeper, path):
    for prefix in ("", "catat/1/", "kontak/", "unggah/1/", "catat?cari=", "grup?tim="):
        assert keeper.get(f"/sekretariat/{prefix}{quoted(path)}").status_code < 500
