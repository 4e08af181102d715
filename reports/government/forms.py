"""The forms that one report is read in. All are written from the same tree, so all say the same; the rows behind their
figures (`rows`) are told from the facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reports.government import approved, facts, tracing
from reports.government.document import Document


@dataclass(frozen=True, slots=True)
class Form:
    """A form by its code: how its file ends, and what it is called on a page."""

    code: str
    suffix: str
    media_type: str
    name: str


FORMS = (
    Form("pdf", ".pdf", "application/pdf", "PDF/A"),
    Form("docx", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word (DOCX)"),
    Form("xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Tabel (XLSX)"),
    Form(
        "sipantau",
        "-sipantau.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Lembar SIPANTAU",
    ),
    Form("rows", ".json", "application/json", "Rincian angka (JSON)"),
    Form("text", ".txt", "text/plain; charset=utf-8", "Teks untuk WhatsApp"),
)
"""In the order in which they are offered."""

RESTRICTED = Form("terbatas", "-terbatas.pdf", "application/pdf", "Lampiran terbatas (PDF/A)")
"""The annex of restricted problems. Its facts are its own, and it goes to the one addressed alone."""

EVERY = (*FORMS, RESTRICTED)

NO_PHOTOS: Mapping[str, bytes] = MappingProxyType({})


def make(form: str, facts_json: str, approved_json: str = "", photos: Mapping[str, bytes] = NO_PHOTOS) -> bytes:
    """The file of one form. The same arguments give the same bytes.

    A waiting process must stay small: call `services.documents.make`, which does this in a child.

    Args:
        form: a code of `EVERY`.
        facts_json: the frozen facts, `facts.to_json`; of `RESTRICTED` those of the annex.
        approved_json: narrative and approvals, `approved.to_json`; empty: a draft.
        photos: by SHA-256; one that is not there or cannot be drawn is named in its place.

    Raises:
        DocumentError: it cannot be written; says why.
        ValueError: what is given cannot be read.
        KeyError: there is no such form.
    """
    from reports.government import letter, restricted  # jinja2 for its charts: who only asks for a form must stay small

    frozen = facts.from_json(facts_json)
    if form == RESTRICTED.code:
        annex = restricted.document(frozen, approved.from_json(approved_json), stored=facts.digest_of(facts_json))
        return _pdf(annex, photos)
    if form == "rows":
        return tracing.to_json(frozen, stored=facts.digest_of(facts_json))
    document = letter.document(frozen, approved.from_json(approved_json), stored=facts.digest_of(facts_json))
    return WRITERS[form](document, photos)


def _pdf(document: Document, photos: Mapping[str, bytes]) -> bytes:
    from reports.government.pdf import pdf  # typst takes 130 MB

    return pdf(document, photos)


def _docx(document: Document, photos: Mapping[str, bytes]) -> bytes:
    from reports.government.docx import docx

    return docx(document, photos)


def _xlsx(document: Document, _: Mapping[str, bytes]) -> bytes:
    from reports.government.xlsx import workbook

    return workbook(document)


def _sipantau(document: Document, _: Mapping[str, bytes]) -> bytes:
    from reports.government.xlsx import typed

    return typed(document)


def _text(document: Document, _: Mapping[str, bytes]) -> bytes:
    from reports.government.text import text

    return text(document)


WRITERS = {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "sipantau": _sipantau, "text": _text}
"""By form: what makes its file of the tree and the photos by their digest."""
