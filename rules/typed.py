"""What people type into a form, read the same way everywhere: whole numbers as Indonesia writes them, and texts."""

import re
import unicodedata
from enum import StrEnum

DIGITS = 9
"""No count of a regency has more."""

_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+")
_WITH_COMMA = re.compile(r"[0-9][0-9.]*,[0-9]+")
_BELOW_ZERO = re.compile(r"[-\u2212][0-9.]+")
_KEPT = frozenset("\n\t")


class Fault(StrEnum):
    """What is wrong with something typed; the page words it."""

    NO_NUMBER = "no_number"
    COMMA = "comma"
    BELOW_ZERO = "below_zero"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    NO_CHOICE = "no_choice"
    EMPTY = "empty"


class Mistyped(ValueError):
    """Something typed cannot be taken, and must not be guessed at."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def number(text: str) -> int | None:
    """A count; None where nothing was typed. `1.245` is 1245: the dot groups thousands.

    `1,245` may be a thousand or one and a quarter: it is refused. Digits of other scripts count as their values.

    Raises:
        Mistyped: it is no whole number, or below zero, or larger than anything counted here.
    """
    text = _western(text).strip()
    if not text:
        return None
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        digits = text.replace(".", "").lstrip("0") or "0"
        if len(digits) > DIGITS:
            raise Mistyped(Fault.TOO_LARGE)
        return int(digits)
    if _WITH_COMMA.fullmatch(text):
        raise Mistyped(Fault.COMMA)
    raise Mistyped(Fault.BELOW_ZERO if _BELOW_ZERO.fullmatch(text) else Fault.NO_NUMBER)


def words(text: str, longest: int) -> str:
    """A text as it is kept: lines end in one way, digits are western, signs that only steer a machine are gone.

    Raises:
        Mistyped: it is longer; nothing is ever cut off in silence.
    """
    text = _western(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(sign for sign in text if sign in _KEPT or unicodedata.category(sign) not in ("Cc", "Cs")).strip()
    if len(text) > longest:
        raise Mistyped(Fault.TOO_LONG)
    return text


def _western(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in text)
