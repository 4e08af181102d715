"""The weekly report to the Governor as a document."""

from reports.government import letter
from reports.government.facts import Weekly
from reports.government.pdf import pdf as written


def pdf(facts: Weekly) -> bytes:
    """The PDF/A; the same facts give the same bytes.

    Raises:
        DocumentError: typst refused; its message says what.
    """
    return written(letter.document(facts), {})
