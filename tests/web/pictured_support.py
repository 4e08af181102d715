"""Take the pictures for heads of units: `.venv/bin/python -m tests.web.pictured_support`.

The desk is Barito Kuala's, two weeks before the voting of 2024, with its support plan; see `tests.web.pictures`.
"""

import tempfile
from pathlib import Path

from tests.engines import free_port
from tests.web import serving
from tests.web.conftest import Web
from tests.web.pictures import CAMAT, FILES, SEKRETARIAT, SEKRETARIS, URL, Phone, comes_in

NOW = "2024-01-30T01:00:00Z"
ITEM = "Perahu dan terpal cadangan"


def take_unit(phone: Phone, office: str, code: str) -> None:
    """What a head of a unit sees: the message's list, the checklist, and the receipt."""
    phone.page.clock.set_fixed_time(NOW)
    token = phone.web.given(office)
    phone.page.goto(f"{URL}/l/{token}")
    phone.keeps("dukungan-1-daftar")
    phone.page.goto(f"{URL}/l/{token}/{code}")
    phone.keeps("dukungan-2-periksa")
    phone.page.goto(f"{URL}/l/{token}")
    phone.presses("Semua siap")
    phone.shows("TT-")
    phone.keeps("dukungan-3-tanda-terima")


def take_readiness(phone: Phone) -> None:
    comes_in(phone, SEKRETARIS)
    phone.page.goto(f"{URL}/kesiapan")
    phone.keeps("dukungan-4-kesiapan", top="Kesiapan dukungan")


def take_activities(phone: Phone) -> None:
    """What a member of a team and the secretariat note of their own work."""
    comes_in(phone, CAMAT)
    phone.page.goto(f"{URL}/kunjungan/baru")
    phone.keeps("kegiatan-1-kunjungan", top="Catat kunjungan")
    comes_in(phone, SEKRETARIS)
    phone.page.goto(f"{URL}/pembinaan")
    phone.keeps("kegiatan-2-pembinaan", top="Pembinaan dan pengawasan")


def take_teams(phone: Phone) -> None:
    comes_in(phone, SEKRETARIAT)
    phone.page.goto(f"{URL}/sekretariat/susunan")
    phone.keeps("sekretariat-7-susunan", top="Susunan tim")


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, serving.desk(Path(folder), FILES) as desk:
        owed = [o for o in desk.programme.obligations() if desk.programme.policy.duty(o.duty).support]
        desk.owes_only(*(o.key for o in owed))
        desk.clock.reads("H-15 09:00")
        item = next(o for o in owed if desk.programme.policy.duty(o.duty).name == ITEM)
        office = desk.programme.desk.office(item.area).title
        with (
            serving.pages(desk, Path(folder), port=port, public_url=URL) as books,
            serving.chromium() as browser,
        ):
            web = Web(desk, books, None)
            take_unit(Phone(browser, web, port), office, desk.code(item.key))
            for take in (take_readiness, take_activities, take_teams):
                take(Phone(browser, web, port))


if __name__ == "__main__":
    main()
