"""The same report in every form: what is approved, what people add, and what they bring along."""

import hashlib
import json
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from reports.government import approved, facts, forms, letter
from reports.government.approved import Approval, Approved, Narrative
from reports.government.document import Photo
from rules import proofs
from rules.government import PLAIN, Chapter, Form, Part
from rules.submissions import WORDS
from services import documents
from tests import tools
from tests.reports import reading
from tests.reports.samples import district, owed, problem, received, week

SOME = week(district(1, received("R-1")), district(2, owed("R-2")), problems=(problem(),))
FROZEN = facts.to_json(SOME)
CHAIR = Approval("Sekretaris Daerah", datetime(2024, 2, 13, 2, 12, tzinfo=UTC), "S-17")


def approving(**change):
    return approved.to_json(replace(Approved(approvals=(CHAIR,)), **change))


def test_an_approved_report_is_no_draft_and_says_who_approved_it_when():
    shown = reading.text(forms.make("pdf", FROZEN, approving()))

    assert "DRAF" not in shown
    assert "Disetujui Sekretaris Daerah, 13 Februari 2024 pukul 10.12 WITA, sesi S-17." in shown


def test_what_leaves_unapproved_says_so_before_anything_else():
    shown = reading.text(forms.make("pdf", FROZEN, approved.to_json(Approved(notice="Dikirim tanpa persetujuan."))))

    assert shown.startswith("Dikirim tanpa persetujuan.")
    assert "DRAF" not in shown


def test_the_words_of_the_secretariat_stand_in_their_chapter_beside_the_figures():
    said = (Narrative("condition", "Cuaca cerah.\n\nJalan   kering."), Narrative("closing", "Mohon arahan."))
    document = letter.document(SOME, Approved(narrative=said))

    condition = [str(block) for part in document.chapters if part.code == "condition" for block in part.blocks]
    assert ["Cuaca cerah." in condition[-2], "Jalan kering." in condition[-1]] == [True, True]
    assert "Selebihnya 1 belum diterima." in condition[2]
    assert document.closing.blocks[0].text == "Mohon arahan."
    assert document.closing.blocks[-1].text.startswith("Demikian")


def test_words_in_a_chapter_with_a_table_stand_before_it():
    (told,) = [
        part
        for part in letter.document(SOME, Approved(narrative=(Narrative("missing", "Sinyal putus."),))).chapters
        if part.code == "missing"
    ]

    assert [type(block).__name__ for block in told.blocks] == ["Paragraph", "Paragraph", "Table"]
    assert told.blocks[1].text == "Sinyal putus."


BOOK = replace(
    PLAIN,
    form=Form.BOOK,
    parts=(
        Part("Pendahuluan", (Chapter("basis"), Chapter("purpose", words="Menyampaikan hasil."))),
        Part("Kosong", (Chapter("scope"),)),
        Part("Pelaksanaan tugas", (Chapter("problems"), Chapter("missing"))),
    ),
)


def test_a_book_counts_its_parts_and_begins_anew_in_each():
    document = letter.document(replace(SOME, kind=BOOK))

    assert [part.heading for part in (*document.chapters, document.closing)] == [
        "BAB I Pendahuluan",
        "A. Dasar",
        "B. Maksud dan tujuan",
        "BAB II Pelaksanaan tugas",
        "A. Permasalahan dan tindak lanjut",
        "B. Kecamatan yang belum melapor",
        "BAB III Penutup",
    ]


def test_a_book_is_counted_the_same_in_every_form():
    shown = facts.to_json(replace(SOME, kind=BOOK))

    word = docx.Document(BytesIO(forms.make("docx", shown)))

    heads = [own for own in word.paragraphs if own.style.name in ("Heading 1", "Heading 2")]
    assert [own._p.pPr.numPr.ilvl.val for own in heads[:7]] == [0, 1, 1, 0, 1, 1, 0]
    assert "B. Maksud dan tujuan Menyampaikan hasil. BAB II Pelaksanaan tugas A." in reading.text(
        forms.make("pdf", shown)
    )


def test_a_note_says_in_its_head_what_a_letter_says_around_it():
    note = replace(SOME, kind=replace(PLAIN, form=Form.NOTE, name="Laporan situasi"))

    shown = reading.text(forms.make("pdf", facts.to_json(note)))

    assert "LAPORAN SITUASI" in shown
    assert re.search(
        r"Kepada : Yth\. Gubernur Kalimantan Selatan c\.q\. .* Dari : Tim DESK Pemilu Kabupaten Barito Kuala Sifat",
        shown,
    )
    assert "Nomor :" not in shown


def photo(digest):
    return Photo(digest, f"Gudang {digest}", "Gudang KPU, 7 Februari 2024")


def jpeg():
    file = BytesIO()
    Image.new("RGB", (2000, 1000), "green").save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize("form", [form.code for form in forms.FORMS if form.code in ("pdf", "docx")])
def test_a_photo_is_shown_and_one_that_cannot_be_drawn_is_named(form):
    document = letter.document(SOME)
    annex = replace(document.annexes[0], blocks=tuple(map(photo, "abc")))
    own = replace(document, annexes=(annex,))

    made = forms.WRITERS[form](own, {"a": jpeg(), "b": b"\xff\xd8 nothing"})

    shown, pictures = READ[form](made)
    assert pictures == 1
    assert all(f"Foto tidak dapat ditampilkan: Gudang {which}" in shown for which in "bc")
    assert "Foto tidak dapat ditampilkan: Gudang a" not in shown


def pictures_of_pdf(content):
    return reading.text(content), sum(len(page.images) for page in reading.opened(content).pages)


def pictures_of_docx(content):
    word = docx.Document(BytesIO(content))
    alts = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    return reading.word(content), alts.count("Gudang KPU, 7 Februari 2024")


READ = {"pdf": pictures_of_pdf, "docx": pictures_of_docx}


def test_no_form_takes_the_file_of_another():
    suffixes = [form.suffix for form in forms.FORMS]

    assert len(set(suffixes)) == len(suffixes)


def test_every_form_is_made_in_a_child_with_the_same_bytes():
    for form in forms.FORMS:
        assert documents.make(form.code, FROZEN, approving()) == forms.make(form.code, FROZEN, approving())


def test_a_chart_is_described_in_the_document_itself():
    content = forms.make("pdf", FROZEN)
    reader = reading.opened(content)
    told = [str(object_.get("/Alt", "")) for object_ in tagged(reader.trailer["/Root"]["/StructTreeRoot"])]

    assert any("Logistik: 1 (belum ada tindak lanjut 1)." in alt for alt in told)


def tagged(node):
    node = node.get_object()
    yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        own = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(own, dict) and "/S" in own:
            yield from tagged(own)


def test_word_finds_headings_numbers_and_tables_as_such():
    late = tuple(district(n, *(owed(f"R-{n:02}{d:02}", d) for d in range(5, 12))) for n in range(1, 18))
    word = docx.Document(BytesIO(forms.make("docx", facts.to_json(week(*late, advice=("Satu", "Dua"))))))

    headings = [own.text for own in word.paragraphs if own.style.name == "Heading 1"]
    numbers = [own.text for own in word.paragraphs if own.style.name == "List Number"]
    heads = [table for table in word.tables if table._tbl.tr_lst[0].xpath("./w:trPr/w:tblHeader")]
    assert headings[:2] == ["Dasar", "Kondisi umum"]
    assert headings[-1] == "Laporan yang belum diterima"
    assert all(own._p.pPr.numPr.numId.val for own in word.paragraphs if own.style.name == "Heading 1")
    assert numbers[1:3] == ["Satu", "Dua"]
    assert len(heads) >= 4
    assert {table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) for table in heads} == {
        "Tahapan", "Belum diterima", "Penerimaan"
    }  # fmt: skip


def test_word_is_told_page_language_and_the_day_of_the_data():
    content = forms.make("docx", FROZEN)
    word = docx.Document(BytesIO(content))
    foot = word.sections[0].footer.paragraphs[0]

    assert round(word.sections[0].page_width.cm, 1) == 21.0
    assert {lang.get(qn("w:val")) for lang in word.styles.element.iter(qn("w:lang"))} == {"id-ID"}
    assert word.core_properties.modified == SOME.header.cut_off
    assert [own.get(qn("w:instr")) for own in foot._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    assert {entry.date_time for entry in ZipFile(BytesIO(content)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert word.sections[0].header.paragraphs[0].text == "DRAF"


@tools.needs("soffice")
def test_another_office_opens_it_and_counts_its_chapters(tmp_path):
    (tmp_path / "laporan.docx").write_bytes(forms.make("docx", FROZEN))
    home = f"-env:UserInstallation=file://{tmp_path}/home"

    subprocess.run(["soffice", home, "--headless", "--convert-to", "pdf", "laporan.docx"], cwd=tmp_path, check=True)

    shown = reading.text((tmp_path / "laporan.pdf").read_bytes())
    assert "IV. Permasalahan dan tindak lanjut" in shown
    assert "Lampiran I. Penerimaan laporan per kecamatan" in shown


@pytest.mark.parametrize("text", ["1," * 2000, "\U0001f600" * 4000], ids=["numbers without spaces", "signs"])
def test_no_text_that_a_page_takes_keeps_the_pdf_from_being_made(text):
    long = replace(SOME, problems=(problem(title=text),))
    said = approving(narrative=(Narrative("condition", text),))

    assert forms.make("pdf", facts.to_json(long), said).startswith(b"%PDF")


@pytest.mark.parametrize(("form", "read"), [("pdf", reading.text), ("docx", reading.word)])
def test_the_longest_words_that_a_chapter_takes_are_not_cut(form, read):
    words = " ".join(f"kata{n}" for n in range(480)).ljust(WORDS - 6, ".") + " akhir"

    said = read(forms.make(form, FROZEN, approving(narrative=(Narrative("condition", words),))))

    assert "akhir" in said
    assert "dipotong" not in said


def test_facts_that_were_frozen_before_a_field_was_added_keep_the_code_on_their_letter():
    """A later program reads them with a default, and would write them otherwise."""
    whole = json.loads(FROZEN)
    whole.pop("corrected")
    stored = json.dumps(whole)
    seal = hashlib.sha256(stored.encode()).hexdigest()
    assert facts.digest(facts.from_json(stored)) != seal

    shown = reading.text(forms.make("pdf", stored))

    assert proofs.code(seal) in shown
    assert seal in shown
    assert json.loads(forms.make("rows", stored))["facts_sha256"] == seal
