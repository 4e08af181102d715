"""The door and the coordinator's pages in a real browser: a small phone, a keyboard, a screen reader's eyes."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from rules.desk import Channel
from rules.filing import Standing
from tests import engines, tools
from tests.web.test_browser import fits, phone  # noqa: F401 - a fixture

pytestmark = tools.needs("chromium")
SMALL = (
    "[...document.querySelectorAll('button,.go,input.in,select,textarea')]"
    ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).length"
)


@pytest.fixture
def late(served):
    """Tamban's report is late, Mekarsari's came and was returned, a problem is open."""
    desk = served.desk
    tamban, mekarsari = (desk.key("harian", district, "H-7") for district in ("Tamban", "Mekarsari"))
    desk.files(mekarsari, "Situasi aman.", by="Camat Mekarsari")
    desk.returns(mekarsari, "H-6 09:00", "Angka logistik per desa belum ada.")
    desk.has_a_problem("Kapal logistik karam di Sungai Barito")
    desk.clock.reads("H-7 19:00")
    return tamban


def link(served, page, office="Asisten Pemerintahan"):
    """The address in the mail that somebody asked for by the page."""
    before = len(served.desk.inbox(office, Channel.EMAIL))
    page.goto(f"{served.books.public_url}/masuk")
    page.get_by_label("Surel atau nomor HP").fill(served.desk.address(office, Channel.EMAIL))
    page.get_by_role("button").click()
    page.get_by_role("heading", name="Mohon diperiksa pesan yang masuk").wait_for()
    give_up = time.monotonic() + engines.PATIENCE
    while len(served.desk.inbox(office, Channel.EMAIL)) == before and time.monotonic() < give_up:
        served.desk.turn()  # it is made after the page was answered
    return re.findall(r"http\S+/m/\w{16}", served.desk.inbox(office, Channel.EMAIL).last)[-1]


def test_a_coordinator_comes_in_and_takes_a_report_on_without_a_script(served, late, phone):  # noqa: F811
    phone.goto(link(served, phone))
    phone.get_by_role("button", name="Masuk").focus()
    phone.keyboard.press("Enter")
    phone.get_by_role("heading", name="Laporan dan permasalahan").wait_for()

    phone.get_by_role("region", name="Kecamatan Tamban").get_by_role("link", name="Laporan harian").click()
    card = phone.get_by_role("form", name="Saya tindak lanjuti")
    card.get_by_label("Catatan").focus()
    phone.keyboard.type("Saya hubungi Camat.")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")

    phone.get_by_text("Ditindaklanjuti sampai").first.wait_for()
    assert served.desk.matter(late).acknowledged_until is not None
    assert served.desk.obligation(late).standing is Standing.OWED
    assert [text for text in phone.complaints if "favicon" not in text] == []
    phone.get_by_text("Menu").click()
    phone.get_by_role("button", name="Keluar").click()
    phone.get_by_role("heading", name="Masuk").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_small_phone_and_reads_well(served, late, chromium, scheme):
    context = chromium.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme, locale="id-ID")
    page = context.new_page()
    page.set_default_timeout(20_000)
    url, desk = served.books.public_url, served.desk
    (programme,) = desk.rt.programmes
    mekarsari = desk.key("harian", "Mekarsari", "H-7")
    own = f"{url}/koordinasi/{programme}"
    door = link(served, page)

    def looked_at(address: str) -> None:
        page.goto(address)
        assert fits(page), address
        assert page.evaluate(SMALL) == 0, f"{address}: something is too small for a thumb"
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"

    looked_at(f"{url}/masuk")
    looked_at(door)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("heading", name="Laporan dan permasalahan").wait_for()
    paths = (f"{own}/{desk.code(late)}", f"{own}/{desk.code(mekarsari)}", f"{own}/P-0001", f"{own}/R-9999")
    for address in (f"{url}/koordinasi", f"{url}/beranda", *paths, door):
        looked_at(address)
    context.close()


@pytest.mark.parametrize("allowed", [["clipboard-read", "clipboard-write"], []])
def test_the_text_for_a_group_is_copied_by_one_button(served, late, chromium, allowed):
    context = chromium.new_context(viewport={"width": 320, "height": 640}, permissions=allowed, locale="id-ID")
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(link(served, page, "Sekretariat Desk"))
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("navigation").get_by_text("Menu").click()
    page.get_by_role("navigation").get_by_role("link", name="Teks grup").click()

    page.get_by_role("button", name="Salin teks").click()

    page.get_by_text("Teks sudah disalin.").wait_for()
    if allowed:
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator("#text").input_value()
        assert "Tamban" in copied
    assert fits(page)
    assert page.evaluate(SMALL) == 0
    assert Axe().run(page).violations_count == 0
    assert [text for text in complaints if "favicon" not in text] == []
    context.close()


def test_the_text_for_a_group_has_no_button_that_does_nothing(served, late, phone):  # noqa: F811
    phone.goto(link(served, phone, "Sekretariat Desk"))
    phone.get_by_role("button", name="Masuk").click()
    phone.get_by_role("navigation").get_by_text("Menu").click()
    phone.get_by_role("navigation").get_by_role("link", name="Teks grup").click()

    assert "Tamban" in phone.locator("#text").input_value()
    assert phone.get_by_role("button", name="Salin teks").count() == 0


@pytest.mark.parametrize("office", ["Sekretaris Daerah", "Asisten Pemerintahan", "Sekretariat Desk", "Camat Tamban"])
def test_the_menu_leaves_a_phone_to_the_page(served, late, phone, office):  # noqa: F811
    phone.goto(link(served, phone, office))
    phone.get_by_role("button", name="Masuk").click()
    menu = phone.get_by_role("navigation")
    menu.wait_for()

    assert menu.bounding_box()["height"] < 120, "who he is, and one line"
    assert menu.get_by_role("link", name="Rekap").is_hidden()
    menu.get_by_text("Menu").click()
    menu.get_by_role("link", name="Rekap").click()
    phone.get_by_role("heading", name="Rekap").first.wait_for()
