"""What fits into one SMS: the GSM 7-bit default alphabet, its extension table, and how texts are cut.

Tables: 3GPP TS 23.038 (GSM 03.38), 6.2.1 and 6.2.1.1. Lengths of parts: 3GPP TS 23.040, 9.2.3.24.1.
"""

import unicodedata

_LINES = (
    "@£$¥èéùìòÇ\nØø\rÅå",
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ",
    " !\"#¤%&'()*+,-./",
    "0123456789:;<=>?",
    "¡ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§",
    "¿abcdefghijklmno",
    "pqrstuvwxyzäöñüà",
)
BASIC = frozenset("".join(_LINES))
"""One septet each. The escape sign (0x1B) is no character."""

EXTENSION = frozenset("\f^{}\\[~]|€")
"""Two septets each, and some Indonesian routes garble them: our own texts have none."""

_SIGNS = {
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
    """How many SMS `text` costs: 160 septets or 153 a part; 70 or 67 UTF-16 units if one sign is not GSM 7-bit."""
    if BASIC.issuperset(text):
        widths = [1] * len(text)
        single, part = 160, 153
    elif all(sign in BASIC or sign in EXTENSION for sign in text):
        widths = [1 if sign in BASIC else 2 for sign in text]
        single, part = 160, 153
    else:
        widths = [2 if sign > "\uffff" else 1 for sign in text]
        single, part = 70, 67
    return 1 if sum(widths) <= single else _parts(widths, part)


def plain(text: str) -> str:
    """`text` in the basic table alone: typographic signs as typewriters had them, letters without foreign marks.

    What has no counterpart becomes `?`, always the same way.
    """
    if BASIC.issuperset(text):
        return text
    return "".join(map(_plain, unicodedata.normalize("NFC", text)))


def _plain(sign: str) -> str:
    if sign in BASIC:
        return sign
    if sign in _SIGNS:
        return _SIGNS[sign]
    kind = unicodedata.category(sign)
    if kind == "Zs":
        return " "
    if kind in ("Mn", "Me", "Cf", "Cc"):
        return ""
    return "".join(_base(part) for part in unicodedata.normalize("NFKD", sign))


def _base(sign: str) -> str:
    """One piece of a decomposed sign: the letter stays, its marks go."""
    if sign in BASIC:
        return sign
    return "" if unicodedata.combining(sign) else _SIGNS.get(sign, "?")


def _parts(widths: list[int], size: int) -> int:
    """Parts of `size`; an escaped sign or a surrogate pair is not cut in two."""
    count, room = 1, size
    for width in widths:
        if width > room:
            count, room = count + 1, size
        room -= width
    return count
