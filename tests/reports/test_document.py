"""The weekly report as archives meet it: the same bytes, and what PDF/A asks for."""

import re
import subprocess
import sys
import tempfile
import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest

from reports import typesetting
from reports.errors import DocumentError
from reports.government import facts, letter, pdf
from services.documents import compile_document, make
from tests import tools
from tests.reports import reading
from tests.reports.samples import district, owed, problem, received, week

SOME = week(district(1, received("R-1")), district(2, owed("R-2")), problems=(problem(),))
FROZEN = facts.to_json(SOME)
ASKING = """
import sys
from services.documents import make
make("pdf", sys.stdin.read())
print("typst" in sys.modules or "jinja2" in sys.modules)
"""


def made(some):
    return pdf.pdf(letter.document(some), {})


@pytest.fixture(scope="module")
def document():
    return made(SOME)


def test_the_same_facts_give_the_same_bytes(document):
    assert made(facts.from_json(FROZEN)) == document


def test_another_process_elsewhere_gives_the_same_bytes(document, monkeypatch):
    with tempfile.TemporaryDirectory() as elsewhere:
        monkeypatch.chdir(elsewhere)
        monkeypatch.setenv("TZ", "America/New_York")
        monkeypatch.setenv("LC_ALL", "C")
        monkeypatch.setenv("PYTHONHASHSEED", "7")

        assert make("pdf", FROZEN) == document


def test_other_facts_give_another_document(document):
    assert made(week()) != document


def test_it_declares_pdf_a_2a_with_a_colour_profile(document):
    catalog = reading.opened(document).trailer["/Root"]
    metadata = catalog["/Metadata"].get_object().get_data().decode()

    assert re.search(r"<pdfaid:part>2</pdfaid:part>", metadata)
    assert re.search(r"<pdfaid:conformance>A</pdfaid:conformance>", metadata)
    intent = catalog["/OutputIntents"][0].get_object()
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object().get_data()
    assert "/ID" in reading.opened(document).trailer


def test_every_font_is_embedded_and_maps_to_text(document):
    fonts = [font for page in reading.opened(document).pages for font in fonts_of(page["/Resources"])]

    assert fonts
    for font in fonts:
        below = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = below["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
        assert "/ToUnicode" in font


def test_nothing_in_it_runs_or_reaches_out(document):
    reader = reading.opened(document)
    everything = " ".join(str(reader.get_object(n)) for n in range(1, reader.trailer["/Size"]) if known(reader, n))

    for forbidden in ("/JavaScript", "/JS", "/Launch", "/OpenAction", "/EmbeddedFiles", "/URI", "/Encrypt", "/AA"):
        assert f"'{forbidden}'" not in everything


def test_it_says_its_language_title_and_date_and_is_tagged(document):
    reader = reading.opened(document)
    catalog = reader.trailer["/Root"]

    assert catalog["/Lang"].startswith("id")
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in catalog
    assert reader.metadata.title.endswith("(periode 5 s.d. 11 Februari 2024)")
    assert reader.metadata.creation_date.timestamp() == SOME.header.cut_off.timestamp()


def test_text_that_is_copied_out_of_it_is_clean():
    title = "Pertanggungjawabanpengelolaanlogistikkecamatan di http://contoh.example/alamat/yang/panjang/sekali"
    reader = reading.opened(made(week(problems=(problem(title=title),))))

    copied = [page.extract_text() for page in reader.pages]

    assert not re.search("[\u200b\u00ad\ufffc]", "".join(copied))
    assert [reading.letters(page).count("DRAF") for page in copied] == [2] * len(copied)
    assert not [line for page in copied for line in page.splitlines() if line.strip() in ("D", "R", "A", "F", "RA")]
    assert reading.letters(title) in reading.letters("".join(copied))


@tools.needs("pdftotext")
def test_another_reader_finds_the_text(document, tmp_path):
    file = tmp_path / "laporan.pdf"
    file.write_bytes(document)

    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True)

    assert "R-2 (batas 5 Februari 2024 pukul 15.00 WITA)" in done.stdout


@tools.needs("pdftotext")
def test_what_is_copied_out_of_it_is_clean_and_the_long_words_are_whole(tmp_path):
    word, address = "x" * 90, "https://contoh.example/jalan/yang/panjang/sekali/untuk/satu/baris"
    file = tmp_path / "laporan.pdf"
    file.write_bytes(made(week(problems=(problem(title=f"{word} {address}"),))))

    for way in ("-layout", "-raw", "-nopgbrk"):
        done = subprocess.run(["pdftotext", way, file, "-"], capture_output=True, check=True, text=True)
        assert not [sign for sign in done.stdout if unicodedata.category(sign) == "Cf" or sign == "\ufffc"]
        assert not re.search(r"D ?R ?A ?F", re.sub(r"DRAF( ·|$)", "", done.stdout, flags=re.MULTILINE))
        if way == "-raw":
            assert word not in done.stdout
            assert word in done.stdout.replace("\n", "")
            assert address in done.stdout.replace("\n", "")


def test_the_worker_that_asks_does_not_load_typst():
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            ASKING,
        ],
        input=FROZEN,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(letter.__file__).parents[2],
    )

    assert said.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        pytest.param("pdf", "nonsense", "Expecting value", id="not JSON"),
        pytest.param("monthly", "{}", "usage", id="no such kind"),
    ],
)
def test_without_a_document_the_reason_is_told(kind, text, why):
    with pytest.raises(DocumentError, match=why):
        compile_document(kind, text)


def test_facts_that_are_none_are_told():
    with pytest.raises(DocumentError, match="missing"):
        make("pdf", "{}")


def test_a_child_that_takes_too_long_is_ended():
    with pytest.raises(DocumentError, match=r"not done within 0\.001 s"):
        make("pdf", FROZEN, patience=timedelta(milliseconds=1))


def test_what_typst_says_is_passed_on(tmp_path):
    template = tmp_path / "broken.typ"
    template.write_text("#panic(sys.inputs.letter.len() > 0)")

    with pytest.raises(DocumentError, match="panicked with: true"):
        typesetting.pdf_a(template, {}, created_at=SOME.header.cut_off)


def test_a_template_sees_only_its_own_folder(tmp_path):
    (tmp_path / "secret").write_text("rahasia")
    folder = tmp_path / "templates"
    folder.mkdir()
    template = folder / "curious.typ"
    template.write_text('#read("../secret")')

    with pytest.raises(DocumentError, match=r"outside|denied|escape"):
        typesetting.pdf_a(template, {}, created_at=SOME.header.cut_off)


def fonts_of(resources):
    """Fonts of a page and of the drawings on it."""
    resources = resources.get_object()
    yield from (font.get_object() for font in resources.get("/Font", {}).values())
    for drawing in resources.get("/XObject", {}).values():
        if "/Resources" in drawing.get_object():
            yield from fonts_of(drawing.get_object()["/Resources"])


def known(reader, number):
    return number in reader.xref.get(0, {}) or number in reader.xref_objStm
