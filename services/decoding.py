"""`python -m services.decoding PIXELS POSITION`: a photo on standard input, a plain JPEG on standard output.

The size in pixels is read from the header first. So a small file that would unpack to a huge image is refused
unopened. Only the image is written, with the facts about it that the policy keeps.
"""

import io
import sys

from PIL import ExifTags, Image, ImageOps

from rules.attachments import Position
from rules.typed import Fault, Mistyped
from services.child import REFUSED

LONGEST = 2000
"""Pixels of the longer side of a photo as it is kept; phones with a script send 1600."""

QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP")
HEIF = "HEIF"


def plain(data: bytes, pixels: int, position: Position) -> bytes:
    """A photo as JPEG, upright, at most LONGEST pixels. Raises: Mistyped; MemoryError."""
    try:
        with Image.open(io.BytesIO(data), formats=_formats(data)) as image:
            if image.width * image.height > pixels:
                raise Mistyped(Fault.TOO_MANY_PIXELS)
            return _anew(image, position)
    except Image.DecompressionBombError as error:
        raise Mistyped(Fault.TOO_MANY_PIXELS) from error
    except (Mistyped, MemoryError):
        raise
    except Exception as error:  # a broken image breaks its decoder in many ways; none of them is ours
        raise Mistyped(Fault.NO_PHOTO) from error


def _formats(data: bytes) -> tuple[str, ...]:
    """What may be opened: HEIC, as iPhones take it, by a decoder that is loaded for nothing else."""
    if data[4:8] != b"ftyp":
        return FORMATS
    import pi_heif

    pi_heif.register_heif_opener(decode_threads=1)
    return (HEIF,)


def _anew(image: Image.Image, position: Position) -> bytes:
    image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded at the nearest half, quarter or eighth at once
    told = _place_and_time(image) if position is Position.KEEP else Image.Exif()
    small = shallow(image)
    small.thumbnail((LONGEST, LONGEST))
    upright = ImageOps.exif_transpose(small)
    if upright.mode in ("RGBA", "LA", "PA", "P"):
        ground = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(ground, upright.convert("RGBA"))
    bare, out = upright.convert("RGB"), io.BytesIO()
    bare.info.clear()  # comments and the like, which the encoder would write down again
    bare.save(out, "JPEG", quality=QUALITY, optimize=True, exif=told)
    return out.getvalue()


def shallow(image: Image.Image) -> Image.Image:
    """Turn deep grey into eight bits: a plain conversion would make everything white that is not black."""
    if image.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    elif image.mode in ("I", "F"):
        image.load()
        low, high = image.getextrema()  # type: ignore[assignment]
    else:
        return image
    scale = 255 / ((high - low) or 1)
    grey = image.point(lambda value: value * scale - low * scale)
    return grey.convert("L")


def _place_and_time(image: Image.Image) -> Image.Exif:
    """Where and when a photo was taken, as its camera wrote it, and nothing else."""
    exif, kept = image.getexif(), Image.Exif()
    for part, wanted in ((ExifTags.IFD.GPSInfo, None), (ExifTags.IFD.Exif, {ExifTags.Base.DateTimeOriginal})):
        tags = {tag: value for tag, value in exif.get_ifd(part).items() if wanted is None or tag in wanted}
        if tags:
            kept.get_ifd(part).update(tags)
    return kept


def main(pixels: str, position: str) -> int:
    """Exit status 0 with the photo, 65 with the word for what is wrong on standard error."""
    try:
        photo = plain(sys.stdin.buffer.read(), int(pixels), Position(position))
    except Mistyped as error:
        sys.stderr.write(error.fault)
        return REFUSED
    sys.stdout.buffer.write(photo)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
