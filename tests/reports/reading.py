"""What a reader finds in a PDF."""

import io
import re

from pypdf import PdfReader


def opened(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def pages(document: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    return [re.sub(r"\s+", " ", page.extract_text().replace("\u200b", "")) for page in opened(document).pages]


def text(document: bytes) -> str:
    return " ".join(pages(document))


def letters(shown: str) -> str:
    """Without any space: where lines break does not matter."""
    return re.sub(r"[\s\u200b]+", "", shown)
