"""The report as a text to paste into a chat."""

from reports import printable
from reports.government.document import Document


def text(document: Document) -> bytes:
    """What a chat is told, one line each, in UTF-8."""
    return "".join(f"{printable.written(line)}\n" for line in document.chat).encode()
