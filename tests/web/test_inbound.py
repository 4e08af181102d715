"""What people write by WhatsApp and SMS: kept, read, done or asked back, answered once, and shown to a person."""

import pytest
from sqlalchemy import select

from jobs.operator import explain, holding
from models.desk.changes import Change
from models.matters.issues import Issue
from models.matters.promises import Promise
from models.matters.reports import Report
from models.offices.offices import Contact
from rules.desk import Channel
from rules.filing import Content, Via
from rules.ladder import Say
from rules.replies.spoken import Sender
from rules.tasks import Why
from services import arriving, restoring
from tests.web.conftest import Web
from tests.web.signing import signs_in
from tests.web.writing import Writer, answer, last, rows, standing, writer


@pytest.fixture
def camat(web: Web, daily: str) -> Writer:
    """Camat Tamban, who owes one report of the day, by WhatsApp."""
    web.desk.clock.reads("H-7 15:01")
    return writer(web, "Camat Tamban")


def reports(web: Web) -> list[Report]:
    with web.desk.rt.sessions() as session:
        return list(session.scalars(select(Report).order_by(Report.id)))


def problems(web: Web) -> list[Issue]:
    with web.desk.rt.sessions() as session:
        return list(session.scalars(select(Issue).order_by(Issue.id)))


# What is sure is done


def test_a_nil_is_filed_and_answered_with_its_receipt(web: Web, daily: str, camat: Writer):
    assert camat.whatsapp("nihil pak 🙏") == (200, "<Response></Response>")

    (report,) = reports(web)
    assert (report.content, report.via) == (Content.NIL, Via.WHATSAPP)
    assert standing(web, daily) == "received"
    said = answer(web)
    assert web.desk.code(daily) in said
    assert report.number in said
    assert "nihil kami terima 15.01 WITA" in said
    assert len(web.desk.phone("Camat Tamban").texts) == 1 + 1  # what asked for it, and the answer


def test_a_filled_report_is_kept_with_his_own_words(web: Web, daily: str, camat: Writer):
    camat.whatsapp("aman terkendali pak, kampanye berjalan di semua desa")

    (report,) = reports(web)
    assert report.body["indicators"]["keamanan"]["condition"] == "safe"
    assert report.body["facts"] == "aman terkendali pak, kampanye berjalan di semua desa"
    assert report.content is Content.PARTIAL  # what he did not speak of was not looked at
    assert "(aman)" in answer(web)


def test_a_promise_rests_the_chase(web: Web, daily: str, camat: Writer):
    camat.whatsapp("nanti jam 5 pak")

    with web.desk.rt.sessions() as session:
        (promise,) = session.scalars(select(Promise))
        assert promise.until == web.desk.moment("17:00")
    assert "17.00 WITA" in answer(web)
    assert standing(web, daily) == "owed"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Nihil", "nihil kami terima"),
        ("Lapor", "belum lengkap, mohon dibalas: kondisi"),
        ("Minta waktu", "sampai pukul berapa"),
    ],
)
def test_a_button_of_a_template_is_its_words(web: Web, daily: str, camat: Writer, words: str, said: str):
    camat.whatsapp(words, ButtonText=words, ButtonPayload="x-1")

    assert said in answer(web)
    assert not last(web).person


def test_a_photo_waits_to_be_fetched_and_what_is_asked_is_said_once_more(web: Web, daily: str, camat: Writer):
    camat.whatsapp("", NumMedia="1", MediaUrl0="https://api.twilio.com/x", MediaContentType0="image/jpeg")

    assert [own["state"] for own in last(web).files] == ["waits"]
    assert "belum lengkap" in answer(web)

    web.desk.clock.reads("H-7 15:03")

    assert [own["state"] for own in last(web).files] == ["refused"]  # nobody to ask: this desk does not send by Twilio


def test_a_problem_is_opened_and_ends_no_chase(web: Web, daily: str, camat: Writer):
    camat.whatsapp("Banjir pak, TPS 3 sama TPS 5 terendam selutut")

    (problem,) = problems(web)
    assert standing(web, daily) == "owed"
    assert "P-0001" in answer(web)
    assert problem.detail.startswith("Banjir pak")


def test_the_compact_form_by_a_gateway(web: Web, daily: str, camat: Writer):
    assert camat.gateway(f"{web.desk.code(daily).replace('-', '')} NIHIL") == 200

    assert [report.via for report in reports(web)] == [Via.SMS]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"nihil pak", {"Content_Type": "text/plain"}),
        ("nihil pak".encode("utf-16-be"), {"Content_Type": 'text/plain; charset="UTF-16BE"'}),
        (b"text=nihil+pak&from=%2B62", {"Content_Type": "application/x-www-form-urlencoded"}),
        (b"nihil pak", {"Content_Type": "text/plain; charset=x-unknown"}),
    ],
    ids=["as Kannel posts it", "in letters of two bytes", "as a form", "in an unknown charset"],
)
def test_a_gateway_may_post_so_that_no_log_has_the_words(web: Web, daily: str, camat: Writer, body, headers):
    if b"from=" in body:
        body = body.replace(b"%2B62", camat.number.lstrip("+").encode())

    assert camat.posts(body, **headers) == 200
    assert [report.content for report in reports(web)] == [Content.NIL]


def test_what_a_gateway_hands_on_without_an_id_is_refused_and_a_long_id_is_kept_whole(
    web: Web, daily: str, camat: Writer
):
    assert web.client.post(camat.address(), content=b"nihil").status_code == 400
    for id in ("x" * 200 + "1", "x" * 200 + "2", "x" * 200 + "2"):
        camat.posts(b"siap", id=id)

    assert len(rows(web)) == 2


def test_no_way_in_that_the_settings_do_not_name_takes_anything(web: Web, daily: str, camat: Writer):
    address = camat.address().replace("/gateway/", "/mask/")

    assert web.client.post(address, content=b"x").status_code == 403


# What is not sure is asked back


def test_a_nil_beside_an_open_problem_is_asked_back_and_a_yes_files_it(web: Web, daily: str, camat: Writer):
    camat.whatsapp("banjir di dua desa")
    camat.whatsapp("nihil")

    assert reports(web) == []
    assert "P-0001 masih terbuka" in answer(web)

    camat.whatsapp("ya")

    assert [report.content for report in reports(web)] == [Content.NIL]


def test_of_three_reports_a_text_asks_which_with_all_three_times(web: Web):
    own = (("harian", "H-1"), ("hari-h", "H@07.30"), ("hari-h", "H@10.00"))
    keys = [web.desk.key(duty, "Tamban", slot) for duty, slot in own]
    web.desk.owes_only(*keys)
    web.desk.clock.jumps("H 10:05")

    writer(web, "Camat Tamban", whatsapp=False).sms("nihil")

    old, first, second = map(web.desk.code, keys)
    answer(web)
    assert (
        web.desk.phone("Camat Tamban")
        .last.strip()
        .endswith(f"{second} (batas 14/2 10.00), {first} (batas 14/2 07.30), atau {old} (batas 13/2 15.00).")
    )


def test_what_is_not_understood_is_said_to_be_passed_on_and_what_is_owed_by_its_day(web: Web):
    keys = [web.desk.key("harian", "Tamban", slot) for slot in ("H-7", "H-6")]
    web.desk.owes_only(*keys)
    web.desk.clock.reads("H-6 10:00")

    writer(web, "Camat Tamban").whatsapp("bantuan perahu karet 2 unit untuk desa Bagus")

    near, far = (f"{web.desk.code(key)} (batas {day}/2 15.00)" for key, day in zip(keys[::-1], (8, 7), strict=True))
    said = answer(web).replace("\n\n", " ")
    assert "Pesan ini kami teruskan kepada Sekretariat. Balas NIHIL, AMAN" in said
    assert f"Masih ditunggu: {near}, {far}." in said


def test_two_reports_and_no_number_are_asked_back_and_the_number_files_it(web: Web):
    keys = [web.desk.key("harian", "Tamban", slot) for slot in ("H-7", "H-6")]
    web.desk.owes_only(*keys)
    web.desk.clock.reads("H-6 10:00")
    camat = writer(web, "Camat Tamban")

    camat.whatsapp("nihil")

    first, second = map(web.desk.code, keys)
    near, far = f"{second} (batas 8/2 15.00)", f"{first} (batas 7/2 15.00)"
    assert f"Laporan yang mana? Balas nomornya: {near} atau {far}." in answer(web)
    assert reports(web) == []

    camat.whatsapp(web.desk.code(keys[1]))

    assert (standing(web, keys[0]), standing(web, keys[1])) == ("owed", "received")


def test_what_is_missing_is_named_and_what_was_said_is_kept(web: Web):
    key = web.desk.key("hari-h", "Tamban", "H@07.30")
    web.desk.owes_only(key)
    web.desk.clock.reads("H 07:10")
    camat = writer(web, "Camat Tamban")

    camat.whatsapp("aman pak")

    assert "TPS sudah dibuka" in answer(web)
    assert standing(web, key) == "owed"

    camat.whatsapp("buka 187")

    (report,) = reports(web)
    assert report.body["indicators"]["tps-buka"] == {"condition": "safe", "numbers": {"tps-buka": 187}}


# Manners


def test_the_same_message_again_is_kept_once_and_answered_once(web: Web, daily: str, camat: Writer):
    sid = "SM" + "0" * 32
    camat.whatsapp("nihil", sid=sid)
    web.desk.turn()
    camat.whatsapp("nihil", sid=sid)
    web.desk.turn()

    assert len(rows(web)) == len(reports(web)) == 1
    assert len(web.desk.phone("Camat Tamban").texts) == 2


def test_a_signed_message_that_is_replayed_late_brings_nothing_back(web: Web, daily: str, camat: Writer):
    first, second = (f"SM{n:032x}" for n in (1, 2))
    camat.whatsapp("nanti jam 5 pak", sid=second)  # the second came first
    camat.whatsapp("nihil", sid=first)
    web.desk.turn()
    before = len(web.desk.phone("Camat Tamban").texts)
    for sid, words in ((second, "nanti jam 5 pak"), (first, "nihil"), (second, "nanti jam 5 pak")):
        assert camat.whatsapp(words, sid=sid) == (200, "<Response></Response>")
    web.desk.turn()

    assert (len(rows(web)), len(reports(web)), standing(web, daily)) == (2, 1, "received")
    assert len(web.desk.phone("Camat Tamban").texts) == before


def test_a_report_that_came_meanwhile_is_not_replaced(web: Web, daily: str, camat: Writer):
    web.desk.files(daily, "Situasi aman.")

    camat.whatsapp("nihil")

    assert [report.content for report in reports(web)] == [Content.FILLED]


def test_a_stranger_is_told_nothing_and_a_person_looks(web: Web, daily: str, camat: Writer):
    status, said = Writer(web, "+6289999999999").whatsapp("R-0001 nihil. Kirim daftar nomor camat")

    assert status == 200
    assert not any(name in said for name in ("Tamban", "Camat", "R-0", "+62"))
    assert (last(web).sender, last(web).person, reports(web)) == (Sender.UNKNOWN, True, [])


def test_a_stranger_is_answered_once_a_day_so_that_two_machines_fall_silent(web: Web, daily: str, camat: Writer):
    stranger = Writer(web, "+6289999999999")
    first, second = stranger.whatsapp("halo")[1], stranger.whatsapp("halo lagi")[1]
    web.desk.clock.reads("H-6 15:02")

    assert "<Message>" in first
    assert second == "<Response></Response>"
    assert "<Message>" in stranger.whatsapp("halo")[1]
    assert len(rows(web)) == 3


def test_a_flood_of_strangers_is_kept_and_not_answered(web: Web, daily: str, camat: Writer):
    said = [Writer(web, f"+62{n:02}9999999{n:02}").whatsapp("halo")[1] for n in range(11, 43)]

    assert sum("<Message>" in own for own in said) == 30
    assert len(rows(web)) == 32


def test_robots_get_no_answer(web: Web, daily: str, camat: Writer):
    camat.whatsapp("Maaf, saya sedang mengemudi. Nanti saya hubungi. (pesan otomatis)")

    assert (answer(web), last(web).intent, standing(web, daily)) == ("", "robot", "owed")


def test_a_machine_with_a_name_for_a_number_is_set_aside(web: Web, daily: str, camat: Writer):
    status, said = Writer(web, "TELKOMSEL").sms("Pulsa Anda tidak mencukupi.")

    assert (status, said, last(web).intent) == (200, "<Response></Response>", "robot")


def test_nobody_is_answered_more_often_than_the_policy_says(web: Web, daily: str, camat: Writer):
    for _ in range(12):
        camat.whatsapp("format lapornya gmn pak?")

    assert sum(row.answer_id is not None for row in rows(web)) == 10
    assert last(web).person


def test_stop_ends_a_way_where_another_one_is_left(web: Web, daily: str, camat: Writer):
    camat.whatsapp("STOP")

    with web.desk.rt.sessions() as session:
        own = {c.channel: c.state for c in session.scalars(select(Contact).where(Contact.address == camat.number))}
    assert own == {Channel.WHATSAPP: Contact.State.DEAD, Channel.SMS: Contact.State.ACTIVE}
    assert last(web).person


def test_a_wrong_number_gets_nothing_more(web: Web, daily: str, camat: Writer):
    camat.whatsapp("salah sambung")

    with web.desk.rt.sessions() as session:
        states = set(session.scalars(select(Contact.state).where(Contact.address == camat.number)))
    assert states == {Contact.State.DEAD}
    assert answer(web) == ""


def test_whoever_has_a_wrong_number_speaks_for_no_office_any_more(web: Web, daily: str, camat: Writer):
    camat.whatsapp("salah sambung")
    camat.sms("nihil")

    assert (reports(web), last(web).sender, last(web).person) == ([], Sender.FORMER, True)


def test_a_wrong_number_is_told_and_recorded_for_every_office_on_the_phone(web: Web, daily: str, camat: Writer):
    web.desk.moves_to("Camat Mekarsari", Channel.SMS, camat.number)
    camat.sms("salah sambung")

    offices = {task.office_id for task in web.desk.tasks() if task.why is Why.WRONG_RECIPIENT}
    with web.desk.rt.sessions() as session:
        changed = set(session.scalars(select(Change.subject).where(Change.what == "contact withdrawn")))
    assert (len(offices), changed) == (2, {"camat-tamban", "camat-mekarsari"})


def test_a_shared_phone_files_nothing(web: Web, daily: str, camat: Writer):
    web.desk.moves_to("Camat Mekarsari", Channel.SMS, camat.number)

    camat.sms("nihil")

    assert reports(web) == []
    assert (last(web).sender, last(web).person) == (Sender.SHARED, True)


def test_forged_words_are_refused_and_not_kept(web: Web, daily: str, camat: Writer):
    assert camat.whatsapp("nihil", token="another")[0] == 403
    assert camat.gateway("nihil", sealed="0" * 32) == 403
    assert rows(web) == []


def test_what_cannot_be_read_is_kept_and_read_later(
    web: Web, daily: str, camat: Writer, monkeypatch: pytest.MonkeyPatch
):
    forms, web.books.forms = web.books.forms, None  # whatever may break
    assert camat.whatsapp("nihil")[0] == 200
    assert (last(web).read_at, last(web).waiting) == (None, True)

    web.books.forms = forms
    web.desk.clock.reads("H-7 15:05")

    assert [report.content for report in reports(web)] == [Content.NIL]


def test_the_words_are_kept_byte_for_byte(web: Web, daily: str, camat: Writer):
    camat.whatsapp("  Nihil\r\n\tpak 🙏 ")

    assert last(web).raw == "  Nihil\r\n\tpak 🙏 ".encode()


# The secretariat's page


def test_the_secretariat_is_told_once_of_all_that_waits_until_all_is_seen(web: Web, daily: str, camat: Writer):
    camat.whatsapp("asdkjh qwoeiu zxmn")
    camat.whatsapp("qwoeiu asdkjh zxmn")

    (task,) = web.desk.tasks()
    assert (task.why, task.urgent) == ("inbound", False)

    desk = signs_in(web, "Sekretariat Desk")
    for row in rows(web):
        desk.post(f"/sekretariat/pesan/{row.id}", what="seen")

    assert web.desk.tasks() == []


def test_a_danger_wakes_the_secretariat_and_a_strangers_words_do_not(web: Web, daily: str, camat: Writer):
    Writer(web, "+6289999999999").whatsapp("TOLONG ada bom")
    assert [task.urgent for task in web.desk.tasks()] == [False]

    camat.whatsapp("TOLONG!! ada org bawa parang di depan TPS")
    assert [task.urgent for task in web.desk.tasks()] == [True]


def test_what_nobody_understood_stands_first_and_one_tap_files_it(web: Web, daily: str, camat: Writer):
    camat.whatsapp("asdkjh qwoeiu zxmn")
    desk = signs_in(web, "Sekretariat Desk")

    page = desk.get("/sekretariat/pesan")

    assert "Camat Tamban" in page.text
    assert "asdkjh qwoeiu zxmn" in page.text
    assert "1 pesan masuk perlu dilihat" in desk.get("/sekretariat").text

    assert desk.post(f"/sekretariat/pesan/{last(web).id}", what="report", code=web.desk.code(daily)).status_code == 303

    (report,) = reports(web)
    assert (report.body, report.via, report.title) == ({"note": "asdkjh qwoeiu zxmn"}, Via.WHATSAPP, "Camat Tamban")
    assert not last(web).waiting
    assert "Tidak ada pesan yang menunggu" in desk.get("/sekretariat/pesan").text


def test_the_report_that_is_nearest_in_time_is_offered_first(web: Web):
    keys = [web.desk.key("harian", "Tamban", slot) for slot in ("H-7", "H-6")]
    web.desk.owes_only(*keys)
    web.desk.clock.reads("H-6 14:00")
    writer(web, "Camat Tamban").whatsapp("asdkjh qwoeiu zxmn")
    signs_in(web, "Sekretariat Desk")

    page = web.get("/sekretariat/pesan").text

    assert page.index(f'value="{web.desk.code(keys[1])}"') < page.index(f'value="{web.desk.code(keys[0])}"')


def test_a_message_is_filed_once(web: Web, daily: str, camat: Writer):
    camat.whatsapp("asdkjh qwoeiu zxmn")
    desk = signs_in(web, "Sekretariat Desk")
    for what in ("nil", "report"):
        desk.post(f"/sekretariat/pesan/{last(web).id}", what=what, code=web.desk.code(daily))

    assert [report.content for report in reports(web)] == [Content.NIL]


def test_of_a_stranger_nothing_can_be_filed_and_no_number_is_shown(web: Web, daily: str, camat: Writer):
    Writer(web, "+6289999999999").whatsapp("nihil")
    desk = signs_in(web, "Sekretariat Desk")

    page = desk.get("/sekretariat/pesan").text

    assert "pengirim tidak terdaftar" in page
    assert "6289999999999" not in page
    assert desk.post(f"/sekretariat/pesan/{last(web).id}", what="nil", code=web.desk.code(daily)).status_code == 409
    assert reports(web) == []


def test_whom_we_know_is_read_before_strangers_however_many_write(web: Web, daily: str, camat: Writer):
    for n in range(25):
        Writer(web, f"+62899999{n:04d}").whatsapp(f"halo {n}")
    camat.whatsapp("asdkjh qwoeiu zxmn")
    desk = signs_in(web, "Sekretariat Desk")

    page = desk.get("/sekretariat/pesan").text

    assert "Perlu dilihat (26)" in page
    assert page.index("asdkjh qwoeiu zxmn") < page.index("Dari pengirim yang tidak terdaftar (19)")


def test_what_strangers_wrote_is_put_aside_by_one_tap(web: Web, daily: str, camat: Writer):
    for n in range(2):
        Writer(web, f"+62899999{n:04d}").whatsapp(f"halo {n}")
    camat.whatsapp("asdkjh qwoeiu zxmn")
    Writer(web, "+628999990003").whatsapp("halo 3")
    desk = signs_in(web, "Sekretariat Desk")

    assert desk.post(f"/sekretariat/pesan/{rows(web)[1].id}", what="strangers").status_code == 303
    assert [own.waiting for own in rows(web)] == [False, False, True, True]

    assert desk.post(f"/sekretariat/pesan/{last(web).id}", what="strangers").status_code == 303
    assert [own.waiting for own in rows(web)] == [False, False, True, False]


def test_what_strangers_write_is_read_at_one_desk_alone(web: Web, daily: str, camat: Writer):
    Writer(web, "+6289999999999").whatsapp("rahasia orang lain")

    ours = signs_in(web, "Sekretariat Desk")
    assert "rahasia orang lain" in ours.get("/sekretariat/pesan").text
    web.desk.loads_jayapura()
    assert arriving.hears_strangers(web.desk.rt.programmes, ["tiga-kecamatan"])
    assert not arriving.hears_strangers(web.desk.rt.programmes, ["contoh-jayapura"])


def test_explain_says_what_was_written_about_a_report(web: Web, daily: str, camat: Writer):
    camat.whatsapp("nihil pak")

    steps = explain.matter(web.desk.rt, daily).steps

    assert any("read as report_nil" in step.what and "file_nil" in step.what for step in steps)


@pytest.mark.parametrize(
    ("text", "said", "person"),
    [
        pytest.param("nihil pak", "Saat ini tidak ada laporan yang kami tunggu.", False, id="a nil is over"),
        pytest.param(
            "sdh kirim? aman, hadir 120 orang", "kami teruskan kepada Sekretariat", True, id="more is for a person"
        ),
    ],
)
def test_whoever_owes_nothing_is_not_asked_which_report(web: Web, text: str, said: str, person: bool):
    web.desk.owes_only()
    web.desk.clock.jumps("H 09:40")

    writer(web, "Camat Tamban").whatsapp(text)

    assert said in answer(web)
    assert "yang mana" not in answer(web)
    assert last(web).person is person


def test_the_number_that_was_asked_for_goes_on_with_the_words_that_were_written_first(web: Web):
    keys = [web.desk.key("hari-h", "Tamban", slot) for slot in ("H@07.30", "H@10.00")]
    web.desk.owes_only(*keys)
    web.desk.clock.jumps("H 09:40")
    camat = writer(web, "Camat Tamban")

    camat.whatsapp("pemilih hadir 2.410, tps buka 104 semua, aman pak")
    assert "Laporan yang mana?" in answer(web)
    camat.whatsapp(f"{web.desk.code(keys[0])} pak")

    assert "kami terima 09.40 WITA" in answer(web)
    (report,) = reports(web)
    assert standing(web, keys[0]) == "received"
    assert "tps buka 104 semua" in report.body["facts"]


def test_the_number_of_a_promise_that_was_asked_for_makes_it(web: Web):
    keys = [web.desk.key("hari-h", "Tamban", slot) for slot in ("H@07.30", "H@10.00")]
    web.desk.owes_only(*keys)
    web.desk.clock.jumps("H 09:40")
    camat = writer(web, "Camat Tamban")

    camat.whatsapp("nanti jam 11 pak")
    camat.whatsapp(web.desk.code(keys[0]))

    assert "14/2 11.00 WITA" in answer(web)


def test_of_many_messages_each_can_be_read_at_a_glance_and_what_it_may_be_recorded_for_is_a_tap_away(web: Web):
    key = web.desk.key("harian", "Tamban", "H-7")
    web.desk.owes_only(key)
    web.desk.clock.reads("H-7 12:00")
    camat, code = writer(web, "Camat Tamban"), web.desk.code(key)

    def listed(many: int) -> str:
        for n in range(many):
            camat.whatsapp(f"perahu karet {n} unit untuk desa")
        return signs_in(web, "Sekretariat Desk").get("/sekretariat/pesan").text

    few = listed(1)
    many = listed(6)

    assert f"{code} (batas Rabu 7/2, 15.00 WITA)" in few
    assert "<details open>\n<summary>Catat sebagai laporan</summary>" in few
    assert many.count("<details>\n<summary>Catat sebagai laporan</summary>") == 7


@pytest.fixture
def put_back(web: Web, camat: Writer) -> Web:
    """An older copy still has an answer that waited when it was made; it may have left long ago."""
    desk = web.desk
    desk.fails_down(Channel.WHATSAPP, "H-7 15:00", "H-7 15:30")
    camat.whatsapp("apa yang harus saya kirim?")
    desk.turn()
    with desk.rt.sessions.begin() as session:
        restoring.opened(session, desk.clock.at, ordered=True, now=desk.clock.at)
    desk.on_hold = True
    desk.clock.reads("H-7 15:45")
    return web


def test_what_is_written_after_the_books_were_put_back_has_a_number_of_its_own(put_back: Web, camat: Writer):
    camat.whatsapp("kalau nihil bagaimana caranya?")

    assert [row.id for row in rows(put_back)] == [1, 10001]


def answers(web: Web) -> list[tuple[str, bool]]:
    """How far each answer is, and whether it may have been given twice."""
    return [(own.state, own.possibly_doubled) for own in web.desk.messages() if own.say is Say.ANSWER]


def test_on_hold_an_answer_goes_unless_it_may_have_left_before_the_books_were_put_back(put_back: Web, camat: Writer):
    held = answers(put_back)
    camat.whatsapp("kalau nihil bagaimana caranya?")
    put_back.desk.clock.reads("H-7 15:46")
    anew = answers(put_back)
    put_back.desk.releases()
    put_back.desk.clock.reads("H-7 15:50")

    assert held == [("pending", False)]
    assert anew == [("pending", False), ("sent", False)]
    assert answers(put_back) == [("sent", True), ("sent", False)]


def test_a_preview_of_the_release_counts_answers_that_wait(put_back: Web):
    (by_whatsapp,) = (own for own in holding.preview(put_back.desk.rt).to_send if own.channel is Channel.WHATSAPP)

    assert by_whatsapp.messages == 1
