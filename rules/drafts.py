"""What is kept of a form whose session or link had ended, and for how long."""

from collections.abc import Mapping
from datetime import timedelta

LASTS = timedelta(days=3)
"""Long enough to ask for a new link and come back after a weekend."""

MOST = 20
"""Of one office."""

LARGEST = 64 * 1024
"""Bytes of one form's words."""

CARRIED = frozenset(
    {"answer", "seen", "round", "act", "do", "until", "observed_at", "untuk", "whose", "via", "by", "channel", "kind"}
    | {"once", "programme", "category", "severity", "district", "village", "restricted", "about"}
)
"""Fields that a page fills in, or that are chosen from a list. They are sent again, and alone they are not typing."""

_NOT_KEPT = ("new.", "to.", "keep.")
"""How the names of address fields begin. Addresses stand only in the contact tables."""


def kept(fields: Mapping[str, str], *, besides: str) -> dict[str, str]:
    """What is kept of a form; empty where nobody typed anything, or too much.

    Args:
        besides: the field that ties a form to its session; it is no longer of use.
    """
    words = {
        name: text
        for name, text in fields.items()
        if name not in (besides, "address") and not name.startswith(_NOT_KEPT) and text
    }
    size = sum(len(part.encode(errors="replace")) for pair in words.items() for part in pair)
    return words if size <= LARGEST and words.keys() - CARRIED else {}
