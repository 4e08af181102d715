"""A village and its Camat on phones with a script: each button does what it says, and nothing typed is lost."""

import pytest

from tests import tools
from tests.stories.desk import Desk
from tests.web.conftest import Web

pytestmark = tools.needs("chromium")
SARI = "+6282000000901"


@pytest.fixture
def phone(chromium):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


class Camat:
    """Camat Tamban on his phone, with one aide; his report of a day is owed."""

    def __init__(self, served: Web, phone) -> None:
        self.desk: Desk = served.desk
        self.phone = phone
        self.key = self.desk.key("harian", "Tamban", "H-7")
        self.code = self.desk.code(self.key)
        self.own = f"{served.books.public_url}/l/{served.given('Camat Tamban')}"

    def asks_koanda(self) -> str:
        """Name its aide, ask him, and return the link in his message."""
        self.phone.goto(f"{self.own}/desa")
        self.phone.get_by_label("Desa atau kelurahan").select_option("63.04.02.2011")
        self.phone.get_by_label("Nama").fill("Sari")
        self.phone.get_by_label("Nomor HP", exact=True).fill("0820 0000 0901")
        self.phone.get_by_role("button", name="Simpan").click()
        self.phone.get_by_text("1 operator").wait_for()
        self.phone.goto(f"{self.own}/{self.code}/desa")
        self.phone.get_by_role("button", name="Minta dari").click()
        self.phone.get_by_text("Diminta").wait_for()
        self.desk.turn()
        text = next(sent.letter.text for sent in self.desk.wire.accepted if sent.letter.to == SARI)
        return "http" + text.rpartition("http")[2].strip()

    def station(self):
        return self.phone.get_by_role("group", name="Kesiapan TPS").get_by_label("TPS siap")


def test_a_village_sends_and_its_camat_takes_it_in_and_files_himself(served, phone):
    camat = Camat(served, phone)
    phone.goto(camat.asks_koanda())
    camat.station().fill("4")
    phone.get_by_role("button", name="Kirim ke Camat Tamban").click()
    phone.get_by_role("heading", name="Terima kasih").wait_for()

    phone.goto(f"{camat.own}/{camat.code}")
    phone.get_by_role("group", name="Logistik").get_by_label("Desa sudah menerima").fill("2")
    phone.get_by_role("button", name="Masukkan isian desa").click()
    phone.get_by_role("alert").wait_for()
    assert camat.station().input_value() == "4"
    assert camat.desk.reports(camat.key) == []

    phone.get_by_role("button", name="Kirim laporan").click()
    phone.get_by_role("heading", name="Tanda terima").wait_for()
    (report,) = camat.desk.reports(camat.key)
    assert report.body["indicators"]["tps"]["numbers"] == {"tps-siap": 4}
    assert report.body["indicators"]["logistik"]["numbers"] == {"desa-logistik": 2}
    assert report.title == "Camat Tamban"


def test_kirim_laporan_files_also_where_villages_have_sent_theirs(served, phone):
    camat = Camat(served, phone)
    phone.goto(camat.asks_koanda())
    camat.station().fill("4")
    phone.get_by_role("button", name="Kirim ke Camat Tamban").click()
    phone.get_by_role("heading", name="Terima kasih").wait_for()

    phone.goto(f"{camat.own}/{camat.code}")
    camat.station().fill("9")
    phone.get_by_role("button", name="Kirim laporan").click()

    phone.get_by_role("heading", name="Tanda terima").wait_for()
    assert camat.desk.reports(camat.key)[0].body["indicators"]["tps"]["numbers"] == {"tps-siap": 9}


def test_enter_files_too_and_does_not_take_in_what_villages_sent(served, phone):
    camat = Camat(served, phone)
    phone.goto(camat.asks_koanda())
    camat.station().fill("4")
    phone.get_by_role("button", name="Kirim ke Camat Tamban").click()
    phone.get_by_role("heading", name="Terima kasih").wait_for()

    phone.goto(f"{camat.own}/{camat.code}")
    camat.station().fill("9")
    camat.station().press("Enter")

    phone.get_by_role("heading", name="Tanda terima").wait_for()
    assert camat.desk.reports(camat.key)[0].body["indicators"]["tps"]["numbers"] == {"tps-siap": 9}
