"""Many offices change hands by one list: looked at first, then put in force whole, with who and why."""

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from structlog.testing import capture_logs

from jobs.turn import tidy
from models.desk.changes import Change
from models.desk.uploads import Upload
from models.offices import assignments, offices
from notifiers.mask import mask
from reports import sheets as written
from rules.desk import Channel
from tests.stories.desk import Desk
from tests.web.conftest import URL, Web
from tests.web.signing import SignedIn, signs_in

PAGE = "/sekretariat/pejabat"
HEADINGS = ["Kantor", "Nama", "Jenis", "Sejak", "HP", "Surel"]
FIVE = (
    ["camat-tamban", "Ibu Satu", "Plt.", "", "0820 0000 0090", "-"],
    ["camat-mekarsari", "Bapak Dua", "", "", "0820 0000 0091", ""],
    ["kadis-kominfo", "Ibu Tiga", "", "2024-02-09", "", "kominfo@baru.example"],
    ["kepala-bpbd", "", "", "", "0820 0000 0093", ""],
    ["asisten-pemerintahan", "Ibu Lima", "Plh.", "", "", ""],
)
REASON = "SK Bupati 821/12 tanggal 7 Februari 2024"


@pytest.fixture
def keeper(web: Web) -> SignedIn:
    web.desk.lives_until("H-7 12:00")
    return signs_in(web, "Sekretariat Desk")


def sends(keeper: SignedIn, *rows: list[str], headings=HEADINGS, write=written.csv_):
    files = {"file": ("pejabat", write(headings, rows))}
    return keeper.web.client.post(PAGE, data={"word": keeper.word}, files=files, headers={"Origin": URL})


def puts_in_force(keeper: SignedIn, page, reason: str = REASON):
    hidden = {name: re.search(f'name="{name}" value="([^"]+)"', page.text)[1] for name in ("upload", "digest")}
    return keeper.post(f"{PAGE}/simpan", **hidden, reason=reason)


def holder(desk: Desk, code: str) -> str:
    with desk.rt.sessions() as session:
        office = offices.by_code(session, "tiga-kecamatan", code)
        held = assignments.holder(session, office.id, at=desk.clock.at)
    return held.name if held else ""


def imported(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.rt.sessions() as session:
        found = session.scalars(select(Change).where(Change.what == "imported").order_by(Change.id))
        return [(own.subject, own.title, own.text) for own in found]


def waiting(desk: Desk) -> list[Upload]:
    with desk.rt.sessions() as session:
        return list(session.scalars(select(Upload)))


@pytest.mark.parametrize("write", [written.csv_, written.xlsx])
def test_five_offices_change_hands_at_once_with_who_and_why(keeper: SignedIn, desk: Desk, write):
    with capture_logs() as logs:
        page = sends(keeper, *FIVE, write=write)
        before = holder(desk, "camat-tamban"), imported(desk)
        done = puts_in_force(keeper, page)

    assert before == ("", [])
    assert done.headers["location"].endswith("/sekretariat/kontak?selesai=holders")
    assert (holder(desk, "camat-tamban"), holder(desk, "camat-mekarsari")) == ("Ibu Satu", "Bapak Dua")
    assert desk.address("Camat Tamban", Channel.SMS) == "+6282000000090"
    assert imported(desk) == [(code, "Sekretariat Desk", REASON) for code in sorted(row[0] for row in FIVE)]
    assert waiting(desk) == []
    assert not re.search(r"\d{7}|baru\.example|Ibu", str(logs))


def test_each_row_says_what_changes_and_what_stays_for_the_one_who_comes(keeper: SignedIn):
    page = sends(keeper, *FIVE[:3]).text

    assert "pemegang baru Plt. Ibu Satu, sejak 7 Februari 2024; sebelumnya belum dicatat" in page
    assert f"HP menjadi {mask('+6282000000090')}; surel tidak dipakai lagi" in page
    assert "sejak 9 Februari 2024" in page
    assert f"tetap dipakai: surel {mask('mekarsari@desk.example')}" in page
    assert "82000000" not in page


def test_a_refused_row_says_how_to_mend_it_and_nothing_can_be_confirmed(keeper: SignedIn, desk: Desk):
    page = sends(
        keeper,
        ["camat-tamban", "Ibu Satu", "", "", "08123456789O", ""],
        ["camat-mekarsari", "Ibu Dua", "", "09/02/24", "", ""],
        ["kadis-kominfo", "Ibu Tiga", "Pjs", "", "", ""],
        ["kadis-kominfo", "Ibu Tiga", "", "", "", ""],
        ["camat-entah", "Ibu Empat", "", "", "", ""],
    ).text

    assert "kolom hp: Ada huruf dalam nomor ini" in page
    assert "kolom sejak atau sampai: Mohon tanggalnya ditulis 2024-02-14" in page
    assert "kolom jenis: mohon ditulis definitif, Pj., Plt., Plh." in page
    assert "kantor ini sudah ada di baris lain" in page
    assert "kode kantor ini tidak ada" in page
    assert "Berlakukan" not in page


def test_a_column_that_is_not_known_is_refused_with_what_was_meant(keeper: SignedIn):
    page = sends(keeper, ["camat-tamban", "Ibu Satu"], headings=["Kantor", "Nama Pejabat"])

    assert page.status_code == 422
    assert "Apakah maksudnya nama?" in page.text


def test_a_title_above_the_headings_is_refused_with_where_headings_stand(keeper: SignedIn):
    page = sends(keeper, ["Kantor", "Nama"], ["camat-tamban", "Ibu Satu"], headings=["DAFTAR MUTASI PEJABAT", ""])

    assert page.status_code == 422
    assert "Judul kolom mohon ditulis pada baris pertama" in page.text


def test_a_column_that_nothing_like_is_known_of_is_to_be_left_out(keeper: SignedIn):
    page = sends(keeper, ["1", "camat-tamban"], headings=["No", "Kantor"])

    assert "(no). Mohon judulnya diganti, atau kolomnya dihapus." in page.text


def test_without_a_reason_nothing_is_done_and_nothing_is_lost(keeper: SignedIn, desk: Desk):
    again = puts_in_force(keeper, sends(keeper, *FIVE), reason=" ")
    before = imported(desk)
    puts_in_force(keeper, again)

    assert again.status_code == 422
    assert "Mohon diisi alasannya" in again.text
    assert before == []
    assert holder(desk, "camat-tamban") == "Ibu Satu"


def test_what_changed_since_it_was_shown_is_shown_again(keeper: SignedIn, desk: Desk):
    page = sends(keeper, FIVE[0])
    puts_in_force(keeper, sends(keeper, ["camat-tamban", "Ibu Lain", "", "", "", ""]))
    stale = puts_in_force(keeper, page)

    assert stale.status_code == 409
    assert REASON in stale.text
    assert "sebelumnya Ibu Lain" in stale.text
    assert holder(desk, "camat-tamban") == "Ibu Lain"


def test_a_list_is_confirmed_once_and_only_within_the_hour(keeper: SignedIn, desk: Desk):
    page = sends(keeper, FIVE[0])
    puts_in_force(keeper, page)
    twice = puts_in_force(keeper, page)
    late = sends(keeper, FIVE[1])
    desk.clock.jumps("H-7 12:40")
    keeper.get(PAGE)
    desk.clock.jumps("H-7 13:00")
    outdated = puts_in_force(keeper, late)

    assert (twice.status_code, outdated.status_code) == (409, 409)
    assert holder(desk, "camat-mekarsari") == ""


def test_what_nobody_confirms_is_forgotten(keeper: SignedIn, desk: Desk):
    sends(keeper, FIVE[0])
    desk.clock.jumps("H-7 13:00")
    tidy.run(desk.rt, now=desk.clock.at)

    assert waiting(desk) == []


def test_the_same_list_again_changes_nothing_and_asks_for_nothing(keeper: SignedIn):
    puts_in_force(keeper, sends(keeper, *FIVE))
    again = sends(keeper, *FIVE[:2], ["kepala-bpbd", "", "", "", "", ""])

    assert "3 baris tidak mengubah apa pun" in again.text
    assert "Berlakukan" not in again.text


def test_the_template_has_a_row_for_each_office(keeper: SignedIn):
    book = load_workbook(io.BytesIO(keeper.get(f"{PAGE}/pejabat.xlsx").content))
    first, *rest = book.active.iter_rows(values_only=True)

    assert first[:2] == ("Kantor", "Nama")
    assert {"camat-tamban", "kadis-kominfo"} <= {row[0] for row in rest}
