"""The coordinator's pages: his districts and nobody else's, and what he decides there."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from models.messages.messages import Message
from rules.audit import Outcome
from rules.desk import Channel
from rules.filing import Content, Standing
from rules.policy import Severity
from tests.web.conftest import Web
from tests.web.test_entry import PRESSED
from tests.web.test_safety import NASTY, POST
from web.guards.limits import Buckets

ASISTEN, BPBD, SECRETARY, SEKDA = "Asisten Pemerintahan", "Kepala BPBD", "Kepala Kesbangpol", "Sekretaris Daerah"
DOOR = re.compile(r"/m/([0-9A-Za-z]{16})")
SECRET = "Kapal logistik karam"


def comes_in(web: Web, office: str) -> str:
    """Sign in by a link that was asked for; the word of the session."""
    web.client.cookies.clear()
    web.books.askers = Buckets(a_second=1, burst=9)
    web.desk.clock.at += timedelta(minutes=20)
    web.post("/masuk", {"address": web.desk.address(office, Channel.EMAIL)})
    web.desk.turn()
    web.post(f"/m/{DOOR.findall(web.desk.mailbox(office).last)[-1]}", PRESSED)
    return word(web)


def word(web: Web) -> str:
    return re.search(r'name="word" value="([0-9a-f]{32})"', web.get("/beranda").text)[1]


def place(web: Web, key: str) -> str:
    """Where a report or a problem of the only programme is."""
    (programme,) = web.desk.rt.programmes
    return f"/koordinasi/{programme}/{web.desk.code(key)}"


def decides(web: Web, key: str, act: str, **answers: str):
    """Press a button as the page shows it, choosing the first time offered."""
    page = web.get(place(web, key)).text
    form = next((f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'value="{act}"' in f), "")
    hidden = dict(re.findall(r'name="(word|round|seen)" value="([^"]*)"', form))
    times = re.findall(r'option value="([^"]*)"', form)
    offered = {"until": times[0]} if times else {}
    return web.post(place(web, key), hidden | offered | {"act": act} | answers)


@pytest.fixture
def late(web, daily):
    """Tamban's report is late and its coordinator was told; nobody above him."""
    web.desk.lives_until("H-7 19:00")
    return daily


def test_an_escalations_link_opens_what_is_owed_in_his_districts(web, late):
    assert len(web.desk.phone(ASISTEN).last.strip()) <= 160
    link = DOOR.search(web.desk.phone(ASISTEN).last)[1]

    assert "<button>Masuk</button>" in web.get(f"/m/{link}").text
    entered = web.post(f"/m/{link}", PRESSED)
    page = web.get(entered.headers["location"])

    assert entered.headers["location"] == "/koordinasi"
    assert web.desk.code(late) in page.text
    assert "Kecamatan Tamban" in page.text
    assert "Belum kami terima." in page.text
    assert re.search(
        r"Terakhir diingatkan Rabu 7/2, 1\d\.\d\d WITA: (Camat|Kepala Dinas) \w+, (SMS|surel)\.", page.text
    )
    assert "Tidak ada yang ditunggu dari: Kecamatan Mekarsari." in page.text
    assert "Tabunganen" not in page.text


@pytest.mark.parametrize(("doubts", "marked"), [(1, True), (0, False)])
def test_what_may_have_arrived_twice_is_said_to_wherever_the_coordinator_reads_of_it(web, late, doubts, marked):
    with web.desk.rt.sessions.begin() as session:
        session.execute(update(Message).values(doubts=doubts, repeated_at=web.desk.clock.at if doubts else None))
    comes_in(web, ASISTEN)

    for path in ("/koordinasi", place(web, late)):
        assert ("mungkin diterima dua kali" in web.get(path).text) is marked


@pytest.mark.parametrize(("office", "first"), [(ASISTEN, True), (SEKDA, False)])
def test_what_was_passed_on_to_whoever_came_in_stands_first(web, late, office, first):
    comes_in(web, office)

    page = web.get("/koordinasi").text

    before_the_districts = page.partition("Urutannya tetap")[0]
    assert (f'href="{place(web, late)}"' in before_the_districts) is first


def test_an_escalations_link_that_was_used_brings_a_new_one_to_the_coordinator_alone(web, late):
    link = DOOR.search(web.desk.phone(ASISTEN).last)[1]
    web.post(f"/m/{link}", PRESSED)
    web.client.cookies.clear()

    again = web.post(f"/m/{link}", PRESSED)
    offered = web.get(again.headers["location"])
    web.post(f"/m/{link}/lagi", PRESSED)
    web.desk.turn()

    assert "Kirim tautan baru" in offered.text
    assert web.get("/koordinasi").status_code == 403
    fresh = DOOR.search(web.desk.phone(ASISTEN).last)[1]
    assert fresh != link
    assert web.post(f"/m/{fresh}", PRESSED).headers["location"] == "/koordinasi"


def test_districts_stand_in_the_desks_order_however_late_they_are(web):
    desk = web.desk
    keys = [desk.key("harian", "Mekarsari", "H-7"), desk.key("harian", "Tamban", "H-6")]
    desk.owes_only(*keys)
    desk.clock.reads("H-6 20:00")
    comes_in(web, ASISTEN)

    page = web.get("/koordinasi").text

    assert page.index("Kecamatan Tamban") < page.index("Kecamatan Mekarsari")


def test_who_takes_it_on_keeps_it_from_those_above_until_then(web, late):
    comes_in(web, ASISTEN)

    answered = decides(web, late, "acknowledge", text="Saya hubungi Camat.")

    assert (answered.status_code, answered.headers["location"]) == (303, place(web, late))
    page = web.get(place(web, late)).text
    assert "Ditindaklanjuti sampai Rabu 7/2, 21.00 WITA" in page
    assert "oleh Asisten Pemerintahan melalui halaman desk. Saya hubungi Camat." in page
    assert web.desk.outcome(late) is Outcome.ACKNOWLEDGED
    web.desk.clock.reads("H-7 20:59")
    assert web.desk.heard(SECRETARY) == []
    told = len(web.desk.phone("Camat Tamban")), len(web.desk.phone(ASISTEN))

    web.desk.clock.reads("H-6 07:30")
    assert web.desk.heard(SECRETARY) == []
    assert len(web.desk.phone("Camat Tamban")) == told[0] + 1
    web.desk.clock.reads("H-6 10:00")
    assert len(web.desk.phone(ASISTEN)) == told[1] + 1
    web.desk.clock.reads("H-6 14:00")
    assert web.desk.heard(SECRETARY) != []


def test_a_report_is_extended_before_its_due_time(web, daily):
    comes_in(web, ASISTEN)

    decides(web, daily, "extend", text="Sinyal terputus.")

    assert web.desk.obligation(daily).extended_until == web.desk.moment("H-7 16:00")
    assert "Diperpanjang sampai Rabu, 7 Februari 2024 pukul 16.00 WITA." in web.get(place(web, daily)).text


def test_what_was_granted_and_taken_back_stands_on_the_teams_page(web, daily):
    web.desk.clock.reads("H-7 12:00")
    team = web.given("Camat Tamban")
    comes_in(web, ASISTEN)
    assert 'value="revoke"' not in web.get(place(web, daily)).text

    decides(web, daily, "extend", text="Sinyal terputus.")
    page = web.get(f"/l/{team}").text
    assert "Batas waktu diperpanjang sampai" in page
    assert "oleh Asisten Pemerintahan. Sinyal terputus." in page

    assert decides(web, daily, "revoke", text="Sinyal pulih.").status_code == 303
    assert "Pembebasan atau perpanjangan dicabut" in web.get(f"/l/{team}").text

    decides(web, daily, "waive", text="Banjir.")
    page = web.get(f"/l/{team}").text
    assert "Dibebaskan, oleh Asisten Pemerintahan. Banjir." in page
    assert decides(web, daily, "revoke", text="Surut.").status_code == 303
    assert web.desk.obligation(daily).standing is Standing.OWED


def test_a_waiver_taken_back_does_not_read_as_if_it_ended_at_the_time_given(web, late):
    web.desk.waives(late, "Banjir.")
    web.desk.revokes(late, "H-7 22:00")
    comes_in(web, ASISTEN)

    pages = [web.get(f"/l/{web.given('Camat Tamban')}").text, web.get(place(web, late)).text]

    assert all("perpanjangan dicabut; laporan ditunggu sampai Rabu 7/2, 22.00 WITA" in page for page in pages)


def test_a_report_is_waived_with_its_reason(web, late):
    comes_in(web, ASISTEN)

    assert decides(web, late, "waive", text=" ").status_code == 422
    assert decides(web, late, "waive", text="Kecamatan terisolasi banjir.").status_code == 303

    assert web.desk.obligation(late).standing is Standing.WAIVED
    assert "Dibebaskan: Kecamatan terisolasi banjir. (Asisten Pemerintahan)" in web.get(place(web, late)).text
    assert 'value="waive"' not in web.get(place(web, late)).text


def test_a_report_is_read_returned_and_accepted(web, daily):
    body = '{"note": "x"}'
    web.desk.files(daily, f"Aman. <script>alert(1)</script> {body}")
    comes_in(web, ASISTEN)
    assert web.desk.code(daily) in web.get("/koordinasi").text

    page = web.get(place(web, daily)).text
    assert "Aman. &lt;script&gt;" in page
    decides(web, daily, "return", text="Angka logistik belum ada.")

    assert web.desk.obligation(daily).asked == "Angka logistik belum ada."
    assert "Perlu perbaikan sampai" in web.get("/koordinasi").text
    decides(web, daily, "accept")
    assert web.desk.obligation(daily).returned_at is None
    assert "Diterima Rabu, 7 Februari 2024 pukul 12.00 WITA, tepat waktu: terisi." in web.get(place(web, daily)).text


def test_a_problem_is_taken_on_advised_on_and_resolved(web):
    web.desk.owes_only()
    code = web.desk.has_a_problem(SECRET)
    web.desk.turn()
    comes_in(web, ASISTEN)
    assert code in web.get("/koordinasi").text
    assert SECRET not in web.get("/koordinasi").text

    decides(web, code, "acknowledge")
    decides(web, code, "recommend", text="Pinjam kapal Polairud.")
    decides(web, code, "follow_up", text="Kapal dipinjam.")
    assert decides(web, code, "resolve", text="").status_code == 422
    decides(web, code, "resolve", text="Logistik sampai.")

    page = web.get(place(web, code)).text
    assert SECRET in page
    assert "Dinyatakan selesai, menunggu konfirmasi: Logistik sampai." in page
    assert "Pinjam kapal Polairud." in page
    assert web.desk.matter(code).closed_at is not None


def test_who_has_ten_seconds_reads_how_much_is_late_and_how_grave_it_is(web, late):
    for severity in (Severity.HIGH, Severity.LOW, Severity.HIGH):
        web.desk.has_a_problem(SECRET, severity=severity)
    web.desk.clock.reads("H-7 23:00")
    comes_in(web, SECRETARY)

    page = web.get("/koordinasi").text

    assert "1 laporan masih ditunggu lewat batas waktu; 3 permasalahan terbuka, 2 di antaranya sangat rawan." in page
    assert page.index("permasalahan terbuka") < page.index("Diteruskan kepada Bapak/Ibu")
    assert re.search(r"Sangat rawan, dicatat [^<]*\. Diteruskan kepada Bapak/Ibu\.", page)


def test_of_many_problems_the_gravest_are_named_and_the_register_has_the_rest(web):
    web.desk.owes_only()
    for number in range(11):
        web.desk.has_a_problem(f"Ringan {number}", severity=Severity.LOW)
    grave = web.desk.has_a_problem(SECRET)
    hidden = web.desk.has_a_problem(SECRET, restricted=True)
    comes_in(web, ASISTEN)

    page = web.get("/koordinasi").text

    assert page.index(grave) < page.index("P-0001")
    assert "P-0009" in page
    assert "P-0010" not in page
    assert hidden not in page
    assert "13 permasalahan terbuka, 1 di antaranya sangat rawan, 1 terbatas." in page
    assert 'href="/permasalahan?keadaan=terbuka">Lihat semua 13 permasalahan yang terbuka</a>' in page
    assert hidden in web.get(re.search(r'href="([^"]*)">1 permasalahan terbatas', page)[1]).text


def test_an_advice_tapped_twice_is_one_and_a_problem_resolved_twice_is_not_said_to_lack_words(web):
    web.desk.owes_only()
    code = web.desk.has_a_problem(SECRET)
    web.desk.turn()
    comes_in(web, ASISTEN)
    answers = {"word": word(web), "round": "0"}

    for _ in range(2):
        web.post(place(web, code), answers | {"act": "recommend", "text": "Pinjam kapal Polairud."})
    seen = answers | {"seen": "2", "act": "resolve", "text": "Sampai."}
    ends = [web.post(place(web, code), seen) for _ in range(2)]

    assert web.get(place(web, code)).text.count("Pinjam kapal Polairud.") == 1
    assert [page.status_code for page in ends] == [303, 409]
    assert "Keadaannya sudah berubah" in ends[1].text


def test_what_changed_meanwhile_is_not_decided_blindly(web, late):
    comes_in(web, ASISTEN)
    seen = {"word": word(web), "round": "0", "act": "return", "text": "x", "until": "2024-02-08T02:00:00+00:00"}
    assert web.post(place(web, late), seen).status_code == 409

    web.desk.files(late)
    assert web.post(place(web, late), seen).status_code == 303
    assert web.post(place(web, late), seen).status_code == 409
    assert web.desk.matter(late).round == 1


def test_another_coordinators_districts_are_closed_by_every_address(web, late):
    own = web.desk.has_a_problem(SECRET)
    web.desk.files(late, SECRET)
    comes_in(web, BPBD)
    session = word(web)
    (programme,) = web.desk.rt.programmes

    for key in (late, own):
        assert web.get(place(web, key)).status_code == 403
        for act in ("acknowledge", "extend", "waive", "return", "accept", "recommend", "follow_up", "resolve", "x"):
            form = {"word": session, "round": "0", "act": act, "text": "x", "until": "2024-02-08T02:00:00+00:00"}
            answer = web.post(place(web, key), form)
            assert answer.status_code == 403
            assert SECRET not in answer.text
    for path in ("/koordinasi", "/beranda"):
        assert SECRET not in web.get(path).text
        assert "Tamban" not in web.get(path).text.replace("Camat Tamban", "")
    unknown = web.get(f"/koordinasi/{programme}/R-99999")
    foreign = web.get(place(web, late))
    assert (unknown.status_code, unknown.text) == (foreign.status_code, foreign.text)
    assert web.get(f"/koordinasi/{programme + 1}/R-0001").status_code == 403
    assert web.desk.obligation(late).returned_at is None


def test_who_is_late_himself_sees_his_district_and_decides_nothing_about_his_own_report(web):
    key = web.desk.key("harian", "Tabunganen", "H-7")
    web.desk.owes_only(key)
    web.desk.clock.reads("H-7 21:00")
    assert not any("/m/" in text for text in web.desk.phone(BPBD).texts)
    assert any(DOOR.search(text) for text in web.desk.phone(SECRETARY).texts)
    session = comes_in(web, BPBD)

    page = web.get(place(web, key)).text

    assert 'name="act"' not in page
    form = {"word": session, "round": "0", "act": "waive", "text": "x"}
    assert web.post(place(web, key), form).status_code == 403
    assert web.desk.obligation(key).standing is Standing.OWED


@pytest.mark.parametrize(
    ("office", "acts"),
    [
        (SECRETARY, {"acknowledge", "extend", "waive"}),
        (SEKDA, {"acknowledge", "extend", "waive"}),
        ("Sekretariat Desk", set()),
    ],
)
def test_those_above_and_the_secretariat_see_everything(web, late, office, acts):
    comes_in(web, office)

    page = web.get(place(web, late)).text

    assert set(re.findall(r'name="act" value="(\w+)"', page)) == acts
    assert web.desk.code(late) in web.get("/koordinasi").text


def test_an_area_office_has_no_coordinators_page(web, late):
    comes_in(web, "Camat Tamban")

    assert web.get("/koordinasi").status_code == 403
    assert web.get(place(web, late)).status_code == 403


def test_nobody_who_is_not_signed_in_sees_anything(web, late):
    for path in ("/koordinasi", place(web, late), "/beranda"):
        assert web.get(path).status_code == 403
    assert web.post(place(web, late), {"act": "waive", "text": "x"}).status_code == 403
    assert web.desk.obligation(late).standing is Standing.OWED


def test_a_form_from_elsewhere_or_without_the_sessions_word_changes_nothing(web, late):
    session = comes_in(web, ASISTEN)
    form = {"word": session, "round": "0", "act": "waive", "text": "x"}

    assert web.post(place(web, late), form, Origin="https://evil.test").status_code == 403
    assert web.post(place(web, late), form | {"word": "0" * 32}).status_code == 403

    assert web.desk.obligation(late).standing is Standing.OWED


@pytest.mark.parametrize("nasty", NASTY[:-1])
def test_hostile_words_are_shown_as_they_are_and_do_nothing(web, daily, nasty):
    web.desk.files(daily, nasty.replace("\0", ""))
    comes_in(web, ASISTEN)

    decides(web, daily, "return", text=nasty)
    page = web.get(place(web, daily))

    assert page.status_code == 200
    assert "<script" not in page.text.lower()
    assert "<svg" not in page.text
    assert "onmouseover=alert" not in re.sub(r">[^<]*<", "><", page.text)


PATHS = st.tuples(st.sampled_from(["1", "0", "99", "9" * 30, "x"]), st.text(max_size=12).map(str))


@POST
@given(
    path=PATHS,
    fields=st.dictionaries(
        st.sampled_from(["act", "until", "text", "round", "word"]),
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
            st.sampled_from(["waive", "extend", "return", "acknowledge", "accept", "0", "2024-02-08T02:00:00+00:00"]),
        ),
    ),
)
def test_whatever_is_asked_nothing_breaks(web, daily, path, fields):
    if "__Host-desk" not in dict(web.client.cookies):
        comes_in(web, ASISTEN)
    session = word(web)
    programme, code = path
    web.books.clients = Buckets(a_second=1, burst=99)

    for where in (f"/koordinasi/{programme}/{quote(code.encode('utf-8', 'replace'), safe='')}", place(web, daily)):
        assert web.get(where).status_code < 500
        assert web.post(where, fields | {"word": session}).status_code < 500


# -- what a list says --------------------------------------------------------------------------------------------------


def test_a_team_whose_districts_are_awaited_is_not_named_among_those_that_owe_nothing(web, late):
    comes_in(web, ASISTEN)

    still = re.search(r"Tidak ada yang ditunggu dari: ([^.]+)\.", web.get("/koordinasi").text)[1]

    assert still == "Kecamatan Mekarsari"


@pytest.mark.parametrize(
    ("filed", "said"),
    [
        ({"content": Content.NIL}, "nihil"),
        ({"note": "Aman."}, "terisi"),
        ({"note": {"indicators": {"keamanan": {"condition": "troubled", "note": "Ribut."}}}}, "bermasalah: 1 hal"),
        (
            {"note": {"indicators": {"keamanan": {"condition": "attention", "note": "Ribut."}}}},
            "perlu perhatian: 1 hal",
        ),
    ],
)
def test_what_came_in_says_whether_it_was_nil_or_troubled(web, daily, filed, said):
    web.desk.files(daily, **filed)
    comes_in(web, ASISTEN)

    assert said in web.get("/koordinasi").text
    assert said in web.get(place(web, daily)).text


def test_a_list_that_is_longer_than_a_page_says_how_long_and_goes_on(web):
    desk = web.desk
    keys = [desk.key("harian", district, f"H-{n}") for n in (7, 6) for district in ("Tamban", "Mekarsari")]
    desk.owes_only(*keys)
    desk.clock.reads("H-6 12:00")
    web.books.lines = 3
    comes_in(web, SEKDA)

    first = web.get("/koordinasi").text
    (more,) = re.findall(r'href="([?]hal=2)"', first)
    second = web.get(f"/koordinasi{more}").text

    assert "Ditampilkan 1 sampai 3 dari 4." in first
    assert "Ditampilkan 4 sampai 4 dari 4." in second
    assert all(f'{place(web, key)}"' in first + second for key in keys)
    assert {web.get(f"/koordinasi?hal={n}").status_code for n in ("0", "-1", "99999", "x", "9" * 30)} == {200}


def test_a_problem_that_its_report_takes_back_says_so(web, daily):
    own = {"condition": "troubled", "note": SECRET, "problem": True}
    web.desk.files(daily, {"indicators": {"logistik": own}})
    web.desk.files(daily, "Keliru: semua aman.")
    comes_in(web, ASISTEN)

    for path in ("/koordinasi", "/koordinasi/1/P-0001"):
        assert "Ralat laporan tidak lagi menyebut hal ini" in web.get(path).text
