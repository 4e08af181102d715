"""Take the pictures for aides in villages and their Camat: `.venv/bin/python -m tests.web.pictured_villages`.

The desk is Barito Kuala's, a week before the voting of 2024; see `tests.web.pictures`.
"""

import tempfile
from pathlib import Path

from tests.engines import free_port
from tests.web import serving
from tests.web.conftest import Web
from tests.web.pictures import CAMAT, FILES, URL, Phone

HELPING = {
    "63.04.02.2011": ("Sari", "0820 0000 0901", {"Desa sudah menerima": "1", "TPS siap": "4"}),
    "63.04.02.2001": ("Budi", "0820 0000 0902", {"Desa sudah menerima": "1", "TPS siap": "6"}),
    "63.04.02.2004": ("Hasan", "0820 0000 0903", {}),
}


def take(phone: Phone, code: str) -> None:
    own = f"{URL}/l/{phone.web.given(CAMAT)}"
    for village, (name, number, _) in HELPING.items():
        phone.page.goto(f"{own}/desa")
        phone.page.get_by_label("Desa atau kelurahan").select_option(village)
        phone.page.get_by_label("Nama").fill(name)
        phone.page.get_by_label("Nomor HP", exact=True).fill(number)
        if name == "Hasan":
            phone.keeps("desa-1-operator", top="Tambah atau ganti operator")
        phone.presses("Simpan")
        phone.shows(name)
    phone.page.goto(f"{own}/{code}/desa")
    phone.presses("Minta dari")
    phone.shows("Diminta")
    phone.web.desk.turn()
    for _, number, figures in HELPING.values():
        if figures:
            take_village(phone, number, figures)
    phone.page.goto(f"{own}/{code}/desa")
    phone.keeps("desa-4-per-desa")
    phone.page.goto(f"{own}/{code}")
    phone.presses("Masukkan isian desa")
    phone.shows("sudah dimasukkan")
    phone.keeps("desa-5-formulir")


def take_village(phone: Phone, number: str, figures: dict[str, str]) -> None:
    to = "+62" + number.replace(" ", "").removeprefix("0")
    text = next(sent.letter.text for sent in phone.web.desk.wire.accepted if sent.letter.to == to)
    phone.page.goto(text[text.index(URL) :].strip())
    for label, count in figures.items():
        phone.page.get_by_label(label).fill(count)
    if number.endswith("1"):
        phone.page.evaluate("scrollTo(0, 0)")
        phone.keeps("desa-2-isian")
    phone.presses("Kirim ke")
    phone.shows("Terima kasih")
    if number.endswith("1"):
        phone.keeps("desa-3-terkirim")


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, serving.desk(Path(folder), FILES) as desk:
        key = desk.key("harian", "Tamban", "H-7")
        desk.owes_only(key)
        desk.clock.reads("H-7 12:00")
        with (
            serving.pages(desk, Path(folder), port=port, public_url=URL) as books,
            serving.chromium() as browser,
        ):
            take(Phone(browser, Web(desk, books, None), port), desk.code(key))


if __name__ == "__main__":
    main()
