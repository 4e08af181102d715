"""What was attached, looked at by its content: photos made small and plain, PDFs as they are, nothing else.

A photo is decoded and written anew: what is kept holds an image and nothing that anybody hid beside it. Its size in
pixels is read from its header first, so that a small file which would unpack to a huge image is refused unopened.
"""

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import BinaryIO, NamedTuple

from PIL import ExifTags, Image, ImageOps

from rules.attachments import Kind, Limits, Position
from rules.typed import Fault, Mistyped

LONGEST = 2000
"""Pixels of the longer side of a photo as it is kept; phones with a script send 1600."""

QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP")
_ONE_AT_A_TIME = Lock()
"""A decoded image takes hundreds of megabytes at worst; several at once would take the machine."""


class Upload(NamedTuple):
    """A file as it was sent, in the field it was added to."""

    place: str
    file: BinaryIO


class Plain(NamedTuple):
    """A file as it is to be kept. `sent` is the digest of what came."""

    place: str
    sent: str
    kind: Kind
    data: bytes


class Looked(NamedTuple):
    """The files of a form, and by field what is wrong with one of them."""

    files: Sequence[Plain]
    flaws: Mapping[str, Fault]

    def digests(self) -> dict[str, list[str]]:
        """By field, what was sent."""
        found: dict[str, list[str]] = defaultdict(list)
        for file in self.files:
            found[file.place].append(file.sent)
        return dict(found)


def look(uploads: Iterable[Upload], limits: Limits) -> Looked:
    """Look at every file, the same one in the same field once; the rest of too many is refused."""
    files: dict[tuple[str, str], Plain] = {}
    flaws: dict[str, Fault] = {}
    for number, upload in enumerate(uploads, 1):
        try:
            if number > limits.most:
                raise Mistyped(Fault.TOO_MANY_FILES)
            file = plain(upload, limits)
            files[file.place, file.sent] = file
        except Mistyped as error:
            flaws[upload.place] = error.fault
    return Looked(list(files.values()), flaws)


def plain(upload: Upload, limits: Limits) -> Plain:
    """A file as it is to be kept.

    Raises:
        Mistyped: too large, too many pixels, or neither a photo nor a PDF.
    """
    data = upload.file.read(limits.size + 1)
    if len(data) > limits.size:
        raise Mistyped(Fault.FILE_TOO_LARGE)
    sent = hashlib.sha256(data).hexdigest()
    if data.startswith(b"%PDF-"):
        return Plain(upload.place, sent, Kind.PDF, data)
    return Plain(upload.place, sent, Kind.JPEG, photo(data, limits))


def photo(data: bytes, limits: Limits) -> bytes:
    """A photo as JPEG, upright, at most LONGEST pixels; place and time in it as the policy says. Raises: Mistyped."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > limits.pixels:
                raise Mistyped(Fault.TOO_MANY_PIXELS)
            with _ONE_AT_A_TIME:
                return _anew(image, limits.position)
    except Image.DecompressionBombError as error:
        raise Mistyped(Fault.TOO_MANY_PIXELS) from error
    except Mistyped:
        raise
    except Exception as error:  # a broken image breaks its decoder in many ways; none of them is ours
        raise Mistyped(Fault.NO_PHOTO) from error


def _anew(image: Image.Image, position: Position) -> bytes:
    image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded at the nearest half, quarter or eighth at once
    told = _told(image) if position is Position.KEEP else Image.Exif()
    image.thumbnail((LONGEST, LONGEST))
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA", "P"):
        ground = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(ground, upright.convert("RGBA"))
    out = io.BytesIO()
    upright.convert("RGB").save(out, "JPEG", quality=QUALITY, optimize=True, exif=told)
    return out.getvalue()


def _told(image: Image.Image) -> Image.Exif:
    """Where and when a photo was taken, as its camera wrote it, and nothing else."""
    found, told = image.getexif(), Image.Exif()
    for part, wanted in ((ExifTags.IFD.GPSInfo, None), (ExifTags.IFD.Exif, {ExifTags.Base.DateTimeOriginal})):
        tags = {tag: value for tag, value in found.get_ifd(part).items() if wanted is None or tag in wanted}
        if tags:
            told.get_ifd(part).update(tags)
    return told
