"""Anybody who holds a file can learn whether it is ours, which version, who approved it, and whether it is the last."""

import hashlib
import json

from jobs.operator import verifying
from models.matters import submissions
from reports.government import forms
from reports.government.approved import Approval, Approved, to_json
from rules import proofs
from services import documents
from services.government import approving
from tests.stories.test_sending import PDF, addressed, desk, mails, makes

__all__ = ["addressed", "desk"]


def held(desk, content=PDF):
    path = desk.rt.documents / "dari-surel.pdf"
    path.write_bytes(content)
    return verifying.verify(desk.rt, path)


def changes(desk, **values):
    with desk.rt.sessions.begin() as session:
        submissions.change(session, submissions.all_of(session)[0].id, **values)


def test_a_document_that_left_is_told_with_version_state_approval_and_code(desk):
    told = Approved(approvals=(Approval("Sekretaris Daerah", desk.clock.at, "S-7"),))
    changes(desk, approved=to_json(told))
    mails(desk)

    holds, words = held(desk)

    with desk.rt.sessions() as session:
        digest = submissions.all_of(session)[0].facts_digest
    assert holds
    assert "version 1 of 1, the last; state sent" in words
    assert "approved by Sekretaris Daerah 2024-02-06 18.30 WITA" in words
    assert proofs.code(digest) in words


def test_a_document_nobody_approved_says_so(desk):
    assert "not approved" in held(desk).words


def test_a_document_changed_by_one_byte_does_not_hold(desk):
    holds, words = held(desk, PDF + b" ")

    assert not holds
    assert hashlib.sha256(PDF + b" ").hexdigest()[:16] in words


def test_a_document_of_words_that_were_changed_since_is_not_the_last(desk):
    changes(desk, edition=1)
    with desk.rt.sessions.begin() as session:
        makes(desk, session, submissions.all_of(session)[0], "pdf", b"%PDF-1.7 baru")

    assert "not the last, with words that were changed since" in held(desk).words
    assert "1 of 1, the last;" in held(desk, b"%PDF-1.7 baru").words


def test_facts_that_were_changed_in_the_books_are_told(desk):
    with desk.rt.sessions() as session:
        text = submissions.all_of(session)[0].facts
    changes(desk, facts=text.replace("Kabupaten Contoh", "Kabupaten Lain"))

    holds, words = held(desk)

    assert not holds
    assert "the facts in the books were changed" in words


def test_made_again_from_frozen_facts_and_approval_every_form_is_the_same_byte_for_byte(desk):
    with desk.rt.sessions() as session:
        own = submissions.all_of(session)[0]
        beside = approving.beside(session, own)

    for form in forms.FORMS:
        first, second = (documents.make(form.code, own.facts, beside) for _ in range(2))
        assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest(), form.code


def test_facts_from_before_a_field_was_added_are_sound_still(desk):
    """A later program reads them with a default; what was hashed is what is stored."""
    with desk.rt.sessions.begin() as session:
        whole = json.loads(submissions.all_of(session)[0].facts)
    whole.pop("corrected")
    stored = json.dumps(whole)
    changes(desk, facts=stored, facts_digest=hashlib.sha256(stored.encode()).hexdigest())

    assert held(desk).holds
