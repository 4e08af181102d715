"""A real browser: a small phone without scripts, a keyboard, and what the page's own policy lets happen."""

import re
from collections.abc import Iterator

import pytest

from rules.filing import Content
from tests import tools

pytestmark = tools.needs("chromium")


@pytest.fixture
def phone(chromium) -> Iterator[object]:
    """320 px wide, no script; whatever the page's policy blocked or the console said is kept."""
    context = chromium.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    yield page
    context.close()


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_nil_is_filed_from_a_small_phone_without_a_script(served, phone):
    key = served.desk.key("harian", "Tamban", "H-7")
    phone.goto(f"{served.books.public_url}/l/{served.given('Camat Tamban')}")

    phone.get_by_role("region", name="Laporan harian, Kecamatan Tamban").get_by_role("button").click()

    phone.get_by_role("heading", name="Tanda terima").wait_for()
    (kept,) = served.desk.reports(key)
    assert kept.number in phone.locator("main").inner_text()
    assert kept.content is Content.NIL
    phone.get_by_role("link", name="Kembali ke daftar").click()
    phone.get_by_text("Tidak ada laporan yang kami nantikan dari Bapak/Ibu").wait_for()


def test_a_neighbours_nil_is_under_a_fold_and_asked_about_once_more(served, phone):
    key = served.desk.key("harian", "Mekarsari", "H-7")
    phone.goto(f"{served.books.public_url}/l/{served.given('Camat Tamban')}")
    folded = phone.get_by_role("link", name="Nihil untuk Kecamatan Mekarsari")
    before = folded.is_visible()

    phone.get_by_text("Kecamatan lain dalam tim (pelapor: Camat Mekarsari)").click()
    folded.click()
    phone.get_by_role("heading", name="Nihil untuk Kecamatan Mekarsari?").wait_for()
    asked = len(served.desk.reports(key))
    phone.get_by_role("button", name="Ya, nihil untuk Kecamatan Mekarsari").click()
    phone.get_by_role("heading", name="Tanda terima").wait_for()

    assert (before, asked) == (False, 0)
    assert served.desk.reports(key)[0].title == "Camat Tamban"


def test_a_form_is_corrected_and_sent_by_keyboard(served, phone):
    key = served.desk.key("harian", "Tamban", "H-7")
    phone.goto(f"{served.books.public_url}/l/{served.given('Camat Tamban')}/{served.desk.code(key)}")

    logistics = phone.get_by_role("group", name="Logistik")
    logistics.get_by_role("radio", name="Aman").focus()
    phone.keyboard.press("Space")
    phone.keyboard.press("Tab")
    phone.keyboard.type("1,2")
    phone.keyboard.press("Enter")
    phone.get_by_role("alert").wait_for()
    phone.get_by_role("alert").get_by_role("link").click()
    phone.get_by_label("Desa sudah menerima").fill("16")
    phone.keyboard.press("Enter")

    phone.get_by_role("heading", name="Tanda terima").wait_for()
    (kept,) = served.desk.reports(key)
    assert kept.body["indicators"]["logistik"] == {"condition": "safe", "numbers": {"desa-logistik": 16}}


def test_a_form_asks_for_more_only_where_something_was_seen(served, phone):
    key = served.desk.key("harian", "Tamban", "H-7")
    phone.goto(f"{served.books.public_url}/l/{served.given('Camat Tamban')}/{served.desk.code(key)}")
    logistics = phone.get_by_role("group", name="Logistik")
    untouched = logistics.get_by_label("Keterangan").is_visible(), phone.get_by_label("Fakta").is_visible()

    logistics.get_by_role("radio", name="Perlu perhatian").check()

    assert untouched == (False, True)
    assert logistics.get_by_label("Keterangan").is_visible()
    assert not phone.get_by_role("group", name="Kesiapan TPS").get_by_label("Keterangan").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_hangs_over_the_edge_or_is_blocked(served, chromium, phone, scheme):
    token = served.given("Kadis Kominfo")
    key = served.desk.key("harian", "Tamban", "H-7")
    context = chromium.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    seen = []
    page.on("console", lambda message: seen.append(message.text))

    for path in (f"/l/{token}", f"/l/{token}/{served.desk.code(key)}", f"/l/{token}/{served.desk.code(key)}/lain"):
        page.goto(served.books.public_url + path)
        page.evaluate("document.querySelectorAll('.two').forEach(own => own.querySelector('input')?.click())")
        page.evaluate("document.querySelectorAll('[type=checkbox]').forEach(own => own.checked || own.click())")
        page.evaluate("document.querySelectorAll('details').forEach(own => { own.open = true })")
        assert fits(page), path
        assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none", "the style sheet was blocked"
        small = page.evaluate(
            "[...document.querySelectorAll('button,.go,.p,input.in,select,textarea')]"
            ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).length"
        )
        assert small == 0, f"{path}: something is too small for a thumb"
    page.goto(f"{served.books.public_url}/l/x")
    assert fits(page)
    assert [text for text in seen if not re.search("favicon|404", text)] == []
    context.close()


def own_pages(served):
    token, key = served.given("Camat Tamban"), served.desk.key("harian", "Tamban", "H-7")
    other = served.desk.code(served.desk.key("harian", "Mekarsari", "H-7"))
    code = served.desk.code(key)
    return (
        "/masuk",
        f"/l/{token}",
        f"/l/{token}/{code}",
        f"/l/{token}/{code}/lain",
        f"/l/{token}/{other}/nihil",
        "/l/x",
    )


def opened(page, served, path):
    page.goto(served.books.public_url + path)
    page.evaluate("document.querySelectorAll('details').forEach(own => own.open = true)")
    page.evaluate("document.querySelectorAll('.two').forEach(own => own.querySelector('input').click())")


def test_text_twice_as_large_stays_within_a_narrow_screen(served, chromium):
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()

    for path in own_pages(served):
        opened(page, served, path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        over = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 40))"
        )
        assert fits(page), (path, over)
        assert over == [], path
    context.close()


def test_whatever_is_tapped_is_large_enough_for_a_finger(served, chromium):
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()

    for path in own_pages(served):
        opened(page, served, path)
        small = page.evaluate(
            "[...document.querySelectorAll('a,button,input:not([type=hidden]),select,textarea,summary')]"
            ".map(e => [e.tagName + ' ' + e.textContent.trim().slice(0, 30), e.getBoundingClientRect()])"
            ".filter(([, box]) => box.height > 0 && (box.height < 24 || box.width < 24)).map(([name]) => name)"
        )
        assert small == [], path
    context.close()


def test_each_part_of_a_page_has_a_name_of_its_own(served, chromium):
    """A screen reader lists headings and landmarks: two that are called alike cannot be told apart."""
    context = chromium.new_context()
    page = context.new_page()

    for path in own_pages(served):
        opened(page, served, path)
        counts = page.evaluate(
            "['h1', 'main', 'header', 'footer', 'nav'].map(t => document.querySelectorAll(t).length)"
        )
        named = page.evaluate(
            "[...document.querySelectorAll('section')].map(e => e.getAttribute('aria-labelledby').split(' ')"
            ".map(id => document.getElementById(id).textContent).join(' '))"
        )
        assert counts[:2] == [1, 1], path
        assert max(counts[2:]) <= 1, path
        assert len(named) == len(set(named)), path
    context.close()
