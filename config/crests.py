"""The crest (lambang) that a desk's file names: a small PNG or SVG beside it, safe to draw years later.

An SVG may hold shapes only. What leads outside the file, runs, moves, multiplies itself or needs a font is refused.
"""

import hashlib
import re
from io import BytesIO
from pathlib import Path
from xml.parsers import expat

LARGEST = 500_000
SIDE = 4000
"""Pixels of a side of a PNG."""
PARTS = 20_000
"""Elements of an SVG."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,90}\.(png|svg)", re.IGNORECASE)
_DIGEST = re.compile("[0-9a-f]{64}")
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "http://www.w3.org/2000/svg"
_SHAPES = frozenset((
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "linearGradient",
    "radialGradient", "stop", "clipPath", "title", "desc", "metadata", "style",
))  # fmt: skip
_NOTES = (
    "http://www.inkscape.org/", "http://sodipodi.", "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#", "http://web.resource.org/cc/", "http://purl.org/dc/",
)  # fmt: skip
"""What drawing programs write beside the drawing; nobody draws it."""
_OUTSIDE = re.compile(r"url\s*\(\s*(?!['\"]?\s*#)|@|\\|javascript:|data:", re.IGNORECASE)
_WIDE = re.compile(r"\s*[0-9.]+(?:px|pt|pc|mm|cm|in)?\s*")


class BadCrest(ValueError):
    """A picture that cannot be the crest: what is wrong, and how to mend it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def named(value: str) -> bool:
    """Whether it is the plain name of a picture, which leads into no other folder."""
    return bool(_NAME.fullmatch(value))


def is_digest(value: str) -> bool:
    """Whether it is a SHA-256 in small hexadecimal digits."""
    return bool(_DIGEST.fullmatch(value))


def read(path: Path) -> tuple[str, bytes]:
    """The picture and its SHA-256. Raises: BadCrest."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        what = f"{path.name} cannot be read: {error.strerror}"
        raise BadCrest(what, "Put the picture into the folder of this file, under this name") from error
    check(content)
    return hashlib.sha256(content).hexdigest(), content


def check(content: bytes) -> None:
    """Refuse what is no picture for a letterhead. Raises: BadCrest."""
    if len(content) > LARGEST:
        raise BadCrest(f"is larger than {LARGEST // 1000} kB", "Save it smaller: it is printed 2 cm high")
    if content.startswith(_PNG):
        _check_png(content)
    elif b"<svg" in content:
        _check_svg(content)
    else:
        raise BadCrest("is neither PNG nor SVG", "Save the picture as PNG or as SVG")


def _check_png(content: bytes) -> None:
    from PIL import Image, UnidentifiedImageError  # few desks have one

    try:
        with Image.open(BytesIO(content), formats=("PNG",)) as opened:
            if max(opened.size) > SIDE:
                raise BadCrest(f"is {opened.width} x {opened.height} pixels", f"Save it with at most {SIDE} a side")
            opened.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadCrest("is a PNG that cannot be drawn", "Open it in a drawing program and save it again") from error


def _check_svg(content: bytes) -> None:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise BadCrest("is SVG in another encoding than UTF-8", "Save it as plain SVG in UTF-8") from error
    look = _Look()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = look.doctype
    parser.EntityDeclHandler = look.doctype
    parser.ProcessingInstructionHandler = look.instruction
    parser.StartElementHandler = look.begin
    parser.EndElementHandler = look.end
    parser.CharacterDataHandler = look.text
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BadCrest(f"is broken SVG: {error}", "Open it in a drawing program and save it again") from error


class _Look:
    """What was met in an SVG so far."""

    def __init__(self) -> None:
        self.parts = 0
        self.within: list[str] = []

    def doctype(self, *_: object) -> None:
        raise BadCrest("declares a document type (DOCTYPE)", "Save it as plain SVG")

    def instruction(self, *_: object) -> None:
        raise BadCrest("holds an instruction for another program", "Save it as plain SVG")

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        self.parts += 1
        if self.parts > PARTS:
            raise BadCrest(f"has more than {PARTS} parts", "Save a simpler drawing, or a PNG")
        if not self.within and (space != _SVG or tag != "svg"):
            raise BadCrest("begins with something else than svg", "Save it as plain SVG")
        if not self.within:
            _check_measures(attributes)
        elif space == _SVG and tag not in _SHAPES:
            raise BadCrest(f"holds <{tag[:20]}>", "Save it as plain SVG with text as paths, or as PNG")
        elif space != _SVG and not space.startswith(_NOTES):
            raise BadCrest(f"holds <{tag[:20]}> of another language", "Save it as plain SVG, or as PNG")
        for key, value in attributes.items():
            own = key.rpartition(" ")[2].casefold()
            if own.startswith("on") or _OUTSIDE.search(value if space == _SVG and _drawn(key) else ""):
                raise BadCrest(f"holds {own[:20]} that runs or leads outside", "Save it as plain SVG, or as PNG")
            if own == "href" and space == _SVG and not value.startswith("#"):
                raise BadCrest("leads to another file", "Save it as plain SVG, or as PNG")
        self.within.append(tag if space == _SVG else "")

    def end(self, _: str) -> None:
        self.within.pop()

    def text(self, said: str) -> None:
        if self.within and self.within[-1] == "style" and _OUTSIDE.search(said):
            raise BadCrest("holds a style that leads outside", "Save it as plain SVG, or as PNG")


def _drawn(key: str) -> bool:
    """Whether it is an attribute of the drawing, and no note of the program that made it."""
    return not key.startswith(_NOTES)


def _check_measures(attributes: dict[str, str]) -> None:
    box = attributes.get("viewBox", "").replace(",", " ").split()
    given = [attributes.get(side, "") for side in ("width", "height")]
    if not (len(box) == 4 or all(_WIDE.fullmatch(side) for side in given)):
        raise BadCrest("does not say how large it is", "Give the svg a viewBox, as drawing programs do")
