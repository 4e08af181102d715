"""Photos fit for a document: small, and those that cannot be drawn named in their place."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

from reports.government.document import Block, Chapter, Document, Paragraph, Photo

LONGEST = 1200
"""Pixels of the longer side: some 10 to the millimetre on a page."""
PIXELS = 60_000_000


def drawn(document: Document, photos: Mapping[str, bytes]) -> tuple[Document, dict[str, bytes]]:
    """The document with only those photos that can be drawn, and these as JPEG by their digest."""
    wanted = {block.digest for part in document.parts() for block in part.blocks if isinstance(block, Photo)}
    small = {digest: _small(photos[digest]) for digest in sorted(wanted & photos.keys())}
    kept = {digest: content for digest, content in small.items() if content}
    if wanted == kept.keys():
        return document, kept
    return (
        replace(
            document,
            chapters=tuple(_told(part, kept) for part in document.chapters),
            closing=_told(document.closing, kept),
            annexes=tuple(_told(part, kept) for part in document.annexes),
        ),
        kept,
    )


def _told(part: Chapter, kept: Mapping[str, bytes]) -> Chapter:
    return replace(part, blocks=tuple(_instead(block, kept) for block in part.blocks))


def _instead(block: Block, kept: Mapping[str, bytes]) -> Block:
    if not isinstance(block, Photo) or block.digest in kept:
        return block
    return Paragraph(f"Foto tidak dapat ditampilkan: {block.caption}")


def _small(content: bytes) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError  # few reports have photos

    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > PIXELS:
                return b""
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return b""
    image.thumbnail((LONGEST, LONGEST))
    file = BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()
