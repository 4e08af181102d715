"""The basic alphabet of text messages: one character outside it halves what a message holds."""

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
"""GSM 03.38 (3GPP TS 23.038, 6.2.1), one septet each. The escape character (0x1B) is none of them."""

EXTENSION = frozenset("\f^{}\\[~]|€")
"""Two septets each (6.2.1.1), and some Indonesian routes garble them: our own texts have none."""


def foreign(text: str) -> str:
    """The first character of `text` outside the basic alphabet; empty when there is none."""
    return next((c for c in text if c not in BASIC), "")
