"""The crest of the letterhead fit for a document: an SVG as it is, a PNG small and without what else it holds."""

from collections.abc import Mapping
from io import BytesIO
from typing import NamedTuple

from reports import typesetting
from reports.government.document import Crest

LONGEST = 700
"""Pixels of the longer side of a PNG: 2 cm at more than 600 dots an inch."""
DOTS = 600
HEIGHT = 2.1
"""Centimetres in the letterhead."""
_PNG = b"\x89PNG"


class Drawn(NamedTuple):
    """The crest as a file of a document."""

    name: str
    content: bytes
    alt: str


def drawn(crest: Crest | None, given: Mapping[str, bytes]) -> Drawn | None:
    """The crest, if there is one and its bytes are given."""
    if crest is None or crest.digest not in given:
        return None
    content = given[crest.digest]
    if content.startswith(_PNG):
        return Drawn("crest.png", _small(content), crest.alt)
    return Drawn("crest.svg", content, crest.alt)


def raster(crest: Drawn) -> bytes:
    """The crest as PNG, for files that take no drawing."""
    if crest.name.endswith(".png"):
        return crest.content
    return typesetting.png(crest.content.decode(), dots_per_inch=DOTS, height=HEIGHT)


def _small(content: bytes) -> bytes:
    from PIL import Image  # few desks have one

    with Image.open(BytesIO(content), formats=("PNG",)) as opened:
        image = opened.convert("RGBA")
    image.thumbnail((LONGEST, LONGEST))
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
