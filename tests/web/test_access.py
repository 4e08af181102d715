"""Every page for everybody: nothing that a screen reader, a keyboard, tired eyes or a narrow screen cannot use.

A new page is one line in PAGES: its name, and how somebody gets there.
"""

import re
import time
from collections.abc import Callable

import pytest

from models import tasks
from reports import sheets
from rules.desk import Channel
from tests import engines, tools
from tests.web.conftest import Web
from tests.web.test_entry import MAIL

pytestmark = tools.needs("chromium")
DOOR = re.compile(r"/m/([0-9A-Za-z]{16})")
TEAM, DESK = "Camat Tamban", "Asisten Pemerintahan"


class Somebody:
    """Looks at the pages of a desk; Tamban's and Mekarsari's reports of a day are owed."""

    def __init__(self, served: Web, page) -> None:
        self.served = served
        self.page = page
        self.desk = served.desk
        self.code = self.desk.code(self.key("Tamban"))

    def key(self, district: str) -> str:
        return self.desk.key("harian", district, "H-7")

    def goes(self, path: str) -> None:
        self.page.goto(self.served.books.public_url + path)

    def opens(self, path: str = "") -> None:
        """The list behind a link of the team's, or what is under it."""
        self.goes(f"/l/{self.served.given(TEAM)}{path}")

    def form(self) -> None:
        self.opens(f"/{self.code}")

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def moves_on_by(self, name: str) -> None:
        """Press, and wait for the page that follows."""
        with self.page.expect_navigation():
            self.presses(name)

    def fills_in(self, condition: str, villages: str) -> None:
        logistics = self.page.get_by_role("group", name="Logistik")
        logistics.get_by_role("radio", name=condition).check()
        logistics.get_by_label("Desa sudah menerima").fill(villages)

    def mistypes(self) -> None:
        self.form()
        self.fills_in("Bermasalah", "1,2")
        self.presses("Kirim laporan")
        self.page.get_by_role("alert").wait_for()

    def doubts(self) -> None:
        self.form()
        self.fills_in("Aman", "1245")
        self.presses("Kirim laporan")
        self.page.get_by_role("alert").wait_for()

    def files(self) -> None:
        self.opens()
        self.presses("Nihil")
        self.page.get_by_role("heading", name="Tanda terima").wait_for()

    def checks_later(self) -> None:
        self.files()
        self.page.get_by_role("link", name="TT-").click()

    def corrects(self) -> None:
        self.files()
        self.opens(f"/{self.desk.code(self.key('Mekarsari'))}")

    def promises(self) -> None:
        self.opens(f"/{self.code}/lain")
        self.moves_on_by("Minta waktu")

    def is_sent_a_door(self, office: str = DESK, mail: str = MAIL) -> str:
        before = len(self.desk.mailbox(office))
        self.goes("/masuk")
        self.page.locator("main input:visible").fill(mail)
        self.moves_on_by("Kirim tautan")
        give_up = time.monotonic() + engines.PATIENCE
        while len(self.desk.mailbox(office)) == before and time.monotonic() < give_up:
            self.desk.turn()  # the mail is made after the page was answered
        return DOOR.findall(self.desk.mailbox(office).last)[0]

    def comes_in(self, path: str = "", office: str = DESK, mail: str = MAIL) -> None:
        self.goes(f"/m/{self.is_sent_a_door(office, mail)}")
        self.moves_on_by("Masuk")
        if path:
            self.goes(path)

    def keeps(self, path: str = "") -> None:
        """The secretariat's pages; there is a task, and a contact that is dead."""
        self.desk.loses("Camat Mekarsari", Channel.SMS)
        with self.desk.rt.sessions.begin() as session:
            tasks.open_(session, 1, tasks.Why.NOT_DELIVERED, "x", "A message failed", now=self.desk.clock.at)
        self.comes_in(f"/sekretariat{path}", "Sekretariat Desk", "sekretariat@desk.example")

    def records(self, **chosen: str) -> None:
        self.keeps(f"/catat/1/{self.code}")
        self.page.get_by_label("Melalui").select_option(chosen.get("via", "phone"))
        self.page.get_by_label("Teks, seperti").check()
        self.page.get_by_label("Teks laporan").fill("Situasi aman.")
        self.page.get_by_label("Diterima pada (kosongkan").fill(chosen.get("at", "2024-02-07T11:00"))
        self.moves_on_by("Catat laporan")

    def hands_over_wrongly(self) -> None:
        self.keeps("/kontak/camat-tamban")
        self.page.get_by_label("Nama pemegang baru").fill("Ibu Baru")
        self.page.get_by_label("Nomor HP baru").fill("08123456789O")
        self.moves_on_by("Catat serah terima")

    def uploads(self, nil: str) -> None:
        self.keeps("/unggah")
        table = sheets.csv_(["Nomor", "Nihil"], [[self.code, nil]])
        self.page.get_by_label("Pilih berkas").set_input_files(
            {"name": "laporan.csv", "mimeType": "text/csv", "buffer": table}
        )
        self.moves_on_by("Lihat pratinjau")

    def confirms(self) -> None:
        self.uploads("ya")
        self.moves_on_by("Catat semuanya")


PAGES: dict[str, Callable[[Somebody], object]] = {
    "what is owed": lambda who: who.opens(),
    "what is owed, some of it received": lambda who: (who.files(), who.opens()),
    "a form": Somebody.form,
    "a form with everything wrong": Somebody.mistypes,
    "a form with doubts": Somebody.doubts,
    "a correction": Somebody.corrects,
    "the other answers": lambda who: who.opens(f"/{who.code}/lain"),
    "a promise": Somebody.promises,
    "a receipt": Somebody.files,
    "a receipt, later": Somebody.checks_later,
    "help": lambda who: who.goes("/l/x"),
    "health": lambda who: who.goes("/"),
    "signing in": lambda who: who.goes("/masuk"),
    "a link was sent": Somebody.is_sent_a_door,
    "the door": lambda who: who.goes(f"/m/{who.is_sent_a_door()}"),
    "home": Somebody.comes_in,
    "today": Somebody.keeps,
    "tasks": lambda who: who.keeps("/tugas"),
    "which report to record": lambda who: who.keeps("/catat"),
    "a report to record": lambda who: who.keeps(f"/catat/1/{who.code}"),
    "a report recorded": Somebody.records,
    "a report recorded for tomorrow": lambda who: who.records(via="", at="2024-02-08T11:00"),
    "contacts": lambda who: who.keeps("/kontak"),
    "an office": lambda who: who.keeps("/kontak/camat-mekarsari"),
    "a handover with a number that is none": Somebody.hands_over_wrongly,
    "the text for a group": lambda who: who.keeps("/grup?tim=VIII"),
    "a file to send": lambda who: who.keeps("/unggah"),
    "a preview": lambda who: who.uploads("ya"),
    "a preview with a row refused": lambda who: who.uploads("mungkin"),
    "a file taken in": Somebody.confirms,
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_every_page(served, chromium, name, scheme):
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme, locale="id-ID")
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))

    PAGES[name](Somebody(served, page))
    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{width} px"
    assert [text for text in complaints if not re.search("favicon|status of", text)] == []
    context.close()
