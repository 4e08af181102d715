"""Take the pictures of docs/panduan from the real pages: `.venv/bin/python -m tests.web.pictures`.

The desk is Barito Kuala's a week before the voting of 2024; the phone is 360 pixels wide.
"""

import re
import tempfile
from pathlib import Path

from PIL import Image

from rules.desk import Channel
from tests.engines import free_port
from tests.stories.desk import POLICY, ROOT
from tests.web import serving
from tests.web.conftest import Web

PICTURES = ROOT / "docs/panduan"
FILES = (ROOT / "config/elections/pemilu-2024.yaml", ROOT / "config/desks/barito-kuala.yaml", POLICY)
URL = "https://lapor.batola.example"
CAMAT, SEKRETARIAT = "Camat Tamban", "Sekretariat Tim DESK Pemilu"
ASISTEN = "Asisten Pemerintahan dan Kesejahteraan Rakyat"
DOOR = re.compile(r"/m/\w{16}")
COLOURS = 48


class Phone:
    """A phone that holds a link, and keeps pictures of what it shows."""

    def __init__(self, browser, web: Web, port: int) -> None:
        self.web = web
        self.port = port
        self.signal = True
        context = browser.new_context(viewport={"width": 360, "height": 640}, locale="id-ID")
        context.route(f"{URL}/**", self._through)
        self.page = context.new_page()
        self.page.clock.set_fixed_time("2024-02-07T03:50:00Z")

    def _through(self, route) -> None:
        if not self.signal:
            route.abort()
            return
        route.fulfill(response=route.fetch(url=route.request.url.replace(URL, f"http://127.0.0.1:{self.port}")))

    def opens(self, path: str = "") -> None:
        self.page.goto(f"{URL}/l/{self.web.given(CAMAT)}{path}")

    def stands_before(self, text: str) -> None:
        """The door that the link in a message leads to."""
        self.page.goto(URL + DOOR.findall(text)[-1])

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def shows(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def keeps(self, name: str, *, top: str = "") -> None:
        """Keep what is seen; `top`: the text that stands highest."""
        if top:
            highest = self.page.get_by_text(top, exact=True).first
            highest.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 12)")
        path = PICTURES / f"{name}.png"
        self.page.screenshot(path=path)
        Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def take(phone: Phone, code: str) -> None:
    """Every picture, in the order of the guide."""
    phone.opens()
    phone.keeps("tim-1-daftar")
    phone.opens(f"/{code}")
    phone.page.get_by_role("group", name="Logistik").get_by_role("radio", name="Perlu perhatian").check()
    phone.keeps("tim-2-formulir", top="Badan ad hoc")
    phone.page.get_by_label("Desa sudah menerima").fill("14")
    phone.presses("Kirim laporan")
    phone.page.get_by_role("alert").wait_for()
    phone.keeps("tim-3-periksa")
    phone.page.get_by_role("group", name="Logistik").get_by_label("Keterangan").fill("Dua desa menunggu air pasang.")
    phone.signal = False
    phone.presses("Kirim laporan")
    phone.shows("Akan dikirim bila ada sinyal")
    phone.keeps("tim-4-tanpa-sinyal", top="Kirim laporan")
    phone.signal = True
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.shows("Terkirim.")
    phone.keeps("tim-5-tanda-terima")


def take_coordinators(phone: Phone, code: str) -> None:
    phone.stands_before(phone.web.desk.phone(ASISTEN).last)
    phone.keeps("koordinator-1-masuk")
    phone.presses("Masuk")
    phone.keeps("koordinator-2-daftar")
    phone.page.get_by_role("link", name=code).first.click()
    phone.keeps("koordinator-3-keputusan")


def take_secretariats(phone: Phone, code: str) -> None:
    phone.page.goto(f"{URL}/masuk")
    phone.page.get_by_label("Surel").fill(phone.web.desk.address(SEKRETARIAT, Channel.EMAIL))
    with phone.page.expect_navigation():
        phone.presses("Kirim tautan")
    before = len(phone.web.desk.mailbox(SEKRETARIAT))
    while len(phone.web.desk.mailbox(SEKRETARIAT)) == before:
        phone.web.desk.turn()  # the mail is made after the page was answered
    phone.stands_before(phone.web.desk.mailbox(SEKRETARIAT).last)
    phone.presses("Masuk")
    phone.keeps("sekretariat-1-hari-ini")
    phone.page.get_by_role("link", name=code).first.click()
    phone.keeps("sekretariat-2-catat", top="Cara diterima")
    phone.page.goto(f"{URL}/sekretariat/tugas")
    phone.keeps("sekretariat-3-tugas", top="Tugas sekretariat")
    phone.page.goto(f"{URL}/sekretariat/kontak/camat-mekarsari")
    phone.keeps("sekretariat-4-serah-terima", top="Serah terima jabatan")


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, serving.desk(Path(folder), FILES) as desk:
        keys = [desk.key("harian", district, "H-7") for district in ("Tamban", "Mekarsari")]
        desk.owes_only(*keys)
        desk.clock.reads("H-7 12:00")
        with (
            serving.pages(desk, Path(folder), port=port, public_url=URL) as books,
            serving.chromium() as browser,
        ):
            web = Web(desk, books, None)
            filed, late = (desk.code(key) for key in keys)
            phone = Phone(browser, web, port)
            take(phone, filed)
            phone.opens(f"/{late}/lain")
            phone.keeps("tim-6-lainnya")
            phone.presses("Bukan tugas saya")
            phone.shows("Keterangan kami catat")
            desk.clock.reads("H-7 19:00")
            take_coordinators(Phone(browser, web, port), late)
            take_secretariats(Phone(browser, web, port), late)


if __name__ == "__main__":
    main()
