"""The annex of restricted problems: a document of its own for the one addressed, and in nothing else that leaves."""

from dataclasses import replace

import pytest

from jobs.operator import verifying
from models.matters import documents, submissions
from reports.government import data, facts, letter, sipantau, tracing
from reports.government import restricted as annexed
from reports.government.approved import Approved
from reports.government.document import Paragraph
from rules.submissions import State
from services import packages, packing
from tests.stories.desk import ELECTION, POLICY, Desk
from tests.stories.test_sending import PDF, addressed, letters_to, mails, makes
from tests.stories.test_withheld import gathers, versions

__all__ = ["addressed"]

KEY = "pemilihan/tiga-kecamatan/laporan-gubernur/63.04/2024-W06"
SECRET = "Perahu disembunyikan"
ANNEX = b"%PDF-1.7 rahasia"


@pytest.fixture
def desk(sessions, addressed, tmp_path):
    """The first weekly report is frozen, and a restricted problem of its days is in the books."""
    desk = Desk(sessions, (ELECTION, addressed, POLICY))
    desk.owes_only(KEY)
    desk.clock.reads("2024-02-01 09:00")
    desk.has_a_problem(SECRET, restricted=True)
    desk.clock.reads("2024-02-06 18:10")
    desk.rt.documents = tmp_path / "documents"
    desk.rt.documents.mkdir()
    return desk


def approves(desk):
    with desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[0]
        makes(desk, session, own, "pdf", PDF)
        makes(desk, session, own, "terbatas", ANNEX)
        submissions.change(session, own.id, state=State.APPROVED)


def frozen(desk):
    with desk.rt.sessions() as session:
        return submissions.all_of(session)[0]


def test_the_letter_says_that_there_is_an_annex_and_nothing_of_what_it_tells(desk):
    own = frozen(desk)
    told = facts.from_json(own.facts)

    made = letter.document(told)
    said = [block.text for block in made.closing.blocks if isinstance(block, Paragraph)]
    assert "1 (satu) lampiran terbatas disampaikan kepada yang dituju." in said
    assert "Perahu" not in own.facts
    assert "Perahu" not in str(made)
    assert "Perahu" not in str((data.tables(told), sipantau.table(told), tracing.to_json(told), made.chat))
    assert (told.enclosed.nature, told.enclosed.digest) == ("rahasia", facts.digest_of(own.restricted))


def test_the_annex_is_a_document_of_its_own_with_its_sifat_and_without_tembusan(desk):
    own = frozen(desk)
    told = facts.from_json(own.restricted)
    made = annexed.document(told, Approved(), stored=facts.digest_of(own.restricted))

    assert ("Sifat", ("Rahasia",)) in made.reference
    assert made.copies == ()
    assert [problem.title for problem in told.problems] == [SECRET]
    assert SECRET in str(made.chapters)
    assert "kode" not in made.footer
    assert {name for name, _ in made.about.rows} >= {"Sidik laporan (SHA-256)"}
    with desk.rt.sessions() as session:
        assert {one.form for one, _ in documents.of(session, [own.id])} == {"pdf", "terbatas"}


def test_it_goes_to_the_one_addressed_as_an_attachment_of_its_own_and_to_no_copy(desk):
    approves(desk)
    mails(desk)

    (unit,), (copy,) = letters_to(desk, "kesbangpol@kalsel.example"), letters_to(desk, "kpu@batola.example")
    assert [own.content for own in unit.documents] == [PDF, ANNEX]
    assert [own.content for own in copy.documents] == [PDF]
    assert "Perahu" not in unit.text + copy.text


def test_it_goes_into_no_package(desk):
    approves(desk)
    mails(desk)
    with desk.rt.sessions() as session:
        own = submissions.all_of(session)[0]
        made = packing.packed(session, desk.programme, own, folder=desk.rt.documents, secret=bytes(range(32)))

    package = packages.opened(made.content)
    assert {document.form for document in package.manifest.documents} == {"pdf"}
    assert b"Perahu" not in made.content


def test_its_file_is_known_and_facts_that_were_changed_are_noticed(desk):
    approves(desk)
    path = desk.rt.documents / "lampiran.pdf"
    path.write_bytes(ANNEX)

    known = verifying.verify(desk.rt, path)
    with desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[0]
        submissions.change(session, own.id, restricted=own.restricted.replace("Perahu", "Kapal"))

    assert known.holds
    assert "restricted annex, for the one addressed alone" in known.words
    assert verifying.verify(desk.rt, path) == (
        False,
        "lampiran.pdf: the document holds, but the facts in the books were changed",
    )


def test_a_problem_restricted_after_the_freeze_is_in_the_annex_of_what_is_gathered_again(desk):
    with desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[0]
        known = facts.from_json(own.restricted).problems
        named = replace(facts.from_json(own.facts), problems=known, enclosed=None)
        submissions.change(session, own.id, facts=facts.to_json(named), restricted=None)
    gathers(desk)

    new = versions(desk)[-1]
    assert SECRET not in new.facts
    assert SECRET in new.restricted


def test_a_kind_that_asks_for_no_annex_only_counts_them(sessions):
    desk = Desk(sessions)
    kinds = {code: replace(kind, restricted=None) for code, kind in desk.rt.kinds().items()}
    desk.rt = replace(desk.rt, kinds=lambda: kinds)
    desk.owes_only(KEY)
    desk.clock.reads("2024-02-01 09:00")
    desk.has_a_problem(SECRET, restricted=True)
    desk.clock.reads("2024-02-06 18:10")

    own = frozen(desk)
    told = facts.from_json(own.facts)
    assert (told.restricted, told.enclosed, own.restricted) == (1, None, None)
