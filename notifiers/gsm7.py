"""What fits into one SMS: how a text is written in the basic alphabet (`rules.gsm`), and how it is cut.

Lengths of parts: 3GPP TS 23.040, 9.2.3.24.1.
"""

import unicodedata

from rules.gsm import BASIC, EXTENSION

_PLAINER = {
    **dict.fromkeys("‘’‚‛′`´ʻʼ^", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−~", "-"),
    **dict.fromkeys("[{", "("),
    **dict.fromkeys("]}", ")"),
    **dict.fromkeys("|\\⁄", "/"),
    **dict.fromkeys("\t\f\v\u2028\u2029", " "),
    **dict.fromkeys("•·∙", "-"),
    "…": "...",
    "€": "EUR",
    "₹": "Rs",
}


def segments(text: str) -> int:
    """How many SMS `text` costs: 160 septets or 153 a part; 70 or 67 UTF-16 units if one character is not GSM 7-bit."""
    if BASIC.issuperset(text):
        widths = [1] * len(text)
        single, part = 160, 153
    elif all(char in BASIC or char in EXTENSION for char in text):
        widths = [1 if char in BASIC else 2 for char in text]
        single, part = 160, 153
    else:
        widths = [2 if char > "\uffff" else 1 for char in text]
        single, part = 70, 67
    return 1 if sum(widths) <= single else _parts(widths, part)


def plain(text: str) -> str:
    """`text` in the basic table alone: typographic characters as typewriters had them, letters without foreign marks.

    What has no counterpart becomes `?`, always the same way.
    """
    if BASIC.issuperset(text):
        return text
    return "".join(map(_plain, unicodedata.normalize("NFC", text)))


def _plain(char: str) -> str:
    if char in BASIC:
        return char
    if char in _PLAINER:
        return _PLAINER[char]
    kind = unicodedata.category(char)
    if kind == "Zs":
        return " "
    if kind in ("Mn", "Me", "Cf", "Cc"):
        return ""
    return "".join(_base(part) for part in unicodedata.normalize("NFKD", char))


def _base(char: str) -> str:
    """One piece of a decomposed character: the letter stays, its marks go."""
    if char in BASIC:
        return char
    return "" if unicodedata.combining(char) else _PLAINER.get(char, "?")


def _parts(widths: list[int], size: int) -> int:
    """Parts of `size`; an escaped character or a surrogate pair is not cut in two."""
    count, room = 1, size
    for width in widths:
        if width > room:
            count, room = count + 1, size
        room -= width
    return count
