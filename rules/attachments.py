"""Photos and files that come with a report: what is taken, how much of it, and what is left out of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a file is, by its content; whatever else it claims to be is not believed.

    Forms take photos and PDFs. Letters of Word, sheets and voice notes come with answers alone.
    """

    JPEG = "jpeg"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    VOICE = "voice"


_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA = {
    Kind.JPEG: "image/jpeg",
    Kind.PDF: "application/pdf",
    Kind.DOCX: f"{_OFFICE}.wordprocessingml.document",
    Kind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    Kind.VOICE: "audio/ogg",
}
ENDINGS = {Kind.JPEG: "jpg", Kind.PDF: "pdf", Kind.DOCX: "docx", Kind.XLSX: "xlsx", Kind.VOICE: "ogg"}
_PARTS = {"word/document.xml": Kind.DOCX, "xl/workbook.xml": Kind.XLSX}
_ACTIVE = ("vbaproject", "activex", "macrosheets/", "embeddings/oleobject")
"""What may do something by itself where a file is opened, in names of its parts."""


def office(parts: Iterable[str]) -> Kind | None:
    """What an archive with parts of these names is: a letter of Word or a sheet, if nothing in it acts by itself."""
    names = {name.lower() for name in parts}
    if any(active in name for name in names for active in _ACTIVE):
        return None
    return next((kind for part, kind in _PARTS.items() if part in names), None)


class Position(StrEnum):
    """What becomes of the place and time that a camera wrote into a photo."""

    STRIP = "strip"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one report may bring: how many files, and how many bytes and pixels each."""

    most: int = 6
    size: int = 8_000_000
    pixels: int = 50_000_000
    position: Position = Position.STRIP


class Attached(NamedTuple):
    """A file as it is kept. Digests are SHA-256: of what was sent, and of what is kept of it."""

    place: str
    sent: str
    digest: str
    kind: Kind
    size: int
