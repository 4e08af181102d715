"""The basic alphabet of text messages: one character outside it halves what a message holds."""

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38 (3GPP TS 23.038, 6.2.1), without the extension table, whose signs count twice."""


def foreign(text: str) -> str:
    """The first character of `text` outside the basic alphabet; empty when there is none."""
    return next((c for c in text if c not in BASIC), "")
