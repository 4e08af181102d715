"""The crest of a desk's file stands in its letters, and an old letter is made again with the crest of its day."""

import pytest

from config import loader
from jobs.operator import amend
from jobs.turn import compile
from models.matters import documents as made
from models.matters import submissions
from services import documents
from services.government import approving, crests
from tests.config.test_crests import SVG
from tests.stories.desk import DESK

OTHER = SVG.replace(b"#c98512", b"#225522")


@pytest.fixture
def crested(desk, tmp_path):
    """The desk's file with lambang.svg beside it, in force."""
    text = DESK.read_text("utf-8").replace("seat:", "crest: lambang.svg\nseat:")
    (tmp_path / "desk.yaml").write_text(text, "utf-8")
    puts(desk, tmp_path, SVG)
    return tmp_path


def puts(desk, folder, picture):
    (folder / "lambang.svg").write_bytes(picture)
    return amend.amend(desk.rt, [loader.read(folder / "desk.yaml")], by="", dry_run=False)


def again(desk, form="pdf"):
    """The newest letter, made anew from the books."""
    with desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[-1]
        return documents.make(form, own.facts, approving.beside(session, own), crests.contents(session, own.facts))


def compiled(desk, folder):
    desk.rt.documents = folder / "documents"
    desk.clock.jumps("H 18:01")
    compile.run(desk.rt, now=desk.clock.at)
    while compile.make_documents(desk.rt):
        pass
    with desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[-1]
        return {d.form: (desk.rt.documents / d.file_name).read_bytes() for d, _ in made.of(session, [own.id])}


def test_a_letter_is_made_again_with_the_crest_of_its_day(desk, crested):
    desk.owes_only("pemilihan/tiga-kecamatan/laporan-gubernur/63.04/2024-W07")
    made = compiled(desk, crested)
    puts(desk, crested, OTHER)
    (crested / "lambang.svg").unlink()

    assert "pdf" in made
    assert {form: again(desk, form) for form in made} == made
    assert again(desk, "docx") == again(desk, "docx")


def test_the_same_crest_again_changes_nothing(desk, crested):
    (done,) = puts(desk, crested, SVG)

    assert not done.changed
    assert puts(desk, crested, OTHER)[0].changed
