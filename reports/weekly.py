"""The weekly report to the Governor as a document."""

from pathlib import Path

from reports import letter, typesetting
from reports.facts import Weekly

TEMPLATE = Path(__file__).parent / "templates" / "weekly.typ"


def pdf(facts: Weekly) -> bytes:
    """The PDF/A; the same facts give the same bytes. Its date of creation is the cut-off.

    Needs some 130 MB that the process keeps: workers call `child.compile_document` instead.

    Raises:
        DocumentError: typst refused; its message says what.
    """
    return typesetting.pdf_a(TEMPLATE, letter.view(facts), created_at=facts.header.cut_off)
