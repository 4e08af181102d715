"""Reports by CSV or XLSX: looked at first, then taken whole, or not at all."""

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from jobs.operator import problems
from models.desk.uploads import Upload
from reports import sheets as written
from rules import uploads as rules
from rules.filing import Content, Via
from services import sheets
from tests.services.test_sheets import COMPUTED
from tests.web.conftest import URL
from tests.web.signing import signs_in

PAGE = "/sekretariat/unggah"
HEADINGS = ["Nomor", "Kecamatan", "Nihil", "Teks", "Dari kantor", "Melalui", "Diterima", "Alasan"]


@pytest.fixture
def keys(desk):
    """Two districts owe their daily report; it is noon."""
    found = [desk.key("harian", district, "H-7") for district in ("Tamban", "Mekarsari")]
    desk.owes_only(*found)
    desk.clock.reads("H-7 12:00")
    return found


@pytest.fixture
def keeper(web, keys):
    return signs_in(web, "Sekretariat Desk")


def row(desk, key, nil="", text="", **cells):
    return [desk.code(key), "", nil, text, *(cells.get(name, "") for name in ("by", "via", "at", "why"))]


def preview(keeper, content, **headers):
    told = {"Origin": URL} | headers
    files = {"file": ("laporan.xlsx", content)}
    return keeper.web.client.post(f"{PAGE}/1", data={"word": keeper.word}, files=files, headers=told)


def table(*rows, headings=HEADINGS, write=written.xlsx):
    return write(headings, rows)


def confirm(keeper, page, **changed):
    names = {name: re.search(f'name="{name}" value="([^"]+)"', page.text)[1] for name in ("upload", "digest")}
    return keeper.post(f"{PAGE}/1/simpan", **(names | changed))


def filed(desk, keys):
    return [kept for key in keys for kept in desk.reports(key)]


@pytest.mark.parametrize("write", [written.xlsx, written.csv_])
def test_a_preview_changes_nothing_and_confirming_takes_all_of_it(keeper, keys, write):
    desk = keeper.web.desk
    rows = row(desk, keys[0], nil="ya"), row(desk, keys[1], text="Aman.", via="telepon", at="2024-02-07 09.30")

    page = preview(keeper, table(*rows, write=write))
    before = filed(desk, keys)
    done = confirm(keeper, page)

    first, second = filed(desk, keys)
    assert page.text.count("laporan baru") == 2
    assert before == []
    assert done.status_code == 200
    assert (first.content, first.via, first.title) == (Content.NIL, Via.EMAIL, "Camat Tamban")
    assert (second.via, second.body) == (Via.PHONE, {"note": "Aman."})
    assert second.received_at == desk.moment("H-7 09:30")


def test_the_template_lists_what_is_owed_and_comes_back_filled(keeper, keys):
    desk = keeper.web.desk
    given = keeper.get(f"{PAGE}/1/laporan.xlsx")
    book = load_workbook(io.BytesIO(given.content))
    headings = [cell.value for cell in book.active[1]]
    for line, told in ((2, {"Nihil": "ya"}), (3, {"Logistik: kondisi [c.logistik]": "Aman", "Fakta [facts]": "Tiba."})):
        for heading, value in told.items():
            book.active.cell(line, headings.index(heading) + 1, value)
    file = io.BytesIO()
    book.save(file)

    confirm(keeper, preview(keeper, file.getvalue()))

    assert [book.active.cell(line, 2).value for line in (2, 3)] == ["Kecamatan Tamban", "Kecamatan Mekarsari"]
    assert book.active.cell(2, 4).value == "2024-02-07 15.00 WITA"
    assert given.headers["content-disposition"] == 'attachment; filename="laporan.xlsx"'
    first, second = filed(desk, keys)
    assert first.content is Content.NIL
    assert second.body["facts"] == "Tiba."
    assert second.body["indicators"]["logistik"] == {"condition": "safe"}


@pytest.mark.parametrize(("tick", "opened"), [("ya", ["P-0001"]), ("tidak", []), ("", [])])
def test_a_problem_ticked_in_a_row_is_opened(keeper, keys, tick, opened):
    desk = keeper.web.desk
    headings = ["Nomor", "x [c.keamanan]", "x [k.keamanan]", "Keamanan: catat sebagai permasalahan [p.keamanan]"]

    page = preview(keeper, table([desk.code(keys[0]), "Bermasalah", "Ribut.", tick], headings=headings))
    confirm(keeper, page)

    assert ("permasalahan: 1" in page.text) == bool(opened)
    assert [p["code"] for p in problems.unresolved(desk.rt)] == opened
    assert headings[-1].partition("[")[2] in str(keeper.get(f"{PAGE}/1/laporan.csv").content)


def test_a_tick_that_may_mean_something_else_is_refused(keeper, keys):
    headings = ["Nomor", "x [c.keamanan]", "x [k.keamanan]", "x [p.keamanan]"]
    row = [keeper.web.desk.code(keys[0]), "Bermasalah", "Ribut.", "mungkin"]

    assert "kolom x [p.keamanan]" in preview(keeper, table(row, headings=headings)).text


def test_the_csv_template_is_read_by_ourselves(keeper, keys):
    rows = sheets.read(keeper.get(f"{PAGE}/1/laporan.csv").content, ["nomor"])

    assert [r.cells["kecamatan"] for r in rows] == ["Kecamatan Tamban", "Kecamatan Mekarsari"]


def test_what_is_there_already_is_shown_as_the_same_and_what_differs_as_a_correction(keeper, keys):
    desk = keeper.web.desk
    confirm(keeper, preview(keeper, table(row(desk, keys[0], text="Satu."), row(desk, keys[1], text="Satu."))))

    page = preview(keeper, table(row(desk, keys[0], text="Satu."), row(desk, keys[1], text="Dua.")))
    confirm(keeper, page)

    assert "sudah ada, sama persis" in page.text
    assert "ralat, menjadi versi 2" in page.text
    assert [len(desk.reports(key)) for key in keys] == [1, 2]


REFUSED = [
    ({"nil": "mungkin"}, "kolom Nihil"),  # neither yes nor no
    ({"nil": "ya", "text": "Ada."}, "lebih dari satu cara"),  # nil and not
    ({"text": "Aman.", "at": "14/02/24 10.00"}, "dapat berarti dua hal"),  # a day that may be two
    ({"text": "Aman.", "at": "2024-02-07 23.00"}, "tidak dapat berada di depan"),  # the future
    ({"text": "Aman.", "at": "2024-02-06 10.00"}, "alasan perlu diisi"),  # an earlier day
    ({"text": "Aman.", "via": "tautan"}, "cara ini tidak dikenal"),  # by link
    ({"text": "Aman.", "by": "Camat Tabunganen"}, "bukan anggota tim"),  # another team's office
]


def test_one_row_that_is_refused_and_nothing_can_be_confirmed(keeper, keys):
    desk = keeper.web.desk
    for cells, why in REFUSED:
        page = preview(keeper, table(row(desk, keys[0], nil="ya"), row(desk, keys[1], **cells)))

        shown = "Baris 3, " in page.text, why in page.text, "Catat semuanya" in page.text
        assert shown == (True, True, False), cells
    assert confirm_anyway(keeper).status_code == 409
    assert filed(desk, keys) == []


def confirm_anyway(keeper):
    """Somebody who writes the form himself."""
    with keeper.web.desk.rt.sessions.begin() as session:
        kept = session.scalars(select(Upload).order_by(Upload.id.desc())).first()
    return keeper.post(f"{PAGE}/1/simpan", upload=str(kept.id), digest=kept.digest)


def test_numbers_that_are_none_twice_or_of_another_row_are_refused(keeper, keys):
    desk = keeper.web.desk
    shifted = [desk.code(keys[0]), "Kecamatan Mekarsari", "ya", "", "", "", "", ""]
    twice = [row(desk, keys[1], nil="ya")] * 2
    none = [["R-9999", "", "ya", *[""] * 5], ["=1+1", "", "ya", *[""] * 5]]

    page = preview(keeper, table(shifted, *twice, *none))

    assert "nomor dan wilayah tidak cocok" in page.text
    assert page.text.count("nomor ini sudah ada di baris lain") == 1
    assert page.text.count("nomor laporan ini tidak ada") == 2


def test_what_changed_since_the_preview_is_shown_again_and_not_taken(keeper, keys):
    desk = keeper.web.desk
    page = preview(keeper, table(row(desk, keys[0], text="Dari berkas."), row(desk, keys[1], nil="ya")))
    desk.files(keys[0], "Dari tautan.")

    stale = confirm(keeper, page)
    done = confirm(keeper, stale)

    assert stale.status_code == 409
    assert "ralat, menjadi versi 2" in stale.text
    assert "Tidak ada yang dicatat" in stale.text
    assert done.status_code == 200
    assert [len(desk.reports(key)) for key in keys] == [2, 1]


def test_a_preview_is_confirmed_once_by_who_saw_it_within_an_hour(keeper, keys):
    desk = keeper.web.desk
    page = preview(keeper, table(row(desk, keys[0], nil="ya")))
    forged = confirm(keeper, page, digest="0" * 64)
    page = preview(keeper, table(row(desk, keys[0], nil="ya")))

    first, second = confirm(keeper, page), confirm(keeper, page)
    late = preview(keeper, table(row(desk, keys[1], nil="ya")))
    desk.clock.jumps("H-7 13:00")

    assert forged.status_code == 409
    assert (first.status_code, second.status_code) == (200, 409)
    assert confirm(keeper, late).status_code in (403, 409)
    assert [len(desk.reports(key)) for key in keys] == [1, 0]


def test_what_a_spreadsheet_would_compute_is_text(keeper, keys):
    for value in COMPUTED:
        confirm(keeper, preview(keeper, table(row(keeper.web.desk, keys[0], text=value))))

    assert [kept.body["note"] for kept in filed(keeper.web.desk, keys)] == [value.strip() for value in COMPUTED]


NO_TABLES = [
    b"",
    b"PK\x03\x04",
    "Nomor;Teks\r\nR-0001;Andr\xe9".encode("cp1252"),
    b'Nomor;Teks\r\nR-0001;"cut',
    b"A;B\r\n1;2",
    b"\xff\xfe",
    b"Nomor;Nomor\r\n1;2",
    b"x" * (sheets.LARGEST + 1),
]


def test_a_file_that_is_no_such_table_is_refused_in_words(keeper, keys):
    pages = [preview(keeper, content) for content in NO_TABLES]

    assert {page.status_code for page in pages} == {422}
    assert all("Tidak ada yang dicatat" in page.text for page in pages)


def test_ten_megabytes_are_not_read(keeper, keys):
    assert preview(keeper, b"x" * 10_000_000).status_code == 413


def test_a_file_from_another_site_or_without_the_word_is_not_looked_at(keeper, keys):
    content = table(row(keeper.web.desk, keys[0], nil="ya"))

    foreign = preview(keeper, content, Origin="https://evil.test")
    keeper.word = "0" * 32

    assert {foreign.status_code, preview(keeper, content).status_code} == {403}


def test_nobody_else_uploads(web, keys):
    other = signs_in(web, "Camat Tamban")

    pages = [other.get(PAGE), other.get(f"{PAGE}/1/laporan.csv"), preview(other, b""), other.post(f"{PAGE}/1/simpan")]

    assert {page.status_code for page in pages} == {403}


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        pytest.param("Catatan", "Apakah maksudnya Teks?", id="called otherwise"),
        pytest.param("Nihill", "Apakah maksudnya nihil?", id="misspelt"),
        pytest.param("Cuaca [k.cuaca]", "tidak kami kenal", id="a field that no form asks for"),
        pytest.param("Zodiak", "tidak kami kenal", id="never heard of"),
    ],
)
def test_a_column_that_would_be_passed_over_is_refused_with_what_was_meant(keeper, keys, heading, told):
    page = preview(keeper, table([keeper.web.desk.code(keys[0]), "Aman."], headings=["Nomor", heading]))

    assert page.status_code == 422
    assert told in page.text
    assert filed(keeper.web.desk, keys) == []


def test_a_cell_that_the_form_of_its_report_does_not_ask_for_is_refused(keeper, keys):
    other = next(
        heading
        for form in keeper.web.books.forms.values()
        for field, heading in rules.headings(form).items()
        if field not in rules.headings(keeper.web.books.form("harian"))
    )

    page = preview(keeper, table([keeper.web.desk.code(keys[0]), "12"], headings=["Nomor", other]))

    assert "Catat semuanya" not in page.text


def test_rows_that_excel_shortened_are_taken(keeper, keys):
    code, other = (keeper.web.desk.code(key) for key in keys)

    page = preview(keeper, f"Nomor;Nihil;Teks\r\n{code};ya\r\n{other};;Aman.\r\n".encode())

    assert page.text.count("laporan baru") == 2
