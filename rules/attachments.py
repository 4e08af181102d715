"""Photos and files that come with a report: what is taken, how much of it, and what is left out of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a file is, by its content; whatever else it claims to be is not believed."""

    JPEG = "jpeg"
    PDF = "pdf"


MEDIA = {Kind.JPEG: "image/jpeg", Kind.PDF: "application/pdf"}
ENDINGS = {Kind.JPEG: "jpg", Kind.PDF: "pdf"}


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
