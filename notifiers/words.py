"""Whether words at a provider are those that our books kept of a message."""

import re

_NOTHING = re.compile(r"(?!)")
_VEILED = re.compile(r"(\*{4,})")


def plain(text: str) -> str:
    """The words on one line."""
    return " ".join(text.split())


def pattern(kept: str, *, most: int) -> re.Pattern[str]:
    """Finds our words among those of a template or a trial account; no words find nothing.

    Args:
        kept: as in our books, where a link is veiled; it matches any link.
        most: so many characters are looked for.
    """
    if not kept.strip():
        return _NOTHING
    parts = _VEILED.split(plain(kept)[:most])
    return re.compile("".join(rf"\S{{{len(part)}}}" if _VEILED.fullmatch(part) else re.escape(part) for part in parts))
