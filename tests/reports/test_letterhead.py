"""The crest in the letterhead of PDF and DOCX, and a letterhead without one."""

import hashlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from PIL import Image

from reports.government import facts, forms
from tests.reports import reading
from tests.reports.samples import HEADER, week
from tests.reports.test_forms import tagged

ALT = "Lambang Kabupaten Barito Kuala"
SVG = (Path(__file__).parents[2] / "config/desks/contoh-lambang.svg").read_bytes()
LINES = ("PEMERINTAH KABUPATEN BARITO KUALA", "SEKRETARIAT DAERAH")
ADDRESS = ("Jalan Contoh Nomor 1 Marabahan", "Telepon (0511) 000000")


def png():
    file = BytesIO()
    Image.new("RGBA", (900, 1000), (200, 30, 30, 120)).save(file, "PNG")
    return file.getvalue()


def made(form, content, *, kept=True):
    digest = hashlib.sha256(content).hexdigest()
    header = replace(HEADER, crest=digest, letterhead=LINES, address=ADDRESS)
    return forms.make(form, facts.to_json(replace(week(), header=header)), photos={digest: content} if kept else {})


def alts(content):
    reader = reading.opened(content)
    return [str(own.get("/Alt", "")) for own in tagged(reader.trailer["/Root"]["/StructTreeRoot"])]


@pytest.mark.parametrize("picture", [SVG, png()], ids=["svg", "png"])
def test_the_pdf_shows_it_with_words_for_who_cannot_see_it(picture):
    content = made("pdf", picture)

    assert alts(content).count(ALT) == 1
    assert content == made("pdf", picture)
    assert reading.letters("".join((*LINES, *ADDRESS))) in reading.letters(reading.pages(content)[0])


@pytest.mark.parametrize("picture", [SVG, png()], ids=["svg", "png"])
def test_word_shows_it_with_words_for_who_cannot_see_it(picture):
    content = made("docx", picture)
    first = docx.Document(BytesIO(content)).inline_shapes[0]

    assert first._inline.docPr.get("descr") == ALT
    assert 1.5 < first.width.cm < 2
    assert content == made("docx", picture)
    assert reading.word(content).strip().startswith(" ".join((*LINES, *ADDRESS)))


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_picture_that_is_gone_leaves_the_letterhead_as_it_is_without_one(form):
    plain = replace(HEADER, letterhead=LINES, address=ADDRESS)
    without = forms.make(form, facts.to_json(replace(week(), header=plain)))

    shown = made(form, SVG, kept=False)

    read = {"pdf": lambda content: reading.pages(content)[0], "docx": lambda content: reading.word(content)[:400]}[form]
    assert read(shown)[:300] == read(without)[:300]
    assert b"Lambang" not in shown
