"""What a group is told: the same words for everybody, and nothing that files for somebody."""

from datetime import UTC, date, datetime

from rules import groupnote
from rules.groupnote import Owed

NOW = datetime(2024, 2, 7, 4, 0, tzinfo=UTC)
TAMBAN = Owed(
    "Kecamatan Tamban",
    "R-0009",
    "Laporan harian",
    (date(2024, 2, 7), date(2024, 2, 7)),
    datetime(2024, 2, 7, 7, 0, tzinfo=UTC),
    "Asia/Makassar",
)


def text(*owed):
    return groupnote.text("Tim DESK VIII", "Sekretariat Desk", owed, zone="Asia/Makassar", now=NOW)


def test_what_is_owed_stands_under_its_district_with_its_local_time():
    assert text(TAMBAN) == (
        "Yth. Tim DESK VIII\n\n"
        "Laporan yang kami nantikan per Rabu, 7 Februari 2024 pukul 12.00 WITA:\n\n"
        "Kecamatan Tamban\n"
        "- Laporan harian, periode 7 Februari 2024 (R-0009), batas waktu 7 Februari 2024 pukul 15.00 WITA\n\n"
        "Mohon dikirim melalui tautan pada pesan ke kantor masing-masing, atau disampaikan kepada Sekretariat Desk."
        " Terima kasih atas kerja samanya.\n"
    )


def test_where_nothing_is_owed_thanks_are_said():
    assert "tidak ada laporan yang kami nantikan" in text()


def test_where_a_desk_works_on_several_elections_the_group_is_told_which():
    told = {"zone": "Asia/Makassar", "now": NOW, "election": "Pilkada 2024"}

    assert "tidak ada laporan Pilkada 2024 yang kami nantikan" in groupnote.text("Tim DESK VIII", "x", [], **told)
