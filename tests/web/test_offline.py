"""A phone with a script and one bar of signal: what is typed stays on it until there is a receipt, and is sent once."""

import io

import pytest
from PIL import Image

from jobs.operator import problems
from models.matters import attachments
from models.offices import links, offices
from rules.filing import Content
from tests import tools

pytestmark = tools.needs("chromium")
UNSENT = "Tersimpan di HP ini, belum terkirim"
WAITS = "Akan dikirim bila ada sinyal"
SENT = "Terkirim."


@pytest.fixture
def phone(served, chromium):
    """320 px wide; its clock reads ten in the morning, whatever the desk's does."""
    context = chromium.new_context(viewport={"width": 320, "height": 640}, locale="id-ID")
    page = context.new_page()
    page.set_default_timeout(150_000)  # the page itself gives a silent line up after 60 s, and sends again
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.clock.set_fixed_time("2024-02-07T02:00:00Z")
    yield page
    context.close()


@pytest.fixture
def key(served):
    return served.desk.key("harian", "Tamban", "H-7")


def opens(phone, served, key="", office="Camat Tamban", token=""):
    """Open the list, or the form of one report."""
    path = f"/{served.desk.code(key)}" if key else ""
    phone.goto(f"{served.books.public_url}/l/{token or served.given(office)}{path}")


def types(phone, facts="Logistik tiba."):
    phone.get_by_role("group", name="Logistik").get_by_role("radio", name="Aman").check()
    phone.get_by_label("Fakta").fill(facts)


def sends(phone):
    phone.get_by_role("button", name="Kirim laporan").click()


def told(phone, text):
    phone.get_by_role("status").filter(has_text=text).wait_for()


def drafts(phone):
    return phone.evaluate("Object.keys(localStorage).filter(k => k.startsWith('d/')).length")


def comes_back(phone):
    """The signal is back; the browser tells the page so."""
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")


def photo(size):
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, "JPEG", quality=95)
    return {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_what_was_typed_is_there_again_and_shown_to_no_other_office(served, phone, key):
    token = served.given("Camat Tamban")
    opens(phone, served, key, token=token)
    types(phone)
    told(phone, UNSENT)

    opens(phone, served, key, office="Kadis Kominfo")
    others = phone.get_by_label("Fakta").input_value(), phone.get_by_role("status").inner_text()
    opens(phone, served, token=token)
    listed = phone.get_by_role("status").inner_text()
    opens(phone, served, key)

    assert others == ("", "")
    assert UNSENT in listed
    assert served.desk.code(key) in listed
    assert phone.get_by_label("Fakta").input_value() == "Logistik tiba."
    assert phone.get_by_role("group", name="Logistik").get_by_role("radio", name="Aman").is_checked()
    assert served.desk.reports(key) == []
    assert phone.complaints == []


def test_a_report_sent_without_signal_goes_out_when_it_is_back(served, phone, key):
    opens(phone, served, key)
    types(phone)
    phone.context.set_offline(True)
    sends(phone)
    told(phone, WAITS)
    assert phone.get_by_label("Fakta").input_value() == "Logistik tiba."

    phone.clock.set_fixed_time("2024-02-07T05:00:00Z")
    comes_back(phone)

    told(phone, SENT)
    (kept,) = served.desk.reports(key)
    assert kept.number in phone.locator("main").inner_text()
    assert "menurut jam HP" in phone.locator("main").inner_text()
    assert kept.observed_at.isoformat() == "2024-02-07T02:00:00+00:00"
    assert kept.received_at == served.desk.clock.at
    assert drafts(phone) == 0


def test_nil_without_signal_waits_for_it_too(served, phone, key):
    opens(phone, served)
    phone.context.set_offline(True)
    phone.get_by_role("region", name="Laporan harian, Kecamatan Tamban").get_by_role("button").click()
    told(phone, WAITS)

    comes_back(phone)

    told(phone, SENT)
    assert [kept.content for kept in served.desk.reports(key)] == [Content.NIL]


def test_a_page_closed_without_signal_sends_when_it_is_opened_again(served, phone, key):
    token = served.given("Camat Tamban")
    opens(phone, served, key, token=token)
    types(phone)
    phone.context.set_offline(True)
    sends(phone)
    told(phone, WAITS)
    phone.goto("about:blank")
    phone.context.set_offline(False)

    opens(phone, served, token=token)

    told(phone, SENT)
    assert len(served.desk.reports(key)) == 1
    assert drafts(phone) == 0


def test_a_lost_answer_is_asked_for_again_and_is_one_report(served, phone, key):
    opens(phone, served, key)
    types(phone)

    def lose(route):
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.route("**/l/**", lose)
    sends(phone)
    told(phone, WAITS)
    filed = len(served.desk.reports(key))
    phone.unroute("**/l/**")
    comes_back(phone)

    told(phone, SENT)
    (kept,) = served.desk.reports(key)
    assert filed == 1
    assert kept.number in phone.locator("main").inner_text()


@pytest.mark.parametrize("answer", [{"status": 503}, {"status": 429}, {"status": 200, "body": "<h1>Masuk WiFi</h1>"}])
def test_an_answer_that_is_no_receipt_sends_again_later(served, phone, key, answer):
    opens(phone, served, key)
    types(phone)
    phone.route("**/l/**", lambda route: route.fulfill(**answer))
    sends(phone)
    told(phone, WAITS)
    phone.unroute("**/l/**")

    comes_back(phone)

    told(phone, SENT)
    assert len(served.desk.reports(key)) == 1


def test_a_link_that_ended_keeps_what_was_typed_for_the_next_one(served, phone, key):
    opens(phone, served, key)
    types(phone)
    with served.desk.rt.sessions.begin() as session:
        office = offices.by_code(session, served.desk.programme.desk.code, served.desk.office("Camat Tamban"))
        links.revoke(session, office.id, now=served.desk.clock.at)
    sends(phone)
    told(phone, "tidak berlaku lagi")
    assert phone.get_by_label("Fakta").input_value() == "Logistik tiba."

    opens(phone, served)

    told(phone, SENT)
    assert len(served.desk.reports(key)) == 1


def test_what_is_wrong_is_mended_with_the_photo_still_there(served, phone, key):
    opens(phone, served, key)
    types(phone)
    phone.get_by_role("group", name="Logistik").get_by_label("Foto").set_input_files(photo((300, 200)))
    phone.get_by_label("Desa sudah menerima").fill("1,2")
    sends(phone)
    phone.get_by_role("alert").wait_for()
    told(phone, UNSENT)
    assert "foto.jpg" in phone.get_by_role("group", name="Logistik").inner_text()

    phone.get_by_label("Desa sudah menerima").fill("12")
    sends(phone)

    told(phone, SENT)
    (kept,) = served.desk.reports(key)
    assert len(kept.body["indicators"]["logistik"]["photos"]) == 1
    assert drafts(phone) == 0


def test_what_somebody_else_filed_meanwhile_is_not_overwritten(served, phone, key):
    opens(phone, served, key)
    types(phone)
    served.desk.files(key, by="Kadis Kominfo")

    sends(phone)

    phone.get_by_role("heading", name="baru saja kami terima").wait_for()
    told(phone, UNSENT)
    assert len(served.desk.reports(key)) == 1


def test_photos_are_made_small_before_they_travel_and_wait_for_the_signal(served, phone, key):
    token = served.given("Camat Tamban")
    opens(phone, served, key, token=token)
    types(phone)
    phone.get_by_role("group", name="Logistik").get_by_label("Foto").set_input_files(photo((2400, 1800)))
    phone.context.set_offline(True)
    sends(phone)
    told(phone, WAITS)
    phone.goto("about:blank")
    phone.context.set_offline(False)

    opens(phone, served, token=token)
    told(phone, SENT)

    with served.desk.rt.sessions.begin() as session:
        (row,) = attachments.of(session, served.desk.reports(key)[0].id)
    kept = Image.open(served.books.files.path(row.digest))
    assert max(kept.size) == 1600, "the server alone would have left 2000"


def test_a_phone_with_no_room_sends_all_the_same(served, phone, key):
    opens(phone, served, key)
    phone.evaluate(
        "() => { for (let n = 2 ** 23; n; n >>= 1) try { localStorage[n] = 'x'.repeat(n) } catch (full) {} }"
    )
    types(phone)
    phone.get_by_role("group", name="Logistik").get_by_label("Foto").set_input_files(photo((300, 200)))

    sends(phone)

    told(phone, SENT)
    (kept,) = served.desk.reports(key)
    assert len(kept.body["indicators"]["logistik"]["photos"]) == 1


def test_a_slow_line_is_enough(served, phone, key):
    """As a phone with one bar: 400 ms each way, 50 kbit/s."""
    phone.context.new_cdp_session(phone).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": 6250, "uploadThroughput": 6250},
    )
    opens(phone, served)

    phone.get_by_role("region", name="Laporan harian, Kecamatan Tamban").get_by_role("button").click()

    told(phone, SENT)
    assert len(served.desk.reports(key)) == 1


@pytest.fixture
def held(served, phone, key):
    """One report is on its way, another's form is filled in: the other, and what lets the first arrive."""
    opens(phone, served)
    phone.context.set_offline(True)
    phone.get_by_role("region", name="Laporan harian, Kecamatan Tamban").get_by_role("button").click()
    told(phone, WAITS)
    phone.goto("about:blank")
    phone.context.set_offline(False)
    waiting = []

    def line(route):
        if route.request.method == "POST" and not waiting:
            waiting.append(route)
        else:
            route.continue_()

    phone.route("**/l/**", line)

    other = served.desk.key("harian", "Mekarsari", "H-7")
    with phone.expect_request(lambda request: request.method == "POST"):
        opens(phone, served, other)
    types(phone)
    phone.get_by_label("Ya, laporan ini untuk Kecamatan Mekarsari").check()
    return other, waiting[0].continue_


def test_what_is_typed_stays_while_another_report_is_sent(served, phone, key, held):
    _, let_go = held

    let_go()

    told(phone, f"{served.desk.code(key)} terkirim.")
    assert phone.get_by_label("Fakta").input_value() == "Logistik tiba."
    assert len(served.desk.reports(key)) == 1


def test_a_report_sent_while_another_is_on_its_way_follows_it(served, phone, key, held):
    other, let_go = held

    sends(phone)
    let_go()

    phone.get_by_role("heading", name="Tanda terima").wait_for()
    (kept,) = served.desk.reports(other)
    assert kept.number in phone.locator("main").inner_text()
    assert len(served.desk.reports(key)) == 1
    assert drafts(phone) == 0


def test_a_line_that_goes_dead_in_the_middle_is_given_up_and_tried_again(served, phone, key):
    phone.clock.install(time="2024-02-07T02:00:00Z")
    opens(phone, served, key)
    types(phone)
    phone.route("**/l/**", lambda route: None if route.request.method == "POST" else route.continue_())
    sends(phone)
    told(phone, "Sedang dikirim")

    phone.clock.fast_forward("01:00")
    told(phone, WAITS)
    phone.unroute("**/l/**")
    phone.clock.fast_forward("00:05")

    told(phone, SENT)
    assert len(served.desk.reports(key)) == 1


def test_two_taps_are_one_report(served, phone, key):
    opens(phone, served)

    phone.get_by_role("region", name="Laporan harian, Kecamatan Tamban").get_by_role("button").dblclick()

    told(phone, SENT)
    assert len(served.desk.reports(key)) == 1
    assert phone.complaints == []


def test_all_of_it_works_by_keyboard(served, phone, key):
    opens(phone, served)

    for _ in range(30):
        phone.keyboard.press("Tab")
        if "Nihil" in phone.evaluate("document.activeElement.innerText"):
            break
    phone.keyboard.press("Enter")

    told(phone, SENT)
    assert phone.evaluate("document.activeElement.tagName") == "H1"


def test_an_incident_whose_answer_was_lost_is_sent_again_and_is_one_problem(served, phone):
    phone.goto(f"{served.books.public_url}/l/{served.given('Camat Tamban')}/kejadian")
    phone.get_by_label("Apa yang terjadi").fill("Air pasang masuk TPS")
    phone.get_by_label("Kategori").select_option("polling_place")
    phone.get_by_label("Sangat rawan").check()

    def lose(route):
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.route("**/l/**", lose)
    phone.get_by_role("button", name="Kirim").click()
    told(phone, WAITS)
    phone.unroute("**/l/**")
    comes_back(phone)

    told(phone, SENT)
    (line,) = problems.unresolved(served.desk.rt)
    assert line["code"] in phone.locator("main").inner_text()
    assert drafts(phone) == 0
