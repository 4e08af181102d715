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
SEKDA = "Sekretaris Daerah"
SEKRETARIS = "Kepala Badan Kesatuan Bangsa dan Politik"
WEEKLY = "pemilu-2024/barito-kuala/laporan-gubernur/63.04/2024-W06"
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
        self.page.bring_to_front()
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
    phone.keeps("tim-2-formulir", top="Logistik")
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


def take_incident(phone: Phone) -> None:
    phone.opens("/kejadian")
    phone.page.get_by_label("Apa yang terjadi").fill("Air pasang masuk TPS")
    phone.page.get_by_label("Kategori").select_option("polling_place")
    phone.page.get_by_label("Sangat rawan").check()
    phone.page.get_by_label("Desa atau kelurahan").select_option("63.04.02.2011")
    phone.keeps("tim-7-kejadian", top="Lapor kejadian")
    phone.presses("Kirim")
    phone.shows("P-0001")


def take_coordinators(phone: Phone, code: str) -> None:
    phone.stands_before(phone.web.desk.phone(ASISTEN).last)
    phone.keeps("koordinator-1-masuk")
    phone.presses("Masuk")
    phone.keeps("koordinator-2-daftar")
    phone.page.get_by_role("link", name=code).first.click()
    phone.keeps("koordinator-3-keputusan")

    phone.page.goto(f"{URL}/papan")
    phone.keeps("koordinator-4-papan", top="Papan")
    phone.page.goto(f"{URL}/permasalahan")
    phone.keeps("koordinator-5-permasalahan", top="Permasalahan")
    phone.page.get_by_role("link", name="P-0001").first.click()
    phone.keeps("koordinator-6-satu")
    phone.page.goto(f"{URL}/rekap")
    phone.keeps("koordinator-7-rekap", top="Rekap")


def take_what_became_of_it(phone: Phone) -> None:
    phone.opens()
    phone.keeps("tim-8-perkembangan", top="Permasalahan dari tim ini")


def take_chairs(phone: Phone) -> None:
    comes_in(phone, SEKDA)
    phone.page.goto(f"{URL}/pimpinan")
    phone.keeps("pimpinan-1-menunggu")
    phone.page.goto(f"{URL}/saran/beri")
    phone.keeps("pimpinan-2-beri")


def take_reports(browser, web: Web, port: int) -> None:
    """The weekly report: handed in by the secretariat, then before the secretary."""
    phone = Phone(browser, web, port)
    comes_in(phone, SEKRETARIAT)
    phone.page.goto(f"{URL}/laporan-pemerintah")
    phone.page.locator("a.tap").first.click()
    phone.keeps("sekretariat-6-laporan")
    phone.presses("Mintakan persetujuan")
    phone = Phone(browser, web, port)
    comes_in(phone, SEKRETARIS)
    phone.page.goto(f"{URL}/laporan-pemerintah")
    phone.page.locator("a.tap").first.click()
    phone.keeps("pimpinan-3-setujui")


def comes_in(phone: Phone, title: str) -> None:
    """Ask for a link by the office's mail address, and sign in by it."""
    phone.page.goto(f"{URL}/masuk")
    phone.page.get_by_label("Surel").fill(phone.web.desk.address(title, Channel.EMAIL))
    before = len(phone.web.desk.mailbox(title))
    with phone.page.expect_navigation():
        phone.presses("Kirim tautan")
    while len(phone.web.desk.mailbox(title)) == before:
        phone.web.desk.turn()  # the mail is made after the page was answered
    phone.stands_before(phone.web.desk.mailbox(title).last)
    phone.presses("Masuk")


def take_secretariats(phone: Phone, code: str) -> None:
    comes_in(phone, SEKRETARIAT)
    phone.keeps("sekretariat-1-hari-ini")
    phone.page.get_by_role("link", name=code).first.click()
    phone.keeps("sekretariat-2-catat", top="Cara diterima")
    phone.page.goto(f"{URL}/sekretariat/tugas")
    phone.keeps("sekretariat-3-tugas", top="Tugas sekretariat")
    phone.page.goto(f"{URL}/sekretariat/kontak/camat-mekarsari")
    phone.keeps("sekretariat-4-serah-terima", top="Serah terima jabatan")
    phone.page.goto(f"{URL}/telepon")
    phone.keeps("sekretariat-5-telepon")


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, serving.desk(Path(folder), FILES) as desk:
        keys = [desk.key("harian", district, "H-7") for district in ("Tamban", "Mekarsari")]
        desk.owes_only(*keys, WEEKLY)
        desk.clock.reads("H-7 12:00")
        with (
            serving.pages(desk, Path(folder), port=port, public_url=URL) as books,
            serving.chromium() as browser,
        ):
            web = Web(desk, books, None)
            filed, late = (desk.code(key) for key in keys)
            phone = Phone(browser, web, port)
            take(phone, filed)
            take_incident(phone)
            phone.opens(f"/{late}/lain")
            phone.keeps("tim-6-lainnya")
            phone.presses("Bukan tugas saya")
            phone.shows("Keterangan kami catat")
            desk.clock.reads("H-7 19:00")
            take_coordinators(Phone(browser, web, port), late)
            take_what_became_of_it(phone)
            take_chairs(Phone(browser, web, port))
            take_secretariats(Phone(browser, web, port), late)
            take_reports(browser, web, port)


if __name__ == "__main__":
    main()
