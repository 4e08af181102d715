"""Text from people made fit to print. Every character has a glyph, nothing invisible steers the line, and long words
can break.

PDF/A forbids a text without glyphs (ISO 19005-2, 6.2.11.8), so a character outside the embedded fonts is shown by its
number, `[U+1F600]`. So is a mark that would turn the direction of the line. Markup in the text stays text.
"""

import re
import unicodedata
from typing import Any

from rules import shapes

LIMIT = shapes.TEXT
"""Characters of one text: as many as people may type. What is longer is cut, and says so."""

DRAWN = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x241), (0x250, 0x2E4), (0x300, 0x34E), (0x350, 0x36F), (0x384, 0x38A),
    (0x38E, 0x3A1), (0x3A3, 0x3CE), (0x400, 0x45F), (0x490, 0x4C4), (0x4D0, 0x4F9), (0x5D0, 0x5EA), (0x621, 0x63A),
    (0x640, 0x652), (0x660, 0x669), (0x1E00, 0x1E9B), (0x1EA0, 0x1EF9), (0x2010, 0x2027), (0x2030, 0x2037),
    (0x2039, 0x203E), (0x2074, 0x208E), (0x20A0, 0x20B5), (0x2153, 0x2184), (0x2190, 0x2220), (0x2223, 0x222D),
    (0x2234, 0x223D), (0x2241, 0x226B), (0x2500, 0x2600),
)  # fmt: skip
"""Code points that Libertinus Serif and DejaVu Sans Mono, which come with typst, draw in regular and bold."""

BREAK = "\u200b"
"""Where a line may end inside a word; it has no width."""

BREAKS = 300
"""Places to break in one text at most: typst gives a document up that has twice as many in one."""

IGNORED = frozenset("\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff" + "".join(map(chr, range(0xFE00, 0xFE10))))
"""Invisible joiners that come along with a copied text and mean nothing in print."""

MARKS = 3
"""Combining marks on one letter; more would climb over the lines above."""

_UNFIT = re.compile("[^" + "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in DRAWN) + "]")
_LONG = re.compile(r"\S{13,}")
_PIECE = re.compile(r"[^/.:_@)\]}>,;=&?]*[/.:_@)\]}>,;=&?]*")
_CHUNK = re.compile(r".{1,10}[\u0300-\u036f]*")
_STEERING = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
WORD = 18
"""Letters that stay together, however narrow the column; the longest place names have fewer."""


def text(raw: str) -> str:
    """`raw` on one line, composed (NFC), cut at `LIMIT`, with places to break in long words and addresses."""
    words = " ".join(raw[: 2 * LIMIT].split())
    shown = words[:LIMIT] + (f" … (dipotong dari {len(raw)} karakter)" if len(raw) > LIMIT else "")
    if shown.isascii() and shown.isprintable():
        return _few_breaks(_LONG.sub(_breakable, shown))
    visible = "".join(sign for sign in unicodedata.normalize("NFC", shown) if sign not in IGNORED)
    return _few_breaks(_LONG.sub(_breakable, _calm(_UNFIT.sub(_numbered, visible))))


def written(raw: str) -> str:
    """`raw` for a file that others open with fonts of their own: any letter stays, and nothing steers or hides.

    What XML forbids, and what would turn the direction of a line, is shown by its number.
    """
    words = " ".join(raw[: 2 * LIMIT].split())
    shown = words[:LIMIT] + (f" … (dipotong dari {len(raw)} karakter)" if len(raw) > LIMIT else "")
    if shown.isascii() and shown.isprintable():
        return shown
    visible = "".join(sign for sign in unicodedata.normalize("NFC", shown) if sign not in IGNORED)
    return _calm("".join(map(_harmless, visible)))


def _harmless(sign: str) -> str:
    steers = unicodedata.category(sign) in _STEERING or unicodedata.bidirectional(sign) in _TURNING
    return f"[U+{ord(sign):04X}]" if steers else sign


def plain(raw: str) -> str:
    """The same without the places to break, for what is read out and not drawn."""
    return text(raw).replace(BREAK, "")


def every(value: Any) -> Any:
    """The same lists and mappings with every text in them printable; keys are ours and stay."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {name: every(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [every(item) for item in value]
    return value


def _numbered(match: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", match[0])
    if plain != match[0] and not _UNFIT.search(plain):
        return plain
    return f"[U+{ord(match[0]):04X}]"


def _calm(shown: str) -> str:
    kept, marks = [], 0
    for sign in shown:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MARKS:
            kept.append(sign)
    return "".join(kept)


def _few_breaks(shown: str) -> str:
    """With no more than `BREAKS` places to break, spread over the text: numbers without spaces have a thousand."""
    pieces = shown.split(BREAK)
    together = len(pieces) // BREAKS + 1
    return BREAK.join("".join(pieces[n : n + together]) for n in range(0, len(pieces), together))


def _breakable(match: re.Match[str]) -> str:
    pieces = (piece for piece in _PIECE.findall(match[0]) if piece)
    return BREAK.join(BREAK.join(_CHUNK.findall(piece)) if len(piece) > WORD else piece for piece in pieces)
