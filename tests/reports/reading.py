"""What a reader finds in a document."""

import io
import re

import docx
from pypdf import PdfReader

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


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


def word(document: bytes) -> str:
    """Everything a DOCX says in its order, tables too, without the numbers that Word counts itself."""
    body = docx.Document(io.BytesIO(document)).element.body
    said = ("".join(node.text or "" for node in own.iter(f"{W}t")) for own in body.iter(f"{W}p"))
    return re.sub(r"\s+", " ", " ".join(said))
